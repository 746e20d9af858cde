"""Which role may give which command.

The payer's analyst prepares and proposes, the payer's approver decides what
another person proposed, a body's finance officer asks for and spends its own
body's money, an auditor reads. Source: DESIGN 1.
"""

from typing import ClassVar

from ledger.events import BodyCode
from ledger.request import By
from ledger.values import value

ROLES: dict[str, str] = {
    "operator": "runs the service and opens ledgers; has no say over money",
    "analyst": "the payer's: loads, assesses, proposes, pays what was approved",
    "approver": "the payer's: decides what another person proposed",
    "finance-officer": "a body's: requests and records the spending of its own money",
    "auditor": "reads everything and changes nothing",
}
"""Every role, and what it is for."""

MAY: dict[str, frozenset[str]] = {
    "open-ledger": frozenset({"operator"}),
    "close-period": frozenset({"approver"}),
    "publish-rulebook": frozenset({"approver"}),
    "register-body": frozenset({"analyst"}),
    "register-practice": frozenset({"analyst"}),
    "succeed-body": frozenset({"analyst"}),
    "record-document": frozenset({"analyst"}),
    "record-result": frozenset({"analyst"}),
    "correct-result": frozenset({"analyst"}),
    "publish-attribution": frozenset({"analyst"}),
    "record-claim": frozenset({"analyst"}),
    "agree-terms": frozenset({"analyst"}),
    "rebase-target": frozenset({"analyst"}),
    "open-account": frozenset({"analyst"}),
    "correct-population": frozenset({"analyst"}),
    "assess-indicator": frozenset({"analyst"}),
    "assess-gate": frozenset({"analyst"}),
    "propose-award": frozenset({"analyst"}),
    "confirm-award": frozenset({"approver"}),
    "refuse-award": frozenset({"approver"}),
    "make-representation": frozenset({"finance-officer"}),
    "decide-representation": frozenset({"approver"}),
    "propose-withholding": frozenset({"analyst"}),
    "decide-withholding": frozenset({"approver"}),
    "refuse-withholding": frozenset({"approver"}),
    "vary-withholding": frozenset({"approver"}),
    "release-withholding": frozenset({"approver"}),
    "order-recovery": frozenset({"approver"}),
    "receive-recovery": frozenset({"analyst"}),
    "set-off-debt": frozenset({"approver"}),
    "request-disbursement": frozenset({"finance-officer"}),
    "approve-disbursement": frozenset({"approver"}),
    "refuse-disbursement": frozenset({"approver"}),
    "pay-disbursement": frozenset({"analyst"}),
    "withdraw-disbursement": frozenset({"finance-officer"}),
    "expire-disbursement": frozenset({"analyst"}),
    "return-disbursement": frozenset({"analyst"}),
    "confirm-receipt": frozenset({"finance-officer"}),
    "dispute-receipt": frozenset({"finance-officer"}),
    "propose-payment-run": frozenset({"analyst"}),
    "approve-payment-run": frozenset({"approver"}),
    "close-payment-run": frozenset({"analyst"}),
    "record-spending": frozenset({"finance-officer"}),
    "correct-spending": frozenset({"finance-officer"}),
    "pass-on": frozenset({"finance-officer"}),
    "declare-unspent": frozenset({"finance-officer"}),
    "lapse": frozenset({"analyst"}),
    "assert-balance": frozenset({"analyst"}),
    "declare-interest": frozenset({"finance-officer"}),
    "end-interest": frozenset({"finance-officer"}),
    "record-participation": frozenset({"finance-officer"}),
}
"""Command -> the roles that may give it."""


@value
class RoleMayNot:
    """The role has no right to the command."""

    NAME: ClassVar[str] = "role-may-not"

    role: str
    command: str
    allowed: tuple[str, ...]

    def __str__(self) -> str:
        return (
            f"{self.command} is not for the role {self.role!r}: "
            f"it takes {' or '.join(self.allowed)}"
        )


@value
class NotYourBody:
    """A finance officer acted for another body than the account's."""

    NAME: ClassVar[str] = "not-your-body"

    acts_for: BodyCode | None
    body: BodyCode

    def __str__(self) -> str:
        acting = self.acts_for or "no body"
        return (
            f"the account is {self.body}'s and you act for {acting}: "
            f"say on whose behalf, such as finance-officer:NAME@{self.body}"
        )


RoleRefusal = RoleMayNot | NotYourBody


def refuses(by: By, command: str, body: BodyCode | None) -> RoleRefusal | None:
    """Why somebody may not give a command, or None where they may.

    Args:
        body: Whose account the command concerns, or None where it concerns none.
    """
    allowed = MAY[command]
    if by.role not in allowed:
        return RoleMayNot(role=by.role, command=command, allowed=tuple(sorted(allowed)))
    if by.role == "finance-officer" and body is not None and by.on_behalf_of != body:
        return NotYourBody(acts_for=by.on_behalf_of, body=body)
    return None
