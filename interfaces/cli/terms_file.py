"""The file of terms that a rulebook asks for, for people to fill in."""

from collections.abc import Iterator
from fractions import Fraction

from ledger.calendar import first_day, last_day
from ledger.decisions.menus import menus
from ledger.decisions.terms import left_to_agreement
from ledger.money import exact_text
from ledger.rules.book import Rulebook
from ledger.rules.elements import Measure
from ledger.rules.rulebook import clause

BLANK = '"..."'
"""Stands where a value is to be written; no command takes it as one."""

_HEAD = """\
# What is left to agreement by: {title}, version {version}.
# Write a value wherever "..." stands, then give the file:
#   premium account terms BODY FILE --scheme-year {scheme_year}
agreed_on = {BLANK} # The day it was agreed, such as "{first}".
agreed_by = [{BLANK}] # By whom, such as ["10C", "payer"].
"""
_TARGET = """
[[targets]] # {says}
clause = "{id}"
target = {BLANK} # An exact number, such as "14".
"""
_TEST = """
[[tests]] # {says}
measure = "{id}"
title = {BLANK} # What is measured, in words: "Dementia: more people diagnosed".
indicator = {BLANK} # The measure of its results, such as "dementia-diagnosis".
period = "{period}"
comparison = "at-least" # Or at-most, more-than, less-than.
threshold = {BLANK} # An exact number, such as "60".
# Where a change is judged, and not a level, say of what and how as well:
# baseline_period = {BLANK} # Such as "{before}".
# change = "percent-rise" # Or percent-fall, rise, fall.
"""
_PICK = """
[[picks]] # {says}
menu = "{menu}"
measure = "{id}"
weight_percent = {weight}
"""


def template(rulebook: Rulebook) -> Iterator[str]:
    """The file in pieces of whole lines; only its first where nothing is left open."""
    year = rulebook.scheme_year
    tests, targets = left_to_agreement(rulebook)
    yield _HEAD.format(
        title=_line(rulebook.title),
        version=rulebook.version,
        scheme_year=year,
        first=first_day(year),
        BLANK=BLANK,
    )
    for id in targets:
        yield _TARGET.format(says=_says(rulebook, id), id=id, BLANK=BLANK)
    first, last = first_day(year), last_day(year)
    before = f"{first.replace(year=first.year - 1)}..{last.replace(year=first.year)}"
    for id in tests:
        yield _TEST.format(
            says=_says(rulebook, id),
            id=id,
            period=f"{first}..{last}",
            before=before,
            BLANK=BLANK,
        )
    for menu in menus(rulebook).values():
        yield from _picks(menu)


def _picks(measure: Measure) -> Iterator[str]:
    menu, whole = measure.menu, measure.weight_percent
    assert menu is not None, "only menus are picked from"
    wanted = f"{menu.least} to {menu.most}" if menu.least < menu.most else menu.least
    shares, weight = "not known", BLANK
    if isinstance(whole, Fraction):
        shares = f"{exact_text(whole)}%"
        if menu.split == "equal" and menu.least == menu.most:
            weight = f'"{exact_text(whole / menu.least)}"'
    yield (
        f"\n# Of {measure.id} keep {wanted} of these {len(measure.parts)}, and take "
        f"out the others.\n# Their weights are {menu.split}; together: {shares}.\n"
    )
    for part in measure.parts:
        says = _line(part.name)
        yield _PICK.format(says=says, menu=measure.id, id=part.id, weight=weight)


def _says(rulebook: Rulebook, id: str) -> str:
    return _line(clause(rulebook, id).says)


def _line(text: str) -> str:
    """A text as one line, such as a comment is."""
    return " ".join(text.split())
