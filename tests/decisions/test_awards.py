"""Proposing what was earned, and confirming it by another person."""

from datetime import date
from fractions import Fraction
from typing import Any

from ledger.decisions.assessments.judging import AssessGate, AssessIndicator
from ledger.decisions.awards.confirming import (
    AssessedSince,
    ConfirmAward,
    NoSuchProposal,
)
from ledger.decisions.awards.proposing import (
    NotAllAssessed,
    PercentNotKnown,
    ProposeAward,
    RulesChanged,
    SlicesOfOtherRules,
)
from ledger.decisions.preconditions import AccountNotOpen, DateRunsBackwards, SamePerson
from ledger.decisions.rulebooks import NoRulebook, PublishRulebook
from ledger.events import AwardConfirmed, AwardProposed, PartyId, RecordId
from ledger.request import By
from tests.decisions.given import (
    ACCOUNT,
    ANALYST,
    GROUND,
    RULEBOOK,
    Book,
    Given,
    given,
    result,
)
from tests.decisions.menu_year import (
    AMR,
    CARE,
    CLAUSE,
    PICKED,
    ground,
    level,
    rules,
    told,
)
from tests.decisions.year import OPEN, assessed, awarded, opened

PROPOSE = ProposeAward(account=ACCOUNT)
CONFIRM = ConfirmAward(account=ACCOUNT, determination=1)


def proposed(**changed: str) -> AwardProposed:
    (fact,) = Given(book=assessed(**changed)).when(PROPOSE).then_recorded()
    assert isinstance(fact, AwardProposed)
    return fact


def test_a_missed_measure_is_not_earned_and_a_missed_standard_reduces():
    fact = proposed(pyll="1937", red_1="74.83")
    assert fact.earned_pence == 385_000_00
    assert fact.before_gates_pence == fact.total_pence == 288_750_00


def test_a_failed_gate_takes_all_and_keeps_the_figure_before_it():
    fact = proposed(finance="0", red_1="74.83")
    assert fact.before_gates_pence == 330_000_00
    assert fact.total_pence == 0
    assert [r.clause for r in fact.reductions] == [
        "constitution.red-1",
        "gate.financial",
    ]


def test_a_proposal_names_every_assessment():
    assert len(proposed().assessments) == 7 + 4 + 2


def test_proposing_the_same_award_again_adds_nothing():
    book = assessed()
    book.do(PROPOSE)
    Given(book=book).when(PROPOSE).then_nothing()


def test_an_award_with_something_open_is_a_range_not_a_figure():
    Given(book=opened()).when(PROPOSE).then_refused(
        NotAllAssessed(
            open=(
                "pyll",
                "emergency-admissions",
                "friends-and-family",
                "infection",
                "local-1",
                "local-2",
                "local-3",
                "constitution.rtt",
                "constitution.a-and-e",
                "constitution.cancer-62-day",
                "constitution.red-1",
                "gate.financial",
                "gate.quality",
            )
        )
    )


def test_no_award_of_an_account_that_is_not_open():
    not_open = AccountNotOpen(account=ACCOUNT)
    given(*GROUND).when(PROPOSE).then_refused(not_open)
    given(*GROUND).when(CONFIRM).then_refused(not_open)


def test_no_award_by_rules_that_do_not_apply_yet():
    Given(book=assessed()).when(PROPOSE, decided_on=date(2013, 3, 31)).then_refused(
        NoRulebook(
            scheme="quality-premium",
            scheme_year="2013-14",
            decided_on=date(2013, 3, 31),
        )
    )


def test_an_award_mixes_no_versions_of_the_rules():
    book = assessed()
    book.do(PublishRulebook(rulebook=RULEBOOK.model_copy(update={"version": 2})))
    Given(book=book).when(PROPOSE).then_refused(RulesChanged(named="pyll"))


def test_another_person_confirms_and_the_moves_of_the_proposal_are_posted():
    book = assessed(red_1="74.83")
    (fact,) = book.do(PROPOSE)
    assert isinstance(fact, AwardProposed)
    version = book.account(ACCOUNT).version
    Given(book=book).when(CONFIRM).then(
        AwardConfirmed(
            account=ACCOUNT,
            determination=1,
            proposal=RecordId(f"account/{ACCOUNT}@{version}"),
            total_pence=330_000_00,
            moves=fact.moves,
        )
    )


def test_who_proposed_cannot_confirm_whatever_the_role():
    book = assessed()
    book.do(PROPOSE)
    both = By(role="approver", party=ANALYST.party)
    Given(book=book).when(CONFIRM, both).then_refused(
        SamePerson(person=PartyId("ana"), what="proposed determination 1")
    )


def test_only_the_determination_that_is_waiting_can_be_confirmed():
    book = assessed()
    other = ConfirmAward(account=ACCOUNT, determination=2)
    Given(book=book).when(CONFIRM).then_refused(
        NoSuchProposal(account=ACCOUNT, determination=1, proposed=None)
    )
    book.do(PROPOSE)
    Given(book=book).when(other).then_refused(
        NoSuchProposal(account=ACCOUNT, determination=2, proposed=1)
    )


def test_a_confirmed_award_stands_until_something_is_judged_anew():
    book = awarded()
    Given(book=book).when(CONFIRM).then_nothing()
    Given(book=book).when(PROPOSE).then_nothing()
    Given(book=book).when(ConfirmAward(account=ACCOUNT, determination=2)).then_refused(
        NoSuchProposal(account=ACCOUNT, determination=2, proposed=None)
    )


def test_what_was_assessed_again_must_be_proposed_again():
    complete = assessed()
    complete.do(PROPOSE)
    complete.tell(result("rtt-incomplete", "91"))  # The latest of a stream counts.
    complete.do(AssessGate(account=ACCOUNT, gate="constitution.rtt"))
    Given(book=complete).when(CONFIRM).then_refused(
        AssessedSince(determination=1, named=("constitution.rtt",))
    )
    (again,) = complete.do(PROPOSE)
    assert isinstance(again, AwardProposed)
    assert (again.determination, again.total_pence) == (2, 330_000_00)


def test_a_confirmation_is_not_dated_before_its_proposal():
    book = assessed()
    book.do(PROPOSE, on=date(2014, 9, 2))
    Given(book=book).when(CONFIRM, on=date(2014, 9, 2)).then_recorded()
    Given(book=book).when(CONFIRM, on=date(2014, 9, 1)).then_refused(
        DateRunsBackwards(
            what="a confirmation",
            on=date(2014, 9, 1),
            follows="its proposal",
            followed_on=date(2014, 9, 2),
        )
    )


# Menus, parts, and what no source says ------------------------------------------------

HALF = {
    **CLAUSE,
    "id": "half",
    "name": "Half",
    "percent": "50",
    "test": level("half", "1"),
}
NO_GATES: dict[str, Any] = {"gates": []}


def judged(*missed: str, **changes: Any) -> Book:
    """Rules with a menu; all earned but half of the survey, and what is named."""
    told_results = {
        "care.weekend": "30",
        "care.survey": "70",
        "amr.items": "4",
        "amr.broad": "10",
        "half": "1",
        "quarter": "1",
    }
    results = [
        result(name, "0" if name in missed else value)
        for name, value in told_results.items()
    ]
    book = told(*ground(*results, **NO_GATES | changes))
    book.do(PICKED)
    book.do(OPEN)
    for part in ("care.weekend", "care.survey", "amr.items", "amr.broad"):
        book.do(AssessIndicator(account=ACCOUNT, measure=part))
    for gate in (*changes.get("reductions", ()), *changes.get("gates", ())):
        book.do(AssessGate(account=ACCOUNT, gate=gate["id"]))
    return book


def proposed_on(book: Book) -> AwardProposed:
    (fact,) = Given(book=book).when(PROPOSE).then_recorded()
    assert isinstance(fact, AwardProposed)
    return fact


def test_what_was_picked_is_awarded_with_the_weights_agreed():
    fact = proposed_on(judged("amr.broad"))
    # 15% + half of 45% + 30% of £440,000.
    assert fact.total_pence == 297_000_00
    assert [(line.measure, line.earned) for line in fact.lines] == [
        ("care.weekend", 1),
        ("care.survey", Fraction(1, 2)),
        ("amr.items", 1),
        ("amr.broad", 0),
    ]
    assert fact.clauses == (
        "value",
        "population",
        "care",
        "care.menu",
        "care.weekend",
        "care.survey",
        "amr",
        "amr.items",
        "amr.broad",
        "rounding",
    )


def test_a_gate_may_take_a_percentage_of_what_is_left():
    half = proposed_on(judged("half", gates=[HALF]))
    assert half.before_gates_pence == 341_000_00
    assert half.total_pence == 170_500_00
    (reduction,) = half.reductions
    assert reduction.percent == 50
    assert reduction.pence == 170_500_00


def test_what_is_missed_with_an_unknown_percentage_leaves_the_award_open():
    unknown = {**HALF, "percent": "unknown"}
    Given(book=judged("half", reductions=[unknown])).when(PROPOSE).then_refused(
        PercentNotKnown(named=("half",))
    )
    Given(book=judged("half", gates=[unknown])).when(PROPOSE).then_refused(
        PercentNotKnown(named=("half",))
    )
    assert proposed_on(judged(gates=[unknown])).total_pence == 341_000_00


def test_slices_that_the_rules_in_force_do_not_have_are_not_lost_silently():
    book = judged()
    (items, _) = AMR["parts"]
    merged = {**AMR, "parts": [{**items, "share_percent": "100"}]}
    later = {"version": 2, "applies_from": "2014-09-01", "gates": []}
    book.tell(rules(measures=[CARE, merged], **later))
    Given(book=book).when(PROPOSE).then_refused(
        SlicesOfOtherRules(named=("amr.broad",))
    )


def test_what_later_rules_no_longer_ask_need_not_be_judged_again():
    book = judged(gates=[HALF])
    book.tell(rules(version=2, applies_from="2014-09-01", gates=[]))
    for part in ("care.weekend", "care.survey", "amr.items"):
        book.do(AssessIndicator(account=ACCOUNT, measure=part))
    Given(book=book).when(PROPOSE).then_refused(RulesChanged(named="amr.broad"))
    book.do(AssessIndicator(account=ACCOUNT, measure="amr.broad"))
    assert proposed_on(book).total_pence == 341_000_00
