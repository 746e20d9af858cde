"""`premium disburse` and `premium spend`: money to a body, and onwards."""

import re
from datetime import date
from typing import Literal

from interfaces.cli import printing as printed
from interfaces.cli.session import WRITE, YEAR, Exit, Here, Stop, Writing, Years

_POUNDS = re.compile(
    r"£?(?P<pounds>\d{1,3}(?:,\d{3})+|\d{1,15})(?:\.(?P<pence>\d\d))?", re.ASCII
)


def pence(amount: str) -> int:
    """Pence of an amount in pounds: `220000`, `220,000.00` or `£1,234.56`."""
    match = _POUNDS.fullmatch(amount.strip())
    if match is None:
        raise Stop(
            Exit.USAGE,
            f"{amount!r} is no amount: write pounds, with two places for pence if any, "
            "such as 220000 or 1,234.56",
        )
    return int(match["pounds"].replace(",", "")) * 100 + int(match["pence"] or 0)


def request(
    account: str,
    disbursement: str,
    amount: str,
    /,
    *,
    year: Years = YEAR,
    write: Writing = WRITE,
    here: Here,
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
    asked = here.request("request-disbursement", data, write)
    return printed.answered(here, (here.give(asked, write),), write)


def approve(
    account: str,
    disbursement: str,
    /,
    *,
    year: Years = YEAR,
    write: Writing = WRITE,
    here: Here,
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
    asked = here.request("approve-disbursement", data, write)
    return printed.answered(here, (here.give(asked, write),), write)


def refuse(
    account: str,
    disbursement: str,
    /,
    *,
    reason: str,
    year: Years = YEAR,
    write: Writing = WRITE,
    here: Here,
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
    asked = here.request("refuse-disbursement", data, write)
    return printed.answered(here, (here.give(asked, write),), write)


def pay(
    account: str,
    disbursement: str,
    /,
    *,
    reference: str,
    value_date: date,
    kind: Literal["allocation-adjustment", "cash"] = "allocation-adjustment",
    year: Years = YEAR,
    write: Writing = WRITE,
    here: Here,
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
    asked = here.request("pay-disbursement", data, write)
    return printed.answered(here, (here.give(asked, write),), write)


def spend(
    account: str,
    spending: str,
    amount: str,
    /,
    *,
    payee: str,
    purpose: str,
    service: str,
    payee_name: str | None = None,
    transaction: str | None = None,
    year: Years = YEAR,
    write: Writing = WRITE,
    here: Here,
) -> int:
    """Record what a body spent of what it received.

    Parameters
    ----------
    account
        Body code, such as 10C, or a whole account id.
    spending
        An id of your own for this spending, such as s1.
    amount
        In pounds, such as 1,234.56.
    payee
        Who was paid, by id.
    purpose
        Permitted purpose of the rulebook, such as a.
    service
        What was bought, in words; kept beside the log.
    payee_name
        Name of the payee; kept beside the log.
    transaction
        The body's own number for the payment.
    """
    data = {
        "account": year.account(account),
        "spending": spending,
        "payee": payee,
        "payee_name": payee_name,
        "purpose": purpose,
        "service": service,
        "amount_pence": pence(amount),
        "transaction": transaction,
    }
    asked = here.request("record-spending", data, write)
    return printed.answered(here, (here.give(asked, write),), write)
