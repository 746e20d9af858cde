"""What happened to the rules of each scheme year: from article to article."""

from collections.abc import Iterable

from ledger.calendar import first_day
from ledger.rules.book import Rulebook
from ledger.rules.clauses import Status
from ledger.values import value


@value
class Happening:
    """One thing that happened to the rules of a scheme year."""

    scheme: str
    scheme_year: str
    kind: str  # announced, value-set, published, re-issued, re-based, applies
    on: str | None  # A day, a month or a year, as far as known; None: no source says.
    says: str
    source: str  # Title of the source; the rulebook's own where it only applies.
    url: str | None
    status: Status | None  # None for what this ledger decided itself.
    after_year_began: bool | None  # None where the date known does not settle it.


def timeline(rulebooks: Iterable[Rulebook]) -> tuple[Happening, ...]:
    """Everything known to have happened to these rules, by scheme year and date.

    Several versions of a year tell the same history: each moment is told once. Within
    a year, what has no known date stands last, in the order of the files.

    Source: SI 2013/474 reg 5 (the procedure is published before the period begins).
    """
    found: dict[tuple[str, str, str], Happening] = {}
    for rulebook in rulebooks:
        for moment in rulebook.history:
            source = rulebook.sources[moment.source]
            key = (rulebook.scheme, rulebook.scheme_year, moment.id)
            found.setdefault(
                key,
                Happening(
                    scheme=rulebook.scheme,
                    scheme_year=rulebook.scheme_year,
                    kind=moment.kind,
                    on=moment.on,
                    says=moment.says,
                    source=f"{source.title} ({source.publisher})",
                    url=source.url,
                    status=moment.status,
                    after_year_began=_late(moment.on, rulebook.scheme_year),
                ),
            )
        applies = f"applies.{rulebook.version}"
        found[rulebook.scheme, rulebook.scheme_year, applies] = Happening(
            scheme=rulebook.scheme,
            scheme_year=rulebook.scheme_year,
            kind="applies",
            on=rulebook.applies_from.isoformat(),
            says=f"Version {rulebook.version} decides from this day.",
            source=rulebook.title,
            url=None,
            status=None,
            after_year_began=_late(
                rulebook.applies_from.isoformat(), rulebook.scheme_year
            ),
        )
    return tuple(
        sorted(
            found.values(),
            key=lambda one: (one.scheme, one.scheme_year, one.on is None, one.on or ""),
        )
    )


def _late(on: str | None, scheme_year: str) -> bool | None:
    """Whether it came after the year began; None where the date does not say."""
    if on is None:
        return None
    began = first_day(scheme_year).isoformat()
    if on == began[: len(on)]:
        return None if len(on) < len(began) else False
    return on > began
