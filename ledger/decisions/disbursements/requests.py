"""Asking for what is payable, deciding on it, paying it."""

from collections.abc import Sequence
from datetime import date
from typing import ClassVar, Literal

from ledger.calendar import Day
from ledger.decisions.fields import Account, Label, PositivePence, Reference
from ledger.decisions.handling import Accounts, any_account, on_account
from ledger.decisions.preconditions import (
    AccountNotOpen,
    DateRunsBackwards,
    SamePerson,
    before,
    same_person,
)
from ledger.decisions.references import (
    NotAPart,
    Parts,
    ReferenceTaken,
    claimed,
    reference_records,
)
from ledger.events import (
    Commitment,
    DisbursementApproved,
    DisbursementPaid,
    DisbursementRefused,
    DisbursementRequested,
    ReferencePart,
)
from ledger.money import Pence, pounds
from ledger.premium.account import Disbursement, PremiumAccount, pro_rata
from ledger.premium.debts import ended
from ledger.recorded import Recorded
from ledger.request import Asked, Decision
from ledger.values import Prose, value


@value
class RequestDisbursement:
    """Ask for part of what is payable."""

    NAME: ClassVar[str] = "request-disbursement"

    account: Account
    disbursement: Label
    """An id within the account."""
    amount_pence: PositivePence


@value
class ApproveDisbursement:
    """Approve what another person asked for."""

    NAME: ClassVar[str] = "approve-disbursement"

    account: Account
    disbursement: Label
    """The id of the request."""


@value
class RefuseDisbursement:
    """Refuse what another person asked for; it is payable again."""

    NAME: ClassVar[str] = "refuse-disbursement"

    account: Account
    disbursement: Label
    """The id of the request."""
    reason: Prose
    """Why it is refused."""


@value
class PayDisbursement:
    """Record that an approved disbursement was paid."""

    NAME: ClassVar[str] = "pay-disbursement"

    account: Account
    disbursement: Label
    """The id of the request."""
    reference: Reference
    kind: Literal["allocation-adjustment", "cash"]
    """An adjustment of the allocation, or cash."""
    value_date: Day
    """The day from which the body has the money, never before the payment; also the day
    of payment, if it has come and no other is given."""
    parts: Parts = ()


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
    """More was asked for than is payable at every date from that day."""

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
class DebtOutstanding:
    """The body has more than its award and has not paid it back: nothing is paid."""

    NAME: ClassVar[str] = "debt-outstanding"

    debt_pence: Pence

    def __str__(self) -> str:
        return (
            f"{pounds(self.debt_pence)} was paid beyond the award and is owed: "
            "nothing is paid until it is recovered or set off"
        )


REFUSALS = (
    AccountNotOpen,
    DisbursementIdTaken,
    DebtOutstanding,
    BeyondPayable,
    NoSuchDisbursement,
    WrongState,
    SamePerson,
    DateRunsBackwards,
    ReferenceTaken,
    NotAPart,
)


def request_disbursement(
    command: RequestDisbursement, account: PremiumAccount, asked: Asked
) -> Decision:
    """Decide whether part of what is payable may be committed to a payment.

    Returns:
        One request with the slices it draws, pro rata to those payable at every
        date from its own; otherwise the first refusal that applies, in the
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
    return (
        DisbursementRequested(
            account=command.account,
            disbursement=command.disbursement,
            amount_pence=command.amount_pence,
            slices=pro_rata(command.amount_pence, payable),
        ),
    )


def approve_disbursement(
    command: ApproveDisbursement, account: PremiumAccount, asked: Asked
) -> Decision:
    """Decide whether a request is approved: by another person than made it."""
    request = _decidable(command.disbursement, account, asked, "approved")
    if not isinstance(request, Disbursement):
        return request
    if account.debt_pence:
        return DebtOutstanding(debt_pence=account.debt_pence)
    if early := before(
        asked.effective_on, request.requested_on, "an approval", "the request"
    ):
        return early
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
    request = _decidable(command.disbursement, account, asked, "refused")
    if not isinstance(request, Disbursement):
        return request
    if early := before(
        asked.effective_on, request.requested_on, "a refusal", "the request"
    ):
        return early
    return (
        DisbursementRefused(
            account=command.account,
            disbursement=command.disbursement,
            reason=Commitment(command.reason),
            slices=request.fact.slices,
            requested_effective_on=request.requested_on,
            ends_debt=ended(request.fact.slices, account, asked.effective_on),
        ),
    )


def pay_disbursement(
    command: PayDisbursement,
    account: PremiumAccount,
    asked: Asked,
    *,
    reference: Sequence[Recorded],
    accounts: Accounts,
) -> Decision:
    """Decide whether an approved disbursement counts as paid: by who did not approve.

    Args:
        reference: The records of the payment reference's stream: a reference is one
            movement of the bank in the whole ledger, so its reuse is refused here.
        accounts: Where the state of any account is found.

    Returns:
        The payment with its receipt; and the reference taken, unless this is a part of
        a movement that is on record.
    """
    request = account.disbursements.get(command.disbursement)
    if request is None:
        return NoSuchDisbursement(disbursement=command.disbursement)
    if request.state != "approved":
        return WrongState(
            disbursement=command.disbursement, state=request.state, needed="approved"
        )
    approved_on, approved_by = request.approved_on, request.approved_by
    assert approved_on is not None
    assert approved_by is not None
    what = f"approved {command.disbursement}"
    if no := same_person(asked, approved_by, what, must="pay"):
        return no
    if account.debt_pence:
        return DebtOutstanding(debt_pence=account.debt_pence)
    part = ReferencePart(
        account=command.account,
        what=f"disbursement/{command.disbursement}",
        pence=request.fact.amount_pence,
    )
    movement = claimed(command, part, "out", reference, accounts)
    if not isinstance(movement, tuple):
        return movement
    on = asked.effective_on
    if early := before(on, approved_on, "a payment", "the approval"):
        return early
    if early := before(command.value_date, on, "a value date", "the payment"):
        return early
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
        *movement,
    )


def _paid_on(command: PayDisbursement, today: date) -> date:
    """A payment is recorded when it was made, or once its money has arrived."""
    return min(command.value_date, today)


def _decidable(
    named: str, account: PremiumAccount, asked: Asked, already: str
) -> Disbursement | NoSuchDisbursement | WrongState | SamePerson | tuple[()]:
    """The request, if it waits and another person made it.

    Returns:
        An empty tuple if it is `already` so; otherwise the refusal.
    """
    request = account.disbursements.get(named)
    if request is None:
        return NoSuchDisbursement(disbursement=named)
    if no := same_person(asked, request.requested_by, f"requested {named}"):
        return no
    if request.state == already:
        return ()
    if request.state != "requested":
        return WrongState(disbursement=named, state=request.state, needed="requested")
    return request


HANDLES = (
    on_account(
        RequestDisbursement,
        request_disbursement,
        by="finance-officer",
        records=DisbursementRequested,
    ),
    on_account(
        ApproveDisbursement,
        approve_disbursement,
        by="approver",
        records=DisbursementApproved,
        not_who=("asked for it",),
    ),
    on_account(
        RefuseDisbursement,
        refuse_disbursement,
        by="approver",
        records=DisbursementRefused,
        not_who=("asked for it",),
    ),
    on_account(
        PayDisbursement,
        pay_disbursement,
        by="analyst",
        records=DisbursementPaid,
        dated=_paid_on,
        reference=reference_records,
        accounts=any_account,
        not_who=("approved it, or the run that it is in",),
    ),
)
