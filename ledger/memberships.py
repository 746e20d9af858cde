"""Whose member a practice was on a day, from sightings alone (ADR 0025).

Sources show a practice in a group on single days. Between two that agree it is taken
to have been a member; nothing is taken for certain where they differ, nor before the
first or after the last.
"""

from collections.abc import Iterable
from datetime import date
from typing import Literal

from ledger.events import BodyCode, PracticeSeen
from ledger.values import value

Why = Literal[
    "never-seen", "not-seen-before", "not-seen-after", "two-on-a-day", "seen-elsewhere"
]
"""Why nobody can tell: never seen; not seen on the day or before it; not since; a day
names two groups; seen otherwise before than after."""


@value
class Member:
    """It was a member of a group: those on either side agree, or one on the day."""

    group: BodyCode
    rests_on: tuple[PracticeSeen, ...]


@value
class NotMember:
    """It was not a member of the group asked about, or of any at all."""

    group: BodyCode | None
    """The group asked about; None: both sides say that it was in none."""
    rests_on: tuple[PracticeSeen, ...]


@value
class CannotTell:
    """Nobody can tell from what is recorded."""

    why: Why
    rests_on: tuple[PracticeSeen, ...]
    """Those nearest to the day, in order of days; empty if it was never seen."""


Membership = Member | NotMember | CannotTell


def member_on(
    sightings: Iterable[PracticeSeen],
    practice: BodyCode,
    day: date,
    *,
    of: BodyCode | None = None,
) -> Membership:
    """Whose member a practice was on a day, and by which sightings.

    Args:
        sightings: Of any practices, in any order.
        of: The group that is asked about; None asks for whichever it was. Two sides
            that name two others answer only the first.
    """
    seen = [one for one in sightings if one.practice == practice]
    if not seen:
        return CannotTell(why="never-seen", rests_on=())
    before = max((d for one in seen if (d := one.observed_on) <= day), default=None)
    after = min((d for one in seen if (d := one.observed_on) >= day), default=None)
    rests_on = tuple(
        sorted(
            (one for one in seen if one.observed_on in (before, after)),
            key=lambda one: (one.observed_on, one.group or ""),
        )
    )
    if before is None:
        return CannotTell(why="not-seen-before", rests_on=rests_on)
    if after is None:
        return CannotTell(why="not-seen-after", rests_on=rests_on)
    groups = {one.group for one in rests_on}
    if of is not None and of not in groups:
        return NotMember(group=of, rests_on=rests_on)
    if len(groups) == 1:
        [group] = groups
        if group is None:
            return NotMember(group=None, rests_on=rests_on)
        return Member(group=group, rests_on=rests_on)
    two = len({(one.observed_on, one.group) for one in rests_on}) > len({before, after})
    why: Why = "two-on-a-day" if two else "seen-elsewhere"
    return CannotTell(why=why, rests_on=rests_on)
