"""What ends a debt: pence that return, what was handed back before, cash."""

from datetime import date
from typing import Any

import pytest

from ledger.decisions.assessments.judging import AssessIndicator
from ledger.decisions.awards.confirming import ConfirmAward
from ledger.decisions.awards.proposing import ProposeAward
from ledger.decisions.disbursements.endings import (
    ExpireDisbursement,
    ReturnDisbursement,
    WithdrawDisbursement,
)
from ledger.decisions.disbursements.requests import (
    ApproveDisbursement,
    BeyondPayable,
    DebtOutstanding,
)
from ledger.decisions.recoveries import ReceiveRecovery
from ledger.decisions.references import NotAPart, ReferenceTaken
from ledger.events import (
    DebtSettled,
    PaymentReferenceTaken,
    RecoveryReceived,
    ReferencePart,
)
from ledger.postings import (
    HELD,
    OVERPAID,
    OWN_FUNDS,
    PAYABLE,
    RECOVERED,
    RETURNED,
    SETTLED,
)
from tests.decisions.given import ACCOUNT, Book, Given
from tests.decisions.right import (
    REASON,
    correct,
    determine_anew,
    lapsed,
    latest,
    ordered,
    to_lapse,
    to_recover,
)
from tests.decisions.year import ask_for, awarded, paid, pay
from tests.projections.histories import spend

WHOLE = 440_000_00
PART = 385_000_00
"""The award with one measure of an eighth missed."""
SWAP = WHOLE - PART
LOST = 110_000_00
"""What the award loses with one standard of the constitution missed."""
PAID = date(2014, 11, 3)
HANDED_BACK = date(2015, 4, 30)
LOWERED = date(2015, 6, 1)
RAISED = date(2015, 9, 1)


def lower(book: Book, on: date = LOWERED) -> tuple[Any, ...]:
    """A standard turns out to be missed: £110,000 of the award goes."""
    return determine_anew(book, "red-1", "74.83", "constitution.red-1", on)


def higher(book: Book, on: date = RAISED) -> tuple[Any, ...]:
    """It turns out to be met after all."""
    return determine_anew(book, "red-1", "75", "constitution.red-1", on)


def standing(book: Book) -> dict[str, int]:
    names = (OVERPAID, SETTLED, RETURNED, RECOVERED, PAYABLE, HELD)
    balances = book.account(ACCOUNT).balances
    return {name: balances[name] for name in names if balances.get(name)}


def settlements(facts: tuple[Any, ...]) -> list[tuple[int, date, bool]]:
    return [
        (one.amount_pence, one.settled_on, one.reverses)
        for one in facts
        if isinstance(one, DebtSettled)
    ]


# One measure lost, another met --------------------------------------------------------


def award_without(**missed: str) -> Book:
    """An award of £385,000 with one measure missed, paid whole."""
    book = awarded(**missed)
    book.do(ask_for(PART, "d1"))
    pay(book, "d1", "REF 1", PAID)
    return book


def swap(book: Book, pyll: str, carers: str, on: date) -> None:
    """Two measures are judged again, and one award follows."""
    for name, value in (("pyll", pyll), ("carers", carers)):
        book.do(correct(name, value), on=on)
    for measure in ("pyll", "local-3"):
        book.do(AssessIndicator(account=ACCOUNT, measure=measure), on=on)
    book.do(ProposeAward(account=ACCOUNT), on=on)
    book.do(ConfirmAward(account=ACCOUNT, determination=latest(book)), on=on)


def in_all(book: Book) -> tuple[int, int]:
    """What the body has of the payer's money, and that with what it can still get."""
    balances = book.account(ACCOUNT).balances
    has = sum(pence for name, pence in balances.items() if name.startswith("group:"))
    return has, has + balances[PAYABLE]


def test_a_debt_of_one_measure_stands_beside_what_is_payable_of_another():
    book = award_without(pyll="1937")
    swap(book, "1936", "1199", LOWERED)
    assert standing(book) == {OVERPAID: -SWAP, PAYABLE: SWAP, HELD: PART}
    Given(book=book).when(ask_for(1, "d2"), on=RAISED).then_refused(
        DebtOutstanding(debt_pence=SWAP)
    )


def test_what_is_handed_back_lets_the_other_measure_be_paid_up_to_the_award():
    book = award_without(pyll="1937")
    swap(book, "1936", "1199", LOWERED)
    lapsed(book, to_lapse(SWAP - 1), RAISED)
    Given(book=book).when(ask_for(1, "d2"), on=RAISED).then_refused(
        DebtOutstanding(debt_pence=1)
    )
    lapsed(book, to_lapse(1, "l2"), RAISED)
    assert in_all(book) == (PART - SWAP, PART)
    Given(book=book).when(ask_for(SWAP + 1, "d2"), on=RAISED).then_refused(
        BeyondPayable(payable_pence=SWAP, asked_pence=SWAP + 1)
    )
    book.do(ask_for(SWAP, "d2"), on=RAISED)
    pay(book, "d2", "REF 2", RAISED)
    assert in_all(book) == (PART, PART)


def test_however_awards_swap_what_lapsed_is_not_paid_again_beyond_the_award():
    book = award_without(pyll="1937")
    lapsed(book, to_lapse(SWAP), HANDED_BACK)
    assert in_all(book) == (PART - SWAP, PART - SWAP)  # What lapsed is lost ...
    swap(book, "1936", "1199", LOWERED)
    # ... until it settles the debt of a measure that is missed after all.
    assert standing(book)[SETTLED] == -SWAP
    assert in_all(book) == (PART - SWAP, PART)
    book.do(ask_for(SWAP, "d2"), on=LOWERED)
    pay(book, "d2", "REF 2", LOWERED)
    swap(book, "1937", "1200", RAISED)
    assert in_all(book) == (PART, PART)
    assert book.account(ACCOUNT).debt_pence == 0


# Handed back before -------------------------------------------------------------------


def test_what_was_handed_back_settles_a_later_debt_and_only_the_rest_is_owed():
    book = paid(WHOLE)
    lapsed(book, to_lapse(80_000_00), HANDED_BACK)
    facts = lower(book)
    assert settlements(facts) == [(80_000_00, LOWERED, False)]
    assert book.account(ACCOUNT).debt_pence == 30_000_00
    assert standing(book) == {
        OVERPAID: -30_000_00,
        SETTLED: -80_000_00,
        RETURNED: 80_000_00,
        HELD: 360_000_00,
    }


def test_no_more_is_settled_than_is_owed():
    book = paid(WHOLE)
    lapsed(book, to_lapse(120_000_00), HANDED_BACK)
    assert settlements(lower(book)) == [(LOST, LOWERED, False)]
    assert book.account(ACCOUNT).debt_pence == 0


def test_what_is_handed_back_while_a_debt_stands_settles_it_at_once():
    book = paid(WHOLE)
    lower(book)
    facts = lapsed(book, to_lapse(80_000_00), RAISED)
    assert settlements(facts) == [(80_000_00, RAISED, False)]
    assert book.account(ACCOUNT).debt_pence == 30_000_00
    more = lapsed(book, to_lapse(40_000_00, "l2"), RAISED)
    assert settlements(more) == [(30_000_00, RAISED, False)]


def test_a_settlement_is_dated_when_both_stand():
    book = paid(WHOLE)
    lapsed(book, to_lapse(80_000_00), RAISED)
    assert settlements(lower(book)) == [(80_000_00, RAISED, False)]
    other = paid(WHOLE)
    lower(other)
    assert settlements(lapsed(other, to_lapse(80_000_00), HANDED_BACK)) == [
        (80_000_00, LOWERED, False)
    ]


def test_a_higher_award_takes_the_place_of_what_was_handed_back():
    book = paid(WHOLE)
    lapsed(book, to_lapse(80_000_00), HANDED_BACK)
    lower(book)
    facts = higher(book)
    assert settlements(facts) == [(80_000_00, RAISED, True)]
    # What lapsed is not payable again.
    assert standing(book) == {RETURNED: 80_000_00, HELD: 360_000_00}


def test_it_settles_another_debt_after_that():
    book = paid(WHOLE)
    lapsed(book, to_lapse(80_000_00), HANDED_BACK)
    lower(book)
    higher(book)
    assert settlements(lower(book, date(2015, 10, 1))) == [
        (80_000_00, date(2015, 10, 1), False)
    ]


def test_a_reversal_is_not_dated_before_what_it_reverses():
    book = paid(WHOLE)
    lower(book)
    lapsed_on = date(2015, 12, 1)
    lapsed(book, to_lapse(80_000_00), lapsed_on)
    assert settlements(higher(book)) == [(80_000_00, lapsed_on, True)]
    assert standing(book) == {RETURNED: 80_000_00, HELD: 360_000_00}


# Cash ---------------------------------------------------------------------------------


def test_cash_that_is_not_of_the_premium_is_the_bodys_own_money():
    book = paid(WHOLE)
    book.do(spend(400_000_00, "s1"), on=date(2015, 1, 5))
    lower(book)
    ordered(book, to_recover(LOST), LOWERED)
    fact, reference = book.do(received(LOST), on=LOWERED)
    assert isinstance(fact, RecoveryReceived)
    assert sum(p.pence for d in fact.draws for p in d.slices) == 40_000_00
    assert sum(piece.pence for piece in fact.own_funds) == 70_000_00
    assert reference == PaymentReferenceTaken(
        reference="BACS1",
        direction="in",
        total_pence=LOST,
        parts=(ReferencePart(account=ACCOUNT, what="recovery/p1", pence=LOST),),
    )
    balances = book.account(ACCOUNT).balances
    assert balances[OWN_FUNDS] == -70_000_00
    assert standing(book) == {SETTLED: -LOST, RECOVERED: LOST}


def received(pence: int, *parts: ReferencePart, **given: Any) -> ReceiveRecovery:
    return ReceiveRecovery(
        account=ACCOUNT,
        recovery="v1",
        payment=given.pop("payment", "p1"),
        reference=given.pop("reference", "BACS 1"),
        amount_pence=pence,
        parts=parts,
    )


def test_one_movement_of_the_bank_settles_a_debt_once():
    book = paid(WHOLE)
    lower(book)
    ordered(book, to_recover(LOST), LOWERED)
    book.do(received(10_00), on=LOWERED)
    taken = ReferenceTaken(
        reference="BACS1",
        direction="in",
        total_pence=10_00,
        parts=(f"£10.00 of recovery/p1 of {ACCOUNT}",),
    )
    again = received(10_00, payment="p2", reference="bacs-1")
    Given(book=book).when(again, on=LOWERED).then_refused(taken)
    Given(book=book).when(to_lapse(10_00, reference="BACS 1"), on=LOWERED).then_refused(
        taken
    )
    # Nor does a payment that went out.
    Given(book=book).when(
        received(10_00, payment="p2", reference="REF 1"), on=LOWERED
    ).then_refused(
        ReferenceTaken(
            reference="REF1",
            direction="out",
            total_pence=WHOLE,
            parts=(f"£440,000.00 of disbursement/d1 of {ACCOUNT}",),
        )
    )


def test_a_recovery_and_a_lapse_may_be_parts_of_one_movement():
    book = paid(WHOLE)
    lower(book)
    ordered(book, to_recover(LOST), LOWERED)
    parts = (
        ReferencePart(account=ACCOUNT, what="recovery/p1", pence=LOST),
        ReferencePart(account=ACCOUNT, what="lapse/l1", pence=5_00),
    )
    Given(book=book).when(received(LOST, parts[1]), on=LOWERED).then_refused(
        NotAPart(
            reference="BACS1",
            part=f"£110,000.00 of recovery/p1 of {ACCOUNT}",
            parts=(f"£5.00 of lapse/l1 of {ACCOUNT}",),
        )
    )
    book.do(received(LOST, *parts), on=LOWERED)
    rest = to_lapse(5_00, reference="bacs 1")
    assert [type(one).__name__ for one in lapsed(book, rest, LOWERED)] == ["Lapsed"]


# Pence that return --------------------------------------------------------------------


def committed() -> Book:
    """All of the award is paid or approved when a part of it goes: a debt is left."""
    book = awarded()
    book.do(ask_for(200_000_00, "d1"), on=PAID)
    pay(book, "d1", "R1", PAID)
    book.do(ask_for(240_000_00, "d2"), on=PAID)
    book.do(ApproveDisbursement(account=ACCOUNT, disbursement="d2"), on=PAID)
    lower(book)
    assert book.account(ACCOUNT).debt_pence == LOST
    return book


@pytest.mark.parametrize(
    "command",
    [
        WithdrawDisbursement(account=ACCOUNT, disbursement="d2", reason=REASON),
        ExpireDisbursement(account=ACCOUNT, disbursement="d2"),
    ],
)
def test_a_request_that_ends_unpaid_ends_a_debt_first(command: Any):
    book = committed()
    facts: Any = book.do(command, on=RAISED)
    assert sum(piece.pence for piece in facts[0].ends_debt) == LOST
    assert standing(book) == {PAYABLE: 130_000_00, HELD: 200_000_00}


def test_a_payment_that_the_bank_returns_ends_a_debt_first():
    book = paid(WHOLE)
    lower(book)
    (fact,) = book.do(
        ReturnDisbursement(account=ACCOUNT, disbursement="d1", reason=REASON),
        on=RAISED,
    )
    assert [(one.source, one.target) for one in fact.moves] == [  # type: ignore[union-attr]
        ("board:in-transit", OVERPAID),
        ("board:in-transit", PAYABLE),
    ]
    assert standing(book) == {PAYABLE: 330_000_00}
    assert book.account(ACCOUNT).held_pence(PAID) == 0
