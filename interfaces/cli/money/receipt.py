"""`premium receipt`: what a body says of a payment."""

from datetime import date

from interfaces.cli import outcomes
from interfaces.cli.options import WRITE, YEAR, Write, Year
from interfaces.cli.session import Session


def confirm(
    account: str,
    receipt: str,
    /,
    *,
    received_on: date,
    year: Year = YEAR,
    write: Write = WRITE,
    session: Session,
) -> int:
    """Confirm, for the body, that a payment arrived.

    Parameters
    ----------
    account
        Body code, such as 10C, or a whole account id.
    receipt
        The id of the receipt: the one its request had.
    received_on
        The day it arrived.
    """
    data = {
        "account": year.account(account),
        "receipt": receipt,
        "received_on": received_on,
    }
    return outcomes.given(session, "confirm-receipt", data, write)


def dispute(
    account: str,
    receipt: str,
    /,
    *,
    reason: str,
    year: Year = YEAR,
    write: Write = WRITE,
    session: Session,
) -> int:
    """Deny, for the body, that a payment arrived; the money stays as recorded.

    Parameters
    ----------
    account
        Body code, such as 10C, or a whole account id.
    receipt
        The id of the receipt: the one its request had.
    reason
        Why, in words; kept beside the log.
    """
    data = {
        "account": year.account(account),
        "receipt": receipt,
        "reason": reason,
    }
    return outcomes.given(session, "dispute-receipt", data, write)
