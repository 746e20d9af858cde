"""A body's money in a payment year: prepared as it stands, approved by another."""

from dataclasses import fields, replace
from datetime import date
from typing import Any

import pytest

from ledger.decisions.certificates import (
    ApproveCertificate,
    FiguresChanged,
    NoSuchPreparation,
    PrepareCertificate,
)
from ledger.decisions.closing import AssertBalance
from ledger.decisions.preconditions import (
    AccountNotOpen,
    DateRunsBackwards,
    OtherBody,
    SamePerson,
)
from ledger.events import (
    AccountId,
    BodyCode,
    CertificateApproved,
    CertificatePrepared,
    CertifiedPremium,
    PartyId,
)
from ledger.postings import legs
from ledger.premium.payment_years import LINES, certified, nothing
from ledger.recorded import account_id
from ledger.request import By
from tests.decisions.given import ACCOUNT, Book, Given
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
