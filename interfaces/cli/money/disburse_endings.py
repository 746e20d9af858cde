"""`premium disburse withdraw|expire|return`, `premium receipt`: how payments end."""

from datetime import date

from interfaces.cli import printing as printed
from interfaces.cli.session import WRITE, YEAR, Here, Writing, Years


def withdraw(
    account: str,
    disbursement: str,
    /,
    *,
    reason: str,
    year: Years = YEAR,
    write: Writing = WRITE,
    here: Here,
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
    asked = here.request("withdraw-disbursement", data, write)
    return printed.answered(here, (here.give(asked, write),), write)


def expire(
    account: str,
    disbursement: str,
    /,
    *,
    year: Years = YEAR,
    write: Writing = WRITE,
    here: Here,
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
    asked = here.request("expire-disbursement", data, write)
    return printed.answered(here, (here.give(asked, write),), write)


def return_(
    account: str,
    disbursement: str,
    /,
    *,
    reason: str,
    year: Years = YEAR,
    write: Writing = WRITE,
    here: Here,
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
    asked = here.request("return-disbursement", data, write)
    return printed.answered(here, (here.give(asked, write),), write)


def confirm(
    account: str,
    receipt: str,
    /,
    *,
    received_on: date,
    year: Years = YEAR,
    write: Writing = WRITE,
    here: Here,
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
    asked = here.request("confirm-receipt", data, write)
    return printed.answered(here, (here.give(asked, write),), write)


def dispute(
    account: str,
    receipt: str,
    /,
    *,
    reason: str,
    year: Years = YEAR,
    write: Writing = WRITE,
    here: Here,
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
    asked = here.request("dispute-receipt", data, write)
    return printed.answered(here, (here.give(asked, write),), write)
