"""The roles, and the refusal of a command that a role may not give.

The payer's analyst prepares and proposes, the payer's approver decides what
another person proposed, a body's finance officer asks for and spends its own
body's money, an auditor reads. Each command names its role where it is described.
Source: DESIGN 1.
"""

from collections.abc import Mapping
from datetime import date
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
    """A finance officer acted for another body than the one that may act that day."""

    NAME: ClassVar[str] = "not-your-body"

    acts_for: BodyCode | None
    body: BodyCode
    successor: BodyCode | None = None  # Who acts for the body, if it has one by then.
    on: date | None = None  # The day from which they do.

    def __str__(self) -> str:
        acting = self.acts_for or "no body"
        since = ""
        if self.successor is not None:
            since = f", succeeded by {self.successor} on {self.on},"
        return (
            f"this is {self.body}'s{since} and you act for {acting}: say on whose "
            f"behalf, such as finance-officer:NAME@{self.successor or self.body}"
        )


@value
class Succession:
    """Who acts for a body on a day, where it was succeeded by then."""

    successor: BodyCode
    """The last one, where one was succeeded by another."""
    on: date
    """The day from which they act."""


REFUSALS = (RoleMayNot, NotYourBody)


def refuses(
    by: By,
    command: str,
    allowed: tuple[Role, ...],
    bodies: Mapping[BodyCode, Succession | None],
) -> RoleMayNot | NotYourBody | None:
    """Why a person may not give a command, or None if they may.

    Args:
        allowed: The roles that may give it.
        bodies: The bodies that the command concerns -> who succeeded them by the
            day that counts, or None.
    """
    if by.role not in allowed:
        return RoleMayNot(role=by.role, command=command, allowed=allowed)
    if by.role != "finance-officer":
        return None
    for body, since in bodies.items():
        if since is None and by.on_behalf_of != body:
            return NotYourBody(acts_for=by.on_behalf_of, body=body)
        if since is not None and by.on_behalf_of != since.successor:
            return NotYourBody(
                acts_for=by.on_behalf_of,
                body=body,
                successor=since.successor,
                on=since.on,
            )
    return None
