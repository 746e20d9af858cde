"""Spending and passing-on set right on their own day, and what came back of them."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from ledger.decisions.disbursements.endings import ReceiptDrawnOn, ReturnDisbursement
from ledger.decisions.preconditions import DateRunsBackwards
from ledger.decisions.spending.correcting import (
    BelowCredited,
    CorrectPassedOn,
    CorrectSpending,
    NoSuchSpending,
)
from ledger.decisions.spending.crediting import (
    BeyondSpent,
    CreditIdTaken,
    CreditPassedOn,
    CreditSpending,
)
from ledger.decisions.spending.recording import BeyondHeld, PassOn, RecordSpending
from ledger.events import PartyId
from ledger.postings import HELD, legs
from tests.decisions.given import ACCOUNT, Book, Given
from tests.decisions.right import REASON
from tests.decisions.year import ask_for, paid, pay

RECEIVED = date(2014, 11, 3)
SPENT = date(2015, 3, 31)
CREDITED = date(2015, 5, 1)
LATER = date(2015, 6, 11)
NEXT = date(2015, 4, 1)

KINDS: list[Any] = [
    (RecordSpending, CorrectSpending, CreditSpending, "group:spent:a:p"),
    (PassOn, CorrectPassedOn, CreditPassedOn, "group:passed-on:p"),
]
kinds = pytest.mark.parametrize("kind", KINDS, ids=["spent", "passed-on"])


def said(pence: int, **given: Any) -> dict[str, Any]:
    return {
        "account": ACCOUNT,
        "spending": "s1",
        "payee": PartyId("p"),
        "purpose": "a",
        "service": "0" * 64,
        "amount_pence": pence,
    } | given


def used(kind: Any, pence: int = 8_00) -> Book:
    """£16 received on 3 November 2014, some of it used on 31 March 2015."""
    book = paid(16_00, on=RECEIVED)
    book.do(kind[0](**said(pence)), on=SPENT)
    return book


def right(kind: Any, pence: int = 8_00, **given: Any) -> Any:
    return kind[1](**said(pence, **given), reason=REASON)


def credit(kind: Any, pence: int, name: str = "c1") -> Any:
    return kind[2](account=ACCOUNT, spending="s1", credit=name, amount_pence=pence)


def stood(book: Book, on: date) -> dict[str, int]:
    """What stood in each account at the end of a day; accounts of nothing left out."""
    found: dict[str, int] = {}
    for one in book.records(f"account/{ACCOUNT}"):
        for leg in legs(one.fact, one.meta.effective_on):
            if leg.effective_on <= on and not leg.account.startswith(("prem", "board")):
                found[leg.account] = found.get(leg.account, 0) + leg.pence
    return {name: pence for name, pence in found.items() if pence}


@kinds
def test_a_correction_of_words_leaves_the_year_end_as_it_was(kind: Any):
    book = used(kind)
    before = stood(book, SPENT)
    draws = book.account(ACCOUNT).spendings["s1"].fact.draws
    (fact,) = book.do(right(kind, service="1" * 64), on=LATER)
    assert (fact.stands_on, fact.draws) == (SPENT, draws)  # type: ignore[union-attr]
    assert stood(book, SPENT) == before == {HELD: 8_00, kind[3]: 8_00}
    assert stood(book, LATER) == before
    Given(book=book).when(right(kind, service="1" * 64), on=LATER).then_nothing()


@kinds
def test_a_correction_of_words_keeps_draws_that_would_be_made_otherwise_now(kind: Any):
    book = used(kind)
    book.do(kind[0](**said(8_00, spending="s2")), on=NEXT)
    book.do(right(kind, 0, spending="s2"), on=NEXT)
    book.do(ask_for(4_00, "d2"), on=NEXT)
    pay(book, "d2", "R2", NEXT)
    draws = book.account(ACCOUNT).spendings["s1"].fact.draws
    (fact,) = book.do(right(kind, payee=PartyId("q")), on=LATER)
    assert fact.draws == fact.undone == draws  # type: ignore[union-attr]


@kinds
def test_a_correction_may_say_another_day(kind: Any):
    book = used(kind)
    (fact,) = book.do(right(kind, spent_on=NEXT), on=LATER)
    assert (fact.undone_effective_on, fact.stands_on) == (SPENT, NEXT)  # type: ignore[union-attr]
    assert stood(book, SPENT) == {HELD: 16_00}
    assert stood(book, NEXT) == {HELD: 8_00, kind[3]: 8_00}
    Given(book=book).when(right(kind), on=LATER).then_nothing()


@kinds
def test_nothing_is_spent_on_a_day_before_it_was_received(kind: Any):
    book = used(kind)
    Given(book=book).when(right(kind, spent_on=RECEIVED), on=LATER).then_recorded()
    early = date(2014, 11, 2)
    Given(book=book).when(right(kind, spent_on=early), on=LATER).then_refused(
        BeyondHeld(held_pence=0, asked_pence=8_00, by=early)
    )


@kinds
def test_a_higher_amount_takes_only_what_no_later_day_needs(kind: Any):
    book = used(kind)
    book.do(kind[0](**said(5_00, spending="s2")), on=NEXT)
    Given(book=book).when(right(kind, 11_00), on=LATER).then_recorded()
    Given(book=book).when(right(kind, 11_01), on=LATER).then_refused(
        BeyondHeld(held_pence=11_00, asked_pence=11_01, by=SPENT)
    )


@kinds
def test_a_credit_is_held_again_from_its_own_day(kind: Any):
    book = used(kind)
    (fact,) = book.do(credit(kind, 3_00), on=CREDITED)
    assert (fact.payee, fact.purpose) == ("p", "a")  # type: ignore[union-attr]
    assert stood(book, SPENT) == {HELD: 8_00, kind[3]: 8_00}
    assert stood(book, CREDITED) == {HELD: 11_00, kind[3]: 5_00}
    Given(book=book).when(credit(kind, 1), on=CREDITED).then_refused(
        CreditIdTaken(spending="s1", credit="c1")
    )


@kinds
def test_no_more_is_credited_than_is_still_spent(kind: Any):
    book = used(kind)
    book.do(credit(kind, 3_00), on=CREDITED)
    Given(book=book).when(credit(kind, 5_00, "c2"), on=LATER).then_recorded()
    Given(book=book).when(credit(kind, 5_01, "c2"), on=LATER).then_refused(
        BeyondSpent(spending="s1", spent_pence=5_00, asked_pence=5_01)
    )
    # Also of an earlier day, for the later credit needs what it gives back.
    Given(book=book).when(credit(kind, 5_01, "c2"), on=NEXT).then_refused(
        BeyondSpent(spending="s1", spent_pence=5_00, asked_pence=5_01)
    )


@kinds
def test_a_credit_is_not_dated_before_its_spending(kind: Any):
    book = used(kind)
    Given(book=book).when(credit(kind, 1), on=SPENT).then_recorded()
    Given(book=book).when(credit(kind, 1), on=date(2015, 3, 30)).then_refused(
        DateRunsBackwards(
            what="a credit",
            on=date(2015, 3, 30),
            follows="the spending",
            followed_on=SPENT,
        )
    )


@kinds
def test_a_correction_carries_credits_over_to_the_new_payee(kind: Any):
    book = used(kind)
    book.do(credit(kind, 3_00), on=CREDITED)
    (fact,) = book.do(right(kind, payee=PartyId("q")), on=LATER)
    [carried] = fact.credits  # type: ignore[union-attr]
    assert (carried.credit, carried.credited_on) == ("c1", CREDITED)
    renamed = f"{kind[3][:-2]}:q"
    assert stood(book, SPENT) == {HELD: 8_00, renamed: 8_00}
    assert stood(book, LATER) == {HELD: 11_00, renamed: 5_00}


@kinds
def test_nothing_is_corrected_below_what_was_credited(kind: Any):
    book = used(kind)
    book.do(credit(kind, 3_00), on=CREDITED)
    Given(book=book).when(right(kind, 3_00), on=LATER).then_recorded()
    Given(book=book).when(right(kind, 2_99), on=LATER).then_refused(
        BelowCredited(spending="s1", credited_pence=3_00, asked_pence=2_99)
    )


@kinds
def test_no_spending_is_moved_behind_its_credit(kind: Any):
    book = used(kind)
    book.do(credit(kind, 3_00), on=CREDITED)
    Given(book=book).when(right(kind, spent_on=CREDITED), on=LATER).then_recorded()
    after = date(2015, 5, 2)
    Given(book=book).when(right(kind, spent_on=after), on=LATER).then_refused(
        DateRunsBackwards(
            what="a credit", on=CREDITED, follows="the spending", followed_on=after
        )
    )


@kinds
def test_another_amount_leaves_what_was_credited_where_it_was_used_again(kind: Any):
    book = used(kind, 16_00)
    book.do(credit(kind, 6_00), on=CREDITED)
    book.do(kind[0](**said(6_00, spending="s2")), on=CREDITED)
    book.do(right(kind, 15_00), on=LATER)
    assert stood(book, SPENT) == {HELD: 1_00, kind[3]: 15_00}
    assert stood(book, LATER) == {HELD: 1_00, kind[3]: 15_00}


def test_each_is_set_right_and_credited_as_what_it_is():
    for kind, other in (KINDS, KINDS[::-1]):
        book = used(kind)
        for command in (right(other), credit(other, 1)):
            Given(book=book).when(command, on=LATER).then_refused(
                NoSuchSpending(spending="s1")
            )
        unknown = replace(credit(kind, 1), spending="s9")
        Given(book=book).when(unknown, on=LATER).then_refused(
            NoSuchSpending(spending="s9")
        )


def test_a_payment_whose_money_was_used_and_credited_since_did_not_come_back():
    book = used(KINDS[0])
    book.do(credit(KINDS[0], 8_00), on=CREDITED)
    came_back = ReturnDisbursement(account=ACCOUNT, disbursement="d1", reason=REASON)
    Given(book=book).when(came_back, on=LATER).then_refused(
        ReceiptDrawnOn(receipt="d1", used_pence=8_00)
    )
