"""`premium totals` and `premium disburse list`: all bodies together, and payments."""

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from typing import TYPE_CHECKING, Any

from interfaces.cli import account_state as states
from interfaces.cli import clocks
from interfaces.cli import printing as printed
from interfaces.cli.clocks import BOTH, Both
from interfaces.cli.session import YEAR, Exit, Here, Json, Session, Years

if TYPE_CHECKING:
    from projections.views.clock_totals import Total

_STEPS = (
    ("not yet decided", ("premium:potential",)),
    ("not earned", ("premium:not-earned",)),
    ("reduced", ("premium:reduced",)),
    ("withheld", ("premium:withheld",)),
    ("payable", ("premium:payable",)),
    ("committed", ("premium:committed",)),
    ("paid", ("group:", "board:returned", "premium:overpaid")),
)
"""What becomes of the maximum -> the lines that are part of it."""


def totals(
    *, year: Years = YEAR, both: Both = BOTH, json: Json = False, here: Here
) -> int:
    """Show what stands in each line of a scheme year, of all bodies together.

    The maximum is not yet decided, not earned, reduced, withheld, payable, committed
    or paid, and nothing else; what is paid is net of what came back and of debts.
    """
    from ledger.calendar import both_years, payment_year
    from ledger.money import pounds
    from projections.views.clock_totals import totals as view

    with closing(here.views()) as views, views.reading() as db:
        at = clocks.clocks(here, both, views.position)
        found = view(db, at.known, at.day, year.chosen())
    of_years: dict[tuple[str, str], list[Total]] = {}
    for one in found:
        of_years.setdefault((one.scheme, one.scheme_year), []).append(one)
    if json:
        content: dict[str, Any] = {"position": at.known, **clocks.said(both)}
        content["totals"] = [
            {
                "scheme": scheme,
                "scheme_year": of_year,
                "payment_year": payment_year(of_year),
                "lines": {one.line: one.pence for one in lines},
                "waterfall": dict(_waterfall(lines)),
            }
            for (scheme, of_year), lines in of_years.items()
        ]
        printed.document(here, content)
        return Exit.OK
    for (scheme, of_year), lines in of_years.items():
        says = f"{scheme} {both_years(of_year)}, position {at.known}"
        title = printed.titled(here, f"{says}{clocks.told(both)}")
        rows = [(one.line, pounds(one.pence)) for one in lines]
        printed.table(here, title, ("line", "£"), rows)
        steps = [(name, pounds(pence)) for name, pence in _waterfall(lines)]
        printed.table(here, "What became of it", ("of the maximum", "£"), steps)
    return Exit.OK


def _waterfall(lines: list["Total"]) -> Iterator[tuple[str, int]]:
    """The maximum, each step, and what they leave of it: nothing."""
    left = maximum = -sum(
        one.pence for one in lines if one.line.startswith("board:funding")
    )
    yield "maximum", maximum
    for name, prefixes in _STEPS:
        pence = sum(one.pence for one in lines if one.line.startswith(prefixes))
        left -= pence
        yield name, pence
    yield "difference", left


def payments(
    account: str | None = None,
    /,
    *,
    year: Years = YEAR,
    both: Both = BOTH,
    json: Json = False,
    here: Here,
) -> int:
    """List what was asked for and paid, of one account, or of all of a scheme year.

    Parameters
    ----------
    account
        Body code, such as 10C, or a whole account id; otherwise all of the year.
    """
    from ledger.money import pounds
    from ledger.recorded import account_parts, account_stream, part

    here = clocks.at(here, both)
    if account is None:
        start = account_stream(f"{part(year.scheme)}/{part(year.needed())}/")
        ids = [name.removeprefix("account/") for name in here.ledger.streams(start)]
    else:
        ids = [year.account(account)]
    found = [one for account_id in ids for one in _payments(here, account_id, both)]
    if json:
        content: dict[str, Any] = {"position": here.ledger.head(), **clocks.said(both)}
        printed.document(here, {**content, "payments": found})
        return Exit.OK
    rows = [
        (
            account_parts(one["account"])[2],
            *(one["disbursement"], one["state"], one["reference"] or ""),
            *(str(one["paid_on"] or ""), pounds(one["committed_pence"])),
            pounds(one["paid_pence"]),
        )
        for one in found
    ]
    title = printed.titled(here, f"Payments{clocks.told(both)}")
    names = ("body", "request", "state", "reference", "paid on")
    printed.table(here, title, (*names, "£ set aside", "£ paid"), rows)
    return Exit.OK


def _payments(
    here: Session, account_id: str, both: clocks.TwoClocks
) -> Iterator[dict[str, Any]]:
    """Each request that was known, with its pence that count by the day asked."""
    from ledger.postings import COMMITTED, HELD, legs
    from ledger.recorded import account_stream

    last = both.effective or date.max
    sums: dict[tuple[str, str], int] = {}
    for recorded in here.ledger.stream(account_stream(account_id)):
        name = getattr(recorded.fact, "disbursement", None)
        for leg in legs(recorded.fact, recorded.meta.effective_on) if name else ():
            if leg.effective_on <= last:
                key = (str(name), leg.account)
                sums[key] = sums.get(key, 0) + leg.pence
    for name, one in states.account(here, account_id).disbursements.items():
        yield {
            **printed.years(account_id),
            "disbursement": name,
            "state": one.state,
            "amount_pence": one.fact.amount_pence,
            "requested_on": one.requested_on,
            "approved_on": one.approved_on,
            "paid_on": one.paid_on,
            "reference": one.paid.reference if one.paid else None,
            "receipt": one.receipt,
            "committed_pence": sums.get((name, COMMITTED), 0),
            "paid_pence": sums.get((name, HELD), 0),
        }
