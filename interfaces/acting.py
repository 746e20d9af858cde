"""Who acts: read from `ROLE:PARTY` or `ROLE:PARTY@BODY`."""

import re

from interfaces.environment import AS, Unset
from ledger.decisions.roles import ROLES
from ledger.events import BodyCode, PartyId
from ledger.request import By

_ACTING = re.compile(r"(?P<role>[a-z-]+):(?P<party>[^@\s]+)(@(?P<body>[^@\s]+))?")


def acting(text: str | None) -> By:
    """Read who acts: `analyst:a.patel`, or `finance-officer:b.jones@10C`.

    Raises:
        Unset: If nobody is named, or not in this way, or there is no such role.
    """
    if not text:
        raise Unset(
            "nobody is named who acts: give --as ROLE:PARTY, such as "
            f"analyst:a.patel or finance-officer:b.jones@10C, or set {AS}"
        )
    match = _ACTING.fullmatch(text)
    if match is None:
        raise Unset(
            f"{text!r} does not say who acts: write ROLE:PARTY, such as "
            "analyst:a.patel, and @BODY behind it for who acts for a body"
        )
    if match["role"] not in ROLES:
        raise Unset(f"there is no role {match['role']!r}: it is {', '.join(ROLES)}")
    return By(
        role=match["role"],
        party=PartyId(match["party"]),
        on_behalf_of=BodyCode(match["body"]) if match["body"] else None,
    )
