"""What each kind of event writes into the tables that have a row a thing.

Columns are named; a value is a constant, or worked out from the event. The event's
position is written with every row, and its premium where the table has one.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from consumers.reporting.tables import (
    AWARDS,
    BODIES,
    CLOSES,
    PAYMENTS,
    PREMIUMS,
    SPENDING,
    WITHHOLDINGS,
)
from projections.feed.events import (
    books,
    evidence,
    money,
    premiums,
    spending,
    withholdings,
)
from projections.feed.events.message import AnyEvent
from projections.views.view import Database, Table

Handler = Callable[[Database, AnyEvent], None]
Value = Callable[[AnyEvent], Any]


def _puts(table: Table, same: str, **columns: Any) -> Handler:
    """Add a row; of one that has its key, change these columns.

    Args:
        same: Columns that have the names of the fact's fields, with spaces between.
    """
    row = _row(table, same, columns)
    key = list(table.columns)[: table.keys]
    changes = ", ".join(f"{name} = excluded.{name}" for name in row if name not in key)
    return _running(
        f"INSERT INTO {table.name} ({', '.join(row)}) "
        f"VALUES ({', '.join('?' * len(row))}) "
        f"ON CONFLICT ({table.key()}) DO UPDATE SET {changes}",
        list(row.values()),
    )


def _changes(
    table: Table, by: str, same: str = "", plus: Mapping[str, Any] = {}, **columns: Any
) -> Handler:
    """Change columns of the premium's row that a field of the fact names.

    Args:
        by: That field, and its column; empty where a premium has one row.
        plus: Columns that a number is added to.
    """
    row = _row(table, same, columns)
    which = {"premium": row.pop("premium"), **({by: _field(by)} if by else {})}
    sets = [f"{name} = ?" for name in row] + [f"{one} = {one} + ?" for one in plus]
    return _running(
        f"UPDATE {table.name} SET {', '.join(sets)} "
        f"WHERE {' AND '.join(f'{name} = ?' for name in which)}",
        [*row.values(), *map(_value, plus.values()), *which.values()],
    )


def _row(table: Table, same: str, columns: Mapping[str, Any]) -> dict[str, Value]:
    row = {name: _field(name) for name in same.split()}
    if "premium" in table.columns:
        row["premium"] = _of_premium("account")
    row |= {name: _value(value) for name, value in columns.items()}
    return row | {"position": lambda event: event.data.position}


def _value(given: Any) -> Value:
    return given if callable(given) else lambda event: given


def _running(sql: str, values: Sequence[Value]) -> Handler:
    def run(db: Database, event: AnyEvent) -> None:
        row = (value(event) for value in values)
        texts = (one.isoformat() if isinstance(one, date) else one for one in row)
        db.execute(sql, tuple(texts))

    return run


def _field(name: str) -> Value:
    """What the fact holds in a field."""
    return lambda event: getattr(event.data.fact, name)


def _of_premium(name: str) -> Value:
    """What the event says of its premium."""
    return lambda event: getattr(event.data.premium, name)


def _on(event: AnyEvent) -> date:
    """The accounting date."""
    return event.data.effective_on


def _forgone(event: AnyEvent) -> int:
    """The pence that are no longer kept back, below zero."""
    assert isinstance(event.data.fact, withholdings.WithholdingForgone)
    return -sum(piece.pence for piece in event.data.fact.slices)


def _award_is(state: str) -> Handler:
    return _changes(AWARDS, "determination", state=state, decided_on=_on)


def _withholding_is(state: str, **columns: Any) -> Handler:
    return _changes(WITHHOLDINGS, "withholding", state=state, decided_on=_on, **columns)


def _payment_ends(state: str) -> Handler:
    return _changes(PAYMENTS, "disbursement", state=state, ended_on=_on)


def _spends(kind: str) -> Handler:
    return _puts(
        SPENDING,
        "spending payee purpose amount_pence",
        kind=kind,
        credited_pence=0,
        spent_on=_on,
        reference=_field("transaction"),
        corrections=0,
        corrected_on=None,
    )


def _corrects() -> Handler:
    return _changes(
        SPENDING,
        "spending",
        "payee purpose amount_pence",
        corrected_on=_on,
        spent_on=_field("stands_on"),
        reference=_field("transaction"),
        plus={"corrections": 1},
    )


def _credits() -> Handler:
    return _changes(
        SPENDING, "spending", plus={"credited_pence": _field("amount_pence")}
    )


CHANGES: dict[type, Handler] = {
    evidence.BodyRegistered: _puts(BODIES, "body kind name region opened_on closed_on"),
    evidence.BodySucceeded: _puts(BODIES, "body successor", succeeded_on=_field("on")),
    premiums.AccountOpened: _puts(
        PREMIUMS,
        "heads maximum_pence",
        scheme=_of_premium("scheme"),
        scheme_year=_of_premium("scheme_year"),
        payment_year=_of_premium("payment_year"),
        body=_of_premium("body"),
        opened_on=_on,
    ),
    premiums.PopulationCorrected: _changes(PREMIUMS, "", "heads maximum_pence"),
    premiums.AwardProposed: _puts(
        AWARDS,
        "determination maximum_pence earned_pence before_gates_pence total_pence",
        state="proposed",
        proposed_on=_on,
        decided_on=None,
    ),
    premiums.AwardConfirmed: _award_is("confirmed"),
    premiums.AwardRefused: _award_is("refused"),
    withholdings.WithholdingProposed: _puts(
        WITHHOLDINGS,
        "withholding ground legal_basis",
        state="proposed",
        kept_back_pence=0,
        decided_on=None,
    ),
    withholdings.WithholdingDecided: _withholding_is(
        "decided", kept_back_pence=_field("amount_pence")
    ),
    withholdings.WithholdingVaried: _withholding_is(
        "decided", kept_back_pence=_field("amount_pence")
    ),
    withholdings.WithholdingForgone: _withholding_is(
        "decided", plus={"kept_back_pence": _forgone}
    ),
    withholdings.WithholdingReleased: _withholding_is("released", kept_back_pence=0),
    withholdings.WithholdingRefused: _withholding_is("refused", kept_back_pence=0),
    money.DisbursementRequested: _puts(
        PAYMENTS, "disbursement amount_pence", state="requested", requested_on=_on
    ),
    money.DisbursementApproved: _changes(
        PAYMENTS, "disbursement", "run", state="approved", approved_on=_on
    ),
    money.DisbursementPaid: _changes(
        PAYMENTS,
        "disbursement",
        "reference kind receipt",
        state="paid",
        paid_on=_field("value_date"),
    ),
    money.DisbursementRefused: _payment_ends("refused"),
    money.DisbursementWithdrawn: _payment_ends("withdrawn"),
    money.DisbursementExpired: _payment_ends("expired"),
    money.DisbursementCancelled: _payment_ends("cancelled"),
    money.DisbursementReturned: _payment_ends("returned"),
    money.ReceiptConfirmed: _changes(PAYMENTS, "receipt", receipt_state="confirmed"),
    money.ReceiptDisputed: _changes(PAYMENTS, "receipt", receipt_state="disputed"),
    spending.SpendingRecorded: _spends("spent"),
    spending.PassedOn: _spends("passed-on"),
    spending.SpendingCorrected: _corrects(),
    spending.PassedOnCorrected: _corrects(),
    spending.SpendingCredited: _credits(),
    spending.PassedOnCredited: _credits(),
    books.PeriodClosed: _puts(CLOSES, "through"),
}
"""Kind of fact -> what it writes; the others are in balances and postings alone."""
