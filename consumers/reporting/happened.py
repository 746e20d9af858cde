"""What each kind of event changes in the tables that have a row a thing."""

from collections.abc import Callable
from typing import Any

from consumers.reporting.tables import AWARDS, PREMIUMS, SPENDING, WITHHOLDINGS
from projections.feed.events import evidence, money, premiums
from projections.feed.events.message import Event
from projections.views.view import Database

Handler = Callable[[Database, Event[Any], Any], None]


def _registered(db: Database, event: Event[Any], fact: evidence.BodyRegistered) -> None:
    db.execute(
        "INSERT INTO bodies (body, kind, name, region, opened_on, closed_on, position) "
        "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (body) DO UPDATE SET "
        "kind = excluded.kind, name = excluded.name, region = excluded.region, "
        "opened_on = excluded.opened_on, closed_on = excluded.closed_on, "
        "position = excluded.position",
        (
            *(fact.body, fact.kind, fact.name, fact.region),
            *(_day(fact.opened_on), _day(fact.closed_on), event.data.position),
        ),
    )


def _succeeded(db: Database, event: Event[Any], fact: evidence.BodySucceeded) -> None:
    db.execute(
        "INSERT INTO bodies (body, successor, succeeded_on, position) "
        "VALUES (?, ?, ?, ?) ON CONFLICT (body) DO UPDATE SET "
        "successor = excluded.successor, succeeded_on = excluded.succeeded_on, "
        "position = excluded.position",
        (fact.body, fact.successor, _day(fact.on), event.data.position),
    )


def _opened(db: Database, event: Event[Any], fact: premiums.AccountOpened) -> None:
    premium = event.data.premium
    assert premium is not None
    db.execute(
        PREMIUMS.replace(),
        (
            *(premium.account, premium.scheme, premium.scheme_year),
            *(premium.payment_year, premium.body, fact.heads, fact.maximum_pence),
            *(_on(event), event.data.position),
        ),
    )


def _population(
    db: Database, event: Event[Any], fact: premiums.PopulationCorrected
) -> None:
    db.execute(
        "UPDATE premiums SET heads = ?, maximum_pence = ?, position = ? "
        "WHERE premium = ?",
        (fact.heads, fact.maximum_pence, event.data.position, _premium(event)),
    )


def _proposed(db: Database, event: Event[Any], fact: premiums.AwardProposed) -> None:
    db.execute(
        AWARDS.replace(),
        (
            *(_premium(event), fact.determination, "proposed", fact.maximum_pence),
            *(fact.earned_pence, fact.before_gates_pence, fact.total_pence),
            *(_on(event), None, event.data.position),
        ),
    )


def _award_is(state: str) -> Handler:
    def decided(db: Database, event: Event[Any], fact: Any) -> None:
        db.execute(
            "UPDATE awards SET state = ?, decided_on = ?, position = ? "
            "WHERE premium = ? AND determination = ?",
            (
                *(state, _on(event), event.data.position),
                *(_premium(event), fact.determination),
            ),
        )

    return decided


def _withholding(
    db: Database, event: Event[Any], fact: premiums.WithholdingProposed
) -> None:
    db.execute(
        WITHHOLDINGS.replace(),
        (
            *(_premium(event), fact.withholding, "proposed", fact.ground),
            *(fact.legal_basis, 0, None, event.data.position),
        ),
    )


def _withholding_is(state: str, change: Callable[[Any], tuple[str, int]]) -> Handler:
    """Say its state, and what is kept back: `=` so much, or `-` so much less."""

    def decided(db: Database, event: Event[Any], fact: Any) -> None:
        how, pence = change(fact)
        kept = "?" if how == "=" else "kept_back_pence - ?"
        db.execute(
            f"UPDATE withholdings SET state = ?, kept_back_pence = {kept}, "
            "decided_on = ?, position = ? WHERE premium = ? AND withholding = ?",
            (
                *(state, pence, _on(event), event.data.position),
                *(_premium(event), fact.withholding),
            ),
        )

    return decided


def _requested(
    db: Database, event: Event[Any], fact: money.DisbursementRequested
) -> None:
    db.execute(
        "INSERT INTO payments (premium, disbursement, state, amount_pence, "
        "requested_on, position) VALUES (?, ?, 'requested', ?, ?, ?)",
        (
            *(_premium(event), fact.disbursement, fact.amount_pence),
            *(_on(event), event.data.position),
        ),
    )


def _payment(db: Database, event: Event[Any], disbursement: str, **said: Any) -> None:
    """Change what is said of a payment."""
    columns = ", ".join(f"{column} = ?" for column in said)
    db.execute(
        f"UPDATE payments SET {columns}, position = ? "
        "WHERE premium = ? AND disbursement = ?",
        (*said.values(), event.data.position, _premium(event), disbursement),
    )


def _approved(
    db: Database, event: Event[Any], fact: money.DisbursementApproved
) -> None:
    said = {"state": "approved", "approved_on": _on(event), "run": fact.run}
    _payment(db, event, fact.disbursement, **said)


def _ends(state: str) -> Handler:
    def ended(db: Database, event: Event[Any], fact: Any) -> None:
        _payment(db, event, fact.disbursement, state=state, ended_on=_on(event))

    return ended


def _paid(db: Database, event: Event[Any], fact: money.DisbursementPaid) -> None:
    _payment(
        db,
        event,
        fact.disbursement,
        state="paid",
        paid_on=_day(fact.value_date),
        reference=fact.reference,
        kind=fact.kind,
        receipt=fact.receipt,
    )


def _receipt_is(state: str) -> Handler:
    def said(db: Database, event: Event[Any], fact: Any) -> None:
        db.execute(
            "UPDATE payments SET receipt_state = ?, position = ? "
            "WHERE premium = ? AND receipt = ?",
            (state, event.data.position, _premium(event), fact.receipt),
        )

    return said


def _spends(kind: str) -> Handler:
    def spent(db: Database, event: Event[Any], fact: Any) -> None:
        db.execute(
            SPENDING.replace(),
            (
                *(_premium(event), fact.spending, kind, fact.payee, fact.purpose),
                *(fact.amount_pence, _on(event), fact.transaction, 0),
                *(None, event.data.position),
            ),
        )

    return spent


def _corrected(db: Database, event: Event[Any], fact: money.SpendingCorrected) -> None:
    db.execute(
        "UPDATE spending SET payee = ?, purpose = ?, amount_pence = ?, "
        "corrected_on = ?, reference = ?, corrections = corrections + 1, position = ? "
        "WHERE premium = ? AND spending = ?",
        (
            *(fact.payee, fact.purpose, fact.amount_pence, _on(event)),
            *(fact.transaction, event.data.position),
            *(_premium(event), fact.spending),
        ),
    )


def _premium(event: Event[Any]) -> str:
    assert event.data.premium is not None
    return event.data.premium.account


def _on(event: Event[Any]) -> str:
    return event.data.effective_on.isoformat()


def _day(day: Any) -> str | None:
    return None if day is None else str(day.isoformat())


def _sum(fact: Any) -> int:
    return sum(piece.pence for piece in fact.slices)


HAPPENED: dict[type, Handler] = {
    evidence.BodyRegistered: _registered,
    evidence.BodySucceeded: _succeeded,
    premiums.AccountOpened: _opened,
    premiums.PopulationCorrected: _population,
    premiums.AwardProposed: _proposed,
    premiums.AwardConfirmed: _award_is("confirmed"),
    premiums.AwardRefused: _award_is("refused"),
    premiums.WithholdingProposed: _withholding,
    premiums.WithholdingDecided: _withholding_is(
        "decided", lambda fact: ("=", fact.amount_pence)
    ),
    premiums.WithholdingVaried: _withholding_is(
        "decided", lambda fact: ("=", fact.amount_pence)
    ),
    premiums.WithholdingForgone: _withholding_is(
        "decided", lambda fact: ("-", _sum(fact))
    ),
    premiums.WithholdingReleased: _withholding_is("released", lambda fact: ("=", 0)),
    premiums.WithholdingRefused: _withholding_is("refused", lambda fact: ("=", 0)),
    money.DisbursementRequested: _requested,
    money.DisbursementApproved: _approved,
    money.DisbursementRefused: _ends("refused"),
    money.DisbursementWithdrawn: _ends("withdrawn"),
    money.DisbursementExpired: _ends("expired"),
    money.DisbursementCancelled: _ends("cancelled"),
    money.DisbursementPaid: _paid,
    money.DisbursementReturned: _ends("returned"),
    money.ReceiptConfirmed: _receipt_is("confirmed"),
    money.ReceiptDisputed: _receipt_is("disputed"),
    money.SpendingRecorded: _spends("spent"),
    money.PassedOn: _spends("passed-on"),
    money.SpendingCorrected: _corrected,
}
