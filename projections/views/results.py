"""Every measured result as it now stands, by measure and period; and the groups."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from ledger import events
from ledger.events import BodyCode, RecordId
from ledger.measures.groups import Group
from ledger.measures.windows import Measured, Window
from ledger.money import exact_text
from ledger.recorded import Recorded
from projections.views.view import Database, Kept, KeptRow, Row, Table, View

RESULTS = Kept(
    Table(
        "results",
        {
            "measure": "TEXT NOT NULL",
            "first_day": "TEXT NOT NULL",  # Year-month-day, so that text order is time.
            "last_day": "TEXT NOT NULL",
            "subject": "TEXT NOT NULL",
            "value": "TEXT NOT NULL",  # Exact, as are the next two.
            "numerator": "TEXT",
            "denominator": "TEXT",
            "unit": "TEXT NOT NULL",
            "record": "TEXT NOT NULL",  # The latest of its stream.
            "position": "INTEGER NOT NULL",
        },
        keys=4,
    ),
    keep="last",
)
GROUPS = Kept(
    Table(
        "groups",
        {
            "body": "TEXT NOT NULL",
            "opened_on": "TEXT",
            "closed_on": "TEXT",
            "area_team": "TEXT",
            "name": "TEXT NOT NULL",
            "position": "INTEGER NOT NULL",
        },
        keys=1,
    ),
    keep="first",
)


class KnownMeasure(NamedTuple):
    """A measure of which results are recorded."""

    measure: str
    first: date
    last: date
    results: int
    subjects: int


def rows(recorded: Recorded) -> Iterator[KeptRow]:
    """The row of a result, or of a group that was registered."""
    match recorded.fact:
        case events.ResultRecorded() | events.ResultCorrected() as result:
            first, _, last = result.period.partition("..")
            yield RESULTS(
                *(result.measure, first, last or first, result.subject),
                exact_text(result.value),
                None if result.numerator is None else exact_text(result.numerator),
                None if result.denominator is None else exact_text(result.denominator),
                *(result.unit, recorded.id, recorded.position),
            )
        case events.BodyRegistered(kind="group") as group:
            yield GROUPS(
                group.body,
                group.opened_on.isoformat() if group.opened_on else None,
                group.closed_on.isoformat() if group.closed_on else None,
                *(group.area_team, group.name or group.body, recorded.position),
            )


VIEW = View.of_rows(
    "measures",
    (RESULTS, GROUPS),
    rows,
    ("CREATE INDEX results_by_subject ON results (subject, measure)",),
)

# Reading ------------------------------------------------------------------------------


def known_measures(db: Database) -> tuple[KnownMeasure, ...]:
    """The measures of which results are recorded, by name."""
    rows = db.execute(
        "SELECT measure, MIN(first_day), MAX(last_day), COUNT(*), "
        "COUNT(DISTINCT subject) FROM results GROUP BY measure ORDER BY measure"
    )
    return tuple(
        KnownMeasure(
            measure, date.fromisoformat(first), date.fromisoformat(last), *counts
        )
        for measure, first, last, *counts in rows
    )


def within(db: Database, measure: str, days: Window) -> tuple[Measured, ...]:
    """The results of a measure whose periods lie within a window, in order of days."""
    rows = db.execute(
        "SELECT subject, first_day, last_day, value, unit, numerator, denominator, "
        "record FROM results WHERE measure = ? AND first_day >= ? AND first_day <= ? "
        "AND last_day <= ? ORDER BY first_day, last_day, subject",
        (measure, *map(str, (days.first, days.last, days.last))),
    )
    return tuple(_measured(row) for row in rows)


def populations(db: Database) -> tuple[tuple[str, Measured], ...]:
    """Every population recorded, with its measure: by measure, day and body."""
    rows = db.execute(
        "SELECT subject, first_day, last_day, value, unit, numerator, denominator, "
        "record, measure FROM results WHERE measure >= 'population.' "
        "AND measure < 'population/' ORDER BY measure, first_day, subject"
    )
    return tuple((row[-1], _measured(row)) for row in rows)


def _measured(row: Row) -> Measured:
    subject, first, last, value, unit, numerator, denominator, record, *_ = row
    return Measured(
        subject=BodyCode(subject),
        days=Window(first=date.fromisoformat(first), last=date.fromisoformat(last)),
        value=Fraction(value),
        unit=unit,
        numerator=None if numerator is None else Fraction(numerator),
        denominator=None if denominator is None else Fraction(denominator),
        record=RecordId(record),
    )


def groups(db: Database) -> tuple[Group, ...]:
    """Every group ever registered, by code; which of them were open, its days say."""
    rows = db.execute(
        "SELECT body, name, opened_on, closed_on, area_team FROM groups ORDER BY body"
    )
    return tuple(
        Group(
            body=BodyCode(body),
            name=name,
            opened_on=date.fromisoformat(opened) if opened else None,
            closed_on=date.fromisoformat(closed) if closed else None,
            area_team=area_team,
        )
        for body, name, opened, closed, area_team in rows
    )
