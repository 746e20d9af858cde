"""Every write fails in two ways: not written, and written but the reply was lost."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ledger.request import Appended, Outcome, Refused, Repeated, Request
from ledger.service import Ledger, Unavailable, WriterFailed
from tests.worlds.payable import (
    PAYABLE_PENCE,
    ask,
    asked_pence,
    check_whole,
    refuse,
    with_payable,
)

WRITES = ("BEGIN IMMEDIATE", "INSERT", "COMMIT")


class Fault:
    """Which write fails, counted from 1 as armed; 0 for none."""

    def __init__(self) -> None:
        self.at = 0
        self.after_it_was_written = False
        self.seen: list[str] = []

    def meet(
        self, statement: str, write: Callable[[], sqlite3.Cursor]
    ) -> sqlite3.Cursor:
        if not statement.startswith(WRITES):
            return write()
        self.seen.append(statement.split(" VALUES", maxsplit=1)[0])
        if len(self.seen) != self.at:
            return write()
        if self.after_it_was_written:
            write()
        raise sqlite3.OperationalError("disk I/O error")


FAULT = Fault()


class Failing(sqlite3.Connection):
    """A connection whose n-th write fails."""

    def execute(self, sql: str, *given: Any) -> sqlite3.Cursor:
        return FAULT.meet(sql, lambda: super(Failing, self).execute(sql, *given))

    def executemany(self, sql: str, *given: Any) -> sqlite3.Cursor:
        return FAULT.meet(sql, lambda: super(Failing, self).executemany(sql, *given))


def arm(at: int, *, after: bool) -> None:
    FAULT.at, FAULT.after_it_was_written, FAULT.seen = at, after, []


def each(ledger: Ledger, requests: list[Request]) -> tuple[Outcome, ...]:
    return ledger.give_each(requests)


def group(ledger: Ledger, requests: list[Request]) -> tuple[Outcome, ...]:
    return ledger.give_all(requests)


# One with prose, so that every table is written.
REQUESTS = [ask("d1", 100), ask("d2", 200), refuse("r1", "d1", "a reason")]


@pytest.mark.parametrize("give", [each, group])
@pytest.mark.parametrize("after", [False, True], ids=["not-written", "reply-lost"])
@pytest.mark.parametrize("at", range(1, 6))
def test_a_failed_write_is_said_and_asking_again_records_once(
    tmp_path: Path, at: int, after: bool, give
):
    arm(0, after=False)
    ledger = with_payable(tmp_path / "l.db", connection=Failing)
    ledger.give(ask("d0", 1))  # So that the account is kept in memory.
    arm(at, after=after)
    with pytest.raises(Unavailable, match=r"disk I/O error.*premium verify"):
        give(ledger, REQUESTS)
    written = at == 5 and after
    assert asked_pence(ledger) == (301 if written else 1)
    check_whole(ledger)

    arm(0, after=False)
    answers = give(ledger, REQUESTS)
    assert {type(one) for one in answers} == {Repeated if written else Appended}
    assert FAULT.seen == [
        "BEGIN IMMEDIATE",
        *([] if written else ["INSERT INTO events", "INSERT INTO commands"]),
        *([] if written else ["INSERT INTO texts"]),
        "COMMIT",
    ]
    # What is kept in memory is what is on disk: d1 was refused, d2 stands.
    left = PAYABLE_PENCE - 1 - 200
    assert isinstance(ledger.give(ask("more", left + 1)), Refused)
    assert isinstance(ledger.give(ask("all", left)), Appended)
    check_whole(ledger)
    ledger.close()


def test_a_rollback_that_fails_too_leaves_a_writer_that_works(tmp_path: Path):
    class Broken(Failing):
        def execute(self, sql: str, *given: Any) -> sqlite3.Cursor:
            if sql == "ROLLBACK" and FAULT.at:
                raise sqlite3.OperationalError("disk I/O error")
            return super().execute(sql, *given)

    arm(0, after=False)
    with with_payable(tmp_path / "l.db", connection=Broken) as ledger:
        arm(3, after=False)
        with pytest.raises(Unavailable):
            ledger.give(ask("d1", 100))
        arm(0, after=False)
        assert isinstance(ledger.give(ask("d1", 100)), Appended)
        check_whole(ledger)


def test_a_full_disk_says_what_to_do(tmp_path: Path):
    class Full(sqlite3.Connection):
        def execute(self, sql, *given):
            if sql.startswith("INSERT INTO commands"):
                raise sqlite3.OperationalError("database or disk is full")
            return super().execute(sql, *given)

    with (
        with_payable(tmp_path / "l.db", connection=Full) as ledger,
        pytest.raises(Unavailable, match="make room on its disk"),
    ):
        ledger.give(ask("d1", 1))


def test_a_fact_that_cannot_be_taken_in_voids_the_batch_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    from ledger.writer import states

    def breaks(account, recorded):
        raise KeyError("a bug of ours")

    with with_payable(tmp_path / "l.db") as ledger:
        ledger.give(ask("d0", 1))
        monkeypatch.setattr(states, "evolve", breaks)
        with pytest.raises(WriterFailed, match="d1 was decided wrongly"):
            ledger.give(ask("d1", 100))
        monkeypatch.undo()
        assert isinstance(ledger.give(ask("d1", PAYABLE_PENCE - 1)), Appended)
        check_whole(ledger)


def test_a_batch_interrupted_before_its_commit_leaves_nothing(tmp_path: Path):
    class Interrupted(sqlite3.Connection):
        def execute(self, sql, *given):
            if sql == "COMMIT" and FAULT.at:
                FAULT.at = 0
                raise KeyboardInterrupt
            return super().execute(sql, *given)

    arm(0, after=False)
    with with_payable(tmp_path / "l.db", connection=Interrupted) as ledger:
        arm(1, after=False)
        with pytest.raises(KeyboardInterrupt):
            ledger.give(ask("d1", 100))
        assert asked_pence(ledger) == 0
        assert isinstance(ledger.give(ask("d1", PAYABLE_PENCE)), Appended)
        check_whole(ledger)
