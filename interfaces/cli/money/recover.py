"""`premium recover`: getting back what a body has beyond its award."""

from datetime import date

from interfaces.cli import outcomes
from interfaces.cli.amounts import pence
from interfaces.cli.options import WRITE, YEAR, Write, Year
from interfaces.cli.session import Session


def order(
    account: str,
    recovery: str,
    amount: str,
    /,
    *,
    reason: str,
    due_on: date | None = None,
    year: Year = YEAR,
    write: Write = WRITE,
    session: Session,
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
    return outcomes.given(session, "order-recovery", data, write)


def receive(
    account: str,
    recovery: str,
    payment: str,
    amount: str,
    /,
    *,
    reference: str,
    year: Year = YEAR,
    write: Write = WRITE,
    session: Session,
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
    return outcomes.given(session, "receive-recovery", data, write)


def set_off(
    account: str,
    set_off: str,
    amount: str,
    /,
    *,
    against: str | None = None,
    year: Year = YEAR,
    write: Write = WRITE,
    session: Session,
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
    return outcomes.given(session, "set-off-debt", data, write)
