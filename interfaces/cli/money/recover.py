"""`premium recover`: getting back what a body has beyond its award."""

from datetime import date

from interfaces.cli import printing as printed
from interfaces.cli.money.disburse import pence
from interfaces.cli.session import WRITE, YEAR, Here, Writing, Year, Years


def order(
    account: str,
    recovery: str,
    amount: str,
    /,
    *,
    reason: str,
    due_on: date | None = None,
    year: Years = YEAR,
    write: Writing = WRITE,
    here: Here,
) -> int:
    """Tell a body to pay back part or all of its debt.

    Parameters
    ----------
    account
        Body code, such as 10C, or a whole account id.
    recovery
        An id of your own for this recovery, such as r1.
    amount
        In pounds, such as 1,234.56.
    reason
        Why, in words; kept beside the log.
    due_on
        The day by which it is to be paid.
    """
    data = {
        "account": year.account(account),
        "recovery": recovery,
        "amount_pence": pence(amount),
        "reason": reason,
        "due_on": due_on,
    }
    asked = here.request("order-recovery", data, write)
    return printed.answered(here, (here.give(asked, write),), write)


def receive(
    account: str,
    recovery: str,
    payment: str,
    amount: str,
    /,
    *,
    reference: str,
    year: Years = YEAR,
    write: Writing = WRITE,
    here: Here,
) -> int:
    """Record that a body paid back in cash.

    Parameters
    ----------
    account
        Body code, such as 10C, or a whole account id.
    recovery
        The id of the recovery.
    payment
        An id of your own for this payment, such as p1.
    amount
        In pounds, such as 1,234.56.
    reference
        Payment reference.
    """
    data = {
        "account": year.account(account),
        "recovery": recovery,
        "payment": payment,
        "reference": reference,
        "amount_pence": pence(amount),
    }
    asked = here.request("receive-recovery", data, write)
    return printed.answered(here, (here.give(asked, write),), write)


def set_off(
    account: str,
    set_off: str,
    amount: str,
    /,
    *,
    against: str | None = None,
    year: Years = YEAR,
    write: Writing = WRITE,
    here: Here,
) -> int:
    """Settle a debt with what is payable to the same body, of any scheme year.

    Parameters
    ----------
    account
        Whose debt it is: body code, such as 10C, or a whole account id.
    set_off
        An id of your own for this set-off, such as so1.
    amount
        In pounds, such as 1,234.56.
    against
        Whole id of the account whose payable pays; otherwise the same one.
    """
    debtor = year.account(account)
    data = {
        "account": debtor,
        "set_off": set_off,
        "against": debtor if against is None else Year().account(against),
        "amount_pence": pence(amount),
    }
    asked = here.request("set-off-debt", data, write)
    return printed.answered(here, (here.give(asked, write),), write)
