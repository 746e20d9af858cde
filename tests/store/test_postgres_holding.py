"""PostgreSQL ledgers hold: cut connections, stopped writers, VACUUM, many writers."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread
from time import monotonic

import psycopg
import pytest

from ledger.request import Appended, Outcome, Refused, Repeated
from ledger.service import Ledger, Unavailable
from ledger.store.postgres import store as postgres
from ledger.store.postgres.connection import connect
from ledger.store.postgres.store import PostgresStore
from ledger.store.rows import EventRow
from tests.store.lossy import Fault, Lossy
from tests.worlds.payable import PAYABLE_PENCE, ask, asked_pence, check_whole, filled
from tests.worlds.payable import refuse as refuse_request
from tests.worlds.servers import Database

HOUSE = Path(__file__).parents[2]
WRITER = "application_name = 'premium' AND pid <> pg_backend_pid()"


@pytest.fixture
def ledger(database: Database) -> Iterator[Ledger]:
    with filled(PostgresStore(database.app)) as ledger:
        yield ledger


@pytest.fixture
def lossy(database: Database) -> Iterator[Lossy]:
    between = Lossy(database)
    yield between
    between.close()


# Lost connections ---------------------------------------------------------------------


@pytest.mark.parametrize("together", [False, True], ids=["each", "group"])
@pytest.mark.parametrize("fault", ["request", "reply"])
def test_a_lost_commit_is_said_and_asking_again_records_once(
    ledger: Ledger, lossy: Lossy, fault: Fault, together: bool
):
    requests = [ask("d1", 100), ask("d2", 200), refuse_request("r1", "d1", "a reason")]

    def give(asked: Ledger) -> tuple[Outcome, ...]:
        return asked.give_all(requests) if together else asked.give_each(requests)

    with Ledger.open(lossy.address) as cut_off:
        cut_off.give(ask("d0", 1))  # So that the account is kept in memory.
        lossy.fault = fault
        with pytest.raises(Unavailable, match="and ask again"):
            give(cut_off)
        written = fault == "reply"
        assert asked_pence(ledger) == (301 if written else 1)

        lossy.fault = "none"
        assert {type(one) for one in give(cut_off)} == {
            Repeated if written else Appended
        }
        # What is kept in memory is what is in the log: d1 was refused, d2 stands.
        left = PAYABLE_PENCE - 1 - 200
        assert isinstance(cut_off.give(ask("more", left + 1)), Refused)
        assert isinstance(cut_off.give(ask("all", left)), Appended)
    assert len(ledger.texts(0, 9)) == 1
    check_whole(ledger)


def terminate(database: Database, where: str) -> int:
    """Cut connections, from the server's side."""
    cut = database.execute(
        f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {where}"
        f" AND datname = '{database.name}'"
    )
    return len(cut)


def test_idle_connections_that_were_cut_are_replaced_unseen(
    ledger: Ledger, database: Database
):
    ledger.give(ask("d1", 1))
    assert ledger.head() == 10
    assert ledger.wait(0, 0) == 10
    assert terminate(database, WRITER) >= 3  # Writer, reader and listener.
    assert isinstance(ledger.give(ask("d2", 1)), Appended)
    assert ledger.head() == 11
    terminate(database, WRITER)
    assert ledger.wait(10, 5_000) == 11
    check_whole(ledger)


def test_a_connection_killed_during_its_commit_leaves_nothing(
    ledger: Ledger, database: Database
):
    database.execute(
        "CREATE FUNCTION public.slow() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN PERFORM pg_sleep(30); RETURN NULL; END $$"
    )
    database.execute(
        "CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON ledger.commands"
        " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.slow()"
    )
    said: list[Exception] = []

    def give() -> None:
        try:
            ledger.give(ask("d1", 1))
        except Unavailable as error:
            said.append(error)

    thread = Thread(target=give)
    thread.start()
    while not terminate(database, "wait_event = 'PgSleep' AND query = 'COMMIT'"):
        assert thread.is_alive()
    thread.join()
    assert "terminating connection" in str(said[0])
    database.execute("DROP TRIGGER slow ON ledger.commands")
    assert asked_pence(ledger) == 0
    assert isinstance(ledger.give(ask("d1", 1)), Appended)
    check_whole(ledger)


# Holders that hang --------------------------------------------------------------------

HOLDER = """
import os, signal, sys
from ledger.store.postgres.store import PostgresStore
from ledger.store.rows import EventRow
with PostgresStore(sys.argv[1]).writing() as writing:
    head = writing.head().position
    writing.append([EventRow(head + 1, "body/stopped", 1, "a.v1", b"{}")])
    writing.stream("body/stopped")
    os.write(1, b"held")
    os.kill(os.getpid(), signal.SIGSTOP)
"""


def test_a_writer_stopped_while_it_holds_the_lock_is_cut_off(
    ledger: Ledger, database: Database
):
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, database.app],
        cwd=HOUSE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.read(4) == b"held"
        # It would be refused after LOCK_TIMEOUT_MS, however busy the machine is.
        assert isinstance(ledger.give(ask("d1", 1)), Appended)
        holder.send_signal(signal.SIGCONT)
        _, says = holder.communicate(timeout=30)
        assert holder.returncode == 1
        # Which of the two depends on whether the server had closed its end by then.
        assert b"OperationalError" in says or b"SessionTimeout" in says
    finally:
        holder.kill()
        holder.communicate()
    assert ledger.stream("body/stopped") == ()
    check_whole(ledger)


def test_a_writer_stopped_in_the_middle_of_sending_is_cut_off(
    ledger: Ledger, lossy: Lossy
):
    row = EventRow(5, "body/stopped", 1, "a.v1", b"{" + b"x" * 2_500_000 + b"}")
    sending, failed = Event(), []

    def send() -> None:
        store = PostgresStore(lossy.address)
        try:
            with store.writing() as writing:
                writing.head()
                lossy.stall_after, lossy.fault = 1_000_000, "stall"
                sending.set()
                writing.append([row])
        except psycopg.Error as error:
            failed.append(error)
        store.close()

    thread = Thread(target=send)
    thread.start()
    sending.wait()
    assert isinstance(ledger.give(ask("d1", 1)), Appended)
    thread.join(timeout=30)
    assert len(failed) == 1
    assert ledger.stream("body/stopped") == ()
    check_whole(ledger)


def test_a_holder_that_decides_for_long_is_not_cut_off(
    database: Database, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(postgres._WRITER, "idle_in_transaction_session_timeout", 1_500)
    filled(PostgresStore(database.app)).close()
    with Ledger.open(
        database.app,
    ) as ledger:
        slow = iter([0] * 8)
        salt = ledger._salt

        def slowly() -> bytes:
            Event().wait(0.4)
            next(slow)
            return salt()

        ledger._salt = slowly
        ledger.give_each([ask(f"d{n}", 1) for n in range(8)])
        answers = ledger.give_all(
            [refuse_request(f"r{n}", f"d{n}", "a reason") for n in range(8)]
        )
        assert {type(answer) for answer in answers} == {Appended}


def test_who_waits_for_the_lock_too_long_is_told(
    ledger: Ledger, database: Database, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(postgres._WRITER, "lock_timeout", 100)
    holder = PostgresStore(database.app)
    other = Ledger.open(database.app)
    with holder.writing() as writing:
        writing.head()
        with pytest.raises(Unavailable, match="another process is writing for long"):
            other.give(ask("d1", 1))
    assert isinstance(other.give(ask("d1", 1)), Appended)
    holder.close()
    other.close()


# Others at work -----------------------------------------------------------------------


def test_analyze_and_vacuum_hold_up_no_writer(ledger: Ledger, database: Database):
    done, rounds = Event(), []

    def tend() -> None:
        with connect(database.owner, {}) as owner:
            while not done.is_set():
                for table in ("events", "commands"):
                    owner.execute(f"ANALYZE ledger.{table}")
                    owner.execute(f"VACUUM ledger.{table}")
                rounds.append(1)

    thread = Thread(target=tend)
    thread.start()
    slowest = 0
    for n in range(200):
        began = monotonic()
        ledger.give(ask(f"d{n}", 1))
        slowest = max(slowest, int((monotonic() - began) * 1_000))
    done.set()
    thread.join()
    assert len(rounds) > 3
    # The library's own lock waits a second for each of them.
    assert slowest < 900, "milliseconds"


def test_four_processes_write_and_a_reader_at_the_tail_misses_nothing(
    ledger: Ledger, database: Database
):
    each, before = 60, ledger.head()
    writers = [
        subprocess.Popen(
            [
                sys.executable,
                "-m",
                "tests.service.writer",
                database.app,
                name,
                str(each),
            ],
            cwd=HOUSE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in "abcd"
    ]
    answered: list[list[str]] = []
    reader = Thread(
        target=lambda: answered.extend(
            one.communicate(timeout=120)[0].split() for one in writers
        )
    )
    reader.start()
    seen: list[int] = []
    while reader.is_alive() or ledger.head() > len(seen):
        ledger.wait(len(seen), 100)
        seen += [row.position for row in ledger.raw(len(seen), 1_000)]
        assert seen == [*range(1, len(seen) + 1)], "missed or out of order"
    assert [one.returncode for one in writers] == [0] * 4
    ids = {one for lines in answered for one in lines}
    assert len(ids) == sum(map(len, answered))
    rows = ledger.command_rows(0, 100_000)
    assert {row.id for row in rows} == ids
    assert seen[-1] == before + sum(row.count for row in rows)
    check_whole(ledger)


def test_recorded_at_never_goes_back_between_processes(database: Database):
    from datetime import UTC, datetime

    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    filled(PostgresStore(database.app)).close()
    with (
        Ledger(PostgresStore(database.app), clock=lambda: noon) as one,
        Ledger(
            PostgresStore(database.app), clock=lambda: noon.replace(hour=11)
        ) as behind,
    ):
        one.give(ask("d1", 1))
        behind.give(ask("d2", 1))
        assert [row.recorded_at for row in one.command_rows(0, 9)] == [
            "2026-03-01T12:00:00.000000Z"
        ] * 2


def test_the_function_itself_refuses_an_instant_that_went_back(
    ledger: Ledger, database: Database
):
    ledger.give(ask("d1", 1))
    [row] = ledger.command_rows(0, 1)
    earlier = row._replace(number=2, id="d2", recorded_at="2014-01-01", digest="x")
    store = PostgresStore(database.app)
    with pytest.raises(ValueError, match="time went back"), store.writing() as writing:
        writing.append([], [earlier])
    store.close()
    assert len(ledger.command_rows(0, 9)) == 1
