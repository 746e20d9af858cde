"""Asking, approving, refusing, paying: the last penny allowed, the first not."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import pytest

from ledger.decisions.disbursements.requests import (
    ApproveDisbursement,
    BeyondPayable,
    DisbursementIdTaken,
    NoSuchDisbursement,
    PayDisbursement,
    RefuseDisbursement,
    WrongState,
)
from ledger.decisions.every import usual_day
from ledger.decisions.preconditions import AccountNotOpen, DateRunsBackwards, SamePerson
from ledger.decisions.references import NotAPart, ReferenceTaken
from ledger.events import (
    AccountId,
    Commitment,
    DisbursementApproved,
    DisbursementPaid,
    DisbursementRefused,
    DisbursementRequested,
    PartyId,
    PaymentReferenceTaken,
    ReferencePart,
    Slice,
)
from ledger.limits import normal_reference
from ledger.postings import COMMITTED, HELD, IN_TRANSIT, PAYABLE, Leg, legs
from ledger.recorded import account_id
from ledger.request import By
from tests.decisions.given import ACCOUNT, GROUND, OFFICER, Book, Given, given
from tests.decisions.year import ask_for, awarded, paid, requested

APPROVE = ApproveDisbursement(account=ACCOUNT, disbursement="d1")
REASON = "ef" * 32
REFUSE = RefuseDisbursement(account=ACCOUNT, disbursement="d1", reason=REASON)
PAY = PayDisbursement(
    account=ACCOUNT,
    disbursement="d1",
    reference="QP 2014/X01-1",
    kind="cash",
    value_date=date(2014, 11, 3),
)
PAID = date(2014, 11, 3)
CLEO_AS_APPROVER = By(role="approver", party=OFFICER.party)


def test_all_that_is_payable_can_be_asked_for_and_not_a_penny_more():
    told = Given(book=awarded())
    told.when(ask_for(440_000_00)).then_recorded()
    told.when(ask_for(440_000_01)).then_refused(
        BeyondPayable(payable_pence=440_000_00, asked_pence=440_000_01)
    )


def test_a_request_draws_slices_pro_rata_to_the_penny():
    (fact,) = Given(book=awarded()).when(ask_for(100_01)).then_recorded()
    assert fact == DisbursementRequested(
        account=ACCOUNT,
        disbursement="d1",
        amount_pence=100_01,
        slices=(
            Slice(measure="pyll", pence=12_50),
            Slice(measure="emergency-admissions", pence=25_01),
            Slice(measure="friends-and-family", pence=12_50),
            Slice(measure="infection", pence=12_50),
            Slice(measure="local-1", pence=12_50),
            Slice(measure="local-2", pence=12_50),
            Slice(measure="local-3", pence=12_50),
        ),
    )


def test_a_request_before_the_award_counts_finds_nothing_payable():
    told = Given(book=awarded())
    told.when(ask_for(1), on=date(2014, 10, 1)).then_recorded()
    told.when(ask_for(1), on=date(2014, 9, 30)).then_refused(
        BeyondPayable(payable_pence=0, asked_pence=1)
    )


def test_an_earlier_dated_request_leaves_what_a_later_one_has_taken():
    book = requested(400_000_00, on=date(2014, 12, 1))
    told = Given(book=book)
    told.when(ask_for(40_000_00, "d2"), on=date(2014, 10, 1)).then_recorded()
    told.when(ask_for(40_000_01, "d2"), on=date(2014, 10, 1)).then_refused(
        BeyondPayable(payable_pence=40_000_00, asked_pence=40_000_01)
    )


def test_an_account_that_is_not_open_has_nothing_to_ask_for():
    given(*GROUND).when(ask_for(1)).then_refused(AccountNotOpen(account=ACCOUNT))


def test_a_request_id_stands_for_one_request():
    Given(book=requested(5)).when(ask_for(6)).then_refused(
        DisbursementIdTaken(disbursement="d1", amount_pence=5)
    )


def test_another_person_approves_once():
    book = requested(5)
    Given(book=book).when(APPROVE).then(
        DisbursementApproved(account=ACCOUNT, disbursement="d1", amount_pence=5)
    )
    book.do(APPROVE)
    Given(book=book).when(APPROVE).then_nothing()


@pytest.mark.parametrize("command", [APPROVE, REFUSE])
def test_who_asked_cannot_decide(command: ApproveDisbursement | RefuseDisbursement):
    Given(book=requested(5)).when(command, CLEO_AS_APPROVER).then_refused(
        SamePerson(person=PartyId("cleo"), what="requested d1")
    )


@pytest.mark.parametrize("command", [APPROVE, REFUSE, PAY])
def test_what_nobody_asked_for_cannot_be_decided(
    command: ApproveDisbursement | RefuseDisbursement | PayDisbursement,
):
    Given(book=awarded()).when(command).then_refused(
        NoSuchDisbursement(disbursement="d1")
    )


@pytest.mark.parametrize(
    ("command", "what"), [(APPROVE, "an approval"), (REFUSE, "a refusal")]
)
def test_a_decision_is_not_dated_before_the_request(
    command: ApproveDisbursement | RefuseDisbursement, what: str
):
    told = Given(book=requested(5, on=date(2014, 10, 2)))
    told.when(command, on=date(2014, 10, 2)).then_recorded()
    told.when(command, on=date(2014, 10, 1)).then_refused(
        DateRunsBackwards(
            what=what,
            on=date(2014, 10, 1),
            follows="the request",
            followed_on=date(2014, 10, 2),
        )
    )


def test_a_refusal_gives_back_exactly_what_was_drawn_from_its_own_date():
    book = requested(100_01, on=date(2014, 10, 2))
    (request,) = [
        r.fact
        for r in book.records(f"account/{ACCOUNT}")
        if isinstance(r.fact, DisbursementRequested)
    ]
    (fact,) = book.do(REFUSE, on=date(2014, 10, 9))
    assert fact == DisbursementRefused(
        account=ACCOUNT,
        disbursement="d1",
        reason=Commitment(REASON),
        slices=request.slices,
        requested_effective_on=date(2014, 10, 2),
        ends_debt=(),
    )
    account = book.account(ACCOUNT)
    assert account.balances[PAYABLE] == 440_000_00
    assert account.lowest_payable_pence(date(2014, 10, 2)) == 440_000_00
    Given(book=book).when(REFUSE).then_nothing()


def test_what_is_decided_is_not_decided_otherwise():
    refused = requested(5)
    refused.do(REFUSE)
    approved = requested(5)
    approved.do(APPROVE)
    Given(book=refused).when(APPROVE).then_refused(
        WrongState(disbursement="d1", state="refused", needed="requested")
    )
    Given(book=approved).when(REFUSE).then_refused(
        WrongState(disbursement="d1", state="approved", needed="requested")
    )
    Given(book=requested(5)).when(PAY).then_refused(
        WrongState(disbursement="d1", state="requested", needed="approved")
    )
    Given(book=paid(5)).when(PAY, on=date(2014, 11, 3)).then_refused(
        WrongState(disbursement="d1", state="paid", needed="approved")
    )


def test_a_payment_takes_its_reference_and_gives_a_receipt():
    book = requested(8)
    book.do(APPROVE, on=date(2014, 11, 3))
    request = book.account(ACCOUNT).disbursements["d1"].fact
    Given(book=book).when(PAY, on=date(2014, 11, 3)).then(
        DisbursementPaid(
            account=ACCOUNT,
            disbursement="d1",
            receipt="d1",
            kind="cash",
            reference="QP 2014/X01-1",
            value_date=date(2014, 11, 3),
            amount_pence=8,
            slices=request.slices,
        ),
        PaymentReferenceTaken(
            reference="QP2014X011",
            direction="out",
            total_pence=8,
            parts=(part("d1", 8),),
        ),
    )


def part(name: str, pence: int, account: AccountId = ACCOUNT) -> ReferencePart:
    return ReferencePart(account=account, what=f"disbursement/{name}", pence=pence)


def approved_d2(pence: int = 5) -> Book:
    """One request paid with the reference REF 1, and another approved."""
    book = paid(5)
    book.do(ask_for(pence, "d2"), on=PAID)
    book.do(ApproveDisbursement(account=ACCOUNT, disbursement="d2"), on=PAID)
    return book


def pay_d2(reference: str, *parts: ReferencePart, pay: str = "d2") -> PayDisbursement:
    return PayDisbursement(
        account=ACCOUNT,
        disbursement=pay,
        reference=reference,
        kind="cash",
        value_date=PAID,
        parts=parts,
    )


def test_a_reference_pays_once_in_the_whole_ledger_however_it_is_written():
    book = approved_d2()
    elsewhere = part("e1", 7, account_id("quality-premium", "2013-14", "X02"))
    book.tell(
        PaymentReferenceTaken(
            reference="ELSEWHERE9",
            direction="out",
            total_pence=7,
            parts=(elsewhere,),
        )
    )
    Given(book=book).when(pay_d2("ref-1"), on=PAID).then_refused(
        ReferenceTaken(
            reference="REF1",
            direction="out",
            total_pence=5,
            parts=(f"£0.05 of disbursement/d1 of {ACCOUNT}",),
        )
    )
    Given(book=book).when(pay_d2("elsewhere 9"), on=PAID).then_refused(
        ReferenceTaken(
            reference="ELSEWHERE9",
            direction="out",
            total_pence=7,
            parts=("£0.07 of disbursement/e1 of quality-premium/2013-14/X02",),
        )
    )
    Given(book=book).when(pay_d2("ref-2"), on=PAID).then_recorded()


def test_each_part_of_a_movement_is_claimed_by_its_own_payment_alone():
    book = approved_d2()
    book.do(ask_for(9, "d3"), on=PAID)
    book.do(ApproveDisbursement(account=ACCOUNT, disbursement="d3"), on=PAID)
    parts = (part("d2", 5), part("d3", 9))
    _, taken = book.do(pay_d2("BULK", *parts), on=PAID)
    assert taken == PaymentReferenceTaken(
        reference="BULK", direction="out", total_pence=14, parts=parts
    )
    # The second part adds nothing to the reference, whether it names the parts or not.
    for named in ((), parts, parts[::-1]):
        command = pay_d2("bulk", *named, pay="d3")
        (fact,) = Given(book=book).when(command, on=PAID).then_recorded()
        assert isinstance(fact, DisbursementPaid)
    refused = ReferenceTaken(
        reference="BULK",
        direction="out",
        total_pence=14,
        parts=(
            f"£0.05 of disbursement/d2 of {ACCOUNT}",
            f"£0.09 of disbursement/d3 of {ACCOUNT}",
        ),
    )
    other = pay_d2("bulk", *parts, part("d4", 1), pay="d3")
    Given(book=book).when(other, on=PAID).then_refused(refused)
    book.do(ask_for(9, "d4"), on=PAID)
    book.do(ApproveDisbursement(account=ACCOUNT, disbursement="d4"), on=PAID)
    no_part = pay_d2("bulk", pay="d4")
    Given(book=book).when(no_part, on=PAID).then_refused(refused)


def test_every_part_of_a_movement_is_of_an_open_premium():
    book = approved_d2()
    later = account_id("quality-premium", "2014-15", "X01")
    command = pay_d2("BULK", part("d2", 5), part("d1", 5, later))
    Given(book=book).when(command, on=PAID).then_refused(AccountNotOpen(account=later))


@pytest.mark.parametrize(
    "parts",
    [
        (part("d1", 5),),  # Another's alone.
        (part("d2", 6),),  # A penny more than is paid.
        (part("d2", 5), part("d2", 5)),
        (part("d2", 5), part("d2", 6)),
        (part("d2", 5), part("d3", 0)),
    ],
)
def test_the_parts_of_a_movement_hold_what_is_paid_each_once(
    parts: tuple[ReferencePart, ...],
):
    decision = approved_d2().ask(pay_d2("R7", *parts), on=PAID)
    assert isinstance(decision, NotAPart)
    assert decision.part == f"£0.05 of disbursement/d2 of {ACCOUNT}"


def test_a_payment_is_not_dated_before_its_approval():
    book = requested(5)
    book.do(APPROVE, on=date(2014, 11, 4))
    early, due = date(2014, 11, 3), date(2014, 11, 4)
    command = replace(PAY, value_date=due)
    Given(book=book).when(command, on=due).then_recorded()
    Given(book=book).when(command, on=early).then_refused(
        DateRunsBackwards(
            what="a payment", on=early, follows="the approval", followed_on=due
        )
    )


def test_a_value_date_is_not_before_the_payment():
    book = requested(5)
    book.do(APPROVE, on=date(2014, 11, 1))
    early, due = date(2014, 11, 3), date(2014, 11, 4)
    Given(book=book).when(replace(PAY, value_date=due), on=due).then_recorded()
    Given(book=book).when(replace(PAY, value_date=early), on=due).then_refused(
        DateRunsBackwards(
            what="a value date", on=early, follows="the payment", followed_on=due
        )
    )


def test_what_is_paid_is_in_transit_until_its_value_date():
    book = requested(8)
    book.do(APPROVE, on=date(2014, 11, 1))
    (fact, _) = book.do(PAY, on=date(2014, 11, 1))
    by_day = sums(legs(fact, date(2014, 11, 1)))
    assert by_day[COMMITTED] == {date(2014, 11, 1): -8}
    assert by_day[IN_TRANSIT] == {date(2014, 11, 1): 8, PAID: -8}
    assert by_day[HELD] == {PAID: 8}
    account = book.account(ACCOUNT)
    assert account.held_pence(by=date(2014, 11, 2)) == 0
    assert account.held_pence(by=PAID) == 8


def sums(posted: Iterable[Leg]) -> dict[str, dict[date, int]]:
    """Account -> day -> pence of all slices."""
    found: dict[str, dict[date, int]] = {}
    for leg in posted:
        days = found.setdefault(leg.account, {})
        days[leg.effective_on] = days.get(leg.effective_on, 0) + leg.pence
    return found


@pytest.mark.parametrize(
    ("given", "compared"),
    [
        ("qp-2014/x01 é 7", "QP2014X01É7"),
        ("ＱＰ－２０１４", "QP2014"),  # Full width: one reference, typed otherwise.
        ("e\u0301-1", "É1"),
        ("é-1", "É1"),
        ("e-1", "E1"),  # Another letter is another reference.
    ],
)
def test_a_reference_is_compared_by_its_letters_and_digits(given: str, compared: str):
    assert normal_reference(given) == compared


@pytest.mark.parametrize(
    ("today", "dated"),
    [
        (date(2014, 11, 2), date(2014, 11, 2)),  # Its money arrives tomorrow.
        (PAID, PAID),
        (date(2014, 11, 4), PAID),  # Confirmed late: it was paid when it arrived.
    ],
)
def test_a_payment_of_no_stated_day_was_made_by_its_value_date(
    today: date, dated: date
):
    assert usual_day(PAY, today) == dated
    assert usual_day(APPROVE, today) == today
