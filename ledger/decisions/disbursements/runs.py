"""Paying many requests under one approval: a list with its control total and hash."""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Annotated, ClassVar

from pydantic import Field

from ledger.decisions.fields import Account, Label, Scheme, Year
from ledger.decisions.handling import Accounts, any_account, on_stream
from ledger.decisions.preconditions import (
    DateRunsBackwards,
    SamePerson,
    before,
    same_person,
)
from ledger.events import (
    DisbursementApproved,
    Fact,
    PaymentRunApproved,
    PaymentRunClosed,
    PaymentRunProposed,
    RunExclusion,
    RunItem,
)
from ledger.limits import Counted, Sha256
from ledger.money import Pence, pounds
from ledger.premium.account import PremiumAccount
from ledger.recorded import Recorded, account_parts, payment_run_stream
from ledger.request import Asked, Decision
from ledger.values import value

RunNumber = Annotated[
    Counted, Field(description="The number of the run, from 1 in each scheme year.")
]


@value
class RunRequest:
    """A request that is to be in a payment run."""

    account: Account
    disbursement: Label
    """The id of the request."""


@value
class ProposePaymentRun:
    """Put a list of requests forward to be paid together, in the place of one before.

    To leave a request out of a list, propose it again with that request excluded.
    """

    NAME: ClassVar[str] = "propose-payment-run"

    scheme: Scheme
    scheme_year: Year
    run: RunNumber
    requests: tuple[RunRequest, ...]
    """The requests to be paid together."""
    excluded: tuple[RunExclusion, ...] = ()
    """Requests left out, each with a reason."""


@value
class ApprovePaymentRun:
    """Approve a whole list that another person put forward, by hash and total."""

    NAME: ClassVar[str] = "approve-payment-run"

    scheme: Scheme
    scheme_year: Year
    run: RunNumber
    list_hash: Sha256
    """SHA-256 of the list as it was put forward, in hexadecimal."""
    total_pence: Pence
    """The control total of the list, in pence."""


@value
class ClosePaymentRun:
    """End a payment run and list what was not paid."""

    NAME: ClassVar[str] = "close-payment-run"

    scheme: Scheme
    scheme_year: Year
    run: RunNumber


@value
class NothingToPay:
    """A payment run without a request pays nothing."""

    NAME: ClassVar[str] = "nothing-to-pay"

    run: int

    def __str__(self) -> str:
        return f"payment run {self.run} holds no request: there is nothing to pay"


@value
class NotForTheRun:
    """A request cannot be in the run, for one reason each."""

    NAME: ClassVar[str] = "not-for-the-run"

    account: str
    disbursement: str
    because: str

    def __str__(self) -> str:
        return f"{self.disbursement} of {self.account} {self.because}: leave it out"


@value
class NoSuchRun:
    """The run was not put forward."""

    NAME: ClassVar[str] = "no-such-run"

    run: int

    def __str__(self) -> str:
        return f"payment run {self.run} was not proposed: propose it first"


@value
class RunNotSo:
    """The run is not where it must be for this."""

    NAME: ClassVar[str] = "run-not-so"

    run: int
    state: str
    needed: str

    def __str__(self) -> str:
        return f"payment run {self.run} is {self.state}; it must be {self.needed}"


@value
class RunListDiffers:
    """The list or total approved is not the one put forward."""

    NAME: ClassVar[str] = "run-list-differs"

    run: int
    list_hash: str
    total_pence: Pence

    def __str__(self) -> str:
        return (
            f"payment run {self.run} is a list of {pounds(self.total_pence)} with hash "
            f"{self.list_hash[:12]}: look at it again before approving"
        )


REFUSALS = (
    NothingToPay,
    NotForTheRun,
    NoSuchRun,
    RunNotSo,
    RunListDiffers,
    SamePerson,
    DateRunsBackwards,
)


def list_hash(items: Iterable[RunItem]) -> str:
    """SHA-256, in hexadecimal, of the items: account, disbursement and pence a line.

    The three are parted by tabs, which none of them holds, so no two lists are alike.
    """
    lines = (f"{i.account}\t{i.disbursement}\t{i.amount_pence}\n" for i in items)
    return sha256("".join(lines).encode()).hexdigest()


def propose_payment_run(
    command: ProposePaymentRun,
    run: Sequence[Recorded],
    asked: Asked,
    *,
    accounts: Accounts,
) -> Decision:
    """Decide whether a list is put forward; the same list again adds nothing.

    Args:
        run: The records of the run's stream.
        accounts: The states of the accounts named.

    Returns:
        The list by account and disbursement, with control total and hash; otherwise
        the first refusal, and of requests the first in that order.
    """
    state = _state(run)
    if state in ("approved", "closed"):
        return RunNotSo(run=command.run, state=state, needed="proposed")
    wanted = {(one.account, one.disbursement) for one in command.requests}
    left_out = {(one.account, one.disbursement) for one in command.excluded}
    if not wanted:
        return NothingToPay(run=command.run)
    items = []
    for of, name in (*sorted(wanted), *sorted(left_out)):
        account, paid = accounts(of), (of, name) in wanted
        because = (_unfit if paid else _elsewhere)(command, account, name)
        if paid and (of, name) in left_out:
            because = "is to be paid and left out"
        if because is not None:
            return NotForTheRun(account=of, disbursement=name, because=because)
        if paid:
            pence = account.disbursements[name].fact.amount_pence
            items.append(RunItem(account=of, disbursement=name, amount_pence=pence))
    proposed = PaymentRunProposed(
        scheme=command.scheme,
        scheme_year=command.scheme_year,
        run=command.run,
        items=tuple(items),
        excluded=command.excluded,
        total_pence=sum(one.amount_pence for one in items),
        list_hash=list_hash(items),
    )
    return () if run and run[-1].fact == proposed else (proposed,)


def approve_payment_run(
    command: ApprovePaymentRun,
    run: Sequence[Recorded],
    asked: Asked,
    *,
    accounts: Accounts,
) -> Decision:
    """Decide whether a whole list is approved: by another person, as it was put.

    Returns:
        The approval, then one of each request, citing the run; nothing if it is
        approved already; otherwise the first refusal, and then none is approved.
    """
    state = _state(run)
    if state is None:
        return NoSuchRun(run=command.run)
    recorded, proposed = _proposal(run)
    what = f"proposed payment run {command.run}"
    if no := same_person(asked, recorded.meta.actor, what):
        return no
    if state == "approved":
        return ()
    if state == "closed":
        return RunNotSo(run=command.run, state=state, needed="proposed")
    if (command.list_hash, command.total_pence) != (
        proposed.list_hash,
        proposed.total_pence,
    ):
        return RunListDiffers(
            run=command.run,
            list_hash=proposed.list_hash,
            total_pence=proposed.total_pence,
        )
    approvals: list[Fact] = []
    for item in proposed.items:
        account = accounts(item.account)
        because = _unfit(command, account, item.disbursement)
        if because is not None:
            return NotForTheRun(
                account=item.account, disbursement=item.disbursement, because=because
            )
        request = account.disbursements[item.disbursement]
        what = f"requested {item.disbursement}"
        if no := same_person(asked, request.requested_by, what):
            return no
        follows = max(recorded.meta.effective_on, request.requested_on)
        if early := before(asked.effective_on, follows, "an approval", "the request"):
            return early
        approvals.append(
            DisbursementApproved(
                account=item.account,
                disbursement=item.disbursement,
                amount_pence=item.amount_pence,
                run=recorded.stream,
            )
        )
    approved = PaymentRunApproved(
        scheme=command.scheme,
        scheme_year=command.scheme_year,
        run=command.run,
        proposal=recorded.id,
        list_hash=proposed.list_hash,
        total_pence=proposed.total_pence,
        payments=len(approvals),
    )
    return (approved, *approvals)


def close_payment_run(
    command: ClosePaymentRun,
    run: Sequence[Recorded],
    asked: Asked,
    *,
    accounts: Accounts,
) -> Decision:
    """Decide whether a run ends. What was not paid is listed, and stays approved.

    It can be paid by itself, withdrawn or expired; a payment after the close is no
    longer one of the run.
    """
    state = _state(run)
    if state is None:
        return NoSuchRun(run=command.run)
    if state == "closed":
        return ()
    if state != "approved":
        return RunNotSo(run=command.run, state=state, needed="approved")
    _, proposed = _proposal(run)
    paid: list[RunItem] = []
    unpaid: list[RunItem] = []
    for item in proposed.items:
        request = accounts(item.account).disbursements[item.disbursement]
        (paid if request.state == "paid" else unpaid).append(item)
    return (
        PaymentRunClosed(
            scheme=command.scheme,
            scheme_year=command.scheme_year,
            run=command.run,
            paid_pence=sum(one.amount_pence for one in paid),
            payments=len(paid),
            unpaid=tuple(unpaid),
        ),
    )


def _state(run: Sequence[Recorded]) -> str | None:
    """How far a run has got: None, proposed, approved or closed."""
    if not run:
        return None
    match run[-1].fact:
        case PaymentRunProposed():
            return "proposed"
        case PaymentRunApproved():
            return "approved"
        case _:
            return "closed"


def _proposal(run: Sequence[Recorded]) -> tuple[Recorded, PaymentRunProposed]:
    """The list that counts: the one put forward last."""
    for recorded in reversed(run):
        if isinstance(recorded.fact, PaymentRunProposed):
            return recorded, recorded.fact
    raise AssertionError("a run begins with its proposal")


def _unfit(
    command: ProposePaymentRun | ApprovePaymentRun, account: PremiumAccount, name: str
) -> str | None:
    """Why a request cannot be in the run, or None."""
    if elsewhere := _elsewhere(command, account, name):
        return elsewhere
    request = account.disbursements[name]
    if request.state != "requested":
        return f"is {request.state}"
    if account.debt_pence:
        return f"is of a body that owes {pounds(account.debt_pence)}"
    return None


def _elsewhere(
    command: ProposePaymentRun | ApprovePaymentRun, account: PremiumAccount, name: str
) -> str | None:
    """Why a request is not one of the run's scheme year, or None."""
    scheme, scheme_year, _ = account_parts(account.account)
    if (scheme, scheme_year) != (command.scheme, command.scheme_year):
        return "is of another scheme year"
    return None if name in account.disbursements else "is not there"


def _stream(command: ProposePaymentRun | ApprovePaymentRun | ClosePaymentRun) -> str:
    return payment_run_stream(command.scheme, command.scheme_year, command.run)


HANDLES = (
    on_stream(
        *(ProposePaymentRun, propose_payment_run, _stream),
        by="analyst",
        accounts=any_account,
    ),
    on_stream(
        ApprovePaymentRun,
        approve_payment_run,
        _stream,
        by="approver",
        records=PaymentRunApproved,
        accounts=any_account,
        not_who=("proposed it", "asked for a payment in it"),
    ),
    on_stream(
        ClosePaymentRun, close_payment_run, _stream, by="analyst", accounts=any_account
    ),
)
