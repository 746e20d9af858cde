"""Every measured result as it now stands, by measure and period; and the groups."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from ledger import events
from ledger.events import BodyCode, RecordId
from ledger.measures.measuring import Group
from ledger.measures.windows import Measured, Window
from ledger.money import exact_text
from ledger.recorded import Recorded
from projections.views.view import Database, Row, Table, View

RESULTS = Table(
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
)
GROUPS = Table(
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
)
HANDLED = frozenset(
    {events.ResultRecorded, events.ResultCorrected, events.BodyRegistered}
)
IGNORED = frozenset(
    {
        events.LedgerOpened,
        events.RulebookPublished,
        events.BodySucceeded,  # A group's days were registered.
        events.PracticeJoined,
        events.PracticeLeft,
        events.DocumentRecorded,
        events.ClaimRecorded,  # A figure somebody published is no result.
        events.TermsAgreed,
        events.AccountOpened,
        events.IndicatorAssessed,
        events.GateAssessed,
        events.AwardProposed,
        events.AwardConfirmed,
        events.DisbursementRequested,
        events.DisbursementApproved,
        events.DisbursementRefused,
        events.DisbursementPaid,
        events.PaymentReferenceTaken,
        events.SpendingRecorded,
        events.AttributionPublished,
        events.PopulationCorrected,
        events.TargetRebased,
        events.AssessmentSuperseded,
        events.AwardRefused,
        events.RepresentationMade,
        events.RepresentationDecided,
        events.WithholdingProposed,
        events.WithholdingDecided,
        events.WithholdingVaried,
        events.WithholdingReleased,
        events.WithholdingRefused,
        events.WithholdingForgone,
        events.RecoveryOrdered,
        events.RecoveryReceived,
        events.DebtSetOff,
        events.PayableSetOff,
        events.DisbursementWithdrawn,
        events.DisbursementExpired,
        events.DisbursementCancelled,
        events.DisbursementReturned,
        events.ReceiptConfirmed,
        events.ReceiptDisputed,
        events.PaymentRunProposed,
        events.PaymentRunApproved,
        events.PaymentRunClosed,
        events.SpendingCorrected,
        events.PassedOn,
        events.UnspentDeclared,
        events.Lapsed,
        events.PeriodClosed,
        events.BalanceAsserted,
        events.InterestDeclared,
        events.InterestEnded,
        events.ParticipationRecorded,
    }
)

_UPSERT = (
    f"{RESULTS.insert()} ON CONFLICT (measure, first_day, last_day, subject) DO UPDATE "
    "SET value = excluded.value, numerator = excluded.numerator, denominator = "
    "excluded.denominator, unit = excluded.unit, record = excluded.record, "
    "position = excluded.position"
)
_AGAIN = f"{GROUPS.insert()} ON CONFLICT (body) DO NOTHING"


class Known(NamedTuple):
    """A measure of which results are recorded."""

    measure: str
    first: date
    last: date
    results: int
    subjects: int


class Measures:
    """The latest of every result, and every group as it was registered."""

    def __init__(self) -> None:
        self.position = 0
        self._results: dict[Row, Row] = {}
        self._groups: dict[str, Row] = {}

    def apply(self, recorded: Recorded) -> None:
        """Take in one more record; one applied before changes nothing."""
        if recorded.position <= self.position:
            return
        self.position = recorded.position
        for row in _result_rows((recorded,)):
            self._results[row[: RESULTS.keys]] = row
        for row in _group_rows((recorded,)):
            self._groups.setdefault(row[0], row)

    def rows(self) -> Mapping[str, Iterable[Row]]:
        """Results and groups as their tables hold them."""
        return {
            RESULTS.name: self._results.values(),
            GROUPS.name: self._groups.values(),
        }


def _result_rows(batch: Iterable[Recorded]) -> list[Row]:
    rows: list[Row] = []
    for recorded in batch:
        fact = recorded.fact
        if not isinstance(fact, events.Result):
            continue
        first, _, last = fact.period.partition("..")
        numbers = (
            None if one is None else exact_text(one)
            for one in (fact.value, fact.numerator, fact.denominator)
        )
        key = (fact.measure, first, last or first, fact.subject)
        rows.append((*key, *numbers, fact.unit, recorded.id, recorded.position))
    return rows


def _group_rows(batch: Iterable[Recorded]) -> list[Row]:
    rows: list[Row] = []
    for recorded in batch:
        fact = recorded.fact
        if isinstance(fact, events.BodyRegistered) and fact.kind == "group":
            days = (
                day.isoformat() if day else None
                for day in (fact.opened_on, fact.closed_on)
            )
            name = fact.name or fact.body
            rows.append((fact.body, *days, fact.area_team, name, recorded.position))
    return rows


def take(db: Database, batch: Sequence[Recorded]) -> None:
    """Put in the results and groups of records that follow the saved position."""
    db.executemany(_UPSERT, _result_rows(batch))
    db.executemany(_AGAIN, _group_rows(batch))


VIEW = View(
    "measures",
    (RESULTS, GROUPS),
    ("CREATE INDEX results_by_subject ON results (subject, measure)",),
    Measures,
    take,
)

# Reading ------------------------------------------------------------------------------


def known(db: Database) -> tuple[Known, ...]:
    """The measures of which results are recorded, by name."""
    rows = db.execute(
        "SELECT measure, MIN(first_day), MAX(last_day), COUNT(*), "
        "COUNT(DISTINCT subject) FROM results GROUP BY measure ORDER BY measure"
    )
    return tuple(
        Known(measure, date.fromisoformat(first), date.fromisoformat(last), *counts)
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
