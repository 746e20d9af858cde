"""A ledger as lines of JSON: back again the same, or refused at the line at fault."""

import json
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from ledger.proof import leaf_hash
from ledger.request import Appended, Repeated
from ledger.service import Ledger
from ledger.store.archive import read, write
from ledger.store.archive.read import Damaged, NotEmpty
from ledger.store.rows import Head, NotAppendable
from tests.projections.real import ledger_with_a_year, requests
from tests.projections.test_any_column import practice
from tests.worlds.payable import open_ledger

EVERY = 1_525 // settings().max_examples
"""Which bytes are changed: every 61st in `make test`, every third in `make torture`."""


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The archive of a whole year, with a refusal, texts and names."""
    with ledger_with_a_year(tmp_path_factory.mktemp("year") / "l.db") as ledger:
        assert isinstance(ledger.give(practice()), Appended)
        return exported(ledger)


def exported(ledger: Ledger) -> bytes:
    with ledger.reading() as reading:
        return b"".join(write.write(reading))


def rows(ledger: Ledger) -> tuple[Sequence[Any], ...]:
    return (
        ledger.raw(0, 1_000),
        ledger.command_rows(0, 1_000),
        ledger.texts(0, 1_000),
        ledger.parties(0, 1_000),
    )


class Memory:
    """An empty ledger in memory, as far as it is filled."""

    def __init__(self) -> None:
        self.rows: list[list[Any]] = [[], [], [], []]

    def head(self) -> Head:
        return Head(0, 0, "")

    def look_up(self, ids: Sequence[str]) -> tuple[Head, dict[str, Any]]:
        found = {row.id: row for row in self.rows[1] if row.id in ids}
        return self.head(), found

    def texts(self, skip: int, limit: int) -> list[Any]:
        return []

    def append(self, *rows: Sequence[Any]) -> None:
        for kept, new in zip(self.rows, rows, strict=True):
            kept += new


def fault(content: bytes) -> Damaged:
    memory: Any = Memory()
    with pytest.raises(Damaged) as found:
        read.read(memory, content.splitlines(keepends=True))
    return found.value


# There and back -----------------------------------------------------------------------


def test_a_ledger_comes_back_row_by_row_and_leaf_by_leaf(
    tmp_path: Path, written: bytes
):
    with ledger_with_a_year(tmp_path / "one.db") as one:
        content = exported(one)
        with Ledger.open(tmp_path / "two.db", create=True) as two:
            header = two.fill(content.splitlines(keepends=True))
            assert rows(two) == rows(one)
            assert [leaf_hash(*row[1:]) for row in two.raw(0, 1_000)] == [
                leaf_hash(*row[1:]) for row in one.raw(0, 1_000)
            ]
            assert exported(two) == content
    assert (header.name, header.origin, header.head) == ("Spec", "simulated", 57)


def test_a_ledger_that_came_back_goes_on(tmp_path: Path, written: bytes):
    """Repeated commands are answered as before; new ones take the next place."""
    with Ledger.open(tmp_path / "l.db", create=True) as ledger:
        ledger.fill(written.splitlines(keepends=True))
        head = ledger.head()
        for request, outcome in zip(
            requests(), ledger.give_each(requests()), strict=True
        ):
            assert isinstance(outcome, Repeated), request.id
        assert ledger.head() == head
        new = ledger.give(practice("P2"))
        assert isinstance(new, Appended)
        assert [one.position for one in new.records] == [head + 1, head + 2]


def test_the_same_ledger_gives_the_same_bytes_in_any_batches(
    tmp_path: Path, written: bytes, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(write, "BATCH", 7)
    monkeypatch.setattr(read, "BATCH", 5)
    with Ledger.open(tmp_path / "l.db", create=True) as ledger:
        ledger.fill(written.splitlines(keepends=True))
        assert exported(ledger) == written


def test_an_empty_ledger_comes_back_empty(tmp_path: Path):
    with Ledger.open(tmp_path / "one.db", create=True) as one:
        content = exported(one)
    with Ledger.open(tmp_path / "two.db", create=True) as two:
        header = two.fill(content.splitlines(keepends=True))
        assert (header.name, two.head()) == (None, 0)
    assert content.count(b"\n") == 2


def test_a_reader_without_this_program_can_check_every_line(written: bytes):
    """By docs/format.md alone: JSON, SHA-256 and nothing of ours."""
    lines = written.splitlines(keepends=True)
    header, *content, end = [json.loads(line) for line in lines]
    assert (header["format"], header["version"]) == ("premium-ledger-log", 2)
    assert end["end"] == {
        "lines": len(lines) - 1,
        "sha256": sha256(b"".join(lines[:-1])).hexdigest(),
    }
    leaves = sha256()
    for one in content:
        if "record" in one:
            record = one["record"]
            covered = b"\0" + b"".join(
                len(text.encode()).to_bytes(8, "big") + text.encode()
                for text in (
                    record["stream"],
                    str(record["version"]),
                    record["topic"],
                    record["state"],
                )
            )
            assert sha256(covered).hexdigest() == record["leaf"]
            leaves.update(bytes.fromhex(record["leaf"]))
            assert {"meta", "data"} == set(json.loads(record["state"]))
        else:
            [row] = one.values()
            *columns, digest = row.values()
            as_array = json.dumps(columns, separators=(",", ":"), ensure_ascii=False)
            assert sha256(as_array.encode()).hexdigest() == digest
    assert leaves.hexdigest() == header["leaves"]


# Damage -------------------------------------------------------------------------------


@pytest.mark.hypothesis
def test_one_changed_byte_anywhere_is_found_and_its_line_named(written: bytes):
    for at in range(0, len(written), EVERY):
        changed = written[:at] + bytes((written[at] ^ 1,)) + written[at + 1 :]
        line = written.count(b"\n", 0, at) + 1
        assert fault(changed).line == line, (at, written[at : at + 20])


def test_a_file_cut_short_anywhere_is_found(written: bytes):
    lines = written.splitlines(keepends=True)
    for kept in range(len(lines)):
        found = fault(b"".join(lines[:kept]))
        assert (found.line, found.why) == (kept + 1, "the file ends before its end")
        torn = fault(b"".join(lines[:kept]) + lines[kept][:-5])
        assert torn.line == kept + 1


def test_a_line_taken_out_or_twice_or_behind_the_end_is_found(written: bytes):
    lines = written.splitlines(keepends=True)
    for at in range(1, len(lines) - 1):
        # The last of its kind is missed in the first line, which states how many.
        assert fault(b"".join(lines[:at] + lines[at + 1 :])).line in (1, at + 1, 112)
        assert fault(b"".join([*lines[: at + 1], *lines[at:]])).line in (1, at + 2)
    assert fault(written + lines[-1]).line == len(lines) + 1


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (b"", "it is not JSON"),
        (b"[1]\n", "it is not as this format writes it"),
        (b'{"format": "premium-ledger-log"}\n', "not as this format writes it"),
        (b'{"format":"other"}\n', "its format is not premium-ledger-log"),
        (b'{"format":"premium-ledger-log","version":3}\n', "this program reads 2"),
        (
            b'{"format":"premium-ledger-log","version":1}\n',
            "make it again from its",
        ),
        (b'{"format":"premium-ledger-log","version":2}\n', "it states no 'name'"),
    ],
)
def test_what_is_no_archive_is_named_so(line: bytes, says: str):
    found = fault(line or b"\n")
    assert found.line == 1
    assert says in found.why


def test_records_that_do_not_follow_in_their_stream_are_refused_with_their_lines(
    written: bytes,
):
    class Strict(Memory):
        def append(self, *rows: Sequence[Any]) -> None:
            raise NotAppendable("a version does not follow")

    memory: Any = Strict()
    with pytest.raises(Damaged, match="line 2: from this line, a version does not fol"):
        read.read(memory, written.splitlines(keepends=True))


def test_nothing_of_a_damaged_archive_is_taken_in(tmp_path: Path, written: bytes):
    lines = written.splitlines(keepends=True)
    with Ledger.open(tmp_path / "l.db", create=True) as ledger:
        with pytest.raises(Damaged):
            ledger.fill(lines[:-1])
        assert rows(ledger) == ([], [], [], [])
        ledger.fill(lines)
        assert exported(ledger) == written


def test_a_ledger_that_holds_something_is_not_filled(tmp_path: Path, written: bytes):
    with Ledger.open(tmp_path / "l.db", create=True) as ledger:
        ledger.give(open_ledger())
        before = rows(ledger)
        with pytest.raises(NotEmpty):
            ledger.fill(written.splitlines(keepends=True))
        assert rows(ledger) == before
