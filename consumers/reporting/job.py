"""The job that keeps the reporting database: everything in it follows from events."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from consumers.job import Job
from consumers.reporting.changes import CHANGES
from consumers.reporting.questions import VIEWS
from consumers.reporting.tables import (
    AWARDS,
    BALANCES,
    BODIES,
    CLOSES,
    PAYMENTS,
    POSTINGS,
    PREMIUMS,
    SPENDING,
    WITHHOLDINGS,
)
from projections.feed.events.message import AnyEvent
from projections.views.view import Database

_ADD = (
    f"{BALANCES.insert()} ON CONFLICT (premium, account, measure) DO UPDATE "
    "SET pence = balances.pence + excluded.pence, position = excluded.position"
)


def take(db: Database, events: Sequence[AnyEvent]) -> None:
    """Take events into the tables."""
    sums: defaultdict[tuple[str, str, str], list[int]] = defaultdict(lambda: [0, 0])
    postings: list[tuple[Any, ...]] = []
    for event in events:
        data = event.data
        handle = CHANGES.get(type(data.fact))
        if handle is not None:
            handle(db, event)
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
    db.executemany(_ADD, [(*key, *total) for key, total in sums.items()])
    db.executemany(POSTINGS.insert(), postings)


JOB = Job(
    name="reporting",
    about="a database that analysts ask: balances, awards, payments, spending",
    version=1,
    tables=(
        *(BODIES, PREMIUMS, BALANCES, POSTINGS, AWARDS, WITHHOLDINGS),
        *(PAYMENTS, SPENDING, CLOSES),
    ),
    take=take,
    views=VIEWS,
    indexes=(
        "CREATE INDEX postings_by_premium ON postings (premium, account)",
        "CREATE INDEX payments_by_receipt ON payments (premium, receipt)",
    ),
)
