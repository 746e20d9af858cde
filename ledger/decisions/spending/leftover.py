"""What was not spent: declared by the body, and handed back when it lapses.

One person proposes a lapse, another decides or refuses it.
"""

from collections.abc import Sequence
from typing import ClassVar

from ledger.calendar import HappenedOn
from ledger.decisions.fields import (
    Account,
    Label,
    NotNegativePence,
    PositivePence,
    Reference,
)
from ledger.decisions.handling import Accounts, any_account, on_account
from ledger.decisions.preconditions import (
    AccountNotOpen,
    DateRunsBackwards,
    SamePerson,
    before,
)
from ledger.decisions.recoveries import SettlementIdTaken
from ledger.decisions.references import (
    NotAPart,
    Parts,
    ReferenceTaken,
    claimed,
    reference_records,
)
from ledger.decisions.repayments import RepaymentNotSo, undecidable
from ledger.decisions.spending.recording import BeyondHeld
from ledger.events import (
    Commitment,
    Lapsed,
    LapseProposed,
    LapseRefused,
    ReferencePart,
    UnspentDeclared,
)
from ledger.money import Pence
from ledger.premium.account import PremiumAccount, about
from ledger.premium.debts import Debts
from ledger.premium.draws import drawn
from ledger.recorded import Recorded
from ledger.request import Asked, Decision, States
from ledger.values import Prose, value


@value
class DeclareUnspent:
    """Say, for the body, what was not spent on a day."""

    NAME: ClassVar[str] = "declare-unspent"

    account: Account
    on: HappenedOn
    """The day at whose end it was unspent."""
    amount_pence: NotNegativePence
    """What was not spent, in pence."""


@value
class ProposeLapse:
    """Put forward that what was not spent in time was handed back."""

    NAME: ClassVar[str] = "propose-lapse"

    account: Account
    lapse: Label
    """An id within the account."""
    reference: Reference
    amount_pence: PositivePence
    reason: Prose
    """Why it lapses."""
    parts: Parts = ()


@value
class Lapse:
    """Record that unspent money was handed back, as another person proposed."""

    NAME: ClassVar[str] = "lapse"

    account: Account
    lapse: Label
    """The id under which it was proposed."""


@value
class RefuseLapse:
    """Refuse that unspent money lapses, as another person proposed."""

    NAME: ClassVar[str] = "refuse-lapse"

    account: Account
    lapse: Label
    """The id under which it was proposed."""
    reason: Prose
    """Why it does not lapse."""


@value
class NoSuchLapse:
    """The account has no lapse of that id."""

    NAME: ClassVar[str] = "no-such-lapse"

    lapse: str

    def __str__(self) -> str:
        return f"the account has no lapse {self.lapse!r}: propose it first"


REFUSALS = (
    AccountNotOpen,
    SettlementIdTaken,
    NoSuchLapse,
    SamePerson,
    RepaymentNotSo,
    DateRunsBackwards,
    BeyondHeld,
    ReferenceTaken,
    NotAPart,
)


def declare_unspent(
    command: DeclareUnspent, account: PremiumAccount, asked: Asked
) -> Decision:
    """Decide whether a declaration is on record; whether it agrees is a finding.

    The same again adds nothing; another amount for the day is the one that counts.
    """
    if account.opened is None:
        return AccountNotOpen(account=command.account)
    declared = UnspentDeclared(
        account=command.account, on=command.on, amount_pence=command.amount_pence
    )
    return () if account.stated.get(about(declared)) == declared else (declared,)


def propose_lapse(
    command: ProposeLapse,
    account: PremiumAccount,
    asked: Asked,
    *,
    reference: Sequence[Recorded],
    accounts: Accounts,
) -> Decision:
    """Decide whether a lapse is put forward; it neither moves nor sets aside money.

    What could not lapse if it were decided on that day is not put forward.

    Args:
        reference: The records of the reference's stream.
        accounts: Where the state of any account is found.

    Source: DESIGN 3 (two people); ADR 0021.
    """
    if command.lapse in account.settlements:
        return SettlementIdTaken(settlement=command.lapse)
    if beyond := _beyond_held(command.amount_pence, account, asked):
        return beyond
    movement = claimed(command, _part(command), "in", reference, accounts)
    if not isinstance(movement, tuple):
        return movement
    return (
        LapseProposed(
            account=command.account,
            lapse=command.lapse,
            amount_pence=command.amount_pence,
            reference=command.reference,
            parts=command.parts,
            reason=Commitment(command.reason),
        ),
    )


def lapse(
    command: Lapse,
    account: PremiumAccount,
    asked: Asked,
    *,
    reference: Sequence[Recorded],
    accounts: Accounts,
) -> Decision:
    """Decide whether unspent money was handed back: by another than proposed it.

    Args:
        reference: The records of the stream of the reference that was proposed.
        accounts: Where the state of any account is found.

    Returns:
        The lapse, which draws as a spending does, what it settles of a debt at once,
        and the reference taken; nothing if it lapsed already; otherwise the first
        refusal that applies. What is held and the reference may have changed since
        the proposal: both are asked again.
    """
    repayment = account.lapses.get(command.lapse)
    if repayment is None:
        return NoSuchLapse(lapse=command.lapse)
    no = undecidable(command.lapse, repayment, asked, "lapsed")
    if no is not None:
        return no
    if early := before(
        asked.effective_on, repayment.changed_on, "a lapse", "its proposal"
    ):
        return early
    proposed = repayment.fact
    if beyond := _beyond_held(proposed.amount_pence, account, asked):
        return beyond
    movement = claimed(proposed, _part(proposed), "in", reference, accounts)
    if not isinstance(movement, tuple):
        return movement
    debts = Debts(account)
    debts.hand_back(proposed.amount_pence, asked.effective_on)
    return (
        Lapsed(
            account=command.account,
            lapse=command.lapse,
            proposal=repayment.record,
            amount_pence=proposed.amount_pence,
            draws=drawn(proposed.amount_pence, account.receipts, asked.effective_on),
            reference=proposed.reference,
        ),
        *debts.settled(asked.effective_on),
        *movement,
    )


def refuse_lapse(
    command: RefuseLapse, account: PremiumAccount, asked: Asked
) -> Decision:
    """Decide whether a lapse is refused: by another person."""
    repayment = account.lapses.get(command.lapse)
    if repayment is None:
        return NoSuchLapse(lapse=command.lapse)
    no = undecidable(command.lapse, repayment, asked, "refused")
    if no is not None:
        return no
    return (
        LapseRefused(
            account=command.account,
            lapse=command.lapse,
            proposal=repayment.record,
            reason=Commitment(command.reason),
        ),
    )


def _beyond_held(
    amount_pence: Pence, account: PremiumAccount, asked: Asked
) -> BeyondHeld | None:
    on = asked.effective_on
    held_pence = account.held_pence(by=on)
    if amount_pence <= held_pence:
        return None
    return BeyondHeld(held_pence=held_pence, asked_pence=amount_pence, by=on)


def _part(lapse: ProposeLapse | LapseProposed) -> ReferencePart:
    """What a lapse is of a movement of the bank."""
    return ReferencePart(
        account=lapse.account, what=f"lapse/{lapse.lapse}", pence=lapse.amount_pence
    )


def _reference(command: Lapse, asked: Asked, states: States) -> Sequence[Recorded]:
    """The records of the reference that was proposed; none where nothing was."""
    repayment = states.account(command.account).lapses.get(command.lapse)
    return reference_records(repayment.fact, asked, states) if repayment else ()


HANDLES = (
    on_account(
        DeclareUnspent, declare_unspent, by="finance-officer", records=UnspentDeclared
    ),
    on_account(
        ProposeLapse,
        propose_lapse,
        by="analyst",
        records=LapseProposed,
        reference=reference_records,
        accounts=any_account,
    ),
    on_account(
        Lapse,
        lapse,
        by="approver",
        records=Lapsed,
        not_who=("proposed it",),
        reference=_reference,
        accounts=any_account,
    ),
    on_account(
        RefuseLapse,
        refuse_lapse,
        by="approver",
        records=LapseRefused,
        not_who=("proposed it",),
    ),
)
