"""`premium disburse`: money from payer to body."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Literal

from interfaces.cli import account_state, clocks, outcomes, printing
from interfaces.cli.amounts import pence
from interfaces.cli.clocks import NOW, TwoClocks
from interfaces.cli.exits import Exit
from interfaces.cli.options import WRITE, YEAR, Json, Write, Year
from interfaces.cli.session import Session
from ledger.money import pounds
from ledger.postings import COMMITTED, HELD, legs
from ledger.recorded import account_parts, account_stream, part


def request(
    account: str,
    disbursement: str,
    amount: str,
    /,
    *,
    year: Year = YEAR,
    write: Write = WRITE,
    session: Session,
) -> int:
    """Ask for part of what is payable; it is set aside.

    Parameters
    ----------
    account
        Body code, such as 10C, or a whole account id.
    disbursement
        An id of your own for this request, such as d1.
    amount
        In pounds, such as 220,000.00.
    """
    data = {
        "account": year.account(account),
        "disbursement": disbursement,
        "amount_pence": pence(amount),
    }
    return outcomes.given(session, "request-disbursement", data, write)


def approve(
    account: str,
    disbursement: str,
    /,
    *,
    year: Year = YEAR,
    write: Write = WRITE,
    session: Session,
) -> int:
    """Approve what another person asked for.

    Parameters
    ----------
    account
        Body code, such as 10C, or a whole account id.
    disbursement
        The id of the request.
    """
    data = {"account": year.account(account), "disbursement": disbursement}
    return outcomes.given(session, "approve-disbursement", data, write)


def refuse(
    account: str,
    disbursement: str,
    /,
    *,
    reason: str,
    year: Year = YEAR,
    write: Write = WRITE,
    session: Session,
) -> int:
    """Refuse what another person asked for; it is payable again.

    Parameters
    ----------
    account
        Body code, such as 10C, or a whole account id.
    disbursement
        The id of the request.
    reason
        Why, in words; kept beside the log.
    """
    data = {
        "account": year.account(account),
        "disbursement": disbursement,
        "reason": reason,
    }
    return outcomes.given(session, "refuse-disbursement", data, write)


def pay(
    account: str,
    disbursement: str,
    /,
    *,
    reference: str,
    value_date: date,
    kind: Literal["allocation-adjustment", "cash"] = "allocation-adjustment",
    year: Year = YEAR,
    write: Write = WRITE,
    session: Session,
) -> int:
    """Record that an approved disbursement was paid.

    Parameters
    ----------
    account
        Body code, such as 10C, or a whole account id.
    disbursement
        The id of the request.
    reference
        Payment reference; used once in the whole ledger.
    value_date
        Day the money counts at the receiver.
    kind
        How it was paid.
    """
    data = {
        "account": year.account(account),
        "disbursement": disbursement,
        "reference": reference,
        "kind": kind,
        "value_date": value_date,
    }
    return outcomes.given(session, "pay-disbursement", data, write)


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

    Parameters
    ----------
    account
        Body code, such as 10C, or a whole account id; otherwise all of the year.
    """
    session = clocks.at(session, when)
    if account is None:
        start = account_stream(f"{part(year.scheme)}/{part(year.needed())}/")
        ids = [name.removeprefix("account/") for name in session.ledger.streams(start)]
    else:
        ids = [year.account(account)]
    found = [one for account_id in ids for one in _payments(session, account_id, when)]
    if json:
        content: dict[str, Any] = {"position": session.ledger.head(), **when.as_json()}
        printing.document(session, {**content, "payments": found})
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
    title = printing.titled(session, f"Payments{when.heading()}")
    names = ("body", "request", "state", "reference", "paid on")
    printing.table(session, title, (*names, "£ set aside", "£ paid"), rows)
    return Exit.OK


def _payments(
    session: Session, account_id: str, when: TwoClocks
) -> Iterator[dict[str, Any]]:
    """Each request that was known, with its pence that count by the day asked."""
    last = when.effective or date.max
    sums: dict[tuple[str, str], int] = {}
    for recorded in session.ledger.stream(account_stream(account_id)):
        name = getattr(recorded.fact, "disbursement", None)
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
            "paid_pence": sums.get((name, HELD), 0),
        }


def withdraw(
    account: str,
    disbursement: str,
    /,
    *,
    reason: str,
    year: Year = YEAR,
    write: Write = WRITE,
    session: Session,
) -> int:
    """Take back, for the body, a request that is not paid; it is payable again.

    Parameters
    ----------
    account
        Body code, such as 10C, or a whole account id.
    disbursement
        The id of the request.
    reason
        Why, in words; kept beside the log.
    """
    data = {
        "account": year.account(account),
        "disbursement": disbursement,
        "reason": reason,
    }
    return outcomes.given(session, "withdraw-disbursement", data, write)


def expire(
    account: str,
    disbursement: str,
    /,
    *,
    year: Year = YEAR,
    write: Write = WRITE,
    session: Session,
) -> int:
    """End a request that was not paid in time; it is payable again.

    Parameters
    ----------
    account
        Body code, such as 10C, or a whole account id.
    disbursement
        The id of the request.
    """
    data = {
        "account": year.account(account),
        "disbursement": disbursement,
    }
    return outcomes.given(session, "expire-disbursement", data, write)


def return_(
    account: str,
    disbursement: str,
    /,
    *,
    reason: str,
    year: Year = YEAR,
    write: Write = WRITE,
    session: Session,
) -> int:
    """Record that a payment came back from the bank; it is payable again.

    Parameters
    ----------
    account
        Body code, such as 10C, or a whole account id.
    disbursement
        The id of the request.
    reason
        Why, in words; kept beside the log.
    """
    data = {
        "account": year.account(account),
        "disbursement": disbursement,
        "reason": reason,
    }
    return outcomes.given(session, "return-disbursement", data, write)
