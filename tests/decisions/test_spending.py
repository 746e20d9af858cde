"""Spending what was received: for a permitted purpose, first in, first out."""

from dataclasses import replace
from datetime import date

from ledger.decisions.preconditions import AccountNotOpen
from ledger.decisions.rulebooks import NoRulebook
from ledger.decisions.spending.recording import (
    BeyondHeld,
    PurposeNotPermitted,
    RecordSpending,
    SpendingIdTaken,
)
from ledger.events import Commitment, Draw, PartyId, Slice, SpendingRecorded
from tests.decisions.given import ACCOUNT, GROUND, Given, given
from tests.decisions.year import ask_for, paid, pay

SPEND = RecordSpending(
    account=ACCOUNT,
    spending="s1",
    payee=PartyId("clinic"),
    purpose="a",
    service="12" * 32,
    amount_pence=8_00,
)
LATER = date(2015, 2, 2)


def pence(draw: Draw) -> int:
    return sum(piece.pence for piece in draw.slices)


def test_a_spending_says_which_receipt_and_which_measures_it_draws_on():
    Given(book=paid(16_00)).when(SPEND, on=LATER).then(
        SpendingRecorded(
            account=ACCOUNT,
            spending="s1",
            payee=PartyId("clinic"),
            purpose="a",
            service=Commitment("12" * 32),
            amount_pence=8_00,
            draws=(
                Draw(
                    receipt="d1",
                    slices=(
                        Slice(measure="pyll", pence=1_00),
                        Slice(measure="emergency-admissions", pence=2_00),
                        Slice(measure="friends-and-family", pence=1_00),
                        Slice(measure="infection", pence=1_00),
                        Slice(measure="local-1", pence=1_00),
                        Slice(measure="local-2", pence=1_00),
                        Slice(measure="local-3", pence=1_00),
                    ),
                ),
            ),
        )
    )


def test_all_that_was_received_can_be_spent_and_not_a_penny_more():
    told = Given(book=paid(8_00))
    told.when(SPEND, on=LATER).then_recorded()
    told.when(replace(SPEND, amount_pence=8_01), on=LATER).then_refused(
        BeyondHeld(held_pence=8_00, asked_pence=8_01, by=LATER)
    )


def test_money_is_not_spent_before_it_arrives():
    told = Given(book=paid(8_00, on=date(2014, 11, 3)))
    told.when(SPEND, on=date(2014, 11, 3)).then_recorded()
    told.when(SPEND, on=date(2014, 11, 2)).then_refused(
        BeyondHeld(held_pence=0, asked_pence=8_00, by=date(2014, 11, 2))
    )


def test_the_first_receipt_is_spent_first_and_emptied_to_the_penny():
    book = paid(10_01)
    book.do(ask_for(20_00, "d2"), on=date(2014, 12, 1))
    pay(book, "d2", "REF 2", date(2014, 12, 1))
    book.do(replace(SPEND, amount_pence=3_33), on=LATER)
    (fact,) = book.do(replace(SPEND, spending="s2", amount_pence=10_00), on=LATER)
    assert isinstance(fact, SpendingRecorded)
    assert [(d.receipt, pence(d)) for d in fact.draws] == [("d1", 6_68), ("d2", 3_32)]
    assert not any(book.account(ACCOUNT).receipts["d1"].lowest(LATER).values())


def test_a_receipt_that_arrives_later_is_passed_over_by_an_earlier_spending():
    book = paid(5_00, on=date(2014, 12, 1))
    book.do(ask_for(20_00, "d2"), on=date(2014, 11, 3))
    pay(book, "d2", "REF 2", date(2014, 11, 3))
    (fact,) = book.do(SPEND, on=date(2014, 11, 30))
    assert isinstance(fact, SpendingRecorded)
    assert [(d.receipt, pence(d)) for d in fact.draws] == [("d2", 8_00)]


def test_only_the_purposes_of_the_regulations_are_permitted():
    for purpose in ("a", "b"):
        Given(book=paid(8_00)).when(
            replace(SPEND, purpose=purpose), on=LATER
        ).then_recorded()
    Given(book=paid(8_00)).when(
        replace(SPEND, purpose="running-costs"), on=LATER
    ).then_refused(
        PurposeNotPermitted(purpose="running-costs", permitted=("a", "b", "c"))
    )


def test_a_spending_id_stands_for_one_spending():
    book = paid(8_00)
    book.do(replace(SPEND, amount_pence=1), on=LATER)
    Given(book=book).when(SPEND, on=LATER).then_refused(SpendingIdTaken(spending="s1"))


def test_no_spending_without_an_open_account_or_rules_in_force():
    given(*GROUND).when(SPEND).then_refused(AccountNotOpen(account=ACCOUNT))
    Given(book=paid(8_00)).when(
        SPEND, on=LATER, decided_on=date(2013, 3, 31)
    ).then_refused(
        NoRulebook(
            scheme="quality-premium",
            scheme_year="2013-14",
            decided_on=date(2013, 3, 31),
        )
    )
