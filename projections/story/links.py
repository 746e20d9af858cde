"""Which record of an account's story each later one follows from.

Where a fact cites records itself, trail.py reads them; here is what facts tell by an
id within the account, such as a disbursement's.
"""

from dataclasses import dataclass, field

from ledger import events
from ledger.events import AccountId, RecordId
from ledger.recorded import Recorded


@dataclass(slots=True)
class Links:
    """Which record each later one follows from, where facts tell it by an id."""

    award: tuple[RecordId, ...] = ()
    disbursements: dict[str, RecordId] = field(default_factory=dict)
    """Disbursement -> the latest record about it."""
    receipts: dict[str, RecordId] = field(default_factory=dict)
    withholdings: dict[str, RecordId] = field(default_factory=dict)
    representations: dict[str, RecordId] = field(default_factory=dict)
    recoveries: dict[str, RecordId] = field(default_factory=dict)
    spendings: dict[str, RecordId] = field(default_factory=dict)
    movements: dict[tuple[AccountId, str], RecordId] = field(default_factory=dict)
    """Account and part of a bank's movement -> the record of that part."""

    def follow(self, recorded: Recorded) -> tuple[RecordId, ...]:
        """What a record follows from; and remember it for those that follow it."""
        match recorded.fact:
            case events.AwardConfirmed():
                self.award = (recorded.id,)
                return ()
            case events.DisbursementRequested(disbursement=name):
                self.disbursements[name] = recorded.id
                return self.award
            case (
                events.DisbursementApproved(disbursement=name)
                | events.DisbursementRefused(disbursement=name)
                | events.DisbursementWithdrawn(disbursement=name)
                | events.DisbursementExpired(disbursement=name)
                | events.DisbursementCancelled(disbursement=name)
                | events.DisbursementPaid(disbursement=name)
                | events.DisbursementReturned(disbursement=name)
            ) as fact:
                before = self.disbursements[name]
                self.disbursements[name] = recorded.id
                if isinstance(fact, events.DisbursementPaid):
                    self.receipts[fact.receipt] = recorded.id
                    self._moved(fact.account, f"disbursement/{name}", recorded)
                return (before,)
            case events.PaymentReferenceTaken(parts=parts):
                known = (self.movements.get((one.account, one.what)) for one in parts)
                return tuple(one for one in known if one is not None)
            case (
                events.ReceiptConfirmed(receipt=receipt)
                | events.ReceiptDisputed(receipt=receipt)
            ):
                return (self.receipts[receipt],)
            case events.Lapsed(draws=draws) as lapsed:
                self._moved(lapsed.account, f"lapse/{lapsed.lapse}", recorded)
                return tuple(self.receipts[draw.receipt] for draw in draws)
            case (
                events.WithholdingProposed(withholding=name)
                | events.WithholdingDecided(withholding=name)
                | events.VariationProposed(withholding=name)
                | events.VariationRefused(withholding=name)
                | events.WithholdingVaried(withholding=name)
                | events.WithholdingReleased(withholding=name)
                | events.WithholdingRefused(withholding=name)
                | events.WithholdingForgone(withholding=name)
            ):
                before_it = self.withholdings.get(name)
                self.withholdings[name] = recorded.id
                return self.award if before_it is None else (before_it,)
            case events.RepresentationMade() as made:
                self.representations[made.representation] = recorded.id
                if made.about == "withholding":
                    return (self.withholdings[made.subject],)
                return self.award
            case events.RepresentationDecided(representation=name):
                return (self.representations[name],)
            case events.RecoveryProposed():
                return self.award
            case events.RecoveryOrdered(recovery=name):
                self.recoveries[name] = recorded.id
                return ()
            case events.RecoveryReceived(recovery=name, draws=draws) as paid:
                self._moved(paid.account, f"recovery/{paid.payment}", recorded)
                drawn = (self.receipts[draw.receipt] for draw in draws)
                return (self.recoveries[name], *drawn)
            case events.DebtSettled() | events.DebtSetOff() | events.PayableSetOff():
                return self.award
            case _:
                return self._follow_spending(recorded)

    def _follow_spending(self, recorded: Recorded) -> tuple[RecordId, ...]:
        match recorded.fact:
            case (
                events.SpendingRecorded(draws=draws, spending=name)
                | events.SpendingCorrected(draws=draws, spending=name)
                | events.PassedOn(draws=draws, spending=name)
                | events.PassedOnCorrected(draws=draws, spending=name)
            ):
                self.spendings[name] = recorded.id
                return tuple(self.receipts[draw.receipt] for draw in draws)
            case (
                events.SpendingCredited(spending=name)
                | events.PassedOnCredited(spending=name)
            ):
                return (self.spendings[name],)
            case _:
                return ()

    def _moved(self, account: AccountId, what: str, recorded: Recorded) -> None:
        self.movements[account, what] = recorded.id
