"""What the ledger answers, and what it keeps."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from itertools import count
from pathlib import Path

import pytest

from ledger.decisions.bodies import RegisterPractice, Sighting
from ledger.decisions.disbursements.requests import BeyondPayable, DisbursementIdTaken
from ledger.decisions.every import CommandIdReused, VersionChanged, decide
from ledger.decisions.opening import LedgerOpenedOtherwise
from ledger.decisions.parties import RegisterParty
from ledger.events import BodyCode, DisbursementRefused, LedgerOpened, PartyId
from ledger.proof import row_digest
from ledger.recorded import account_stream
from ledger.request import Appended, NotTried, Outcome, Refused, Repeated, Request
from ledger.service import Ledger, Unavailable
from tests.worlds.payable import (
    ANALYST,
    DAY,
    PAYABLE_PENCE,
    account,
    ask,
    asked_pence,
    check_whole,
    decided,
    open_ledger,
    refuse,
    with_payable,
)

NOON = datetime(2026, 3, 31, 12, tzinfo=UTC)


def appended(outcome: Outcome) -> Appended:
    assert isinstance(outcome, Appended), outcome
    return outcome


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with with_payable(tmp_path / "ledger.db", "X01", "X02") as ledger:
        yield ledger
        check_whole(ledger)


def test_a_command_is_answered_with_its_records(ledger: Ledger):
    outcome = ledger.give(ask("d1", 70_00))
    assert isinstance(outcome, Appended)
    [recorded] = outcome.records
    assert recorded.position == ledger.head() == 14
    assert recorded.id == f"account/{account('X01')}@4"
    assert ledger.stream(account_stream(account("X01")))[-1] == recorded
    assert ledger.record(recorded.id) == recorded


def test_a_repeated_command_adds_nothing_and_gives_the_first_answer(ledger: Ledger):
    first = decided(ledger.give(ask("d1", 70_00)))
    head, commands = ledger.head(), ledger.command_rows(0, 10)
    assert ledger.give(ask("d1", 70_00)) == Repeated(id="d1", first=first)
    assert (ledger.head(), ledger.command_rows(0, 10)) == (head, commands)


def test_a_repetition_is_known_after_the_ledger_was_opened_again(
    ledger: Ledger, tmp_path: Path
):
    first = decided(ledger.give(ask("d1", 70_00)))
    refused = decided(ledger.give(ask("d2", PAYABLE_PENCE)))
    with Ledger.open(tmp_path / "ledger.db") as again:
        assert again.give(ask("d1", 70_00)) == Repeated(id="d1", first=first)
        assert again.give(ask("d2", PAYABLE_PENCE)) == Repeated(id="d2", first=refused)


def test_a_refusal_repeats_though_the_reason_is_gone(ledger: Ledger):
    ledger.give(ask("d1", 70_00))
    beyond = ask("d2", PAYABLE_PENCE)
    refused = ledger.give(beyond)
    assert refused == Refused(
        id="d2",
        refusal=BeyondPayable(
            payable_pence=PAYABLE_PENCE - 70_00, asked_pence=PAYABLE_PENCE
        ),
    )
    ledger.give(refuse("r1", "d1", "asked too early"))
    assert ledger.give(beyond) == Repeated(id="d2", first=refused)
    assert isinstance(ledger.give(replace(beyond, id="d3")), Appended)


def test_an_id_used_for_another_request_is_refused_and_nothing_of_it_recorded(
    ledger: Ledger,
):
    ledger.give(ask("d1", 70_00))
    commands = ledger.command_rows(0, 10)
    for other in (
        ask("d1", 70_01),
        replace(ask("d1", 70_00), effective_on=date(2014, 10, 2)),
        replace(ask("d1", 70_00), by=ANALYST),
        replace(ask("d1", 70_00), if_version=2),
        replace(open_ledger(), id="d1"),
    ):
        assert ledger.give(other) == Refused(id="d1", refusal=CommandIdReused(id="d1"))
    assert ledger.command_rows(0, 10) == commands


def test_what_a_request_follows_from_is_no_part_of_its_body(ledger: Ledger):
    first = ledger.give(replace(ask("d1", 70_00), correlation_id="c", causation_id="k"))
    assert isinstance(first, Appended)
    meta = first.records[0].meta
    assert (meta.correlation_id, meta.causation_id) == ("c", "k")
    assert ledger.give(ask("d1", 70_00)) == Repeated(id="d1", first=first)


def test_requests_of_a_batch_see_the_earlier_ones(ledger: Ledger):
    half = PAYABLE_PENCE // 2
    one, two, three, again, other = ledger.give_each(
        (ask("a", half), ask("b", half), ask("c", 1), ask("a", half), ask("b", 1))
    )
    assert isinstance(one, Appended)
    assert isinstance(two, Appended)
    assert three == Refused(
        id="c", refusal=BeyondPayable(payable_pence=0, asked_pence=1)
    )
    assert again == Repeated(id="a", first=one)
    assert other == Refused(id="b", refusal=CommandIdReused(id="b"))
    assert asked_pence(ledger) == PAYABLE_PENCE


def test_more_requests_than_a_batch_holds_are_all_answered(ledger: Ledger):
    outcomes = ledger.give_each([ask(f"d{i}", 1) for i in range(1_300)])
    assert {type(outcome) for outcome in outcomes} == {Appended}
    assert [outcome.id for outcome in outcomes] == [f"d{i}" for i in range(1_300)]


# Groups -------------------------------------------------------------------------------


def test_a_group_is_recorded_whole(ledger: Ledger):
    outcomes = ledger.give_all([ask(f"d{i}", 1) for i in range(600)])
    records = [one for outcome in outcomes for one in appended(outcome).records]
    assert [one.position for one in records] == [*range(14, 614)]


def test_a_refusal_in_a_group_is_recorded_alone(ledger: Ledger):
    head = ledger.head()
    group = (ask("a", 100), ask("b", PAYABLE_PENCE), ask("c", 1, "X02"))
    outcomes = ledger.give_all(group)
    refused = Refused(
        id="b",
        refusal=BeyondPayable(
            payable_pence=PAYABLE_PENCE - 100, asked_pence=PAYABLE_PENCE
        ),
    )
    assert outcomes == (
        NotTried(id="a", refused="b"),
        refused,
        NotTried(id="c", refused="b"),
    )
    assert ledger.head() == head
    assert [row.id for row in ledger.command_rows(0, 10)] == ["b"]
    assert ledger.give(ask("b", PAYABLE_PENCE)) == Repeated(id="b", first=refused)


def test_after_a_refused_group_its_states_are_as_before(ledger: Ledger):
    ledger.give(ask("d0", 40_00))  # So that the account is kept in memory.
    ledger.give_all((ask("a", 100), ask("b", PAYABLE_PENCE)))
    all_left = ask("all", PAYABLE_PENCE - 40_00)
    assert isinstance(ledger.give(all_left), Appended)
    assert isinstance(ledger.give(ask("a", 1, "X02")), Appended)


def test_what_was_not_tried_can_be_asked_again_under_its_id(ledger: Ledger):
    ledger.give_all((ask("a", 100), ask("b", PAYABLE_PENCE)))
    assert isinstance(ledger.give(ask("a", 100)), Appended)


def test_a_group_asked_again_is_repeated_whole(ledger: Ledger):
    group = [ask("a", 100), ask("b", 200)]
    first = ledger.give_all(group)
    assert ledger.give_all(group) == tuple(
        Repeated(id=outcome.id, first=decided(outcome)) for outcome in first
    )


def test_a_repeated_refusal_refuses_its_group(ledger: Ledger):
    refused = decided(ledger.give(ask("b", PAYABLE_PENCE + 1)))
    first = decided(ledger.give(ask("a", 100)))
    assert ledger.give_all(
        (ask("a", 100), ask("n", 1), ask("b", PAYABLE_PENCE + 1))
    ) == (
        Repeated(id="a", first=first),
        NotTried(id="n", refused="b"),
        Repeated(id="b", first=refused),
    )


def test_an_id_twice_in_a_group_that_is_refused_was_not_tried(ledger: Ledger):
    assert ledger.give_all((ask("a", 1), ask("a", 1), ask("a", 2))) == (
        NotTried(id="a", refused="a"),
        NotTried(id="a", refused="a"),
        Refused(id="a", refusal=CommandIdReused(id="a")),
    )
    assert ledger.command_rows(0, 10) == []


def test_a_group_of_nothing_is_answered_with_nothing(ledger: Ledger):
    assert ledger.give_all(()) == ledger.give_each(()) == ledger.rehearse(()) == ()


# Rehearsals ---------------------------------------------------------------------------


@pytest.mark.parametrize("together", [False, True])
def test_a_rehearsal_answers_what_would_be_answered_and_records_nothing(
    tmp_path: Path, together: bool
):
    salts = (bytes([n]) * 16 for n in count())
    ledger = with_payable(
        tmp_path / "l.db", clock=lambda: NOON, salt=lambda: next(salts)
    )
    requests = (ask("a", 1), ask("b", PAYABLE_PENCE), ask("c", 1))
    rehearsed = ledger.rehearse(requests, together=together)
    assert (ledger.head(), ledger.command_rows(0, 10)) == (9, [])
    given = ledger.give_all if together else ledger.give_each
    assert given(requests) == rehearsed


# Time ---------------------------------------------------------------------------------


def test_recorded_at_never_goes_back_when_the_clock_does(tmp_path: Path):
    clock = [NOON]
    ledger = with_payable(tmp_path / "l.db", clock=lambda: clock[0])
    instants = []
    for step in (0, 5, -60, -30, 6):
        clock[0] = NOON + timedelta(seconds=step)
        outcome = ledger.give(ask(f"d{step}", 1))
        assert isinstance(outcome, Appended)
        instants.append((outcome.records[0].meta.recorded_at - NOON).total_seconds())
    assert instants == [0, 5, 5, 5, 6]
    ledger.close()
    with with_clock(tmp_path / "l.db", NOON - timedelta(days=1)) as again:
        outcome = again.give(ask("later", 1))
        assert isinstance(outcome, Appended)
        assert outcome.records[0].meta.recorded_at == NOON + timedelta(seconds=6)


def with_clock(path: Path, at: datetime) -> Ledger:
    from ledger.store.sqlite.store import SQLiteStore

    return Ledger(SQLiteStore(path), clock=lambda: at)


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2026, 3, 31, 22, 59, 59, tzinfo=UTC), date(2026, 3, 31)),
        (datetime(2026, 3, 31, 23, 0, 0, tzinfo=UTC), date(2026, 4, 1)),
        (datetime(2026, 1, 31, 23, 30, 0, tzinfo=UTC), date(2026, 1, 31)),
    ],
)
def test_the_accounting_date_is_the_london_day_where_none_is_given(
    tmp_path: Path, instant: datetime, day: date
):
    ledger = with_payable(tmp_path / "l.db", clock=lambda: instant)
    outcome = ledger.give(replace(ask("d1", 1), effective_on=None))
    assert isinstance(outcome, Appended)
    meta = outcome.records[0].meta
    assert (meta.recorded_at, meta.effective_on, meta.decided_on) == (
        instant,
        day,
        None,
    )


def test_dates_that_are_given_are_kept(ledger: Ledger):
    decided_on = date(2014, 9, 30)
    outcome = ledger.give(replace(ask("d1", 1), decided_on=decided_on))
    assert isinstance(outcome, Appended)
    meta = outcome.records[0].meta
    assert (meta.effective_on, meta.decided_on) == (DAY, decided_on)


def test_an_instant_finds_the_position_it_knew(tmp_path: Path):
    clock = [NOON]
    ledger = with_payable(tmp_path / "l.db", clock=lambda: clock[0])
    for minute in range(9):
        clock[0] = NOON + timedelta(minutes=minute)
        # Every third one is refused, and records nothing.
        ledger.give(ask(f"d{minute}", 1 if minute % 3 else PAYABLE_PENCE + 1))

    def known(minutes: int, **more: int) -> int:
        return ledger.position_at(NOON + timedelta(minutes=minutes, **more))

    assert [known(minute) for minute in range(9)] == [0, 10, 11, 11, 12, 13, 13, 14, 15]
    assert known(2, microseconds=-1) == 10
    assert known(-1) == 0
    assert known(99) == 15


# Versions and states ------------------------------------------------------------------


def test_a_command_on_another_version_than_was_read_is_refused(ledger: Ledger):
    assert isinstance(ledger.give(replace(ask("d1", 1), if_version=3)), Appended)
    assert ledger.give(replace(ask("d2", 1), if_version=3)) == Refused(
        id="d2",
        refusal=VersionChanged(
            stream=account_stream(account("X01")), version=4, if_version=3
        ),
    )


def test_what_another_writer_recorded_is_seen(ledger: Ledger, tmp_path: Path):
    ledger.give(ask("d1", 1))
    with Ledger.open(tmp_path / "ledger.db") as other:
        for i in range(20):
            first = decided(other.give(ask(f"o{i}", 1)))
            assert ledger.give(ask(f"o{i}", 1)) == Repeated(id=f"o{i}", first=first)
        assert ledger.give(replace(ask("o3", 1), id="new")) == Refused(
            id="new", refusal=DisbursementIdTaken(disbursement="o3", amount_pence=1)
        )
        other.give_each([ask(f"many{i}", 1) for i in range(2_100)])
    left = PAYABLE_PENCE - 1 - 20 - 2_100
    assert ledger.give(ask("all", left + 1)) == Refused(
        id="all", refusal=BeyondPayable(payable_pence=left, asked_pence=left + 1)
    )
    assert isinstance(ledger.give(ask("rest", left)), Appended)


def test_a_decider_that_breaks_fails_its_own_request_alone(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
):
    def breaks(request, asked, states):
        if request.id == "bug":
            raise AssertionError("a bug of ours")
        return decide(request, asked, states)

    monkeypatch.setattr("ledger.writer.batch.decide", breaks)
    with pytest.raises(AssertionError, match="a bug of ours"):
        ledger.give(ask("bug", 1))
    with pytest.raises(AssertionError, match="a bug of ours"):
        ledger.give_all((ask("a", 1), ask("bug", 1)))
    monkeypatch.undo()
    assert isinstance(ledger.give(ask("a", PAYABLE_PENCE)), Appended)
    assert [row.id for row in ledger.command_rows(0, 10)] == ["a"]


# Texts and names ----------------------------------------------------------------------


def practice(request_id: str, name: str) -> Request:
    command = RegisterPractice(
        practice=BodyCode("P01"),
        name=name,
        sightings=(Sighting(observed_on=DAY, group=BodyCode("X01")),),
    )
    return Request(id=request_id, by=ANALYST, command=command)


def test_prose_lies_beside_the_log_under_a_salted_commitment(tmp_path: Path):
    ledger = with_payable(tmp_path / "l.db", salt=lambda: b"0123456789abcdef")
    ledger.give(ask("d1", 1))
    outcome = ledger.give(refuse("r1", "d1", "not in the plan, said Dr Who"))
    assert isinstance(outcome, Appended)
    fact = outcome.records[0].fact
    assert isinstance(fact, DisbursementRefused)
    salted = b"0123456789abcdef" + b"not in the plan, said Dr Who"
    assert fact.reason == sha256(salted).hexdigest()
    assert ledger.text(fact.reason) == "not in the plan, said Dr Who"
    assert all(b"Dr Who" not in row.state for row in ledger.raw(0, 100))


def test_the_same_text_twice_has_two_commitments(ledger: Ledger):
    reasons = set()
    for name in ("d1", "d2"):
        ledger.give(ask(name, 1))
        [recorded] = appended(ledger.give(refuse(f"r-{name}", name, "same"))).records
        assert isinstance(recorded.fact, DisbursementRefused)
        reasons.add(recorded.fact.reason)
    assert len(reasons) == 2


def test_the_same_id_with_another_text_is_another_request(ledger: Ledger):
    ledger.give(ask("d1", 1))
    first = decided(ledger.give(refuse("r1", "d1", "one text")))
    reused = Refused(id="r1", refusal=CommandIdReused(id="r1"))
    assert ledger.give(refuse("r1", "d1", "other text")) == reused
    assert ledger.give(refuse("r1", "d1", "one text")) == Repeated(id="r1", first=first)
    assert ledger.text("other text") is None


def test_another_text_is_told_within_one_batch_as_well(ledger: Ledger):
    ledger.give(ask("d1", 1))
    one, again, other = ledger.give_each(
        [refuse("r1", "d1", text) for text in ("one text", "one text", "other text")]
    )
    assert again == Repeated(id="r1", first=decided(one))
    assert other == Refused(id="r1", refusal=CommandIdReused(id="r1"))


def test_a_request_whose_text_was_forgotten_is_known_again(
    ledger: Ledger, tmp_path: Path
):
    ledger.give(ask("d1", 1))
    first = decided(ledger.give(refuse("r1", "d1", "one text")))
    with closing(sqlite3.connect(tmp_path / "ledger.db")) as db:
        db.execute("DELETE FROM texts")
        db.commit()
    for text in ("one text", "other text"):
        assert ledger.give(refuse("r1", "d1", text)) == Repeated(id="r1", first=first)


def test_a_text_more_or_less_is_another_request(ledger: Ledger):
    """Whether a name is given is part of what was asked; what it says is not kept."""

    def register(name: str | None) -> Request:
        command = RegisterParty(party=PartyId("ltd"), kind="organisation", name=name)
        return Request(id="p1", by=ANALYST, command=command)

    first = decided(ledger.give(register(None)))
    reused = Refused(id="p1", refusal=CommandIdReused(id="p1"))
    assert ledger.give(register("A Name")) == reused
    assert ledger.give(register(None)) == Repeated(id="p1", first=first)
    assert ledger.name("ltd") is None


def test_a_text_is_kept_only_where_a_fact_holds_its_commitment(
    ledger: Ledger, tmp_path: Path
):
    assert isinstance(ledger.give(refuse("r0", "none", "a text")), Refused)
    ledger.give(practice("p1", "Drs A and B"))
    assert ledger.name("P01") == "Drs A and B"
    assert ledger.give(practice("p2", "Drs A, B and C")) == Appended(
        id="p2", records=()
    )
    assert ledger.name("P01") == "Drs A and B"
    assert ledger.name("nobody") is None
    assert ledger.text("0" * 64) is None


# The rows of commands -----------------------------------------------------------------


def test_a_commands_row_says_what_was_answered_and_seals_it(ledger: Ledger):
    ledger.give(ask("d1", 70_00))
    ledger.give(ask("d2", PAYABLE_PENCE))
    ledger.give(open_ledger())
    one, two, three = ledger.command_rows(0, 10)
    assert one[3] == three[3] == "appended"
    assert (one.first_position, one.count, one.refusal) == (14, 1, None)
    assert (two.outcome, two.first_position, two.count) == ("refused", None, 0)
    assert two.refusal == (
        '{"refusal":"beyond-payable","numbers":'
        '{"payable_pence":43993000,"asked_pence":44000000}}'
    )
    assert (three.first_position, three.count) == (None, 0)
    assert [row.digest for row in (one, two, three)] == [
        row_digest(row[:-1]) for row in (one, two, three)
    ]
    assert ledger.command_rows(2, 10) == [three]
    assert ledger.read(13, 1)[0].meta.request_hash == one.hash


def test_the_hash_of_a_request_never_changes():
    from ledger.writer.commitments import request_hash

    assert request_hash(ask("any", 70_00)) == (
        "fe0a4ca0d19e95facf64e1a25c83d61a9d1e76c5283c6176147466e58fed15f6"
    )


# Opening ------------------------------------------------------------------------------


def test_a_ledger_is_made_opened_and_named(tmp_path: Path):
    with Ledger.open(tmp_path / "new.db", create=True) as ledger:
        assert (ledger.opened(), ledger.origin(), ledger.head()) == (None, None, 0)
        assert isinstance(ledger.give(ask("d1", 1)), Refused)
        ledger.give(replace(open_ledger(), id="o1"))
        assert ledger.opened() == LedgerOpened(name="Test", origin="simulated")
        assert ledger.origin() == "simulated"
        assert ledger.give(replace(open_ledger("Other"), id="o2")) == Refused(
            id="o2", refusal=LedgerOpenedOtherwise(name="Test", origin="simulated")
        )
        assert ledger.streams("led") == ("ledger",)


def test_a_closed_ledger_is_unavailable(tmp_path: Path):
    ledger = with_payable(tmp_path / "l.db")
    ledger.close()
    with pytest.raises(Unavailable, match="was closed"):
        ledger.head()
    with pytest.raises(Unavailable, match="was closed"):
        ledger.give(ask("d1", 1))
