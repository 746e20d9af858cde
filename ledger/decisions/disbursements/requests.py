"""Asking for what is payable, deciding on it, paying it."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import StringConstraints

from ledger.decisions.preconditions import (
    AccountNotOpen,
    DateRunsBackwards,
    Label,
    PositivePence,
    SamePerson,
)
from ledger.events import (
    AccountId,
    Commitment,
    DisbursementApproved,
    DisbursementPaid,
    DisbursementRefused,
    DisbursementRequested,
    PaymentReferenceTaken,
)
from ledger.money import Pence, pounds, share
from ledger.premium.account import PremiumAccount, slices
from ledger.recorded import Recorded
from ledger.request import Asked, Decision
from ledger.values import Prose, value

Reference = Annotated[str, StringConstraints(max_length=80, pattern=r"[A-Za-z0-9]")]
"""A payment reference: at least one letter or digit."""


@value
class RequestDisbursement:
    """Ask for part of what is payable."""

    NAME: ClassVar[str] = "request-disbursement"

    account: AccountId
    disbursement: Label
    amount_pence: PositivePence


@value
class ApproveDisbursement:
    """Approve what another person asked for."""

    NAME: ClassVar[str] = "approve-disbursement"

    account: AccountId
    disbursement: Label


@value
class RefuseDisbursement:
    """Refuse what another person asked for; it is payable again."""

    NAME: ClassVar[str] = "refuse-disbursement"

    account: AccountId
    disbursement: Label
    reason: Prose


@value
class PayDisbursement:
    """Record that an approved disbursement was paid."""

    NAME: ClassVar[str] = "pay-disbursement"

    account: AccountId
    disbursement: Label
    reference: Reference
    kind: Literal["allocation-adjustment", "cash"]
    value_date: date


@value
class DisbursementIdTaken:
    """The id stands for another request of the account."""

    NAME: ClassVar[str] = "disbursement-id-taken"

    disbursement: str
    amount_pence: Pence

    def __str__(self) -> str:
        return (
            f"{self.disbursement} is a request for {pounds(self.amount_pence)}: "
            "give another request an id of its own"
        )


@value
class BeyondPayable:
    """More was asked for than is payable at every date from then on."""

    NAME: ClassVar[str] = "beyond-payable"

    payable_pence: Pence
    asked_pence: Pence

    def __str__(self) -> str:
        return (
            f"{pounds(self.asked_pence)} is asked for and "
            f"{pounds(self.payable_pence)} is payable"
        )


@value
class NoSuchDisbursement:
    """The account has no request of that id."""

    NAME: ClassVar[str] = "no-such-disbursement"

    disbursement: str

    def __str__(self) -> str:
        return f"the account has no disbursement {self.disbursement!r}"


@value
class WrongState:
    """The request is not where it must be for this."""

    NAME: ClassVar[str] = "wrong-state"

    disbursement: str
    state: str
    needed: str

    def __str__(self) -> str:
        return f"{self.disbursement} is {self.state}; it must be {self.needed}"


@value
class ReferenceTaken:
    """The payment reference was used before, somewhere in the whole ledger."""

    NAME: ClassVar[str] = "reference-taken"

    reference: str  # In its normal form.
    account: str
    disbursement: str

    def __str__(self) -> str:
        return (
            f"payment reference {self.reference} paid {self.disbursement} of "
            f"{self.account}: a reference is used once in the whole ledger"
        )


@value
class DebtOutstanding:
    """The body has more than its award and has not paid it back: nothing is paid."""

    NAME: ClassVar[str] = "debt-outstanding"

    debt_pence: Pence

    def __str__(self) -> str:
        return (
            f"{pounds(self.debt_pence)} was paid beyond the award and is owed: "
            "nothing is paid until it is recovered or set off"
        )


DisbursementRefusal = (
    AccountNotOpen
    | DisbursementIdTaken
    | DebtOutstanding
    | BeyondPayable
    | NoSuchDisbursement
    | WrongState
    | SamePerson
    | DateRunsBackwards
    | ReferenceTaken
)


def normal_reference(reference: str) -> str:
    """A payment reference as compared: its letters and digits, in upper case."""
    return "".join(c for c in reference.upper() if c.isascii() and c.isalnum())


def request_disbursement(
    command: RequestDisbursement, account: PremiumAccount, asked: Asked
) -> Decision:
    """Decide whether part of what is payable may be set aside for payment.

    Returns:
        One request with the slices it draws, pro rata to those payable at every
        date from its own on; otherwise the first refusal that applies, in the
        order in which they stand above.

    Source: SI 2013/474 (payment may be withheld); DESIGN 5 (draws).
    """
    if account.opened is None:
        return AccountNotOpen(account=command.account)
    taken = account.disbursements.get(command.disbursement)
    if taken is not None:
        return DisbursementIdTaken(
            disbursement=command.disbursement, amount_pence=taken.fact.amount_pence
        )
    if account.debt_pence:
        return DebtOutstanding(debt_pence=account.debt_pence)
    payable = account.lowest_payable(asked.effective_on)
    payable_pence = sum(payable.values())
    if payable_pence < command.amount_pence:
        return BeyondPayable(
            payable_pence=payable_pence, asked_pence=command.amount_pence
        )

    # From here on the request must succeed.
    shares = share(command.amount_pence, tuple(payable.values()))
    return (
        DisbursementRequested(
            account=command.account,
            disbursement=command.disbursement,
            amount_pence=command.amount_pence,
            slices=slices(dict(zip(payable, shares, strict=True))),
        ),
    )


def approve_disbursement(
    command: ApproveDisbursement, account: PremiumAccount, asked: Asked
) -> Decision:
    """Decide whether a request is approved: by another person than made it."""
    request = account.disbursements.get(command.disbursement)
    if request is None:
        return NoSuchDisbursement(disbursement=command.disbursement)
    if request.state == "approved":
        return ()
    if request.state != "requested":
        return WrongState(
            disbursement=command.disbursement, state=request.state, needed="requested"
        )
    if request.requested_by == asked.by.party:
        return SamePerson(
            person=asked.by.party, what=f"requested {command.disbursement}"
        )
    if account.debt_pence:
        return DebtOutstanding(debt_pence=account.debt_pence)
    if asked.effective_on < request.requested_on:
        return DateRunsBackwards(
            what="an approval",
            on=asked.effective_on,
            follows="the request",
            followed_on=request.requested_on,
        )
    return (
        DisbursementApproved(
            account=command.account,
            disbursement=command.disbursement,
            amount_pence=request.fact.amount_pence,
        ),
    )


def refuse_disbursement(
    command: RefuseDisbursement, account: PremiumAccount, asked: Asked
) -> Decision:
    """Decide whether a request is refused; its slices are payable as before it."""
    request = account.disbursements.get(command.disbursement)
    if request is None:
        return NoSuchDisbursement(disbursement=command.disbursement)
    if request.state == "refused":
        return ()
    if request.state != "requested":
        return WrongState(
            disbursement=command.disbursement, state=request.state, needed="requested"
        )
    if request.requested_by == asked.by.party:
        return SamePerson(
            person=asked.by.party, what=f"requested {command.disbursement}"
        )
    if asked.effective_on < request.requested_on:
        return DateRunsBackwards(
            what="a refusal",
            on=asked.effective_on,
            follows="the request",
            followed_on=request.requested_on,
        )
    return (
        DisbursementRefused(
            account=command.account,
            disbursement=command.disbursement,
            reason=Commitment(command.reason),
            slices=request.fact.slices,
            requested_effective_on=request.requested_on,
        ),
    )


def pay_disbursement(
    command: PayDisbursement,
    account: PremiumAccount,
    reference: Sequence[Recorded],
    asked: Asked,
) -> Decision:
    """Decide whether an approved disbursement counts as paid.

    Args:
        reference: The records of the payment reference's stream: a reference is
            taken once in the whole ledger, so its reuse is refused here.

    Returns:
        The payment with its receipt, and the reference taken.
    """
    request = account.disbursements.get(command.disbursement)
    if request is None:
        return NoSuchDisbursement(disbursement=command.disbursement)
    if request.state != "approved":
        return WrongState(
            disbursement=command.disbursement, state=request.state, needed="approved"
        )
    if account.debt_pence:
        return DebtOutstanding(debt_pence=account.debt_pence)
    taken = reference[0].fact if reference else None
    if isinstance(taken, PaymentReferenceTaken):
        return ReferenceTaken(
            reference=taken.reference,
            account=taken.account,
            disbursement=taken.disbursement,
        )
    approved_on = request.approved_on
    assert approved_on is not None
    for what, day in (
        ("a payment", asked.effective_on),
        ("its value date", command.value_date),
    ):
        if day < approved_on:
            return DateRunsBackwards(
                what=what, on=day, follows="the approval", followed_on=approved_on
            )
    return (
        DisbursementPaid(
            account=command.account,
            disbursement=command.disbursement,
            receipt=command.disbursement,
            kind=command.kind,
            reference=command.reference,
            value_date=command.value_date,
            amount_pence=request.fact.amount_pence,
            slices=request.fact.slices,
        ),
        PaymentReferenceTaken(
            reference=normal_reference(command.reference),
            account=command.account,
            disbursement=command.disbursement,
        ),
    )
