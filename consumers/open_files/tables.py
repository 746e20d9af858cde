"""What the open files are made from, taken from events.

A spending is in the month it was made in, and a correction changes it there: the
payment was not made again on the day it was set right. (The ledger posts what replaces
it on the correction's date, so a month's legs can differ from its file; all months
together cannot.)
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from consumers.results.folder import LEDGER
from projections.feed.events import evidence, money, spending
from projections.feed.events.fields import Premium
from projections.feed.events.message import AnyEvent
from projections.views.view import Database, Table

BODIES = Table(
    "bodies",
    {"body": "TEXT NOT NULL", "name": "TEXT", "position": "INTEGER NOT NULL"},
    keys=1,
)
PURPOSES = Table(
    "purposes",
    {
        "scheme": "TEXT NOT NULL",
        "scheme_year": "TEXT NOT NULL",
        "purpose": "TEXT NOT NULL",
        "name": "TEXT NOT NULL",
        "position": "INTEGER NOT NULL",
    },
    keys=3,
)
PERIODS = Table(
    "periods",
    {
        "body": "TEXT NOT NULL",
        "month": "TEXT NOT NULL",  # Such as 2016-02.
        "position": "INTEGER NOT NULL",  # The last event that changed it.
    },
    keys=2,
)
SPENDINGS = Table(
    "spendings",
    {
        "premium": "TEXT NOT NULL",
        "spending": "TEXT NOT NULL",
        "credit": "TEXT NOT NULL",  # Empty; of a credit its id: below zero.
        "scheme": "TEXT NOT NULL",
        "scheme_year": "TEXT NOT NULL",
        "body": "TEXT NOT NULL",
        "kind": "TEXT NOT NULL",  # spent or passed-on.
        "payee": "TEXT NOT NULL",
        "purpose": "TEXT NOT NULL",
        "amount_pence": "INTEGER NOT NULL",  # As corrected; 0: it was never spent.
        "month": "TEXT NOT NULL",
        "spent_on": "TEXT NOT NULL",
        "reference": "TEXT",  # The body's own number for the payment.
        "recorded_at": "TEXT NOT NULL",
        "position": "INTEGER NOT NULL",
    },
    keys=3,
)
PAYMENTS = Table(
    "payments",
    {
        "premium": "TEXT NOT NULL",
        "disbursement": "TEXT NOT NULL",
        "scheme": "TEXT NOT NULL",
        "scheme_year": "TEXT NOT NULL",
        "body": "TEXT NOT NULL",
        "state": "TEXT NOT NULL",  # approved, paid, or returned by the bank.
        "amount_pence": "INTEGER NOT NULL",
        "approved_on": "TEXT",
        "paid_on": "TEXT",  # The value date.
        "reference": "TEXT",
        "kind": "TEXT",  # cash or allocation-adjustment.
        "recorded_at": "TEXT NOT NULL",
        "position": "INTEGER NOT NULL",
    },
    keys=2,
)
TABLES = (LEDGER, BODIES, PURPOSES, PERIODS, SPENDINGS, PAYMENTS)
INDEXES = ("CREATE INDEX spendings_by_month ON spendings (body, month)",)


def take(db: Database, events: Sequence[AnyEvent]) -> None:
    """Take events into the tables, and mark the months they change."""
    first = events[0]
    db.execute(
        f"{LEDGER.insert()} ON CONFLICT (source) DO NOTHING",
        (first.source, first.origin, first.data.position),
    )
    for event in events:
        handle = _HANDLERS.get(type(event.data.fact))
        if handle is not None:
            handle(db, event, event.data.fact)


Handler = Callable[[Database, AnyEvent, Any], None]


def _registered(db: Database, event: AnyEvent, fact: evidence.BodyRegistered) -> None:
    db.execute(BODIES.replace(), (fact.body, fact.name, event.data.position))


def _published(db: Database, event: AnyEvent, fact: evidence.RulebookPublished) -> None:
    for purpose in json.loads(fact.content).get("purposes", ()):
        which = (fact.scheme, fact.scheme_year, purpose["id"])
        db.execute(PURPOSES.replace(), (*which, purpose["name"], event.data.position))


def _spends(kind: str) -> Handler:
    def spent(
        db: Database,
        event: AnyEvent,
        fact: spending.SpendingRecorded | spending.PassedOn,
    ) -> None:
        _spending(db, event, kind, fact, event.data.effective_on.isoformat())

    return spent


def _spending(
    db: Database,
    event: AnyEvent,
    kind: str,
    fact: spending.SpendingRecorded
    | spending.PassedOn
    | spending.SpendingCorrected
    | spending.PassedOnCorrected,
    on: str,
) -> None:
    """Write a spending made on a day as it counts now."""
    row = (kind, fact.payee, fact.purpose, fact.amount_pence)
    dated = (on[:7], on, fact.transaction)
    _write(db, event, (fact.spending, ""), (*row, *dated))


def _write(
    db: Database,
    event: AnyEvent,
    key: tuple[str, str],
    row: tuple[str, str, str, int, str, str, str | None],
) -> None:
    """Write a spending, or a credit of it, and that its month changed."""
    premium, position = _premium(event), event.data.position
    db.execute(
        SPENDINGS.replace(),
        (
            *(premium.account, *key, premium.scheme),
            *(premium.scheme_year, premium.body, *row),
            *(event.time.isoformat(), position),
        ),
    )
    db.execute(PERIODS.replace(), (premium.body, row[4], position))


def _corrects(kind: str) -> Handler:
    def corrected(
        db: Database,
        event: AnyEvent,
        fact: spending.SpendingCorrected | spending.PassedOnCorrected,
    ) -> None:
        body, position = _premium(event).body, event.data.position
        was = fact.undone_effective_on.isoformat()
        db.execute(PERIODS.replace(), (body, was[:7], position))
        _spending(db, event, kind, fact, fact.stands_on.isoformat())
        for credit in fact.credits:
            pence = sum(piece.pence for one in credit.draws for piece in one.slices)
            on = credit.credited_on.isoformat()
            row = (kind, fact.payee, fact.purpose, -pence, on[:7], on, None)
            _write(db, event, (fact.spending, credit.credit), row)

    return corrected


def _credits(kind: str) -> Handler:
    def credited(
        db: Database,
        event: AnyEvent,
        fact: spending.SpendingCredited | spending.PassedOnCredited,
    ) -> None:
        on = event.data.effective_on.isoformat()
        row = (kind, fact.payee, fact.purpose, -fact.amount_pence, on[:7], on, None)
        _write(db, event, (fact.spending, fact.credit), row)

    return credited


def _approved(db: Database, event: AnyEvent, fact: money.DisbursementApproved) -> None:
    on = event.data.effective_on.isoformat()
    _payment(db, event, fact, {"state": "approved", "approved_on": on})


def _paid(db: Database, event: AnyEvent, fact: money.DisbursementPaid) -> None:
    paid = {
        "state": "paid",
        "paid_on": fact.value_date.isoformat(),
        "reference": fact.reference,
        "kind": fact.kind,
    }
    _payment(db, event, fact, paid)


def _returned(db: Database, event: AnyEvent, fact: money.DisbursementReturned) -> None:
    _payment(db, event, fact, {"state": "returned"})


def _payment(
    db: Database,
    event: AnyEvent,
    fact: money.DisbursementApproved
    | money.DisbursementPaid
    | money.DisbursementReturned,
    columns: Mapping[str, str],
) -> None:
    """Write what is new of a payment; what was written of it before stays."""
    premium = _premium(event)
    values = {
        "premium": premium.account,
        "disbursement": fact.disbursement,
        "scheme": premium.scheme,
        "scheme_year": premium.scheme_year,
        "body": premium.body,
        "amount_pence": fact.amount_pence,
        **columns,
        "recorded_at": event.time.isoformat(),
        "position": event.data.position,
    }
    changes = ", ".join(
        f"{column} = excluded.{column}"
        for column in (*columns, "recorded_at", "position")
    )
    db.execute(
        f"INSERT INTO payments ({', '.join(values)}) "
        f"VALUES ({', '.join('?' * len(values))}) "
        f"ON CONFLICT (premium, disbursement) DO UPDATE SET {changes}",
        tuple(values.values()),
    )


def _premium(event: AnyEvent) -> Premium:
    assert event.data.premium is not None
    return event.data.premium


_HANDLERS: dict[type, Handler] = {
    evidence.BodyRegistered: _registered,
    evidence.RulebookPublished: _published,
    spending.SpendingRecorded: _spends("spent"),
    spending.PassedOn: _spends("passed-on"),
    spending.SpendingCorrected: _corrects("spent"),
    spending.PassedOnCorrected: _corrects("passed-on"),
    spending.SpendingCredited: _credits("spent"),
    spending.PassedOnCredited: _credits("passed-on"),
    money.DisbursementApproved: _approved,
    money.DisbursementPaid: _paid,
    money.DisbursementReturned: _returned,
}
