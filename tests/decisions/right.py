"""What is done to an award after it was confirmed, for specs and properties."""

from datetime import date
from typing import Any

from ledger.decisions.assessments.judging import AssessGate, AssessIndicator
from ledger.decisions.awards.confirming import ConfirmAward
from ledger.decisions.awards.proposing import ProposeAward
from ledger.decisions.evidence import CorrectResult
from ledger.decisions.repayments import OrderRecovery, ProposeRecovery, RefuseRecovery
from ledger.decisions.spending.leftover import Lapse, ProposeLapse, RefuseLapse
from ledger.decisions.withholdings.keeping import DecideWithholding, ProposeWithholding
from ledger.decisions.withholdings.letting_go import ReleaseWithholding, VaryWithholding
from ledger.decisions.withholdings.varying import (
    DecideVariation,
    ProposeVariation,
    RefuseVariation,
)
from ledger.events import BodyCode
from ledger.money import exact
from tests.decisions.given import ACCOUNT, DAY, RESULTS, Book

REASON = "ab" * 32
WHY_MORE = "cd" * 32
LATER = date(2015, 6, 1)


def correct(name: str, value: str, subject: str = "X01") -> CorrectResult:
    """The correction of one of RESULTS."""
    was: Any = RESULTS[name]
    return CorrectResult(
        measure=was.measure,
        subject=BodyCode(subject),
        period=was.period,
        value=exact(value),
        unit=was.unit,
        reason=REASON,
    )


def determine_anew(
    book: Book, name: str, value: str, judged: str, on: date = LATER
) -> tuple[Any, ...]:
    """Correct a result, judge and propose again, confirm; what the last recorded."""
    book.do(correct(name, value), on=on)
    gate = judged.startswith(("constitution.", "gate."))
    book.do(
        AssessGate(account=ACCOUNT, gate=judged)
        if gate
        else AssessIndicator(account=ACCOUNT, measure=judged),
        on=on,
    )
    book.do(ProposeAward(account=ACCOUNT), on=on)
    return book.do(ConfirmAward(account=ACCOUNT, determination=latest(book)), on=on)


def latest(book: Book) -> int:
    """The number of the latest proposal."""
    proposal = book.account(ACCOUNT).proposal
    assert proposal is not None
    return proposal.fact.determination


def keep_back(pence: int | None = None, **given: Any) -> ProposeWithholding:
    """A withholding for the financial requirements; without pence, of everything."""
    return ProposeWithholding(
        account=ACCOUNT,
        withholding=given.pop("name", "w1"),
        ground=given.pop("ground", "financial-requirements"),
        legal_basis=given.pop("legal_basis", "4(1)(a)"),
        discretion=REASON,
        amount_pence=pence,
        **given,
    )


def withheld(book: Book, pence: int | None = None, **given: Any) -> Book:
    """A withholding proposed and decided."""
    command = keep_back(pence, **given)
    book.do(command)
    book.do(DecideWithholding(account=ACCOUNT, withholding=command.withholding))
    return book


DECIDE = DecideWithholding(account=ACCOUNT, withholding="w1")
RELEASE = ReleaseWithholding(account=ACCOUNT, withholding="w1", reason=REASON)
DECIDE_MORE = DecideVariation(account=ACCOUNT, withholding="w1")
REFUSE_MORE = RefuseVariation(account=ACCOUNT, withholding="w1", reason=REASON)
LAPSE = Lapse(account=ACCOUNT, lapse="l1")
REFUSE_LAPSE = RefuseLapse(account=ACCOUNT, lapse="l1", reason=REASON)
ORDER = OrderRecovery(account=ACCOUNT, recovery="v1")
REFUSE_ORDER = RefuseRecovery(account=ACCOUNT, recovery="v1", reason=REASON)


def more(pence: int) -> ProposeVariation:
    """More to keep back in all, as put forward."""
    return ProposeVariation(
        account=ACCOUNT, withholding="w1", amount_pence=pence, reason=WHY_MORE
    )


def vary(pence: int) -> VaryWithholding:
    """Another amount to keep back."""
    return VaryWithholding(
        account=ACCOUNT, withholding="w1", amount_pence=pence, reason=REASON
    )


def to_lapse(
    pence: int, name: str = "l1", reference: str | None = None
) -> ProposeLapse:
    """Unspent money handed back, as put forward."""
    return ProposeLapse(
        account=ACCOUNT,
        lapse=name,
        reference=reference or f"BACS {name}",
        amount_pence=pence,
        reason=REASON,
    )


def lapsed(book: Book, command: ProposeLapse, on: date = DAY) -> tuple[Any, ...]:
    """A lapse proposed and decided; what the decision recorded."""
    book.do(command, on=on)
    return book.do(Lapse(account=ACCOUNT, lapse=command.lapse), on=on)


def to_recover(pence: int, name: str = "v1") -> ProposeRecovery:
    """A debt to be paid back, as put forward."""
    return ProposeRecovery(
        account=ACCOUNT, recovery=name, amount_pence=pence, reason=REASON
    )


def ordered(book: Book, command: ProposeRecovery, on: date = DAY) -> Book:
    """A recovery proposed and ordered."""
    book.do(command, on=on)
    book.do(OrderRecovery(account=ACCOUNT, recovery=command.recovery), on=on)
    return book
