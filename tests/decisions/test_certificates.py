"""A body's money in a payment year: prepared as it stands, approved by another."""

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import date
from typing import Any

import hypothesis
import pytest

from ledger.decisions.certificates import (
    ApproveCertificate,
    FiguresChanged,
    NoSuchPreparation,
    PrepareCertificate,
)
from ledger.decisions.closing import AssertBalance
from ledger.decisions.disbursements.endings import ReturnDisbursement
from ledger.decisions.preconditions import (
    AccountNotOpen,
    DateRunsBackwards,
    OtherBody,
    SamePerson,
)
from ledger.decisions.recoveries import ReceiveRecovery
from ledger.events import (
    AccountId,
    BodyCode,
    CertificateApproved,
    CertificatePrepared,
    CertifiedPremium,
    DisbursementPaid,
    DisbursementReturned,
    PartyId,
)
from ledger.postings import (
    HELD,
    IN_TRANSIT,
    OVERPAID,
    OWN_FUNDS,
    RECOVERED,
    RETURNED,
    SET_OFF,
    legs,
)
from ledger.premium.payment_years import LINES, certified, nothing
from ledger.recorded import Recorded, account_id
from ledger.request import By
from tests.decisions.given import ACCOUNT, Book, Given
from tests.decisions.right import determine_anew, ordered, to_recover
from tests.decisions.test_right_properties import (
    HISTORIES,
    NEXT_YEAR,
    Step,
    carried_out,
)
from tests.decisions.year import paid
from tests.projections.histories import spend

YEAR: dict[str, Any] = {"body": BodyCode("X01"), "payment_year": "2014-15"}
AFTER = date(2015, 4, 7)
APPROVE = ApproveCertificate(**YEAR, preparation=1)
APPROVED = CertificateApproved(**YEAR, preparation=1)
BANK = AssertBalance(
    account=ACCOUNT, of="group:held", on=date(2015, 3, 31), pence=7_00, says="bank"
)


def figures(book: Book) -> CertifiedPremium:
    return certified(book.account(ACCOUNT), "2014-15")


def preparation(book: Book, **changed: Any) -> PrepareCertificate:
    """The premium as it stands, or with other figures."""
    premium = replace(figures(book), **changed)
    return PrepareCertificate(**YEAR, premiums=(premium,))


def used() -> Book:
    """Ten pounds paid in November 2014, of which three are spent in January."""
    book = paid(10_00)
    book.do(spend(3_00, "s1"), on=date(2015, 1, 14))
    return book


def prepared() -> Book:
    book = used()
    book.do(preparation(book), on=AFTER)
    return book


def test_what_is_prepared_states_every_line_and_moves_no_money():
    book = used()
    (fact,) = Given(book=book).when(preparation(book), on=AFTER).then_recorded()
    stated = replace(
        nothing(ACCOUNT),
        paid_out_pence=10_00,
        received_pence=10_00,
        spent_pence=3_00,
        held_pence=7_00,
    )
    assert fact == CertificatePrepared(**YEAR, preparation=1, premiums=(stated,))
    assert legs(fact, AFTER) == ()


def test_every_figure_of_a_certified_premium_has_a_line():
    assert list(LINES) == [one.name for one in fields(CertifiedPremium)][1:]


@pytest.mark.parametrize("field", LINES)
def test_a_figure_that_is_not_the_ledgers_is_refused_by_a_penny(field: str):
    book = used()
    book.do(BANK, on=AFTER)
    stands = getattr(figures(book), field)
    Given(book=book).when(
        preparation(book, **{field: stands + 1}), on=AFTER
    ).then_refused(
        FiguresChanged(
            account=ACCOUNT,
            line=LINES[field],
            stated_pence=stands + 1,
            stands_pence=stands,
        )
    )


def test_what_the_bank_says_is_a_line_and_nothing_where_it_says_nothing():
    book = used()
    book.do(preparation(book), on=AFTER)
    assert figures(book).bank_pence is None
    book.do(BANK, on=AFTER)
    assert figures(book).bank_pence == 7_00
    Given(book=book).when(APPROVE, on=AFTER).then_refused(
        FiguresChanged(
            account=ACCOUNT,
            line="held at the end, as the bank says",
            stated_pence=None,
            stands_pence=7_00,
        )
    )
    book.do(replace(BANK, says="ledger", pence=1), on=AFTER)
    book.do(replace(BANK, on=date(2015, 3, 30), pence=1), on=AFTER)
    assert figures(book).bank_pence == 7_00


def test_a_year_is_certified_from_its_last_day_and_not_before():
    book = used()
    Given(book=book).when(preparation(book), on=date(2015, 3, 31)).then_recorded()
    Given(book=book).when(preparation(book), on=date(2015, 3, 30)).then_refused(
        DateRunsBackwards(
            what="a certificate",
            on=date(2015, 3, 30),
            follows="the year's last day",
            followed_on=date(2015, 3, 31),
        )
    )


def test_only_open_premiums_of_the_body_are_certified():
    book = used()
    others = account_id("quality-premium", "2013-14", "X02")
    later = account_id("quality-premium", "2014-15", "X01")

    def when(premium: AccountId) -> Given:
        premiums = (figures(book), nothing(premium))
        command = PrepareCertificate(**YEAR, premiums=premiums)
        return Given(book=book).when(command, on=AFTER)

    when(others).then_refused(OtherBody(body=BodyCode("X01"), premium=others))
    when(later).then_refused(AccountNotOpen(account=later))


def test_the_same_figures_again_add_nothing_and_others_have_the_next_number():
    book = prepared()
    Given(book=book).when(preparation(book), on=AFTER).then_nothing()
    twice = PrepareCertificate(**YEAR, premiums=(figures(book), figures(book)))
    Given(book=book).when(twice, on=AFTER).then_nothing()
    book.do(spend(1_00, "s2"), on=date(2015, 3, 31))
    (fact,) = Given(book=book).when(preparation(book), on=AFTER).then_recorded()
    assert isinstance(fact, CertificatePrepared)
    assert (fact.preparation, fact.premiums[0].spent_pence) == (2, 4_00)


def test_another_person_approves_what_was_prepared_last_and_once():
    book = prepared()
    Given(book=book).when(APPROVE, on=AFTER).then(APPROVED)
    book.do(APPROVE, on=AFTER)
    Given(book=book).when(APPROVE, on=AFTER).then_nothing()
    ana = By(role="approver", party=PartyId("ana"))
    Given(book=book).when(APPROVE, ana, on=AFTER).then_refused(
        SamePerson(person=PartyId("ana"), what="prepared 1", must="approve")
    )


@pytest.mark.parametrize("number", [0, 2])
def test_nothing_but_what_was_prepared_last_is_approved(number: int):
    book = used()
    if number:
        book.do(preparation(book), on=AFTER)
        book.do(spend(1_00, "s2"), on=date(2015, 3, 31))
        book.do(preparation(book), on=AFTER)
    Given(book=book).when(APPROVE, on=AFTER).then_refused(
        NoSuchPreparation(**YEAR, preparation=1, prepared=number)
    )
    if number:
        second = replace(APPROVE, preparation=2)
        Given(book=book).when(second, on=AFTER).then_recorded()


def test_what_changed_since_is_not_approved_and_what_is_of_another_year_is_no_change():
    book = prepared()
    book.do(spend(1_00, "s2"), on=date(2015, 4, 1))
    Given(book=book).when(APPROVE, on=AFTER).then(APPROVED)
    book.do(spend(2_00, "s3"), on=date(2015, 3, 31))
    Given(book=book).when(APPROVE, on=AFTER).then_refused(
        FiguresChanged(
            account=ACCOUNT, line="spent", stated_pence=3_00, stands_pence=5_00
        )
    )


def test_an_approval_is_not_dated_before_what_it_approves():
    book = prepared()
    Given(book=book).when(APPROVE, on=date(2015, 4, 6)).then_refused(
        DateRunsBackwards(
            what="an approval",
            on=date(2015, 4, 6),
            follows="its preparation",
            followed_on=AFTER,
        )
    )


YEARS = [(date(year, 4, 1), date(year + 1, 3, 31)) for year in (2013, 2014, 2015)]


def payments(records: Sequence[Recorded], first: date, last: date) -> tuple[int, ...]:
    """Paid out, returned by the bank and received in days, from the facts alone."""
    out = back = received = 0
    for one in records:
        fact, on = one.fact, one.meta.effective_on
        if not isinstance(fact, DisbursementPaid | DisbursementReturned):
            continue
        moved, arrived = (first <= day <= last for day in (on, fact.value_date))
        if isinstance(fact, DisbursementPaid):
            out += fact.amount_pence * moved
            received += fact.amount_pence * arrived
        else:
            back += fact.amount_pence * moved
            received -= fact.amount_pence * arrived
    return out, back, received


@hypothesis.given(HISTORIES)
def test_the_lines_of_every_year_are_those_of_the_legs_and_add_up(asked: list[Step]):
    book = carried_out(asked)
    for account in (ACCOUNT, NEXT_YEAR):
        records = book.records(f"account/{account}")
        every = [
            leg for one in records for leg in legs(one.fact, one.meta.effective_on)
        ]

        def summed(name: str, first: date, last: date, every: Any = every) -> int:
            return sum(
                leg.pence
                for leg in every
                if leg.account.startswith(name) and first <= leg.effective_on <= last
            )

        for first, last in YEARS:
            found = certified(book.account(account), f"{first.year}-{last.year % 100}")
            moved = (found.paid_out_pence, found.bank_returned_pence)
            assert (*moved, found.received_pence) == payments(records, first, last)
            for pence, name in (
                (found.spent_pence, "group:spent:"),
                (found.passed_on_pence, "group:passed-on:"),
                (found.handed_back_pence, RETURNED),
                (found.recovered_pence, RECOVERED),
                (-found.own_funds_pence, OWN_FUNDS),
                (found.set_off_pence, SET_OFF),
            ):
                assert pence == summed(name, first, last), name
            for pence, name in (
                (found.held_pence, HELD),
                (found.in_transit_pence, IN_TRANSIT),
                (-found.debt_pence, OVERPAID),
            ):
                assert pence == summed(name, date.min, last), name


def test_a_debt_counts_from_its_own_day():
    book = paid(440_000_00)
    determine_anew(book, "red-1", "74.83", "constitution.red-1", date(2015, 3, 31))
    assert figures(book).debt_pence == 110_000_00
    other = paid(440_000_00)
    determine_anew(other, "red-1", "74.83", "constitution.red-1", date(2015, 4, 1))
    assert figures(other).debt_pence == 0


def test_cash_beyond_what_is_held_is_the_bodys_own_money():
    book = paid(440_000_00)
    determine_anew(book, "red-1", "74.83", "constitution.red-1", date(2015, 1, 5))
    book.do(spend(435_000_00, "s1"), on=date(2015, 1, 6))
    ordered(book, to_recover(10_000_00), date(2015, 1, 7))
    receive = ReceiveRecovery(
        account=ACCOUNT,
        recovery="v1",
        payment="p1",
        reference="BACS 1",
        amount_pence=10_000_00,
    )
    book.do(receive, on=date(2015, 1, 8))
    found = figures(book)
    assert (found.recovered_pence, found.own_funds_pence) == (10_000_00, 5_000_00)
    assert (found.held_pence, found.debt_pence) == (0, 100_000_00)


def test_what_the_bank_returned_was_paid_out_and_never_received():
    book = paid(10_00)
    command = ReturnDisbursement(account=ACCOUNT, disbursement="d1", reason="0" * 64)
    book.do(command, on=date(2014, 11, 10))
    found = figures(book)
    assert found == replace(
        nothing(ACCOUNT), paid_out_pence=10_00, bank_returned_pence=10_00
    )
