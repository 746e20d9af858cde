"""Conflicts of interest in the simulated years: invented people of invented groups."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from interfaces.simulation.given import ANALYST, Given, finance
from interfaces.simulation.groups import Fate, Group
from interfaces.simulation.premiums import Premium


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Somebody who had to do with the payee of a group's last spending."""

    part: str  # What they did when it was decided on.
    declared: tuple[int, int]  # Month and day of the first year of spending.
    ended: tuple[int, int] | None = None  # None: they still have it.


CONFLICTS: dict[Fate, Conflict] = {
    "withholding-refused": Conflict(part="voted", declared=(1, 5)),
    "withheld-quality": Conflict(part="spoke", declared=(6, 1)),
    "withheld-financial": Conflict(part="left", declared=(1, 5)),
    "withheld-constitution": Conflict(part="voted", declared=(1, 5), ended=(2, 28)),
}
"""Fate -> what there is to find, or not: a vote despite an interest; one declared after
the first money was spent; one who left the room; and an interest that had ended."""


def known(given: Given, group: Group, on: date) -> None:
    """The payees of a group, and who had to do with one, by name."""
    first = "transport" if group.fate == "duplicate-invoice" else "clinic"
    for payee in (first, "nurses", "charity"):
        given.give(
            f"{group.code}/payee/{payee}",
            "register-party",
            finance(group),
            on,
            party=f"sim-{payee}-{group.code}",
            kind="organisation",
            name=f"Invented {payee.title()} of {group.code}",
        )
    if group.fate in CONFLICTS:
        given.give(
            f"{group.code}/member",
            "register-party",
            ANALYST,
            on,
            party=f"sim-member-{group.code}",
            kind="person",
            name=f"Invented member of {group.name}",
        )


def decided(premium: Premium, name: str, payee: str, on: date) -> None:
    """What its holder did when a spending was decided on; once, the interest itself.

    Args:
        name: The id of the spending.
        on: When it was spent; it is decided on the week before.
    """
    conflict = CONFLICTS.get(premium.group.fate)
    if conflict is None:
        return
    by, about = finance(premium.group), _about(premium)
    if premium.year == 0:
        _declared(premium, conflict, payee)
    decided_on = on - timedelta(days=7)
    premium.given.give(
        premium.id(f"participation/{name}"),
        "record-participation",
        by,
        decided_on,
        **about,
        premium=premium.account,
        use=name,
        part=conflict.part,
        on=decided_on.isoformat(),
        reason="Simulated: as the minutes of the committee say.",
    )


def _declared(premium: Premium, conflict: Conflict, payee: str) -> None:
    by = finance(premium.group)
    premium.given.give(
        premium.id("interest/declared"),
        "declare-interest",
        by,
        premium.days.after(*conflict.declared),
        **_about(premium),
        interest="i1",
        payee=payee,
        kind="financial",
        since=premium.days.begins.isoformat(),
        nature="Simulated: owns a part of the payee.",
    )
    if conflict.ended is not None:
        ended_on = premium.days.after(*conflict.ended)
        premium.given.give(
            premium.id("interest/ended"),
            "end-interest",
            by,
            ended_on,
            body=premium.group.code,
            interest="i1",
            ended_on=ended_on.isoformat(),
        )


def _about(premium: Premium) -> dict[str, Any]:
    group = premium.group
    return {
        "body": group.code,
        "person": f"sim-member-{group.code}",
    }
