"""Keeping back more than before: proposed by one person, decided by another."""

from datetime import date

import pytest

from ledger.decisions.disbursements.requests import BeyondPayable
from ledger.decisions.preconditions import DateRunsBackwards
from ledger.decisions.withholdings.keeping import NoSuchWithholding, WithholdingNotSo
from ledger.decisions.withholdings.varying import (
    NothingMoreProposed,
    NotMore,
    VariationWaits,
)
from ledger.events import (
    Commitment,
    Move,
    RecordId,
    VariationProposed,
    VariationRefused,
    WithholdingVaried,
)
from ledger.postings import PAYABLE
from tests.decisions.given import ACCOUNT, DAY, Book, Given
from tests.decisions.right import (
    DECIDE_MORE,
    REASON,
    REFUSE_MORE,
    RELEASE,
    WHY_MORE,
    keep_back,
    more,
    vary,
    withheld,
)
from tests.decisions.year import ask_for, awarded

FINANCE = "premium:withheld:financial-requirements"
WITHHELD_PENCE = 100_000_00
AWARD_PENCE = 440_000_00
LEFT_PENCE = AWARD_PENCE - WITHHELD_PENCE


def kept() -> Book:
    """£100,000 of an award of £440,000 is kept back."""
    return withheld(awarded(), WITHHELD_PENCE)


def proposed(pence: int = 150_000_00, on: date = DAY) -> Book:
    """And more is proposed."""
    book = kept()
    book.do(more(pence), on=on)
    return book


def proposal(book: Book) -> RecordId:
    """The record of the proposal that waits."""
    variation = book.account(ACCOUNT).withholdings["w1"].variation
    assert variation is not None
    return variation.record


def test_more_is_put_forward_and_posts_nothing():
    book = kept()
    Given(book=book).when(more(150_000_00)).then(
        VariationProposed(
            account=ACCOUNT,
            withholding="w1",
            before_pence=WITHHELD_PENCE,
            amount_pence=150_000_00,
            reason=Commitment(WHY_MORE),
        )
    )
    assert proposed().account(ACCOUNT).balances[FINANCE] == WITHHELD_PENCE


def test_another_person_keeps_back_more_for_the_reason_of_the_proposal():
    book = proposed()
    waits = proposal(book)
    (fact,) = book.do(DECIDE_MORE)
    assert isinstance(fact, WithholdingVaried)
    [move] = fact.moves
    assert fact == WithholdingVaried(
        account=ACCOUNT,
        withholding="w1",
        before_pence=WITHHELD_PENCE,
        amount_pence=150_000_00,
        moves=(Move(source=PAYABLE, target=FINANCE, slices=move.slices),),
        reason=Commitment(WHY_MORE),
        proposal=waits,
    )
    assert sum(piece.pence for piece in move.slices) == 50_000_00
    account = book.account(ACCOUNT)
    assert account.balances[FINANCE] == 150_000_00
    assert account.lowest_payable_pence(DAY) == AWARD_PENCE - 150_000_00
    assert account.withholdings["w1"].left_pence == 150_000_00


def test_what_was_kept_back_in_two_steps_is_let_go_as_one():
    book = proposed()
    book.do(DECIDE_MORE)
    book.do(vary(120_000_00))
    book.do(RELEASE)
    account = book.account(ACCOUNT)
    assert account.balances[FINANCE] == 0
    assert account.lowest_payable_pence(DAY) == AWARD_PENCE


def test_more_is_refused_and_what_is_kept_back_stays():
    book = proposed()
    waits = proposal(book)
    (fact,) = book.do(REFUSE_MORE)
    assert fact == VariationRefused(
        account=ACCOUNT,
        withholding="w1",
        proposal=waits,
        reason=Commitment(REASON),
    )
    assert book.account(ACCOUNT).balances[FINANCE] == WITHHELD_PENCE
    Given(book=book).when(DECIDE_MORE).then_refused(
        NothingMoreProposed(withholding="w1")
    )
    Given(book=book).when(more(150_000_00)).then_recorded()


@pytest.mark.parametrize("command", [more(6), DECIDE_MORE, REFUSE_MORE])
def test_more_is_of_a_withholding_that_was_decided(command: object):
    book = awarded()
    Given(book=book).when(command).then_refused(NoSuchWithholding(withholding="w1"))
    book.do(keep_back(5))
    Given(book=book).when(command).then_refused(
        WithholdingNotSo(withholding="w1", state="proposed", needed="decided")
    )


@pytest.mark.parametrize("command", [DECIDE_MORE, REFUSE_MORE])
def test_nothing_is_decided_that_nobody_proposed_or_twice(command: object):
    nothing = NothingMoreProposed(withholding="w1")
    Given(book=kept()).when(command).then_refused(nothing)
    book = proposed()
    book.do(DECIDE_MORE)
    Given(book=book).when(command).then_refused(nothing)


def test_one_proposal_waits_at_a_time():
    Given(book=proposed()).when(more(160_000_00)).then_refused(
        VariationWaits(withholding="w1", proposed_pence=150_000_00)
    )


def test_more_is_at_least_a_penny_more():
    Given(book=kept()).when(more(WITHHELD_PENCE)).then_refused(
        NotMore(
            withholding="w1", withheld_pence=WITHHELD_PENCE, asked_pence=WITHHELD_PENCE
        )
    )
    Given(book=kept()).when(more(WITHHELD_PENCE + 1)).then_recorded()


def test_more_is_at_most_what_is_payable():
    Given(book=kept()).when(more(AWARD_PENCE + 1)).then_refused(
        BeyondPayable(payable_pence=LEFT_PENCE, asked_pence=LEFT_PENCE + 1)
    )
    book = proposed(AWARD_PENCE)
    book.do(DECIDE_MORE)
    assert book.account(ACCOUNT).lowest_payable_pence(DAY) == 0


def test_what_is_payable_is_asked_again_when_more_is_decided():
    book = proposed(AWARD_PENCE)
    book.do(ask_for(1))
    Given(book=book).when(DECIDE_MORE).then_refused(
        BeyondPayable(payable_pence=LEFT_PENCE - 1, asked_pence=LEFT_PENCE)
    )


def test_more_is_in_all_whatever_was_let_go_meanwhile():
    book = proposed()
    book.do(vary(60_000_00))
    (fact,) = book.do(DECIDE_MORE)
    assert isinstance(fact, WithholdingVaried)
    assert (fact.before_pence, fact.amount_pence) == (60_000_00, 150_000_00)
    assert book.account(ACCOUNT).balances[FINANCE] == 150_000_00


def test_a_release_ends_what_waits():
    book = proposed()
    book.do(RELEASE)
    assert book.account(ACCOUNT).withholdings["w1"].variation is None
    Given(book=book).when(DECIDE_MORE).then_refused(
        WithholdingNotSo(withholding="w1", state="released", needed="decided")
    )


def test_more_is_not_dated_before_what_it_follows_from():
    early = date(2014, 9, 30)
    assert early < DAY
    later = date(2014, 11, 3)
    Given(book=kept()).when(more(150_000_00), on=early).then_refused(
        DateRunsBackwards(
            what="a variation",
            on=early,
            follows="what was decided of it",
            followed_on=DAY,
        )
    )
    book = proposed(on=later)
    Given(book=book).when(DECIDE_MORE, on=date(2014, 11, 2)).then_refused(
        DateRunsBackwards(
            what="a variation",
            on=date(2014, 11, 2),
            follows="its proposal",
            followed_on=later,
        )
    )
    Given(book=book).when(DECIDE_MORE, on=later).then_recorded()
    book.do(vary(60_000_00), on=date(2014, 11, 4))
    Given(book=book).when(DECIDE_MORE, on=later).then_refused(
        DateRunsBackwards(
            what="a variation",
            on=later,
            follows="what was decided of it",
            followed_on=date(2014, 11, 4),
        )
    )
