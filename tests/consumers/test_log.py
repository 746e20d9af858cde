"""Events from the log itself: the same results as behind the topics, and no broker."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from consumers.log import LogEvents
from consumers.loop import OtherLedger, run_once
from consumers.reporting.job import JOB
from consumers.results.results import Results
from ledger.events import SpendingRecorded
from ledger.periods import closed_before, closes
from ledger.postings import legs
from ledger.recorded import account_parts
from ledger.service import Ledger
from ledger.store.rows import EventRow
from projections.feed.events.log import OtherLedger as NotBegun
from tests.cli.program import ok, premium
from tests.consumers.given import Played, years
from tests.worlds.simulated import worked


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """The simulated years of which `years` tells."""
    with Ledger.open(worked(tmp_path, 6)) as ledger:
        yield ledger


@pytest.fixture
def results(where: str) -> Iterator[Results]:
    opened = Results(where, JOB)
    yield opened
    opened.close()


def taken(source: LogEvents | Played, results: Results) -> int:
    """Take in what there is; returns how much was new."""
    applied = 0
    while not source.is_at_end():
        applied += run_once(source, results).applied
    return applied


def ledger_file(folder: Path) -> str:
    return str(folder / "years.db")


def rows(results: Results) -> dict[str, list[tuple[object, ...]]]:
    return {
        one.name: sorted(map(tuple, results.db.execute(f"SELECT * FROM {one.name}")))
        for one in JOB.tables
    }


def test_every_table_is_as_behind_the_topics(
    ledger: Ledger, results: Results, tmp_path: Path
):
    assert taken(LogEvents(ledger, results.begins, results.mark), results) == len(
        years().messages
    )
    behind = Results(str(tmp_path / "behind.db"), JOB)
    taken(Played(years().messages, behind.begins), behind)
    assert rows(results) == rows(behind)
    behind.close()


def test_it_goes_on_where_it_was(ledger: Ledger, results: Results):
    reached: list[int] = []
    first = LogEvents(
        ledger, results.begins, results.mark, moved=reached.append, most=100
    )
    run_once(first, results)
    assert reached == [100]
    again = LogEvents(ledger, results.begins, results.mark, moved=reached.append)
    taken(again, results)
    assert (again.position, reached[-1]) == (ledger.head(), ledger.head())
    assert taken(LogEvents(ledger, results.begins, results.mark), results) == 0


def test_what_was_not_saved_comes_again(ledger: Ledger, results: Results):
    source = LogEvents(ledger, results.begins, results.mark, most=100)
    given = source.poll(0)
    source.go_back()
    assert source.poll(0) == given


def test_what_came_by_the_topics_is_not_taken_twice(ledger: Ledger, results: Results):
    taken(Played(years().messages, results.begins), results)
    before = rows(results)
    assert taken(LogEvents(ledger, results.begins, results.mark), results) == 0
    assert rows(results) == before


def test_a_ledger_restored_to_before_is_refused(ledger: Ledger, results: Results):
    class Restored:
        """The ledger as a backup of some records ago holds it."""

        def head(self) -> int:
            return ledger.head() - 10

        def raw(self, after: int, limit: int) -> Sequence[EventRow]:
            return ledger.raw(after, max(0, min(limit, self.head() - after)))

        def wait(self, after: int, timeout_ms: int) -> int:
            return self.head()

    taken(LogEvents(ledger, results.begins, results.mark), results)
    with pytest.raises(OtherLedger, match="it was restored to before"):
        LogEvents(Restored(), results.begins, results.mark)


def test_an_empty_ledger_has_nothing_to_tell(tmp_path: Path, results: Results):
    with (
        Ledger.open(tmp_path / "empty.db", create=True) as empty,
        pytest.raises(NotBegun, match="run premium init first"),
    ):
        LogEvents(empty, results.begins, results.mark)


def test_the_word_brings_a_database_up_and_says_how_far_it_is(
    ledger: Ledger, where: str, tmp_path: Path
):
    given = ("export", "reporting", "--to", where, "--db", ledger_file(tmp_path))
    first = ok(*given, "--json").document
    assert first["events"] == len(years().messages)
    assert first["position"] == ledger.head()
    assert first["origin"] == "simulated"
    assert ok(*given, "--json").document["events"] == 0
    assert "0 new events" in ok(*given).out


def test_results_of_another_ledger_are_not_gone_on_with(ledger: Ledger, tmp_path: Path):
    to, other = str(tmp_path / "to.db"), str(tmp_path / "other.db")
    init = ("init", "--name", "Other", "--origin", "simulated", "--as", "operator:o1")
    ok(*init, "--db", other)
    ok("export", "reporting", "--to", to, "--db", other)
    done = premium("export", "reporting", "--to", to, "--db", ledger_file(tmp_path))
    assert (done.code, done.out) == (1, "")
    assert "name another place" in done.err


def test_what_came_in_for_a_closed_day_is_marked_as_in_the_ledger(
    ledger: Ledger, results: Results, tmp_path: Path
):
    db = ("--db", ledger_file(tmp_path))
    for through in ("2016-03-31", "2017-03-31"):
        ok("period", "close", through, *db, "--as", "approver:p1")
    facts = [one.fact for one in ledger.read(0, ledger.head())]
    spendings = [one for one in facts if isinstance(one, SpendingRecorded)]
    for one in (spendings[0], spendings[-1]):
        body = account_parts(one.account)[2]
        ok(
            *("spend", "correct", one.account, one.spending, "1.00", *db),
            *("--purpose", one.purpose, "--payee", "another", "--service", "x"),
            *("--reason", "The wrong payee", "--as", f"finance-officer:f1@{body}"),
        )
    records = ledger.read(0, ledger.head())
    closed = closes(ledger.stream("ledger"))
    wanted = [
        (one.position, leg.account, leg.slice, leg.pence, through.isoformat())
        for one in records
        for leg in legs(one.fact, one.meta.effective_on)
        for through in [closed_before(one.position, leg.effective_on, closed)]
        if through is not None
    ]
    taken(LogEvents(ledger, results.begins, results.mark), results)
    found = results.db.execute(
        "SELECT position, account, measure, pence, closed_through FROM prior_period"
    ).fetchall()
    assert {through for *_, through in wanted} == {"2016-03-31", "2017-03-31"}
    assert sorted(map(tuple, found)) == sorted(wanted)
