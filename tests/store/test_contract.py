"""What every store of a log does, on each of them."""

from collections.abc import Callable
from threading import Event, Thread
from time import monotonic
from typing import Any

import pytest

from ledger.store.contract import Store, Unavailable
from ledger.store.postgres import writing as postgres
from ledger.store.rows import (
    CommandRow,
    EventRow,
    Head,
    NotAppendable,
    PartyRow,
    TextRow,
)
from ledger.store.sqlite import statements as sqlite
from tests.store.conftest import Open

ROW = EventRow(1, "account/a/2013-14/X01", 1, "account-opened.v1", b"{}")
AT = "2014-10-01T09:00:00.000000Z"
COMMAND = CommandRow(1, "d1", "0" * 64, "appended", AT, 1, 1, None, "f" * 64)
REFUSED = COMMAND._replace(
    number=2, id="d2 é ✓", outcome="refused", first_position=None, count=0, refusal="{}"
)


def append(store: Store, *rows: EventRow, **beside: Any) -> None:
    with store.writing() as writing:
        writing.append(rows, **beside)


def stored(store: Store) -> list[EventRow]:
    with store.reading() as reading:
        return reading.events(0, 100)


def commands(*instants: str) -> list[CommandRow]:
    """One answered command an instant, each with one record of its number."""
    return [
        COMMAND._replace(number=n, id=f"d{n}", recorded_at=at, first_position=n)
        for n, at in enumerate(instants, start=1)
    ]


# Appending ----------------------------------------------------------------------------


def test_rows_that_follow_are_appended(store: Store):
    other = ROW._replace(position=2, stream="ledger", state=b'{"a":"\xc3\xa9"}')
    third = ROW._replace(position=3, version=2)
    append(store, ROW)
    append(store, other, third)
    assert stored(store) == [ROW, other, third]


@pytest.mark.parametrize(
    "row",
    [
        ROW._replace(position=3, version=2),
        ROW._replace(position=1, version=2),
        ROW._replace(position=2, version=3),
        ROW._replace(position=2, version=1),
        ROW._replace(position=2, stream="ledger", version=2),
        ROW._replace(position=2, stream="ledger", version=0),
        ROW._replace(position=2, version=2, stream="a b"),
        ROW._replace(position=2, version=2, stream="ledger/"),
        ROW._replace(position=2, version=2, stream=""),
        ROW._replace(position=2, version=2, topic="AccountOpened"),
        ROW._replace(position=2, version=2, topic="account-opened.v0"),
        ROW._replace(position=2, version=2, state=b"state"),
        ROW._replace(position=2, version=2, state=b'{"meta":'),
    ],
)
def test_a_row_that_does_not_follow_or_has_no_form_is_not_appended(
    store: Store, row: EventRow
):
    append(store, ROW)
    good = ROW._replace(position=2, stream="body/X01")
    with pytest.raises(NotAppendable):
        append(store, row)
    with pytest.raises(NotAppendable):
        append(store, good, row._replace(position=row.position + 1))
    assert stored(store) == [ROW]


def test_versions_of_one_stream_may_not_change_places(store: Store):
    with pytest.raises(NotAppendable):
        append(
            store,
            ROW._replace(version=2),
            ROW._replace(position=2, version=1),
        )
    assert stored(store) == []


def test_all_that_is_appended_together_is_found_together(store: Store):
    texts = [TextRow("c1", b"s" * 16, "a\nreason"), TextRow("c2", b"\x00" * 16, "")]
    parties = [PartyRow("p", "c3", b"t" * 16, "Ana"), PartyRow("p", "c4", b"t", "Ann")]
    append(store, ROW, commands=[COMMAND, REFUSED], texts=texts, parties=parties)
    with store.reading() as reading:
        assert reading.head() == Head(1, 2, AT)
        assert reading.commands(0, 9) == [COMMAND, REFUSED]
        assert reading.commands(1, 9) == [REFUSED]
        assert reading.look_up(["d1"]) == (Head(1, 2, AT), {"d1": COMMAND})
        found = {"d1": COMMAND, REFUSED.id: REFUSED}
        assert reading.look_up(["x", REFUSED.id, "d1"]) == (Head(1, 2, AT), found)
        assert reading.look_up(["x"]) == (Head(1, 2, AT), {})
        assert reading.texts(0, 9) == texts
        assert reading.texts(1, 1) == texts[1:]
        assert reading.parties(0, 9) == parties
        assert reading.parties(1, 1) == parties[1:]
        assert (reading.text("c1"), reading.text("c9")) == ("a\nreason", None)
        assert (reading.name("p"), reading.name("q")) == ("Ann", None)


def test_an_exception_in_the_block_leaves_nothing_of_it(store: Store):
    append(store, ROW, commands=[COMMAND])
    with pytest.raises(RuntimeError), store.writing() as writing:  # noqa: PT012
        writing.append([ROW._replace(position=2, version=2)], [REFUSED])
        raise RuntimeError
    with store.reading() as reading:
        assert reading.head() == Head(1, 1, AT)
    append(store, ROW._replace(position=2, version=2))


def test_the_writer_sees_its_own_rows_and_what_others_wrote(open_store: Open):
    one, other = open_store(), open_store()
    append(one, ROW, commands=[COMMAND])
    with other.writing() as writing:
        assert writing.look_up(["d1"]) == (Head(1, 1, AT), {"d1": COMMAND})
        assert writing.look_up(["d1", "d3"]) == (Head(1, 1, AT), {"d1": COMMAND})
        writing.append([ROW._replace(position=2, version=2)])
        assert writing.head().position == 2
        assert len(writing.stream(ROW.stream)) == 2
        writing.append([ROW._replace(position=3, version=3)])
        writing.append([ROW._replace(position=4, version=4)])
    assert [row.version for row in stored(one)] == [1, 2, 3, 4]


def test_one_writes_at_a_time_whichever_way_the_log_is_opened(open_store: Open):
    one, other = open_store(), open_store()
    order: list[str] = []
    held = Event()

    def second() -> None:
        held.wait()
        with other.writing() as writing:
            order.append(f"second at {writing.head().position}")

    thread = Thread(target=second)
    thread.start()
    with one.writing() as writing:
        assert writing.head().position == 0
        held.set()
        thread.join(timeout=0.2)
        order.append("first")
        writing.append([ROW])
    thread.join()
    assert order == ["first", "second at 1"]


def test_a_commit_of_thirty_megabytes_does_not_hang(store: Store):
    state = b"{" + b"x" * 4_096 + b"}"
    rows = [
        EventRow(n, f"body/{n % 50}", (n - 1) // 50 + 1, "a.v1", state)
        for n in range(1, 7_501)
    ]
    append(store, *rows)
    with store.reading() as reading:
        assert reading.head().position == 7_500
        assert reading.events(7_499, 9) == rows[-1:]


def test_one_record_of_thirty_megabytes_does_not_hang(store: Store):
    row = ROW._replace(state=b"{" + b"x" * 30_000_000 + b"}")
    append(store, row)
    assert stored(store) == [row]


# Reading ------------------------------------------------------------------------------


def test_a_reader_sees_one_unchanging_view_and_waits_for_nobody(store: Store):
    append(store, ROW)
    with store.writing() as writing:
        writing.append([ROW._replace(position=2, version=2)])
        assert writing.head().position == 2
        assert stored(store) == [ROW]
    with store.reading() as reading:
        assert reading.head().position == 2
        append(store, ROW._replace(position=3, version=3))
        assert reading.head().position == 2
        assert len(reading.stream(ROW.stream)) == 2
    assert len(stored(store)) == 3


def test_streams_and_records_are_found_by_name(store: Store):
    names = ["a/B", "a/a", "a/b~", "ab", "a"]
    rows = [
        ROW._replace(position=n, stream=name) for n, name in enumerate(names, start=1)
    ]
    append(store, *rows, ROW._replace(position=6, stream="a/B", version=2))
    with store.reading() as reading:
        assert reading.streams("a/") == ("a/B", "a/a", "a/b~")
        assert reading.streams("x") == ()
        assert [row.position for row in reading.stream("a/B")] == [1, 6]
        assert reading.stream("none") == []
        assert reading.event("a/B", 2) == ROW._replace(
            position=6, stream="a/B", version=2
        )
        assert reading.event("a/B", 3) is None
        assert [row.position for row in reading.events(2, 2)] == [3, 4]


def test_an_instant_finds_the_last_position_recorded_by_then(store: Store):
    instants = [f"2014-10-0{day}T09:00:00.000000Z" for day in (1, 2, 2, 5)]
    rows = [ROW._replace(position=n, version=n) for n in range(1, 5)]
    append(store, *rows, commands=commands(*instants))
    with store.reading() as reading:
        days = ["2014-09-30T", *(f"2014-10-0{day}T23" for day in (1, 2, 3, 5))]
        assert [reading.position_at(day) for day in days] == [0, 1, 3, 3, 4]


def test_what_is_forgotten_is_not_found(store: Store, request: pytest.FixtureRequest):
    texts = [TextRow("c1", b"s", "prose")]
    append(store, ROW, texts=texts, parties=[PartyRow("p", "c2", b"s", "Ana")])
    delete(store)
    with store.reading() as reading:
        assert (reading.text("c1"), reading.name("p")) == (None, None)
    assert stored(store) == [ROW]


def delete(store: Store) -> None:
    """Forget everything beside the log, as its writer can."""
    with store.writing() as writing:
        writing.head()
        if isinstance(writing, sqlite.Writing):
            writing._connection.execute("DELETE FROM texts")
            writing._connection.execute("DELETE FROM parties")
        else:
            assert isinstance(writing, postgres.Writing)
            writing._rows("DELETE FROM ledger.texts RETURNING 1")
            writing._rows("DELETE FROM ledger.parties RETURNING 1")


def test_an_untouched_store_has_no_faults(store: Store):
    append(store, ROW, commands=[COMMAND])
    assert store.faults() == ()
    assert store.misshapen() == ()


# Waiting ------------------------------------------------------------------------------


def in_a_while(act: Callable[[], None]) -> Thread:
    def run() -> None:
        Event().wait(0.15)
        act()

    thread = Thread(target=run)
    thread.start()
    return thread


def test_who_waits_is_woken_by_another_opener_of_the_log(open_store: Open):
    waiting, writing = open_store(), open_store()
    append(writing, ROW)
    assert waiting.wait(0, 60_000) == 1
    began = monotonic()
    thread = in_a_while(lambda: append(writing, ROW._replace(position=2, version=2)))
    assert waiting.wait(1, 60_000) == 2
    assert 0.1 < monotonic() - began < 10
    thread.join()


def test_who_waits_in_vain_is_told_the_head(store: Store):
    append(store, ROW)
    began = monotonic()
    assert store.wait(1, 100) == 1
    assert 0.09 < monotonic() - began < 10
    assert store.wait(7, 0) == 1


def test_a_commit_without_records_wakes_nobody_for_nothing(store: Store):
    append(store, ROW, commands=[COMMAND])
    thread = in_a_while(lambda: append(store, commands=[REFUSED]))
    assert store.wait(1, 400) == 1
    thread.join()


# Closing ------------------------------------------------------------------------------


def test_a_closed_store_says_so(store: Store):
    store.close()
    with pytest.raises(Unavailable, match="was closed: open it again"):
        stored(store)
    with pytest.raises(Unavailable, match="was closed: open it again"):
        append(store, ROW)
    with pytest.raises(Unavailable, match="was closed: open it again"):
        store.wait(0, 0)
