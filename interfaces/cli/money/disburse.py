"""`premium disburse`: money from payer to body."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from interfaces.cli import account_state, clocks, printing
from interfaces.cli.clocks import NOW, TwoClocks
from interfaces.cli.exits import Exit
from interfaces.cli.options import YEAR, Json, Year
from interfaces.cli.session import Session
from ledger.periods import Close, closes, prior_period
from ledger.postings import COMMITTED, HELD, IN_TRANSIT, legs
from ledger.recorded import LEDGER_STREAM, account_stream, part


def list_(
    account: str | None = None,
    /,
    *,
    year: Year = YEAR,
    when: TwoClocks = NOW,
    json: Json = False,
    session: Session,
) -> int:
    """List what was asked for and paid, of one account, or of all of a scheme year.

    A request of which anything came in for a day that was closed before is marked.

    Parameters
    ----------
    account
        Body code, such as 10C, or a whole account id; otherwise all of the year.
    """
    session = clocks.at(session, when)
    if account is None:
        start = account_stream(f"{part(year.scheme_meant)}/{part(year.needed())}/")
        ids = [name.removeprefix("account/") for name in session.ledger.streams(start)]
    else:
        ids = [year.account(account)]
    closed = closes(session.ledger.stream(LEDGER_STREAM))
    found = [one for of in ids for one in _payments(session, of, when, closed)]
    if json:
        content: dict[str, Any] = {"position": session.ledger.head(), **when.as_json()}
        printing.document(session, {**content, "payments": found})
    else:
        columns = (
            "body, disbursement as request, state, reference, paid_on as paid on,"
            "committed_pence as £ committed, paid_pence as £ paid,"
            "in_transit_pence as £ in transit"
        )
        title = session.titled(f"Payments{when.heading()}")
        printing.listing(session, title, printing.with_marks(columns, found), found)
    return Exit.OK


def _payments(
    session: Session, account_id: str, when: TwoClocks, closed: tuple[Close, ...]
) -> Iterator[dict[str, Any]]:
    """Each request that was known, with its pence that count by the day asked."""
    last = when.effective or date.max
    sums: dict[tuple[str, str], int] = {}
    marks: dict[str, date] = {}
    for recorded in session.ledger.stream(account_stream(account_id)):
        name = getattr(recorded.fact, "disbursement", None)
        through = prior_period(recorded, closed) if name else None
        if through is not None:
            marks.setdefault(str(name), through)
        for leg in legs(recorded.fact, recorded.meta.effective_on) if name else ():
            if leg.effective_on <= last:
                key = (str(name), leg.account)
                sums[key] = sums.get(key, 0) + leg.pence
    for name, one in account_state.account(session, account_id).disbursements.items():
        yield {
            **printing.years(account_id),
            "disbursement": name,
            "state": one.state,
            "amount_pence": one.fact.amount_pence,
            "requested_on": one.requested_on,
            "approved_on": one.approved_on,
            "paid_on": one.paid_on,
            "reference": one.paid.reference if one.paid else None,
            "receipt": one.receipt,
            "committed_pence": sums.get((name, COMMITTED), 0),
            "in_transit_pence": sums.get((name, IN_TRANSIT), 0),
            "paid_pence": sums.get((name, IN_TRANSIT), 0) + sums.get((name, HELD), 0),
            "closed_through": marks.get(name),
        }
