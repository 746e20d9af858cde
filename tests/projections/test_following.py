"""The follower as a service, and a rebuild that is killed on the way."""

import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from threading import Event, Thread

import pytest

from ledger.service import Ledger, Unavailable
from projections.following.position import LogDiffers
from projections.following.service import keep_following
from projections.following.views import Views
from projections.verify.verify import verify
from tests.projections.histories import MemoryLog, followed, year
from tests.projections.real import ledger_with_a_year
from tests.projections.test_follow import contents
from tests.service.test_hard_times import register
from tests.worlds.payable import open_ledger

HOUSE = Path(__file__).parents[2]


def program(db: Path, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "interfaces.cli.main", *words, "--db", str(db)],
        cwd=HOUSE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def begun(db: Path) -> Ledger:
    """A ledger that is opened, and nothing more."""
    ledger = Ledger.open(db, create=True)
    ledger.give(open_ledger())
    return ledger


# The service --------------------------------------------------------------------------


def test_a_service_takes_in_what_others_record_and_ends_when_told(tmp_path: Path):
    db = tmp_path / "l.db"
    with begun(db) as ledger:
        service = program(db, "follow")
        assert service.stdout is not None
        assert service.stdout.readline() == "SIMULATED: Follows from position 2\n"
        with closing(Views.beside(ledger, db)) as views:
            for n in range(30):
                ledger.give(register(n))
                while views.position < ledger.head():
                    assert service.poll() is None
        service.send_signal(signal.SIGTERM)
        out, err = service.communicate(timeout=30)
    assert (service.returncode, err) == (0, "")
    assert out == "SIMULATED: Views at position 33\n"


def test_a_service_that_is_killed_is_followed_by_one_that_goes_on(tmp_path: Path):
    db = tmp_path / "l.db"
    with begun(db) as ledger:
        for n in range(4):
            service = program(db, "follow")
            assert service.stdout is not None
            service.stdout.readline()
            ledger.give(register(n))
            service.kill()
            service.communicate(timeout=30)
        with closing(Views.beside(ledger, db)) as views:
            views.follow()
            assert views.position == 7
            assert verify(views) == ()


class Away:
    """A log that cannot be reached for some calls, and ends the service thereafter."""

    def __init__(self, log: MemoryLog, times: int, stopping: Event) -> None:
        self.log = log
        self.times = times
        self.stopping = stopping

    def wait(self, after: int, timeout_ms: int) -> int:
        self.times -= 1
        if self.times >= 0:
            raise Unavailable("the server is restarted")
        self.stopping.set()
        return self.log.head()


def test_a_ledger_that_goes_away_is_tried_again_and_said_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("projections.following.service.RETRY_S", 0)
    stopping, said, reached = Event(), list[str](), list[int]()
    log = MemoryLog(year())
    with followed(MemoryLog(), tmp_path) as empty:
        views = Views(log, Path(empty.name))
        away = Away(log, 3, stopping)
        position = keep_following(
            away, views, stopping, moved=reached.append, unreachable=said.append
        )
        views.close()
    assert (position, reached, said) == (56, [56], ["the server is restarted"])


def test_two_services_at_once_take_in_each_record_once(tmp_path: Path):
    db, stopping = tmp_path / "l.db", Event()
    with begun(db) as ledger:

        def serve() -> None:
            with closing(Views.beside(ledger, db)) as views:
                keep_following(ledger, views, stopping)

        services = [Thread(target=serve) for _ in range(2)]
        for one in services:
            one.start()
        for n in range(40):
            ledger.give(register(n))
        with closing(Views.beside(ledger, db)) as views:
            while views.position < 41:
                assert all(one.is_alive() for one in services)
            stopping.set()
            for one in services:
                one.join()
            assert verify(views) == ()


# A rebuild ----------------------------------------------------------------------------

REBUILDER = """
import os, sys
from pathlib import Path
from ledger.service import Ledger
from projections.following.views import Views, views_path

db, stop = Path(sys.argv[1]), int(sys.argv[2])
views = Views(Ledger.open(db), views_path(db), batch=5)

def told(position, head):
    print(position, flush=True)
    if position >= stop:
        os.kill(os.getpid(), 9)

views.rebuild(told)
print("from", views.continued_from, flush=True)
"""


def rebuild(db: Path, stop: int) -> tuple[int, list[str]]:
    """Rebuild in another process that is killed once it has come so far."""
    done = subprocess.run(
        [sys.executable, "-c", REBUILDER, str(db), str(stop)],
        cwd=HOUSE,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout.split()


def test_a_rebuild_that_is_killed_is_gone_on_with_and_no_read_sees_it(tmp_path: Path):
    db = tmp_path / "l.db"
    with ledger_with_a_year(db) as ledger, closing(Views.beside(ledger, db)) as views:
        views.follow()
        whole = contents(views.db)
        views.db.execute("UPDATE balances SET pence = 7")
        before = contents(views.db)
        assert rebuild(db, 10) == (-signal.SIGKILL, ["5", "10"])
        assert contents(views.db) == before
        assert rebuild(db, 30) == (-signal.SIGKILL, ["15", "20", "25", "30"])
        assert contents(views.db) == before
        assert rebuild(db, 99) == (
            0,
            ["35", "40", "45", "50", "55", "57", "from", "30"],
        )
        assert contents(views.db) == whole
    assert list(tmp_path.glob("*rebuild*")) == []


def half_made(log: MemoryLog, views: Views, upto: int) -> Path:
    """What a rebuild left that was killed."""
    beside = Path(views.name).with_name(f"{Path(views.name).name}.rebuild")
    half = Views(MemoryLog(year()[:upto]), beside)
    half.follow()
    half.close()
    return beside


def test_a_half_made_rebuild_of_another_log_or_code_is_begun_anew(tmp_path: Path):
    log = MemoryLog(year())
    with followed(log, tmp_path) as views:
        whole = contents(views.db)
        half_made(log, views, 20)
        views.rebuild()
        assert views.continued_from == 20
        for change in (
            "UPDATE leaves SET leaf_hash = x'00' WHERE position = 20",
            "UPDATE following SET position = 10",
            "UPDATE following SET code = 'older'",
        ):
            beside = half_made(log, views, 20)
            with closing(sqlite3.connect(beside)) as db:
                db.execute(change)
                db.commit()
            views.rebuild()
            assert views.continued_from == 0
            assert contents(views.db) == whole
        beside.write_text("something else that lies there, and not a database")
        views.rebuild()
        assert contents(views.db) == whole


def test_a_rebuild_that_finds_another_log_leaves_nothing_behind(tmp_path: Path):
    log = MemoryLog(year())
    with followed(log, tmp_path) as views:
        before = contents(views.db)
        half_made(log, views, 20)
        log.rows[40] = log.rows[40]._replace(
            state=log.rows[40].state.replace(b"2014", b"2013")
        )
        with pytest.raises(LogDiffers, match="record 41"):
            views.rebuild()
        assert contents(views.db) == before
    assert list(tmp_path.glob("*rebuild*")) == []


def test_reads_during_a_rebuild_all_answer_and_none_is_mixed(tmp_path: Path):
    """Readers without pause; each answer is of the old views or of the new ones."""
    db = tmp_path / "l.db"
    done = Event()
    seen: set[tuple[int, int]] = set()
    with ledger_with_a_year(db) as ledger, closing(Views.beside(ledger, db)) as views:
        views.follow()
        [right] = views.db.execute("SELECT SUM(pence) FROM legs WHERE pence > 0")
        views.db.execute("UPDATE legs SET pence = pence * 2")
        views.db.execute("UPDATE balances SET pence = pence * 2")

        def read() -> None:
            with closing(Views.beside(ledger, db)) as reader:
                while not done.is_set():
                    with reader.reading() as at:
                        legs = at.execute(
                            "SELECT SUM(pence) FROM legs WHERE pence > 0"
                        ).fetchone()[0]
                        held = at.execute(
                            "SELECT SUM(ABS(pence)) FROM balances"
                        ).fetchone()[0]
                        seen.add((legs, held))

        readers = [Thread(target=read) for _ in range(2)]
        for one in readers:
            one.start()
        while not seen:
            assert all(one.is_alive() for one in readers)
        views.rebuild()
        before = len(seen)
        while len(seen) < 2:
            assert all(one.is_alive() for one in readers)
        done.set()
        for one in readers:
            one.join()
    assert before <= 2
    assert len(seen) == 2
    assert {legs for legs, _ in seen} == {right[0], right[0] * 2}
    assert len({held for _, held in seen}) == 2
