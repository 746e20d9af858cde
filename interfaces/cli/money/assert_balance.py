"""`premium assert-balance`: what others say stood in an account."""

from datetime import date
from typing import Literal

from interfaces.cli import outcomes
from interfaces.cli.amounts import pence
from interfaces.cli.options import WRITE, YEAR, Write, Year
from interfaces.cli.session import Session


def assert_balance(
    account: str,
    of: str,
    amount: str,
    /,
    *,
    on: date,
    says: Literal["bank", "ledger"],
    year: Year = YEAR,
    write: Write = WRITE,
    session: Session,
) -> int:
    """Record what a bank or another ledger says stood in an account.

    Parameters
    ----------
    account
        Body code, such as 10C, or a whole account id.
    of
        What is asserted of, such as group:held.
    amount
        In pounds, such as 1,234.56; negative, such as -1234.56.
    on
        At the end of which day.
    says
        Who says so.
    """
    above = amount.removeprefix("-")
    data = {
        "account": year.account(account),
        "of": of,
        "on": on,
        "pence": pence(above) * (1 if above == amount else -1),
        "says": says,
    }
    return outcomes.given(session, "assert-balance", data, write)
