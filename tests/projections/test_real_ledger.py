"""The views of a real ledger: followed by processes that are killed, and verified."""

import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from ledger.events import (
    AccountOpened,
    AwardConfirmed,
    AwardProposed,
    BodyRegistered,
    DisbursementApproved,
    DisbursementPaid,
    DisbursementRefused,
    DisbursementRequested,
    GateAssessed,
    IndicatorAssessed,
    LedgerOpened,
    PaymentReferenceTaken,
    ResultRecorded,
    RulebookPublished,
    SpendingRecorded,
    TermsAgreed,
)
from ledger.service import Ledger
from projections.following.views import Views
from projections.story.story import story
from projections.verify.verify import verify
from projections.views import awards, balances, journal
from projections.views.every import VIEWS
from tests.decisions.given import ACCOUNT

FOLLOWER = """
import sys
from pathlib import Path
from ledger.service import Ledger
from projections.following.views import Views, views_path

db = Path(sys.argv[1])
views = Views(Ledger.open(db), views_path(db), batch=1)
print("follows", flush=True)
views.follow(lambda position, head: print(position, flush=True))
"""


def follower(db: Path) -> subprocess.Popen[str]:
    """Another process that follows, a record a transaction, and says how far it is."""
    return subprocess.Popen(
        [sys.executable, "-c", FOLLOWER, str(db)],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        text=True,
    )


def assert_as_folded(ledger: Ledger, views: Views) -> None:
    """Every table holds exactly what the plain forms say, and every leaf is there."""
    records = ledger.read(0, ledger.head())
    assert views.position == len(records)
    for view in VIEWS:
        plain = view.plain()
        for recorded in records:
            plain.apply(recorded)
        for table in view.tables:
            stored = views.db.execute(
                f"SELECT * FROM {table.name} ORDER BY {table.key()}"
            ).fetchall()
            assert stored == sorted(plain.rows()[table.name])
    assert verify(views) == ()


def test_a_year_is_followed_verified_and_told(ledger: Ledger, db: Path):
    with closing(Views.beside(ledger, db)) as views:
        assert views.follow() == ledger.head()
        assert_as_folded(ledger, views)
        [award] = awards.awards(views.db)
        assert (award.state, award.total_pence, award.paid_pence) == (
            "confirmed",
            288_750_00,
            288_650_00,
        )
        assert (award.spent_pence, award.unspent_pence) == (288_650_00, 0)
        held = {one.account: one.pence for one in balances.balances(views.db)}
        assert (held["premium:payable"], held["group:held"]) == (100_00, 0)
        assert sum(pence for _, pence in journal.trial_balance(views.db)) == 0
        told = [step.sentence for step in story(ledger, views.db, ACCOUNT)]
    assert told[-1].startswith(
        '£165,193.21 was spent with Payee s2 (p2) for purpose a, "Service s2": '
    )
    assert [one for one in told if one.endswith('"No plan was given.".')]


def test_the_views_grow_with_the_ledger_command_by_command(tmp_path: Path):
    """They are followed after each command, as a read of the command line does."""
    from tests.projections.real import requests

    db = tmp_path / "grows.db"
    with Ledger.open(db, create=True) as ledger:
        for request in requests():
            ledger.give(request)
            with closing(Views.beside(ledger, db)) as views:
                assert views.follow() == ledger.head()
        with closing(Views.beside(ledger, db)) as views:
            assert_as_folded(ledger, views)


def test_followers_killed_at_any_record_lose_and_double_nothing(
    ledger: Ledger, db: Path
):
    """Each is killed a few records on; what it said is kept, and no more than that."""
    said = 0
    for records in (1, 4, 9, 2, 7):
        with follower(db) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "follows\n"
            for _ in range(records):
                said = int(process.stdout.readline())
            process.kill()
        assert process.returncode == -signal.SIGKILL
        with closing(Views.beside(ledger, db)) as views:
            assert said <= views.position < ledger.head()
            assert verify(views) == ()
    with closing(Views.beside(ledger, db)) as views:
        views.follow()
        assert_as_folded(ledger, views)


def test_processes_that_follow_at_once_are_harmless(ledger: Ledger, db: Path):
    with closing(Views.beside(ledger, db)) as views:
        processes = [follower(db) for _ in range(3)]
        for process in processes:
            process.communicate(timeout=60)
            assert process.returncode == 0
        assert_as_folded(ledger, views)


@pytest.mark.parametrize("position", [1, 4, 30, 51])
def test_one_changed_byte_in_the_file_is_found_and_its_position_named(
    ledger: Ledger, db: Path, position: int
):
    with closing(Views.beside(ledger, db)) as views:
        views.follow()
        with closing(sqlite3.connect(db)) as tamperer:
            tamperer.execute("DROP TRIGGER events_no_update")
            [state] = tamperer.execute(
                "SELECT state FROM events WHERE position = ?", (position,)
            ).fetchone()
            at = state.index(b"20")  # In the year of a date.
            changed = state[: at + 1] + b"1" + state[at + 2 :]
            assert len(changed) == len(state)
            tamperer.execute(
                "UPDATE events SET state = ? WHERE position = ?", (changed, position)
            )
            tamperer.commit()
        first = verify(views)[0]
    assert first.position == position
    assert first.stream == ledger.raw(position - 1, 1)[0].stream
    assert "leaf hash was" in first.what


def test_the_year_records_most_kinds_of_facts(ledger: Ledger):
    """So that the tests above speak for them."""
    kinds = {type(one.fact) for one in ledger.read(0, ledger.head())}
    assert kinds >= {
        LedgerOpened,
        RulebookPublished,
        BodyRegistered,
        ResultRecorded,
        PaymentReferenceTaken,
        TermsAgreed,
        AccountOpened,
        IndicatorAssessed,
        GateAssessed,
        AwardProposed,
        AwardConfirmed,
        DisbursementRequested,
        DisbursementApproved,
        DisbursementRefused,
        DisbursementPaid,
        SpendingRecorded,
    }
