"""Simulated years, whole: from a seed to commands in the order of their days."""

from collections.abc import Iterator
from datetime import date
from random import Random

from interfaces.simulation.corrections import corrected
from interfaces.simulation.evidence import Outcome, measured, outcome
from interfaces.simulation.given import ANALYST, APPROVER, Given
from interfaces.simulation.groups import Group, groups
from interfaces.simulation.interests import known
from interfaces.simulation.money import Due, paid_together, requested, used
from interfaces.simulation.premiums import Premium, awarded, opened, withheld
from interfaces.simulation.rules import FIRST, content, scheme_year

RECORDS_OF_A_GROUPS_YEAR = 45
"""About how many records one group's year makes."""

MOST_GROUPS = 99_999
"""About eight million records in three years; all commands are held in memory."""


def groups_for(records: int, years: int) -> int:
    """How many groups make about so many records in so many years; at least one."""
    return max(1, round(records / (RECORDS_OF_A_GROUPS_YEAR * years)))


def simulated(seed: int, how_many: int, years: int) -> Iterator[bytes]:
    """Every command, one line of NDJSON each; the same arguments, the same bytes.

    Args:
        how_many: Groups, at most MOST_GROUPS; a dozen or more have every fate.
        years: Scheme years from 2013/14.
    """
    random, given = Random(seed), Given()
    chosen = groups(random, how_many)
    for year in range(years):
        given.give(
            f"rulebook/{scheme_year(year)}",
            "publish-rulebook",
            APPROVER,
            date(FIRST + year, 4, 1),
            rulebook=content(year),
        )
    of_code = {group.code: group for group in chosen}
    for group in chosen:
        if group.successor is not None:
            given.succeeded(group, of_code[group.successor], succeeded_on(years))
    _registered(given, chosen, years)
    dues: dict[int, list[Due]] = {year: [] for year in range(years)}
    for group in chosen:
        for due in _of_group(given, random, group, years):
            used(due)
            if not due[0].days.late:
                dues[due[0].year].append(due)
    for year, together in dues.items():
        paid_together(given, together, year)
    yield from given.lines()


def succeeded_on(years: int) -> date:
    """The middle of the second year, or of the only one: a merger waits for no year."""
    return date(FIRST + min(1, years - 1), 10, 1)


def _registered(given: Given, chosen: tuple[Group, ...], years: int) -> None:
    """Groups, who they deal with, their practices, then who succeeded whom."""
    begin = date(FIRST, 4, 1)
    for group in chosen:
        given.give(
            f"{group.code}/registered",
            "register-body",
            ANALYST,
            begin,
            body=group.code,
            kind="group",
            name=group.name,
            opened_on=begin.isoformat(),
        )
    for group in chosen:
        known(given, group, begin)
    for group in chosen:
        for number in (1, 2):
            practice = f"{group.code}P{number}"
            seen = [{"observed_on": begin.isoformat(), "group": group.code}]
            if group.successor is not None:
                on = succeeded_on(years).isoformat()
                seen.append({"observed_on": on, "group": group.successor})
            given.give(
                f"{group.code}/practice/{number}",
                "register-practice",
                ANALYST,
                date.fromisoformat(str(seen[-1]["observed_on"])),
                practice=practice,
                name=f"The Invented Surgery {practice}",
                sightings=seen,
            )
        if group.successor is not None:
            on_day = succeeded_on(years)
            given.give(
                f"{group.code}/succeeded",
                "succeed-body",
                ANALYST,
                on_day,
                body=group.code,
                successor=group.successor,
                on=on_day.isoformat(),
            )


def _of_group(given: Given, random: Random, group: Group, years: int) -> list[Due]:
    """A group's years up to what it asks for.

    Returns:
        What it asks for, by year; years in which nothing is payable are left out.
    """
    lasting = range(years)
    if group.successor is not None:
        lasting = range(min(years, 2))
    outcomes: tuple[Outcome, ...] = tuple(
        outcome(random, group, year, years - 1) for year in lasting
    )
    measured(given, random, group, outcomes)
    premiums: list[Premium] = []
    heads = group.heads
    for year, one in enumerate(outcomes):
        premiums.append(
            Premium(group=group, year=year, heads=heads, outcome=one, given=given)
        )
        heads += random.randint(-500, 3_000)
    payable: list[int] = []
    for premium in premiums:
        opened(premium)
        awarded(premium)
        kept_pence = withheld(premium) if premium.award_pence() else 0
        payable.append(premium.award_pence() - kept_pence)
    if group.fate.startswith("corrected"):
        against = premiums[2] if len(premiums) > 2 else None
        if group.fate == "corrected-cash":
            against = None
        taken_pence = corrected(premiums[0], against)
        if against is not None:
            payable[2] -= taken_pence
    dues = [due for due in zip(premiums, payable, strict=True) if due[1]]
    for due in dues:
        requested(due)
    return dues
