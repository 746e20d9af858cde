"""The rules of the simulated years: 2013/14's own, then an invented scheme's.

No rule of a real later year is invented: later years have the shape of 2013/14 moved
by whole years, under a scheme of another name, and every clause says SIMULATED.
"""

import json
import re
from typing import Any

from ledger.rules.rulebook import canonical, packaged

FIRST = 2013
"""The calendar year in which the first scheme year begins."""

_SHAPE = "quality-premium-2013-14"
_SAYS = "SIMULATED: an invented rule in the shape of one of 2013/14."
_SOURCE = {
    "title": "SIMULATED rules in the shape of 2013/14",
    "publisher": "Nobody: simulated",
    "url": "not found",
    "read": "Nothing: invented.",
}


def scheme(year: int) -> str:
    """The scheme of a simulated year, counted from 0."""
    return "quality-premium" if year == 0 else "simulated-premium"


def scheme_year(year: int) -> str:
    """Such as `2014-15` for year 1."""
    begins = FIRST + year
    return f"{begins}-{(begins + 1) % 100:02d}"


def moved(period: str, years: int) -> str:
    """A period, or any text with days in it, so many years later."""

    def later(found: re.Match[str]) -> str:
        return f"{int(found[1]) + years}{found[2]}"

    return re.sub(r"\b(20\d\d)(-\d\d-\d\d)\b", later, period)


def content(year: int) -> dict[str, Any]:
    """The canonical content of a simulated year's rulebook."""
    text = canonical(packaged(_SHAPE))
    if year == 0:
        found: dict[str, Any] = json.loads(text)
        return found
    book: dict[str, Any] = _invented(json.loads(moved(text, year)))
    return book | {
        "scheme": scheme(year),
        "scheme_year": scheme_year(year),
        "title": f"SIMULATED premium {scheme_year(year)}",
        "sources": {"simulated": _SOURCE},
    }


def _invented(given: Any) -> Any:
    """The same shape, with nothing that a source of the real year says."""
    if isinstance(given, list):
        return [_invented(one) for one in given]
    if not isinstance(given, dict):
        return given
    told = {name: _invented(value) for name, value in given.items()}
    if "source" in told:
        told |= {"source": "simulated", "status": "assumed", "says": _SAYS}
    if "discretion" in told:
        told["discretion"] = "SIMULATED: the payer decides."
    return told
