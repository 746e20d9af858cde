"""Proposing what was earned, and confirming it by another person."""

from datetime import date

from ledger.decisions.accounts import NoRulebook
from ledger.decisions.assessments import (
    AccountNotOpen,
    AssessGate,
    AwardAlreadyConfirmed,
)
from ledger.decisions.awards import (
    AssessedSince,
    ConfirmAward,
    DateRunsBackwards,
    NoSuchProposal,
    NotAllAssessed,
    ProposeAward,
    RulesChanged,
    SamePerson,
)
from ledger.decisions.rulebooks import PublishRulebook
from ledger.events import AwardConfirmed, AwardProposed, PartyId, RecordId
from ledger.request import By
from tests.decisions.given import (
    ACCOUNT,
    ANALYST,
    GROUND,
    RULEBOOK,
    Given,
    given,
    result,
)
from tests.decisions.year import assessed, awarded, opened

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


def test_a_confirmed_award_stands():
    book = awarded()
    Given(book=book).when(CONFIRM).then_nothing()
    stands = AwardAlreadyConfirmed(account=ACCOUNT, determination=1)
    Given(book=book).when(PROPOSE).then_refused(stands)
    Given(book=book).when(ConfirmAward(account=ACCOUNT, determination=2)).then_refused(
        stands
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
