"""Practices, with the groups that lists of three years name for them.

A practice's name is often its doctors' names: it goes into the command's `name`
alone, which lies beside the log (ADR 0005), and is never shown in an error.
"""

from collections.abc import Sequence
from datetime import date

from ledger.calendar import last_day
from ledger.decisions.bodies import RegisterPractice, Sighting
from ledger.events import BodyCode, DocumentId
from ledger.intake import cells
from ledger.intake.layout import Layout
from ledger.intake.table import Row

SEEN_ON = {"ccg_2013_q2": date(2013, 4, 1), "ccg_2017_03": date(2017, 3, 31)}
"""The day for which a column names a group; that of a quarter is nominal."""


def read_practice(row: Row, document: DocumentId) -> RegisterPractice:
    """Read one practice.

    The close date is that of the Organisation Data Service where it has one,
    otherwise that of NHS Payments to General Practice, otherwise unknown.
    """
    opened_on = cells.optional_day(row, "open_date")
    ods = cells.optional_day(row, "close_date_2017_03")
    paid = cells.optional_day(row, "close_date_nhs_payments")
    closed_on = ods or paid
    if opened_on and closed_on and closed_on < opened_on:
        column = "close_date_2017_03" if ods else "close_date_nhs_payments"
        row.fault(column, f"comes before open_date, {opened_on}: check both")
    return RegisterPractice(
        practice=cells.code(row, "ods_code"),
        name=cells.text(row, "name"),
        opened_on=opened_on,
        closed_on=closed_on,
        sightings=_sightings(row),
        document=document,
    )


def _sightings(row: Row) -> tuple[Sighting, ...]:
    """The groups it was seen in, by day; one a day; an empty cell says nothing."""
    seen: dict[date, BodyCode] = {}
    for column, day in SEEN_ON.items():
        group = cells.optional_code(row, column)
        if group is not None:
            seen[day] = group
    group = cells.optional_code(row, "ccg_last_paid")
    if group is not None and not row.given("last_paid_fy"):
        row.fault("last_paid_fy", "is empty: write the year of ccg_last_paid")
    elif group is None and row.given("last_paid_fy"):
        row.fault("ccg_last_paid", "is empty: write the group of last_paid_fy")
    elif group is not None:
        day = last_day(cells.year(row, "last_paid_fy"))
        if seen.setdefault(day, group) != group:
            row.fault("ccg_last_paid", f"{seen[day]} is named for {day} too: check")
    return tuple(Sighting(observed_on=day, group=seen[day]) for day in sorted(seen))


def _count(practices: Sequence[RegisterPractice]) -> dict[str, int]:
    without = sum(not practice.sightings for practice in practices)
    return {"practices": len(practices), "with no sighting": without}


LAYOUTS = (
    Layout(
        name="practices",
        required=("ods_code", "name", *SEEN_ON, "ccg_last_paid", "last_paid_fy"),
        optional=("open_date", "close_date_2017_03", "close_date_nhs_payments"),
        personal=("name",),
        read=read_practice,
        key=lambda command: (command.practice,),
        key_column="ods_code",
        count=_count,
    ),
)
