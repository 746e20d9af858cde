"""Verify finds what was changed, in log, commands, leaves or tables, and says where."""

import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from ledger.proof import row_digest
from ledger.store.rows import CommandRow, EventRow
from projections.verify.verify import Difference, verify
from projections.views.every import VIEWS
from tests.projections.histories import (
    MemoryLog,
    followed,
    year,
    year_and_claim,
)

pytestmark = pytest.mark.usefixtures("small_blocks")


def found(
    folder: Path,
    change: Callable[[MemoryLog], None] | str,
    log: MemoryLog | None = None,
) -> tuple[Difference, ...]:
    """What verify finds after a change of the log, or of the views by SQL."""
    log = log or MemoryLog(year())
    with followed(log, folder) as views:
        assert verify(views) == ()
        if isinstance(change, str):
            changed = views.db.execute(change)
            assert changed.rowcount > 0
        else:
            change(log)
        return verify(views)


def test_an_untouched_ledger_has_no_differences_and_its_progress_is_told(
    tmp_path: Path,
):
    told = []
    with followed(MemoryLog(year()), tmp_path) as views:
        assert verify(views, lambda at, head: told.append((at, head))) == ()
    assert told == [(56, 56)]


def test_views_that_have_not_followed_to_the_head_are_compared_as_far_as_they_have(
    tmp_path: Path,
):
    log = MemoryLog(year()[:35])
    with followed(log, tmp_path) as views:
        log.append(year()[35:])
        assert verify(views) == ()
        views.db.execute("UPDATE balances SET pence = pence + 1 WHERE slice = 'pyll'")
        assert {one.table for one in verify(views)} == {"balances"}


@pytest.mark.parametrize("at", range(51))
def test_one_changed_byte_in_any_record_is_found_and_its_position_named(
    tmp_path: Path, at: int
):
    def change(log: MemoryLog) -> None:
        row = log.rows[at]
        middle = len(row.state) // 2
        byte = bytes((row.state[middle] ^ 1,))
        state = row.state[:middle] + byte + row.state[middle + 1 :]
        log.rows[at] = row._replace(state=state)

    differences = found(tmp_path, change)
    first = differences[0]
    assert (first.position, first.since) == (at + 1, at + 1)
    assert first.stream == year()[at].stream
    assert "leaf hash was" in first.what
    assert f"position {at + 1}" in str(first)


def test_a_changed_amount_that_still_reads_differs_in_the_tables_too(tmp_path: Path):
    def change(log: MemoryLog) -> None:
        [at] = [
            row.position
            for row in log.rows
            if row.topic == "spending-recorded.v1" and b'"s1"' in row.state
        ]
        row = log.rows[at - 1]
        state = row.state.replace(b'"pence":1}', b'"pence":2}')
        assert state != row.state
        log.rows[at - 1] = row._replace(state=state)

    differences = found(tmp_path, change)
    assert {one.table for one in differences} == {
        *(None, "legs", "balances", "standing", "awards", "moved"),
        *("decided_moved", "decided_lines"),
    }
    assert {one.since for one in differences} == {55, 56}


def test_a_record_that_cannot_be_read_is_named_once_and_tables_are_not_compared(
    tmp_path: Path,
):
    def change(log: MemoryLog) -> None:
        log.rows[9] = log.rows[9]._replace(topic="unheard-of.v1")

    leaf, unreadable = found(tmp_path, change)
    assert leaf.position == unreadable.position == 10
    assert "unheard-of.v1" in unreadable.what


def rows(change: Callable[[list[EventRow]], Any]) -> Callable[[MemoryLog], None]:
    return lambda log: change(log.rows)


LOG_CHANGES = {
    "a record taken out": (
        rows(lambda log: log.pop(30)),
        "position 32 follows 30: there is a gap",
    ),
    "the last record taken out": (
        rows(lambda log: log.pop()),
        "the log ends at 55, and the views have taken in records up to 56",
    ),
    "a record in another stream": (
        rows(lambda log: log.__setitem__(3, log[3]._replace(stream="elsewhere"))),
        r"its fact belongs in the stream result/population\.registered",
    ),
    "another version": (
        rows(lambda log: log.__setitem__(55, log[55]._replace(version=99))),
        "version 99 follows 26 in its stream",
    ),
    "an instant before the one before it": (
        rows(
            lambda log: log.__setitem__(
                20,
                log[20]._replace(state=log[20].state.replace(b"-12-31", b"-12-30")),
            )
        ),
        "before the record before it",
    ),
}


@pytest.mark.parametrize("name", LOG_CHANGES)
def test_a_change_of_the_log_is_found(tmp_path: Path, name: str):
    change, says = LOG_CHANGES[name]
    differences = found(tmp_path, change)
    assert [one for one in differences if re.search(says, one.what)], differences


def command(
    at: int, digested: bool = True, **columns: object
) -> Callable[[MemoryLog], None]:
    """Change a row of commands, and make its digest fit again."""

    def change(log: MemoryLog) -> None:
        row = log.commands[at - 1]._replace(**columns)  # type: ignore[arg-type]
        if digested:
            row = row._replace(digest=row_digest(row[:-1]))
        log.commands[at - 1] = row

    return change


def refused_command(log: MemoryLog) -> None:
    columns = (55, "late", "00" * 32, "refused", "2016-01-01T12:00:00.000000Z")
    row = (*columns, None, 0, '{"refusal":"x"}')
    log.commands.append(CommandRow(*row, row_digest(row)))


COMMAND_CHANGES = {
    "any column": (command(7, digested=False, hash="ff"), "not what its digest"),
    "the count": (command(7, count=2), r"states \(7, 2\), the log has \(7, 1\)"),
    "the first position": (command(7, first_position=8), r"states \(8, 1\)"),
    "the hash": (command(7, hash="ff" * 32), "another instant or request hash"),
    "the instant": (
        command(7, recorded_at="2015-10-01T12:00:00.000000Z"),
        "another instant or request hash",
    ),
    "the id": (command(7, id="c99"), "the log has none"),
    "the number": (command(7, number=70), "there is a gap"),
    "a row taken out": (
        lambda log: log.commands.pop(),
        "facts of command c56, which has no row",
    ),
}


@pytest.mark.parametrize("name", COMMAND_CHANGES)
def test_a_change_of_the_commands_is_found(tmp_path: Path, name: str):
    change, says = COMMAND_CHANGES[name]
    differences = found(tmp_path, change)
    assert [one for one in differences if re.search(says, one.what)], differences
    assert {one.table for one in differences} == {"commands"}


def test_a_refused_command_stands_for_no_record(tmp_path: Path):
    assert found(tmp_path, refused_command) == ()


class Growing(MemoryLog):
    """A log to which the last facts come once its records have been read."""

    def __init__(self, change: Callable[[MemoryLog], None] | None = None) -> None:
        super().__init__(year()[:35])
        self.change = change

    def command_rows(self, after: int, limit: int) -> Sequence[CommandRow]:
        if self.head() == 35:
            self.append(year()[35:])
            if self.change is not None:
                self.change(self)
        return super().command_rows(after, limit)


def test_what_is_recorded_while_it_is_verified_is_no_difference(tmp_path: Path):
    log = Growing()
    with followed(log, tmp_path) as views:
        assert verify(views) == ()
        assert (log.head(), views.position) == (56, 35)


def test_a_change_of_a_command_that_came_meanwhile_is_found(tmp_path: Path):
    with followed(Growing(command(41, hash="ff")), tmp_path) as views:
        [difference] = verify(views)
    assert (difference.table, difference.position) == ("commands", 41)


TABLES = [table for view in VIEWS for table in view.tables]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_row_taken_out_of_any_table_is_found_with_its_position(tmp_path: Path, table):
    with followed(MemoryLog(year_and_claim()), tmp_path) as views:
        [row] = views.db.execute(
            f"SELECT * FROM {table.name} ORDER BY {table.key()} LIMIT 1"
        ).fetchall()
        at = " AND ".join(f"{name} = ?" for name in table.key().split(", "))
        views.db.execute(f"DELETE FROM {table.name} WHERE {at}", row[: table.keys])
        assert verify(views) == (
            Difference(
                what=f"a row is missing: {row}",
                table=table.name,
                since=table.position_of(row),
            ),
        )


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_changed_column_of_any_table_is_found(tmp_path: Path, table):
    [*_, column] = [name for name in table.columns if name != "position"]
    kind = table.columns[column]
    value = f"{column} + 1" if kind.startswith("INTEGER") else f"{column} || 'x'"
    differences = found(
        tmp_path,
        f"UPDATE {table.name} SET {column} = {value}",
        MemoryLog(year_and_claim()),
    )
    assert {one.table for one in differences} == {table.name}


def test_a_row_too_many_is_found(tmp_path: Path):
    [difference] = found(
        tmp_path, "INSERT INTO balances VALUES ('q/2013-14/X', 'group:held', 's', 5, 9)"
    )
    assert difference.what == (
        "a row stands there that must not: ('q/2013-14/X', 'group:held', 's', 5, 9)"
    )
    assert (difference.table, difference.since) == ("balances", 9)


def test_a_leaf_hash_taken_out_or_too_many_is_found(tmp_path: Path):
    [missing] = found(tmp_path, "DELETE FROM leaves WHERE position = 12")
    assert (missing.position, missing.what) == (
        12,
        "the views have kept no leaf hash of this record",
    )


def test_a_leaf_hash_too_many_is_found(tmp_path: Path):
    [extra] = found(tmp_path, "INSERT INTO leaves VALUES (60, x'00')")
    assert (extra.table, extra.since) == ("leaves", 60)


def test_a_table_that_is_gone_is_a_difference(tmp_path: Path):
    with followed(MemoryLog(year()), tmp_path) as views:
        views.db.execute("DROP TABLE legs")
        found = verify(views)
    assert [one.table for one in found] == ["legs", None, None]
    assert "no such table" in found[0].what
    assert "the table legs is missing" in found[1].what
    assert "the index legs_by_slice is missing" in found[2].what


# Sums of awards -----------------------------------------------------------------------


def proposed(**changes: object) -> Callable[[MemoryLog], None]:
    """Change what a proposal states, so that it still reads."""

    def change(log: MemoryLog) -> None:
        [at] = [row.position for row in log.rows if row.topic == "award-proposed.v1"]
        row = log.rows[at - 1]
        stored = json.loads(row.state)
        stored["data"] |= changes
        state = json.dumps(stored, separators=(",", ":")).encode()
        log.rows[at - 1] = row._replace(state=state)

    return change


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"total_pence": 1}, "payable, and its total is £0.01"),
        ({"maximum_pence": 1}, "of a maximum of £0.01"),
        ({"earned_pence": 1}, 'the lines of "Earned before reductions" do not add up'),
        ({"before_gates_pence": 1}, 'the lines of "Reductions" do not add up'),
        ({"rulebook": "rulebook/other/2013-14@1"}, "no account or rulebook stands"),
    ],
)
def test_a_proposal_whose_sums_are_wrong_is_found(
    tmp_path: Path, changes: dict[str, object], says: str
):
    differences = found(tmp_path, proposed(**changes))
    [wrong] = [one for one in differences if says in one.what]
    [proposal] = [one for one in year() if one.fact.TOPIC == "award-proposed.v1"]
    assert (wrong.position, wrong.stream) == (proposal.position, proposal.stream)


def test_the_sums_of_the_year_are_right(tmp_path: Path):
    assert [one for one in year() if one.fact.TOPIC == "award-proposed.v1"]
    assert found(tmp_path, lambda log: None) == ()
