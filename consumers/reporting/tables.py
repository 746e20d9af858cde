"""The tables of the reporting database; docs/reporting.md says more of each column.

Amounts are whole pence, and dates are text as 2015-11-16, which sorts.
"""

from projections.views.view import Table

BODIES = Table(
    "bodies",
    {
        "body": "TEXT NOT NULL",
        "kind": "TEXT",  # group, practice or provider; null if only its end is known.
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
CLOSES = Table(
    "closes",
    {
        "through": "TEXT NOT NULL",  # The last day that is closed.
        "position": "INTEGER NOT NULL",
    },
    keys=1,
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
        "kept_back_pence": "INTEGER NOT NULL",  # As it is now.
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
        "credited_pence": "INTEGER NOT NULL",  # Of it, what came back.
        "spent_on": "TEXT NOT NULL",
        "reference": "TEXT",  # The body's own number for the payment.
        "corrections": "INTEGER NOT NULL",
        "corrected_on": "TEXT",  # Since when the last of them counts.
        "position": "INTEGER NOT NULL",
    },
    keys=2,
)
