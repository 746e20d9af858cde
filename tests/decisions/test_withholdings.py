"""Keeping back part of an award by decision, and what a body says against it."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from ledger.decisions.disbursements.requests import BeyondPayable
from ledger.decisions.preconditions import AccountNotOpen, DateRunsBackwards, SamePerson
from ledger.decisions.representations import (
    AnsweredOtherwise,
    DecideRepresentation,
    MakeRepresentation,
    NoSuchRepresentation,
    NothingToSpeakAgainst,
    RepresentationIdTaken,
)
from ledger.decisions.withholdings.keeping import (
    BASES,
    BeyondMaximum,
    LegalBasisNotForGround,
    NoAward,
    NoSuchWithholding,
    ProposeWithholding,
    RefuseWithholding,
    WithholdingIdTaken,
    WithholdingNotSo,
)
from ledger.decisions.withholdings.letting_go import OnlyLowers
from ledger.events import (
    Commitment,
    PartyId,
    RepresentationDecided,
    RepresentationMade,
    Slice,
    WithholdingDecided,
    WithholdingReleased,
    WithholdingVaried,
)
from ledger.postings import PAYABLE
from ledger.request import By
from tests.decisions.given import ACCOUNT, DAY, GROUND, OFFICER, Given, given
from tests.decisions.right import (
    DECIDE,
    REASON,
    RELEASE,
    keep_back,
    vary,
    withheld,
)
from tests.decisions.year import assessed, awarded

REFUSE = RefuseWithholding(account=ACCOUNT, withholding="w1", reason=REASON)
SPEAK = MakeRepresentation(
    account=ACCOUNT, representation="r1", about="withholding", subject="w1",
    grounds=REASON,
)  # fmt: skip
ANSWER = DecideRepresentation(
    account=ACCOUNT, representation="r1", outcome="upheld", reason=REASON
)
DAN = By(role="approver", party=PartyId("dan"))
"""Who proposed and decided nothing."""
ANA_AS_APPROVER = By(role="approver", party=PartyId("ana"))
FINANCE = "premium:withheld:financial-requirements"


def total(slices: tuple[Slice, ...]) -> int:
    return sum(piece.pence for piece in slices)


def test_a_quarter_of_the_award_is_kept_back_pro_rata_and_the_figure_before_it_kept():
    book = awarded()
    book.do(keep_back(share=Fraction(1, 4)))
    (fact,) = Given(book=book).when(DECIDE).then_recorded()
    assert isinstance(fact, WithholdingDecided)
    assert (fact.award_pence, fact.payable_pence) == (440_000_00, 440_000_00)
    assert fact.amount_pence == total(fact.slices) == 110_000_00
    assert fact.slices[:2] == (
        Slice(measure="pyll", pence=13_750_00),
        Slice(measure="emergency-admissions", pence=27_500_00),
    )


def test_without_share_or_amount_all_that_is_payable_is_kept_back():
    account = withheld(awarded()).account(ACCOUNT)
    assert account.balances[PAYABLE] == 0
    assert account.balances[FINANCE] == 440_000_00


def test_what_is_payable_can_be_kept_back_and_not_a_penny_more():
    book = awarded()
    Given(book=book).when(keep_back(440_000_01)).then_refused(
        BeyondPayable(payable_pence=440_000_00, asked_pence=440_000_01)
    )
    book.do(keep_back(440_000_00))
    Given(book=book).when(DECIDE).then_recorded()


def test_what_is_no_longer_payable_when_it_is_decided_is_not_kept_back():
    book = awarded()
    book.do(keep_back(440_000_00))
    withheld(book, 1, name="w2")
    Given(book=book).when(DECIDE).then_refused(
        BeyondPayable(payable_pence=439_999_99, asked_pence=440_000_00)
    )


def test_a_share_of_the_award_beyond_what_is_payable_is_not_put_forward():
    book = withheld(awarded(), 220_000_00, name="w0")
    half, more = keep_back(share=Fraction(1, 2)), keep_back(share=Fraction(3, 5))
    Given(book=book).when(half).then_recorded()
    Given(book=book).when(more).then_refused(
        BeyondPayable(payable_pence=220_000_00, asked_pence=264_000_00)
    )


def test_with_nothing_payable_nothing_is_put_forward():
    book = withheld(awarded(), name="w0")
    for command in (keep_back(1), keep_back(share=Fraction(1, 4)), keep_back()):
        asked = {"amount_pence": 1, "share": 110_000_00}
        pence = next((p for f, p in asked.items() if getattr(command, f)), 0)
        Given(book=book).when(command).then_refused(
            BeyondPayable(payable_pence=0, asked_pence=pence)
        )


def test_before_an_award_the_maximum_can_be_kept_back_and_not_a_penny_more():
    book = assessed()
    Given(book=book).when(keep_back(440_000_00)).then_recorded()
    Given(book=book).when(keep_back(440_000_01)).then_refused(
        BeyondMaximum(maximum_pence=440_000_00, asked_pence=440_000_01)
    )


@pytest.mark.parametrize(("share", "allowed"), [("1", True), ("1.0001", False)])
def test_no_more_than_the_whole_award_can_be_kept_back(share: str, allowed: bool):
    read = TypeAdapter(ProposeWithholding).validate_python
    data = {
        "account": ACCOUNT,
        "withholding": "w1",
        "ground": "quality-indicators",
        "legal_basis": "assessment",
        "discretion": "because",
        "share": share,
    }
    if allowed:
        assert read(data).share == 1
    else:
        with pytest.raises(ValidationError, match="at most 1"):
            read(data)


@pytest.mark.parametrize("ground", BASES)
def test_a_ground_rests_on_its_limbs_and_on_no_other(ground: Any):
    limbs = [f"4(1)({letter})" for letter in "abcdefgh"]
    for basis in (*limbs, "assessment"):
        when = Given(book=awarded()).when(keep_back(ground=ground, legal_basis=basis))
        if basis in BASES[ground]:
            when.then_recorded()
        else:
            when.then_refused(
                LegalBasisNotForGround(
                    ground=ground,
                    legal_basis=basis,  # type: ignore[arg-type]
                    allowed=BASES[ground],
                )
            )


def test_serious_quality_failure_is_no_prescribed_circumstance():
    assert BASES["serious-quality-failure"] == ("assessment",)
    of_some_ground = {basis for bases in BASES.values() for basis in bases}
    assert of_some_ground == {*(f"4(1)({c})" for c in "abcdefgh"), "assessment"}


def test_a_withholding_needs_an_account_an_award_and_an_id_of_its_own():
    given(*GROUND).when(keep_back()).then_refused(AccountNotOpen(account=ACCOUNT))
    early = assessed()
    early.do(keep_back())
    Given(book=early).when(DECIDE).then_refused(NoAward(account=ACCOUNT))
    Given(book=early).when(keep_back(5)).then_refused(
        WithholdingIdTaken(withholding="w1", ground="financial-requirements")
    )
    Given(book=awarded()).when(DECIDE).then_refused(NoSuchWithholding(withholding="w1"))


@pytest.mark.parametrize("command", [DECIDE, REFUSE])
def test_who_proposed_cannot_decide(command: Any):
    book = awarded()
    book.do(keep_back())
    Given(book=book).when(command, ANA_AS_APPROVER).then_refused(
        SamePerson(person=PartyId("ana"), what="proposed w1")
    )


@pytest.mark.parametrize("command", [RELEASE, vary(5)])
def test_who_proposed_cannot_change_it_either(command: Any):
    Given(book=withheld(awarded())).when(command, ANA_AS_APPROVER).then_refused(
        SamePerson(person=PartyId("ana"), what="proposed w1")
    )


def test_what_is_decided_is_not_decided_otherwise():
    decided = withheld(awarded())
    Given(book=decided).when(DECIDE).then_nothing()
    Given(book=decided).when(REFUSE).then_refused(
        WithholdingNotSo(withholding="w1", state="decided", needed="proposed")
    )
    refused = awarded()
    refused.do(keep_back())
    refused.do(REFUSE)
    Given(book=refused).when(REFUSE).then_nothing()
    Given(book=refused).when(RELEASE).then_refused(
        WithholdingNotSo(withholding="w1", state="refused", needed="decided")
    )


def test_a_release_gives_back_that_withholdings_own_slices_from_its_own_date_on():
    book = withheld(withheld(awarded(), 100_01), 200_00, name="w2")
    held = dict(book.account(ACCOUNT).withholdings["w1"].left)
    later = date(2014, 12, 1)
    (fact,) = book.do(RELEASE, on=later)
    assert isinstance(fact, WithholdingReleased)
    assert {piece.measure: piece.pence for piece in fact.slices} == held
    account = book.account(ACCOUNT)
    assert account.lowest_payable_pence(DAY) == 440_000_00 - 300_01
    assert account.lowest_payable_pence(later) == 440_000_00 - 200_00
    assert account.balances[FINANCE] == 200_00
    Given(book=book).when(RELEASE).then_nothing()


def test_less_is_kept_back_by_giving_back_and_more_needs_a_proposal_of_its_own():
    book = withheld(awarded(), 100_000_00)
    Given(book=book).when(vary(100_000_00)).then_nothing()
    (less,) = book.do(vary(60_000_00))
    assert isinstance(less, WithholdingVaried)
    (move,) = less.moves
    assert (move.source, move.target, total(move.slices)) == (
        FINANCE,
        PAYABLE,
        40_000_00,
    )
    Given(book=book).when(vary(60_000_00)).then_nothing()
    Given(book=book).when(vary(60_000_01)).then_refused(
        OnlyLowers(withholding="w1", withheld_pence=60_000_00, asked_pence=60_000_01)
    )
    assert book.account(ACCOUNT).balances[FINANCE] == 60_000_00


@pytest.mark.parametrize(
    ("command", "what"), [(RELEASE, "a release"), (vary(5), "a variation")]
)
def test_a_change_is_not_dated_before_the_decision(command: Any, what: str):
    book = withheld(awarded())
    Given(book=book).when(command, on=DAY).then_recorded()
    Given(book=book).when(command, on=date(2014, 9, 30)).then_refused(
        DateRunsBackwards(
            what=what,
            on=date(2014, 9, 30),
            follows="what was decided of it",
            followed_on=DAY,
        )
    )


# Representations ----------------------------------------------------------------------


def test_a_body_speaks_against_a_withholding_and_is_answered_by_another_person():
    book = withheld(awarded())
    Given(book=book).when(SPEAK).then(
        RepresentationMade(
            account=ACCOUNT,
            representation="r1",
            about="withholding",
            subject="w1",
            grounds=Commitment(REASON),
        )
    )
    book.do(SPEAK)
    cleo = By(role="approver", party=OFFICER.party)
    Given(book=book).when(ANSWER, cleo).then_refused(
        SamePerson(person=PartyId("cleo"), what="made r1")
    )
    for person in ("ana", "bob"):
        took_part = By(role="approver", party=PartyId(person))
        Given(book=book).when(ANSWER, took_part).then_refused(
            SamePerson(
                person=PartyId(person), what="proposed or decided withholding w1"
            )
        )
    Given(book=book).when(ANSWER, DAN, date(2014, 9, 30)).then_refused(
        DateRunsBackwards(
            what="an answer",
            on=date(2014, 9, 30),
            follows="the representation",
            followed_on=DAY,
        )
    )
    Given(book=book).when(ANSWER, DAN).then(
        RepresentationDecided(
            account=ACCOUNT,
            representation="r1",
            outcome="upheld",
            reason=Commitment(REASON),
        )
    )


def test_an_undecided_representation_stops_nothing():
    book = withheld(awarded(), 5)
    book.do(SPEAK)
    Given(book=book).when(RELEASE).then_recorded()


def test_a_representation_is_about_something_and_has_one_answer():
    given(*GROUND).when(SPEAK).then_refused(AccountNotOpen(account=ACCOUNT))
    book = awarded()
    Given(book=book).when(ANSWER).then_refused(
        NoSuchRepresentation(representation="r1")
    )
    Given(book=book).when(SPEAK).then_refused(
        NothingToSpeakAgainst(about="withholding", subject="w1")
    )
    for number, known in (("0", False), ("1", True), ("2", False)):
        command = MakeRepresentation(
            account=ACCOUNT,
            representation=f"r{number}",
            about="award",
            subject=number,
            grounds=REASON,
        )
        when = Given(book=book).when(command)
        if known:
            when.then_recorded()
        else:
            when.then_refused(NothingToSpeakAgainst(about="award", subject=number))
    withheld(book)
    book.do(SPEAK)
    Given(book=book).when(SPEAK).then_refused(
        RepresentationIdTaken(representation="r1")
    )
    book.do(ANSWER, DAN)
    Given(book=book).when(ANSWER, DAN).then_nothing()
    dismissed = DecideRepresentation(
        account=ACCOUNT, representation="r1", outcome="dismissed", reason=REASON
    )
    Given(book=book).when(dismissed, DAN).then_refused(
        AnsweredOtherwise(representation="r1", outcome="upheld")
    )
