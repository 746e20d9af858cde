"""A prior-period adjustment is what moves money for a day that was closed before it."""

from datetime import date
from typing import Any

import pytest

from ledger.decisions.closing import ClosePeriod
from ledger.decisions.disbursements.requests import ApproveDisbursement
from ledger.decisions.spending.correcting import CorrectSpending
from ledger.events import PartyId
from ledger.periods import Close, closed_before, closes, prior_period
from ledger.recorded import Recorded
from tests.decisions.given import ACCOUNT, Book
from tests.decisions.right import REASON
from tests.decisions.year import ask_for, awarded, paid, pay
from tests.projections.histories import history, spend

MARCH, APRIL, JUNE = date(2015, 3, 31), date(2015, 4, 1), date(2015, 6, 11)
CLOSED = (Close(10, MARCH), Close(20, date(2015, 6, 30)))


def marks(book: Book, after: int) -> dict[str, date | None]:
    """What came in behind a position -> through which day the books were closed."""
    records = history(book)
    closed = closes(book.records("ledger"))
    return {
        one.fact.TOPIC.partition(".")[0]: prior_period(one, closed)
        for one in records
        if one.position > after
    }


def last(book: Book) -> Recorded:
    return history(book)[-1]


@pytest.mark.parametrize(
    ("position", "day", "through"),
    [
        (9, MARCH, None),
        (10, MARCH, None),
        (11, MARCH, MARCH),
        (11, APRIL, None),
        (20, APRIL, None),
        (21, APRIL, date(2015, 6, 30)),
        (21, MARCH, MARCH),
        (21, date(2015, 7, 1), None),
    ],
)
def test_the_first_close_that_holds_the_day_and_came_before_counts(
    position: int, day: date, through: date | None
):
    assert closed_before(position, day, CLOSED) == through


def test_without_a_close_nothing_is_a_prior_period_adjustment():
    assert closed_before(1, MARCH, ()) is None
    assert marks(paid(16_00), 0)["disbursement-paid"] is None


def test_a_correction_of_words_is_marked_though_it_is_dated_later():
    book = paid(16_00)
    book.do(spend(1, "s1"), on=MARCH)
    book.do(ClosePeriod(through=MARCH))
    before = last(book).position
    correction = CorrectSpending(
        account=ACCOUNT,
        spending="s1",
        payee=PartyId("q:r"),
        purpose="a",
        service="0" * 64,
        amount_pence=1,
        reason=REASON,
    )
    book.do(correction, on=JUNE)
    assert last(book).meta.effective_on == JUNE
    assert marks(book, before) == {"spending-corrected": MARCH}


def test_a_payment_is_marked_by_its_day_of_payment_and_by_nothing_else():
    book = awarded()
    book.do(ask_for(100, "d1"), on=date(2015, 3, 2))
    book.do(ClosePeriod(through=MARCH))
    before = last(book).position
    pay(book, "d1", "REF d1", APRIL)
    assert marks(book, before)["disbursement-paid"] is None
    late = awarded()
    late.do(ask_for(100, "d1"), on=date(2015, 3, 2))
    approve = ApproveDisbursement(account=ACCOUNT, disbursement="d1")
    late.do(ClosePeriod(through=MARCH))
    before = last(late).position
    late.do(approve, on=date(2015, 3, 30))
    assert marks(late, before) == {"disbursement-approved": None}  # It has no legs.


def test_every_fact_is_marked_if_and_only_if_a_leg_of_it_is_late():
    """Of any facts behind a close, those with a leg in closed days, by hand."""
    book = paid(16_00)
    book.do(ClosePeriod(through=date(2015, 1, 4)))
    before = last(book).position
    for on, name in ((date(2015, 1, 4), "s1"), (date(2015, 1, 5), "s2")):
        book.do(spend(1, name), on=on)
    closed = closes(book.records("ledger"))
    found: dict[Any, Any] = {
        getattr(one.fact, "spending", None): prior_period(one, closed)
        for one in history(book)
        if one.position > before
    }
    assert found == {"s1": date(2015, 1, 4), "s2": None}
