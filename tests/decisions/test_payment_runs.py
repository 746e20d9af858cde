"""Many requests under one approval: listed, totalled, approved and paid once."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from ledger.decisions.disbursements.endings import WithdrawDisbursement
from ledger.decisions.disbursements.requests import PayDisbursement, WrongState
from ledger.decisions.disbursements.runs import (
    ApprovePaymentRun,
    ClosePaymentRun,
    NoSuchRun,
    NotForTheRun,
    NothingToPay,
    ProposePaymentRun,
    RunListDiffers,
    RunNotSo,
    RunRequest,
    list_hash,
)
from ledger.decisions.preconditions import DateRunsBackwards, SamePerson
from ledger.events import (
    AccountId,
    DisbursementApproved,
    PartyId,
    PaymentRunApproved,
    PaymentRunClosed,
    PaymentRunProposed,
    RunExclusion,
    RunItem,
)
from ledger.recorded import account_id
from ledger.request import By
from tests.decisions.given import ACCOUNT, ANALYST, Book, Given
from tests.decisions.right import REASON, determine_anew
from tests.decisions.year import ask_for, awarded, pay, requested

GROUPS = 211
RUN = "payment-run/quality-premium/2013-14/1"


def group(number: int) -> AccountId:
    return account_id("quality-premium", "2013-14", f"Y{number:02d}")


def many(count: int = GROUPS) -> Book:
    """A request of £1 and as many pence as its number in each of many accounts."""
    book, year = Book(), awarded()
    for stream, records in year.streams.items():
        if not stream.startswith("account/"):
            for recorded in records:
                book.tell(recorded.fact)
    for number in range(count):
        for recorded in year.records(f"account/{ACCOUNT}"):
            fact: Any = recorded.fact
            if hasattr(fact, "moves") or type(fact).__name__ == "AccountOpened":
                book.tell(
                    replace(fact, account=group(number)),
                    on=recorded.meta.effective_on,
                )
        asking = replace(ask_for(100 + number), account=group(number))
        book.do(asking, By(role="finance-officer", party=PartyId("cleo"),
                           on_behalf_of=f"Y{number:02d}"))  # type: ignore[arg-type]  # fmt: skip
    return book


def propose(*accounts: AccountId, **given: Any) -> ProposePaymentRun:
    return ProposePaymentRun(
        scheme="quality-premium",
        scheme_year="2013-14",
        run=1,
        requests=tuple(RunRequest(account=a, disbursement="d1") for a in accounts),
        **given,
    )


def proposed(book: Book) -> PaymentRunProposed:
    fact = book.records(RUN)[-1].fact
    assert isinstance(fact, PaymentRunProposed)
    return fact


def approve(book: Book) -> ApprovePaymentRun:
    fact = proposed(book)
    return ApprovePaymentRun(
        scheme="quality-premium",
        scheme_year="2013-14",
        run=1,
        list_hash=fact.list_hash,
        total_pence=fact.total_pence,
    )


CLOSE = ClosePaymentRun(scheme="quality-premium", scheme_year="2013-14", run=1)


def test_all_groups_are_approved_at_once_under_one_hash_and_total():
    book = many()
    book.do(propose(*(group(number) for number in reversed(range(GROUPS)))))
    total_pence = sum(100 + number for number in range(GROUPS))
    assert proposed(book).total_pence == total_pence
    approved, *approvals = book.do(approve(book))
    assert isinstance(approved, PaymentRunApproved)
    assert (approved.payments, approved.total_pence) == (GROUPS, total_pence)
    assert {type(one) for one in approvals} == {DisbursementApproved}
    for number in range(GROUPS):
        request = book.account(group(number)).disbursements["d1"]
        assert (request.state, request.run) == ("approved", RUN)


def test_a_list_is_known_by_its_hash_whatever_its_order():
    one = RunItem(account=group(1), disbursement="d1", amount_pence=101)
    other = RunItem(account=group(2), disbursement="d1", amount_pence=101)
    assert list_hash([one, other]) != list_hash([one])
    assert list_hash([one, other]) != list_hash([one, replace(other, amount_pence=102)])
    book = many(2)
    book.do(propose(group(1), group(0), group(1)))
    assert [item.account for item in proposed(book).items] == [group(0), group(1)]
    Given(book=book).when(propose(group(0), group(1))).then_nothing()


def test_who_is_left_out_is_listed_and_stays_asked_for():
    book = many(2)
    book.do(propose(group(0), group(1)))
    before = approve(book)
    out = RunExclusion(account=group(1), disbursement="d1", reason="dispute")
    book.do(propose(group(0), excluded=(out,)))
    assert proposed(book).excluded == (out,)
    Given(book=book).when(before).then_refused(
        RunListDiffers(run=1, list_hash=proposed(book).list_hash, total_pence=100)
    )
    book.do(approve(book))
    assert book.account(group(1)).disbursements["d1"].state == "requested"


@pytest.mark.parametrize(
    ("account", "name", "because"),
    [
        (group(1), "d9", "is not there"),
        (
            account_id("quality-premium", "2014-15", "G001"),
            "d1",
            "is of another scheme year",
        ),
        (group(0), "d1", "is to be paid and left out"),
    ],
)
def test_only_what_could_be_paid_is_left_out(account: Any, name: str, because: str):
    out = RunExclusion(account=account, disbursement=name, reason="dispute")
    command = propose(group(0), excluded=(out,))
    Given(book=many(2)).when(command).then_refused(
        NotForTheRun(account=account, disbursement=name, because=because)
    )


def test_the_total_must_be_the_one_put_forward():
    book = many(1)
    book.do(propose(group(0)))
    other = replace(approve(book), total_pence=101)
    Given(book=book).when(other).then_refused(
        RunListDiffers(run=1, list_hash=proposed(book).list_hash, total_pence=100)
    )


def test_who_proposed_the_run_or_asked_for_money_in_it_cannot_approve_it():
    book = many(1)
    book.do(propose(group(0)))
    for person, what in (
        (ANALYST.party, "proposed payment run 1"),
        (PartyId("cleo"), "requested d1"),
    ):
        by = By(role="approver", party=person)
        Given(book=book).when(approve(book), by).then_refused(
            SamePerson(person=person, what=what)
        )


def test_a_run_holds_requests_that_wait_of_its_own_year_and_of_bodies_without_debt():
    Given(book=many(0)).when(propose()).then_refused(NothingToPay(run=1))
    other_year = account_id("quality-premium", "2014-15", "Y00")
    refused = {
        other_year: "is of another scheme year",
        group(1): "is not there",
    }
    for account, because in refused.items():
        Given(book=many(1)).when(propose(account)).then_refused(
            NotForTheRun(account=account, disbursement="d1", because=because)
        )
    paid_already = requested(5)
    pay(paid_already, "d1", "R1", date(2014, 10, 1))
    Given(book=paid_already).when(propose(ACCOUNT)).then_refused(
        NotForTheRun(account=ACCOUNT, disbursement="d1", because="is paid")
    )
    owing = awarded()
    owing.do(ask_for(440_000_00, "d2"))
    pay(owing, "d2", "R1", date(2014, 10, 1))
    determine_anew(owing, "rtt", "91", "constitution.rtt")
    owing.tell(replace(owing.account(ACCOUNT).disbursements["d2"].fact,
                       disbursement="d1"))  # fmt: skip
    Given(book=owing).when(propose(ACCOUNT)).then_refused(
        NotForTheRun(
            account=ACCOUNT,
            disbursement="d1",
            because="is of a body that owes £110,000.00",
        )
    )


def test_where_one_request_has_gone_none_is_approved():
    book = many(2)
    book.do(propose(group(0), group(1)))
    withdraw = WithdrawDisbursement(account=group(1), disbursement="d1", reason=REASON)
    book.do(withdraw, By(role="finance-officer", party=PartyId("cleo"),
                         on_behalf_of="Y01"))  # type: ignore[arg-type]  # fmt: skip
    Given(book=book).when(approve(book)).then_refused(
        NotForTheRun(account=group(1), disbursement="d1", because="is withdrawn")
    )
    assert book.account(group(0)).disbursements["d1"].state == "requested"


def test_a_run_is_not_approved_before_it_was_proposed():
    book = many(1)
    book.do(propose(group(0)), on=date(2014, 10, 2))
    Given(book=book).when(approve(book), on=date(2014, 10, 2)).then_recorded()
    Given(book=book).when(approve(book), on=date(2014, 10, 1)).then_refused(
        DateRunsBackwards(
            what="an approval",
            on=date(2014, 10, 1),
            follows="the request",
            followed_on=date(2014, 10, 2),
        )
    )


def test_a_run_goes_from_proposed_over_approved_to_closed_and_not_back():
    book = many(2)
    nothing = ApprovePaymentRun(
        scheme="quality-premium",
        scheme_year="2013-14",
        run=1,
        list_hash="",
        total_pence=0,
    )
    for command in (nothing, CLOSE):
        Given(book=book).when(command).then_refused(NoSuchRun(run=1))
    book.do(propose(group(0), group(1)))
    approval = approve(book)
    Given(book=book).when(CLOSE).then_refused(
        RunNotSo(run=1, state="proposed", needed="approved")
    )
    book.do(approval)
    Given(book=book).when(approval).then_nothing()
    Given(book=book).when(propose(group(0))).then_refused(
        RunNotSo(run=1, state="approved", needed="proposed")
    )
    payment = PayDisbursement(
        account=group(0), disbursement="d1", reference="RUN1 Y00", kind="cash",
        value_date=date(2014, 10, 1),
    )  # fmt: skip
    book.do(payment)
    Given(book=book).when(payment).then_refused(
        WrongState(disbursement="d1", state="paid", needed="approved")
    )
    Given(book=book).when(CLOSE).then(
        PaymentRunClosed(
            scheme="quality-premium",
            scheme_year="2013-14",
            run=1,
            paid_pence=100,
            payments=1,
            unpaid=(RunItem(account=group(1), disbursement="d1", amount_pence=101),),
        )
    )
    book.do(CLOSE)
    Given(book=book).when(CLOSE).then_nothing()
    Given(book=book).when(approval).then_refused(
        RunNotSo(run=1, state="closed", needed="proposed")
    )
