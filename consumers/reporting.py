"""The reporting database: what analysts ask, in tables and views of SQL.

Everything in it follows from events alone. docs/reporting.md says what each column
holds; amounts are whole pence, and dates are text as 2015-11-16, which sorts.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from consumers.job import Job
from projections.feed import evidence, money, premiums
from projections.feed.messages import Event
from projections.tables import Database, Table

BODIES = Table(
    "bodies",
    {
        "body": "TEXT NOT NULL",
        "kind": "TEXT",  # group, practice or provider; None: only its end is known.
        "name": "TEXT",  # None for a practice: its name is not published here.
        "region": "TEXT",
        "opened_on": "TEXT",
        "closed_on": "TEXT",
        "successor": "TEXT",
        "succeeded_on": "TEXT",
        "position": "INTEGER NOT NULL",
    },
    keys=1,
)
PREMIUMS = Table(
    "premiums",
    {
        "premium": "TEXT NOT NULL",  # scheme/scheme year/body.
        "scheme": "TEXT NOT NULL",
        "scheme_year": "TEXT NOT NULL",
        "payment_year": "TEXT NOT NULL",
        "body": "TEXT NOT NULL",
        "heads": "INTEGER NOT NULL",
        "maximum_pence": "INTEGER NOT NULL",
        "opened_on": "TEXT NOT NULL",
        "position": "INTEGER NOT NULL",
    },
    keys=1,
)
BALANCES = Table(
    "balances",
    {
        "premium": "TEXT NOT NULL",
        "account": "TEXT NOT NULL",  # Such as premium:payable.
        "measure": "TEXT NOT NULL",
        "pence": "INTEGER NOT NULL",
        "position": "INTEGER NOT NULL",
    },
    keys=3,
)
POSTINGS = Table(
    "postings",
    {
        "position": "INTEGER NOT NULL",
        "leg": "INTEGER NOT NULL",  # From 1, within its event.
        "premium": "TEXT NOT NULL",
        "account": "TEXT NOT NULL",
        "measure": "TEXT NOT NULL",
        "pence": "INTEGER NOT NULL",
        "effective_on": "TEXT NOT NULL",
        "recorded_at": "TEXT NOT NULL",
        "event": "TEXT NOT NULL",  # Its type.
    },
    keys=2,
)
AWARDS = Table(
    "awards",
    {
        "premium": "TEXT NOT NULL",
        "determination": "INTEGER NOT NULL",
        "state": "TEXT NOT NULL",  # proposed, confirmed or refused.
        "maximum_pence": "INTEGER NOT NULL",
        "earned_pence": "INTEGER NOT NULL",  # Before reductions and gates.
        "before_gates_pence": "INTEGER NOT NULL",
        "total_pence": "INTEGER NOT NULL",
        "proposed_on": "TEXT NOT NULL",
        "decided_on": "TEXT",
        "position": "INTEGER NOT NULL",
    },
    keys=2,
)
WITHHOLDINGS = Table(
    "withholdings",
    {
        "premium": "TEXT NOT NULL",
        "withholding": "TEXT NOT NULL",
        "state": "TEXT NOT NULL",  # proposed, decided, refused or released.
        "ground": "TEXT NOT NULL",
        "legal_basis": "TEXT NOT NULL",
        "kept_back_pence": "INTEGER NOT NULL",  # As it stands.
        "decided_on": "TEXT",
        "position": "INTEGER NOT NULL",
    },
    keys=2,
)
PAYMENTS = Table(
    "payments",
    {
        "premium": "TEXT NOT NULL",
        "disbursement": "TEXT NOT NULL",
        # requested, approved, refused, withdrawn, expired, cancelled, paid, returned.
        "state": "TEXT NOT NULL",
        "amount_pence": "INTEGER NOT NULL",
        "requested_on": "TEXT NOT NULL",
        "approved_on": "TEXT",
        "run": "TEXT",  # The payment run it was approved in.
        "paid_on": "TEXT",  # The value date.
        "reference": "TEXT",
        "kind": "TEXT",  # cash or allocation-adjustment.
        "receipt": "TEXT",
        "receipt_state": "TEXT",  # confirmed or disputed, once the body has spoken.
        "ended_on": "TEXT",  # When it was refused, withdrawn, expired, or came back.
        "position": "INTEGER NOT NULL",
    },
    keys=2,
)
SPENDING = Table(
    "spending",
    {
        "premium": "TEXT NOT NULL",
        "spending": "TEXT NOT NULL",
        "kind": "TEXT NOT NULL",  # spent or passed-on.
        "payee": "TEXT NOT NULL",
        "purpose": "TEXT NOT NULL",
        "amount_pence": "INTEGER NOT NULL",  # As corrected; 0: it was never spent.
        "spent_on": "TEXT NOT NULL",
        "reference": "TEXT",  # The body's own number for the payment.
        "corrections": "INTEGER NOT NULL",
        "position": "INTEGER NOT NULL",
    },
    keys=2,
)

_ADD = (
    f"{BALANCES.insert()} ON CONFLICT (premium, account, measure) DO UPDATE "
    "SET pence = balances.pence + excluded.pence, position = excluded.position"
)


def take(db: Database, events: Sequence[Event[Any]]) -> None:
    """Take events into the tables."""
    sums: defaultdict[tuple[str, str, str], list[int]] = defaultdict(lambda: [0, 0])
    postings: list[tuple[Any, ...]] = []
    for event in events:
        data = event.data
        handle = _HANDLERS.get(type(data.fact))
        if handle is not None:
            handle(db, event, data.fact)
        if data.premium is None:
            continue
        premium, at = data.premium.account, event.time.isoformat()
        for number, leg in enumerate(data.legs, start=1):
            known = sums[premium, leg.account, leg.measure]
            known[0] += leg.pence
            known[1] = data.position
            on = leg.effective_on.isoformat()
            which = (premium, leg.account, leg.measure, leg.pence, on)
            postings.append((data.position, number, *which, at, event.type))
    db.executemany(_ADD, [(*key, *said) for key, said in sums.items()])
    db.executemany(POSTINGS.insert(), postings)


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
                event.data.position,
            ),
        )

    return spent


def _corrected(db: Database, event: Event[Any], fact: money.SpendingCorrected) -> None:
    db.execute(
        "UPDATE spending SET payee = ?, purpose = ?, amount_pence = ?, spent_on = ?, "
        "reference = ?, corrections = corrections + 1, position = ? "
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


_HANDLERS: dict[type, Handler] = {
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

_STANDING = """
CREATE VIEW standing AS
SELECT premiums.scheme, premiums.scheme_year, premiums.payment_year, premiums.body,
    bodies.name, balances.premium, balances.account,
    CAST(SUM(balances.pence) AS BIGINT) AS pence,
    MAX(balances.position) AS position
FROM balances JOIN premiums USING (premium)
LEFT JOIN bodies ON bodies.body = premiums.body
GROUP BY premiums.scheme, premiums.scheme_year, premiums.payment_year, premiums.body,
    bodies.name, balances.premium, balances.account
"""
_WATERFALL = """
CREATE VIEW waterfall AS
SELECT scheme, scheme_year, payment_year, maximum_pence, potential_pence,
    not_earned_pence, reduced_pence, withheld_pence, payable_pence, committed_pence,
    paid_pence, maximum_pence - potential_pence - not_earned_pence - reduced_pence
        - withheld_pence - payable_pence - committed_pence - paid_pence
        AS difference_pence
FROM (
    SELECT scheme, scheme_year, payment_year,
        CAST(-SUM(CASE WHEN account = 'board:funding' THEN pence ELSE 0 END)
            AS BIGINT) AS maximum_pence,
        CAST(SUM(CASE WHEN account = 'premium:potential' THEN pence ELSE 0 END)
            AS BIGINT) AS potential_pence,
        CAST(SUM(CASE WHEN account = 'premium:not-earned' THEN pence ELSE 0 END)
            AS BIGINT) AS not_earned_pence,
        CAST(SUM(CASE WHEN account LIKE 'premium:reduced:%' THEN pence ELSE 0 END)
            AS BIGINT) AS reduced_pence,
        CAST(SUM(CASE WHEN account LIKE 'premium:withheld:%' THEN pence ELSE 0 END)
            AS BIGINT) AS withheld_pence,
        CAST(SUM(CASE WHEN account = 'premium:payable' THEN pence ELSE 0 END)
            AS BIGINT) AS payable_pence,
        CAST(SUM(CASE WHEN account = 'premium:committed' THEN pence ELSE 0 END)
            AS BIGINT) AS committed_pence,
        CAST(SUM(CASE WHEN account LIKE 'group:%' OR account IN
            ('premium:overpaid', 'board:returned') THEN pence ELSE 0 END)
            AS BIGINT) AS paid_pence
    FROM standing GROUP BY scheme, scheme_year, payment_year
) AS sums
"""
_UNSPENT = """
CREATE VIEW unspent AS
SELECT scheme, scheme_year, payment_year, body, name, pence AS held_pence
FROM standing WHERE account = 'group:held' AND pence <> 0
"""
_REGISTER = """
CREATE VIEW payment_register AS
SELECT premiums.scheme, premiums.scheme_year, premiums.payment_year, premiums.body,
    bodies.name, payments.disbursement, payments.state, payments.amount_pence,
    payments.paid_on, payments.reference, payments.kind, payments.run,
    payments.receipt_state
FROM payments JOIN premiums USING (premium)
LEFT JOIN bodies ON bodies.body = premiums.body
"""
_USES = """
CREATE VIEW uses AS
SELECT premiums.scheme, premiums.scheme_year, premiums.payment_year, premiums.body,
    bodies.name, spending.spending, spending.kind, spending.purpose, spending.payee,
    payees.name AS payee_name, spending.amount_pence, spending.spent_on,
    spending.reference, spending.corrections
FROM spending JOIN premiums USING (premium)
LEFT JOIN bodies ON bodies.body = premiums.body
LEFT JOIN bodies AS payees ON payees.body = spending.payee
"""

JOB = Job(
    name="reporting",
    about="a database that analysts ask: balances, awards, payments, spending",
    version=1,
    tables=(
        *(BODIES, PREMIUMS, BALANCES, POSTINGS, AWARDS, WITHHOLDINGS),
        *(PAYMENTS, SPENDING),
    ),
    take=take,
    views=(_STANDING, _WATERFALL, _UNSPENT, _REGISTER, _USES),
    indexes=(
        "CREATE INDEX postings_by_premium ON postings (premium, account)",
        "CREATE INDEX payments_by_receipt ON payments (premium, receipt)",
    ),
)
