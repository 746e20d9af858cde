"""What each indicator measures, by its own definition, with source and status.

A rulebook's author says which domain a measure belongs to; the catalogue decides
whether what is measured is money. Source: ADR 0019.
"""

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from pydantic import TypeAdapter

from ledger.rules.clauses import Status
from ledger.values import value

FINANCE = "finance."
"""How the ids of indicators about money begin, catalogued or not."""

Scale = Literal["yes-no", "percent", "count", "rate", "ratio", "score"]


@value
class Indicator:
    """One indicator: what is counted or asked, and where that is said."""

    definition: str
    about: Literal["quality", "demand", "finance"]
    scale: Scale
    """`yes-no` is 1 or 0, `percent` a part of a whole; only a score may be negative."""
    source: str
    """A key of the catalogue's sources."""
    status: Status
    """How far the definition can be trusted."""


@cache
def indicators() -> dict[str, Indicator]:
    """Every catalogued indicator, by id."""
    text = files("ledger.rules").joinpath("catalogue.toml").read_text("utf-8")
    given = tomllib.loads(text)
    read = TypeAdapter(dict[str, Indicator]).validate_python(given["indicators"])
    unsourced = {one.source for one in read.values()} - given["sources"].keys()
    assert not unsourced, f"the catalogue describes no source {unsourced}"
    return read


def of_finance(indicator: str) -> bool:
    """Whether an indicator is about money, so that nothing may be earned by it."""
    known = indicators().get(indicator)
    if known is None:
        return indicator.startswith(FINANCE)
    return known.about == "finance"


def named(test: Any) -> Iterator[str]:
    """Every indicator that a test as read names, its baselines included."""
    match test:
        case dict():
            for field, inner in test.items():
                if field in ("indicator", "baseline_indicator"):
                    yield from (str(inner),) if inner is not None else ()
                else:
                    yield from named(inner)
        case list() | tuple():
            for inner in test:
                yield from named(inner)
