"""`premium period close` and `premium assert-balance`: the books as others see them."""

from datetime import date
from typing import Literal

from interfaces.cli import printing as printed
from interfaces.cli.money.disburse import pence
from interfaces.cli.session import WRITE, YEAR, Here, Writing, Years


def close(
    through: date,
    /,
    *,
    write: Writing = WRITE,
    here: Here,
) -> int:
    """Close the books through a day; what comes later for it is marked as such.

    Parameters
    ----------
    through
        The last day that is closed, such as 2015-03-31.
    """
    asked = here.request("close-period", {"through": through}, write)
    return printed.answered(here, (here.give(asked, write),), write)


def assert_balance(
    account: str,
    of: str,
    amount: str,
    /,
    *,
    on: date,
    says: Literal["bank", "ledger"],
    year: Years = YEAR,
    write: Writing = WRITE,
    here: Here,
) -> int:
    """Record what a bank or another ledger says stood in an account.

    Parameters
    ----------
    account
        Body code, such as 10C, or a whole account id.
    of
        What is asserted of, such as group:held.
    amount
        In pounds, such as 1,234.56; below nought, such as -1234.56.
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
    asked = here.request("assert-balance", data, write)
    return printed.answered(here, (here.give(asked, write),), write)
