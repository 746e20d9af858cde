"""`premium unspent`: what a body did not spend, and what of it was handed back."""

from datetime import date

from interfaces.cli import outcomes
from interfaces.cli.amounts import pence
from interfaces.cli.options import WRITE, YEAR, Write, Year
from interfaces.cli.session import Session


def declare(
    account: str,
    amount: str,
    /,
    *,
    on: date,
    year: Year = YEAR,
    write: Write = WRITE,
    session: Session,
) -> int:
    """Say, for the body, what was unspent at the end of a day; it moves no money.

    Whether it agrees with what the ledger holds is a finding, and no refusal.

    Parameters
    ----------
    account
        Body code, such as 10C, or a whole account id.
    amount
        In pounds, such as 1,234.56; 0 where all was spent.
    on
        At the end of which day, such as 2016-03-31.
    """
    data = {
        "account": year.account(account),
        "on": on,
        "amount_pence": pence(amount),
    }
    return outcomes.given(session, "declare-unspent", data, write)


def lapse(
    account: str,
    lapse: str,
    amount: str,
    /,
    *,
    year: Year = YEAR,
    write: Write = WRITE,
    session: Session,
) -> int:
    """Record that what was not spent in time was handed back to the payer.

    Parameters
    ----------
    account
        Body code, such as 10C, or a whole account id.
    lapse
        An id of your own for this handing back, such as l1.
    amount
        In pounds, such as 1,234.56.
    """
    data = {
        "account": year.account(account),
        "lapse": lapse,
        "amount_pence": pence(amount),
    }
    return outcomes.given(session, "lapse", data, write)
