"""Spending set right, passed on, declared, handed back; balances asserted; closes."""

from dataclasses import replace
from datetime import date
from typing import Any

from ledger.decisions.closing import (
    AssertBalance,
    ClosePeriod,
    PeriodClosedLater,
)
from ledger.decisions.preconditions import AccountNotOpen
from ledger.decisions.recoveries import SettlementIdTaken
from ledger.decisions.rulebooks import NoRulebook
from ledger.decisions.spending.correcting import CorrectSpending, NoSuchSpending
from ledger.decisions.spending.leftover import DeclareUnspent
from ledger.decisions.spending.recording import (
    BeyondHeld,
    PassOn,
    PurposeNotPermitted,
    SpendingIdTaken,
)
from ledger.events import PartyId, PassedOn, PeriodClosed, SpendingCorrected
from ledger.periods import closes, prior_period
from ledger.postings import HELD, RETURNED
from tests.decisions.given import ACCOUNT, GROUND, OPENED, Book, Given, given
from tests.decisions.right import REASON, lapsed, to_lapse
from tests.decisions.year import ask_for, paid, pay
from tests.projections.histories import spend

SPENT = date(2015, 1, 5)
LATER = date(2015, 2, 2)


def set_right(pence: int, **given: Any) -> CorrectSpending:
    return CorrectSpending(
        account=ACCOUNT,
        spending=given.pop("spending", "s1"),
        payee=PartyId(given.pop("payee", "p")),
        purpose=given.pop("purpose", "a"),
        service="0" * 64,
        amount_pence=pence,
        reason=REASON,
    )


PASS_ON = PassOn(
    account=ACCOUNT,
    spending="s2",
    payee=PartyId("council"),
    purpose="c",
    service="0" * 64,
    amount_pence=3_00,
)
LAPSE = to_lapse(8_00)
CLOSE = ClosePeriod(through=date(2015, 3, 31))


def spent(pence: int = 8_00) -> Book:
    book = paid(16_00)
    book.do(spend(pence, "s1"), on=SPENT)
    return book


def test_a_correction_undoes_the_exact_draws_and_draws_again_on_their_day():
    book = spent()
    before = book.account(ACCOUNT).spendings["s1"].fact
    (fact,) = book.do(set_right(5_00, payee="q", purpose="b"), on=LATER)
    assert isinstance(fact, SpendingCorrected)
    assert fact.undone == before.draws
    assert fact.stands_on == SPENT
    assert (fact.undone_payee, fact.undone_purpose) == ("p", "a")
    assert fact.undone_effective_on == SPENT
    balances = book.account(ACCOUNT).balances
    assert balances[HELD] == 11_00
    assert balances["group:spent:a:p"] == 0
    assert balances["group:spent:b:q"] == 5_00


def test_a_correction_of_a_correction_undoes_the_latter():
    book = spent()
    (first,) = book.do(set_right(5_00), on=LATER)
    (second,) = book.do(set_right(6_00), on=date(2015, 2, 3))
    assert second.undone == first.draws  # type: ignore[union-attr]
    assert second.undone_effective_on == SPENT  # type: ignore[union-attr]
    assert book.account(ACCOUNT).balances["group:spent:a:p"] == 6_00


def test_what_a_correction_gives_back_can_be_drawn_again_and_not_a_penny_more():
    told = Given(book=spent())
    told.when(set_right(16_00), on=LATER).then_recorded()
    told.when(set_right(16_01), on=LATER).then_refused(
        BeyondHeld(held_pence=16_00, asked_pence=16_01, by=SPENT)
    )


def test_what_was_never_spent_is_corrected_to_nothing():
    book = spent()
    (fact,) = book.do(set_right(0), on=LATER)
    assert fact.draws == ()  # type: ignore[union-attr]
    assert book.account(ACCOUNT).balances[HELD] == 16_00


def test_only_a_spending_is_corrected_for_a_permitted_purpose():
    book = spent()
    Given(book=book).when(set_right(8_00), on=LATER).then_nothing()
    Given(book=book).when(set_right(1, spending="s9")).then_refused(
        NoSuchSpending(spending="s9")
    )
    book.do(PASS_ON, on=LATER)
    Given(book=book).when(set_right(1, spending="s2")).then_refused(
        NoSuchSpending(spending="s2")
    )
    Given(book=book).when(set_right(1, purpose="x")).then_refused(
        PurposeNotPermitted(purpose="x", permitted=("a", "b", "c"))
    )
    Given(book=book).when(set_right(1), decided_on=date(2013, 3, 31)).then_refused(
        NoRulebook(
            scheme="quality-premium",
            scheme_year="2013-14",
            decided_on=date(2013, 3, 31),
        )
    )


def test_what_is_passed_on_leaves_what_is_held_and_is_counted_once():
    book = spent()
    (fact,) = book.do(PASS_ON, on=LATER)
    assert isinstance(fact, PassedOn)
    balances = book.account(ACCOUNT).balances
    assert (balances[HELD], balances["group:passed-on:council"]) == (5_00, 3_00)
    Given(book=book).when(PASS_ON).then_refused(SpendingIdTaken(spending="s2"))
    more = replace(PASS_ON, spending="s3", amount_pence=5_01)
    Given(book=book).when(more, on=LATER).then_refused(
        BeyondHeld(held_pence=5_00, asked_pence=5_01, by=LATER)
    )


def test_what_was_not_spent_in_time_is_handed_back_first_received_first():
    book = spent()
    book.do(ask_for(4_00, "d2"), on=LATER)
    pay(book, "d2", "R2", LATER)
    fact, _ = lapsed(book, LAPSE, LATER)
    assert [draw.receipt for draw in fact.draws] == ["d1"]
    balances = book.account(ACCOUNT).balances
    assert (balances[HELD], balances[RETURNED]) == (4_00, 8_00)
    Given(book=book).when(LAPSE).then_refused(SettlementIdTaken(settlement="l1"))
    more = to_lapse(4_01, "l2")
    Given(book=book).when(more, on=LATER).then_refused(
        BeyondHeld(held_pence=4_00, asked_pence=4_01, by=LATER)
    )


def test_what_is_declared_or_asserted_is_on_record_though_it_disagrees():
    day = date(2015, 3, 31)
    declared = DeclareUnspent(account=ACCOUNT, on=day, amount_pence=99_00)
    asserted = AssertBalance(account=ACCOUNT, of=HELD, on=day, pence=1, says="bank")
    book = spent()
    for command, other in (
        (declared, replace(declared, amount_pence=98_00)),
        (asserted, replace(asserted, pence=2)),
    ):
        given(*GROUND).when(command).then_refused(AccountNotOpen(account=ACCOUNT))
        before = dict(book.account(ACCOUNT).balances)
        book.do(command)
        Given(book=book).when(command).then_nothing()
        Given(book=book).when(other).then_recorded()
        assert book.account(ACCOUNT).balances == before


# Closing ------------------------------------------------------------------------------


def test_the_books_are_closed_through_later_and_later_days():
    book = Given(OPENED).book
    Given(book=book).when(CLOSE).then(PeriodClosed(through=date(2015, 3, 31)))
    book.do(CLOSE)
    Given(book=book).when(CLOSE).then_nothing()
    Given(book=book).when(ClosePeriod(through=date(2015, 4, 1))).then_recorded()
    Given(book=book).when(ClosePeriod(through=date(2015, 3, 30))).then_refused(
        PeriodClosedLater(through=date(2015, 3, 31), asked=date(2015, 3, 30))
    )


def test_what_comes_in_later_for_a_closed_day_is_a_prior_period_adjustment():
    book = paid(16_00)
    before = book.tell(book.do(spend(1, "s0"), on=SPENT)[0], on=SPENT)
    book.do(CLOSE)
    closed = closes(book.records("ledger"))

    def told(on: date) -> Any:
        return book.tell(book.ask(spend(1, f"s{on}"), on=on)[0], on=on)  # type: ignore[index]

    assert prior_period(before, closed) is None
    assert prior_period(told(date(2015, 3, 31)), closed) == date(2015, 3, 31)
    assert prior_period(told(date(2015, 4, 1)), closed) is None
