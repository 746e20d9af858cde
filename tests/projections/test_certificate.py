"""A certificate adds up on any history; the cut-off lists what is in transit."""

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ledger.decisions.closing import ClosePeriod
from ledger.decisions.disbursements.requests import (
    ApproveDisbursement,
    PayDisbursement,
)
from ledger.periods import closes
from ledger.postings import HELD, IN_TRANSIT
from ledger.recorded import Recorded, account_stream
from projections.questions.certificate import (
    InTransit,
    certificate,
)
from tests.decisions.given import ACCOUNT, Book
from tests.decisions.test_properties import commands
from tests.decisions.year import ask_for, awarded
from tests.projections.histories import carried_out, spend
from tests.projections.test_periods import sums

YEARS = ("2013-14", "2014-15", "2015-16")


def of_account(records: tuple[Recorded, ...]) -> list[Recorded]:
    return [one for one in records if one.stream == account_stream(ACCOUNT)]


@given(st.lists(commands(), max_size=15))
def test_every_year_of_any_history_adds_up_and_joins_the_next(
    asked: list[tuple[Any, date]],
):
    records = of_account(carried_out(asked))
    before = None
    for year in YEARS:
        found = certificate(ACCOUNT, records, (), year)
        assert found.ties
        stood = sums(records, found.last)
        assert found.figures.in_transit_pence == stood[ACCOUNT, IN_TRANSIT]
        assert found.figures.held_pence == stood[ACCOUNT, HELD]
        if before is not None:
            assert found.figures.in_transit_before_pence == before.in_transit_pence
            assert found.figures.held_before_pence == before.held_pence
        before = found.figures


def crossing(value_date: date) -> Book:
    """A payment of 30 March 2015, value on another day."""
    book = awarded()
    book.do(ask_for(10_00, "d1"), on=date(2015, 3, 2))
    approve = ApproveDisbursement(account=ACCOUNT, disbursement="d1")
    book.do(approve, on=date(2015, 3, 3))
    payment = PayDisbursement(
        account=ACCOUNT,
        disbursement="d1",
        reference="REF 1",
        kind="cash",
        value_date=value_date,
    )
    book.do(payment, on=date(2015, 3, 30))
    return book


def test_a_payment_with_its_value_on_1_april_is_in_transit_at_31_march():
    for value_date, travels in ((date(2015, 3, 31), False), (date(2015, 4, 1), True)):
        records = crossing(value_date).records(account_stream(ACCOUNT))
        found = certificate(ACCOUNT, records, (), "2014-15")
        assert found.ties
        assert found.figures.paid_out_pence == 10_00
        assert found.figures.received_pence == (0 if travels else 10_00)
        listed = InTransit("d1", "REF 1", date(2015, 3, 30), value_date, 10_00)
        assert found.cut_off == ((listed,) if travels else ())
        after = certificate(ACCOUNT, records, (), "2015-16")
        assert after.figures.in_transit_before_pence == (10_00 if travels else 0)
        assert after.figures.received_pence == (10_00 if travels else 0)


def test_what_came_in_for_the_closed_year_is_named_and_later_years_are_not():
    book = crossing(date(2015, 3, 31))
    book.do(ClosePeriod(through=date(2015, 3, 31)), on=date(2015, 4, 2))
    book.do(spend(1_00, "s1"), on=date(2015, 3, 31))
    book.do(spend(2_00, "s2"), on=date(2015, 4, 1))
    closed = closes(book.records("ledger"))
    records = book.records(account_stream(ACCOUNT))
    found = certificate(ACCOUNT, records, closed, "2014-15")
    assert [one.closed_through for one in found.marks] == [date(2015, 3, 31)]
    assert found.figures.spent_pence == 1_00
    assert certificate(ACCOUNT, records, closed, "2015-16").figures.spent_pence == 2_00
