"""Every decision, decided again: nothing differs, and whatever is changed is found."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from ledger import events
from ledger.decisions.assessments.judging import AssessGate, AssessIndicator
from ledger.decisions.awards.proposing import ProposeAward
from ledger.decisions.certificates import PrepareCertificate
from ledger.decisions.disbursements.requests import (
    ApproveDisbursement,
    PayDisbursement,
)
from ledger.decisions.replay import (
    ALONGSIDE,
    COMMAND_OF,
    Replay,
    ReplayDifference,
    command_of,
)
from ledger.events import AccountId, BodyCode, RecordId, ReferencePart, Slice
from ledger.premium.payment_years import certified
from ledger.recorded import Recorded, account_stream
from ledger.rules.rulebook import canonical, content_hash
from ledger.service import Ledger
from projections.questions.replay import replay_account, replay_all
from tests.decisions import menu_year
from tests.decisions.given import ACCOUNT, RULEBOOK, RULES, result
from tests.decisions.test_right_properties import NEXT_YEAR, start
from tests.decisions.year import OPEN, ask_for, assessed, awarded
from tests.projections.histories import history, year
from tests.worlds.simulated import worked

RTT = "result/rtt-incomplete/X01/2013-04-01..2014-03-31"


def replayed(records: Sequence[Recorded]) -> Replay:
    replay = Replay()
    for _, facts in groupby(records, key=lambda one: one.meta.command_id):
        replay.apply(tuple(facts))
    return replay


def differences(records: Sequence[Recorded]) -> list[ReplayDifference]:
    return replayed(records).differences


def with_fact(records: Sequence[Recorded], at: int, fact: Any) -> list[Recorded]:
    """The records, the one at an index holding another fact."""
    changed = list(records)
    changed[at] = replace(records[at], fact=fact)
    return changed


def shifted(slices: tuple[Slice, ...]) -> tuple[Slice, ...]:
    """The same total, a penny of it from the first slice to the last."""
    first, *between, last = slices
    return (
        replace(first, pence=first.pence - 1),
        *between,
        replace(last, pence=last.pence + 1),
    )


# What stands --------------------------------------------------------------------------


def test_every_decision_of_a_year_comes_out_as_it_is_recorded():
    replay = replayed(year())
    assert replay.differences == []
    assert replay.later == []
    assert dict(replay.decisions) == {
        "account-opened.v1": 1,
        "terms-agreed.v1": 1,
        "indicator-assessed.v1": 7,
        "gate-assessed.v1": 6,
        "award-proposed.v1": 1,
        "award-confirmed.v1": 1,
        "disbursement-requested.v1": 3,
        "disbursement-refused.v1": 1,
        "disbursement-approved.v2": 2,
        "disbursement-paid.v1": 2,
        "spending-recorded.v1": 2,
    }
    assert replay.engines == {"1": 14}


def test_every_fact_of_an_account_can_be_decided_again():
    of_an_account = set(events.AccountFact.__args__)
    of_many = {
        events.PaymentRunApproved,
        events.CertificatePrepared,
        events.CertificateApproved,
    }
    assert set(COMMAND_OF) | ALONGSIDE == of_an_account | of_many
    assert not set(COMMAND_OF) & ALONGSIDE


def test_a_fact_of_no_account_is_no_decision():
    assert command_of(RULES) is None


# What is changed ----------------------------------------------------------------------

CHANGES: dict[type, Any] = {
    events.AccountOpened: lambda f: replace(f, slices=shifted(f.slices)),
    events.IndicatorAssessed: lambda f: replace(f, earned=Fraction(1, 2)),
    events.GateAssessed: lambda f: replace(f, passed=not f.passed),
    events.AwardProposed: lambda f: replace(f, total_pence=f.total_pence + 1),
    events.AwardConfirmed: lambda f: replace(f, total_pence=f.total_pence + 1),
    events.DisbursementRequested: lambda f: replace(f, slices=shifted(f.slices)),
    events.DisbursementApproved: lambda f: replace(f, amount_pence=f.amount_pence + 1),
    events.DisbursementRefused: lambda f: replace(f, slices=shifted(f.slices)),
    events.DisbursementPaid: lambda f: replace(f, slices=shifted(f.slices)),
    events.SpendingRecorded: lambda f: replace(
        f, draws=(replace(f.draws[0], slices=shifted(f.draws[0].slices)),)
    ),
}
CHANGED = [
    (at, recorded.fact)
    for at, recorded in enumerate(year())
    if type(recorded.fact) in CHANGES
]


@pytest.mark.parametrize(
    ("at", "fact"), CHANGED, ids=[f"{f.TOPIC}-{at}" for at, f in CHANGED]
)
def test_a_changed_outcome_is_found_where_it_stands(at: int, fact: Any):
    changed = CHANGES[type(fact)](fact)
    found = differences(with_fact(year(), at, changed))
    assert found[0].decision == year()[at].id
    assert found[0].why == "differs"
    assert found[0].recorded[0] == changed
    assert isinstance(found[0].decided, tuple)
    assert found[0].decided[0] == fact


def test_all_but_what_was_agreed_can_be_changed_and_found():
    # Terms are the command's own words: nothing decides what must stand in them.
    of_the_year = {type(one.fact) for one in year()}
    assert (set(COMMAND_OF) & of_the_year) - set(CHANGES) == {events.TermsAgreed}


def test_a_certified_figure_that_never_was_the_ledgers_is_found():
    book = awarded()
    premium = certified(book.account(ACCOUNT), "2013-14")
    year: dict[str, Any] = {"body": BodyCode("X01"), "payment_year": "2013-14"}
    book.do(PrepareCertificate(**year, premiums=(premium,)))
    records = history(book)
    assert differences(records) == []
    changed = replace(premium, held_pence=1)
    told: Any = records[-1].fact
    [found] = differences(
        with_fact(records, len(records) - 1, replace(told, premiums=(changed,)))
    )
    assert (found.decision, found.why) == (records[-1].id, "differs")
    assert getattr(found.decided, "NAME", None) == "figures-changed"


def test_a_decision_by_the_wrong_person_is_refused_when_decided_again():
    at, recorded = next(
        (at, one)
        for at, one in enumerate(year())
        if isinstance(one.fact, events.AwardConfirmed)
    )
    proposer = next(
        one.meta.actor for one in year() if isinstance(one.fact, events.AwardProposed)
    )
    records = list(year())
    records[at] = replace(recorded, meta=replace(recorded.meta, actor=proposer))
    (found,) = differences(records)
    assert found.decision == recorded.id
    assert getattr(found.decided, "NAME", None) == "same-person"


def test_a_decision_that_cites_what_was_not_recorded_is_found():
    at, fact = next(one for one in CHANGED if isinstance(one[1], events.GateAssessed))
    assert isinstance(fact, events.GateAssessed)
    changed = replace(fact, evidence=(RecordId(f"{RTT}@2"),))
    found = differences(with_fact(year(), at, changed))
    assert (found[0].decision, found[0].why) == (year()[at].id, "not recorded")
    assert found[0].says == f"it cites {RTT}@2, which was not recorded before it"
    assert found[0].decided is None


def test_a_decision_under_rules_that_cannot_be_read_is_found():
    at = next(n for n, one in enumerate(year()) if one.fact == RULES)
    broken = with_fact(year(), at, replace(RULES, content="{}"))
    found = differences(broken)
    assert {one.why for one in found} == {"not decidable"}
    assert found[0].decision == f"{account_stream(ACCOUNT)}@1"


def test_a_decision_by_an_earlier_engine_is_counted_and_its_outcome_compared():
    at, fact = next(one for one in CHANGED if isinstance(one[1], events.GateAssessed))
    assert isinstance(fact, events.GateAssessed)
    replay = replayed(with_fact(year(), at, replace(fact, engine="0")))
    assert replay.engines == {"0": 1, "1": 13}
    assert [one.decision for one in replay.differences] == []


def menu() -> tuple[Recorded, ...]:
    """A year with a menu, parts and a linear test, up to its proposal."""
    known = {
        "care.survey": "70",
        "care.weekend": "30",
        "amr.items": "3",
        "amr.broad": "10",
        "finance.within-resource-limit": "1",
        "quality.no-serious-failure": "1",
    }
    book = menu_year.told(*menu_year.ground())
    book.do(menu_year.PICKED, on=date(2013, 6, 1))
    book.do(OPEN, on=date(2013, 6, 2))
    for measure, value in known.items():
        book.tell(result(measure, value))
    for measure in ("care.survey", "care.weekend", "amr.items", "amr.broad"):
        book.do(AssessIndicator(account=ACCOUNT, measure=measure))
    for gate in ("gate.financial", "gate.quality"):
        book.do(AssessGate(account=ACCOUNT, gate=gate))
    book.do(ProposeAward(account=ACCOUNT))
    return history(book)


def test_decisions_on_a_menu_and_a_share_earned_come_out_as_they_are_recorded():
    replay = replayed(menu())
    assert replay.differences == []
    assert sum(replay.decisions.values()) == 9
    earned = [
        one.fact.earned
        for one in menu()
        if isinstance(one.fact, events.IndicatorAssessed)
    ]
    assert earned[0] == Fraction(1, 2)


def test_an_opening_under_other_picks_than_were_agreed_is_found():
    at = next(
        n for n, one in enumerate(menu()) if isinstance(one.fact, events.TermsAgreed)
    )
    other = menu_year.picking(
        menu_year.pick("care.survey", "30"), menu_year.pick("care.weekend", "30")
    )
    agreed = menu()[at].fact
    assert isinstance(agreed, events.TermsAgreed)
    terms = replace(agreed, picks=other.picks)
    first, *_ = differences(with_fact(menu(), at, terms))
    assert isinstance(first.recorded[0], events.AccountOpened)
    assert first.why == "differs"


# What was known and not used; what came later ----------------------------------------


def told_before_and_after(correction: Any) -> tuple[list[Recorded], list[Recorded]]:
    """A correction before anything is assessed, and one after everything is."""
    book = assessed()
    after = [*history(book), book.tell(correction)]
    records = [*after]
    first = next(n for n, r in enumerate(records) if type(r.fact) in CHANGES) + 2
    records.insert(first, records.pop())
    renumbered = [replace(r, position=n) for n, r in enumerate(records, start=1)]
    return renumbered, after


def test_a_correction_known_before_and_not_used_was_overlooked():
    before, _ = told_before_and_after(result("rtt-incomplete", "91.99"))
    (found,) = differences(before)
    assert found.why == "overlooked"
    assert isinstance(found.decided, tuple)
    fact: Any = found.decided[0]
    assert (fact.gate, fact.passed) == ("constitution.rtt", False)
    assert fact.evidence == (f"{RTT}@2",)


def test_a_correction_that_came_later_is_listed_apart_and_no_difference():
    _, after = told_before_and_after(result("rtt-incomplete", "91.99"))
    replay = replayed(after)
    assert replay.differences == []
    (later,) = replay.later
    assert (later.record, later.topic) == (f"{RTT}@2", "result-recorded.v1")
    (decision,) = later.decisions
    fact = next(one.fact for one in after if one.id == decision)
    assert isinstance(fact, events.GateAssessed)
    assert fact.gate == "constitution.rtt"


@pytest.mark.parametrize(
    ("applies_from", "concerned"),
    [(date(2015, 12, 31), 14), (date(2016, 1, 1), 0)],
    ids=["from the day they decided on", "from the day after"],
)
def test_later_rules_concern_the_decisions_of_days_on_which_they_apply(
    applies_from: date, concerned: int
):
    rulebook = RULEBOOK.model_copy(update={"version": 2, "applies_from": applies_from})
    content = canonical(rulebook)
    published = replace(
        RULES,
        rulebook_version=2,
        applies_from=applies_from,
        content=content,
        content_hash=content_hash(content),
    )
    book = assessed()
    records = [*history(book), book.tell(published)]
    replay = replayed(records)
    assert replay.differences == []
    assert sum(len(one.decisions) for one in replay.later) == concerned


# A real ledger ------------------------------------------------------------------------


def test_a_real_ledger_is_replayed_whole_and_account_by_account(ledger: Ledger):
    reached: list[tuple[int, int]] = []
    whole = replay_all(ledger, lambda position, head: reached.append((position, head)))
    alone = replay_account(ledger, ACCOUNT)
    assert reached[-1] == (ledger.head(), ledger.head())
    assert whole.differences == alone.differences == []
    assert whole.decisions == alone.decisions
    assert sum(whole.decisions.values()) == 27


def test_what_was_decided_with_other_accounts_is_decided_again_account_by_account(
    tmp_path: Path,
):
    with Ledger.open(worked(tmp_path, 12, 3)) as ledger:
        whole = replay_all(ledger)
        assert whole.differences == []
        together = ("payment-run-approved.v1", "debt-set-off.v1")
        assert all(whole.decisions[topic] for topic in together)
        for stream in ledger.streams("account/"):
            account = AccountId(stream.removeprefix("account/"))
            alone = replay_account(ledger, account)
            assert alone.differences == [], account
            topics = {one.fact.TOPIC for one in ledger.stream(stream)}
            set_off = "debt-set-off.v1" in topics or "payable-set-off.v1" in topics
            assert alone.decisions["debt-set-off.v1"] == set_off


class Told:
    """A log of records in memory, as replays read it."""

    def __init__(self, records: Sequence[Recorded]) -> None:
        self._records = records

    def head(self) -> int:
        return len(self._records)

    def read(self, after: int, limit: int) -> Sequence[Recorded]:
        return self._records[after : after + limit]

    def stream(self, name: str) -> Sequence[Recorded]:
        return [one for one in self._records if one.stream == name]

    def streams(self, prefix: str) -> Sequence[str]:
        names = {one.stream for one in self._records}
        return sorted(name for name in names if name.startswith(prefix))


def test_a_payment_under_a_reference_of_two_accounts_is_decided_again_from_either():
    book = start()
    accounts = (ACCOUNT, NEXT_YEAR)
    parts = tuple(
        ReferencePart(account=one, what="disbursement/d1", pence=5) for one in accounts
    )
    for account in accounts:
        name: dict[str, Any] = {"account": account, "disbursement": "d1"}
        book.do(replace(ask_for(5), account=account))
        book.do(ApproveDisbursement(**name))
    for account in accounts:
        pay = PayDisbursement(
            account=account,
            disbursement="d1",
            reference="BULK",
            kind="cash",
            value_date=date(2014, 11, 3),
            parts=parts if account == ACCOUNT else (),
        )
        book.do(pay)
    for account in accounts:
        found = replay_account(Told(history(book)), account)
        assert found.decisions["disbursement-paid.v1"] == 1
        recorded = [one.recorded[0] for one in found.differences]
        assert not any(isinstance(one, events.DisbursementPaid) for one in recorded)


@pytest.mark.parametrize("whole", [True, False], ids=["all", "one account"])
def test_a_stored_outcome_that_was_changed_is_found(
    db: Path, ledger: Ledger, whole: bool
):
    gate = next(
        one
        for one in ledger.stream(account_stream(ACCOUNT))
        if isinstance(one.fact, events.GateAssessed) and not one.fact.passed
    )
    with closing(sqlite3.connect(db)) as tamperer:
        tamperer.execute("DROP TRIGGER events_no_update")
        tamperer.execute(
            "UPDATE events SET state = CAST(REPLACE(CAST(state AS TEXT), "
            "'\"passed\":false', '\"passed\":true') AS BLOB) WHERE position = ?",
            (gate.position,),
        )
        tamperer.commit()
    replay = replay_all(ledger) if whole else replay_account(ledger, ACCOUNT)
    first, *_ = replay.differences
    assert (first.decision, first.position) == (gate.id, gate.position)
    assert first.decided == (gate.fact,)
