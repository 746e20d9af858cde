"""The roles, and the refusal of a command that a role may not give.

The payer's analyst prepares and proposes, the payer's approver decides what
another person proposed, a body's finance officer asks for and spends its own
body's money, an auditor reads. Each command names its role where it is described.
Source: DESIGN 1.
"""

from typing import ClassVar, Literal

from ledger.events import BodyCode
from ledger.request import By
from ledger.values import value

Role = Literal["operator", "analyst", "approver", "finance-officer", "auditor"]

ROLES: dict[Role, str] = {
    "operator": "runs the service and opens ledgers; has no say over money",
    "analyst": "the payer's: loads, assesses, proposes, pays what was approved",
    "approver": "the payer's: decides what another person proposed",
    "finance-officer": "a body's: requests and records the spending of its own money",
    "auditor": "reads everything and changes nothing",
}
"""Every role, and what it is for."""


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


REFUSALS = (RoleMayNot, NotYourBody)


def refuses(
    by: By, command: str, allowed: tuple[Role, ...], body: BodyCode | None
) -> RoleMayNot | NotYourBody | None:
    """Why a person may not give a command, or None if they may.

    Args:
        allowed: The roles that may give it.
        body: Whose account the command concerns, or None if it concerns none.
    """
    if by.role not in allowed:
        return RoleMayNot(role=by.role, command=command, allowed=allowed)
    if by.role == "finance-officer" and body is not None and by.on_behalf_of != body:
        return NotYourBody(acts_for=by.on_behalf_of, body=body)
    return None
