"""`premium spend`: what a body spent, and passed on."""

from interfaces.cli import outcomes
from interfaces.cli.amounts import pence
from interfaces.cli.options import WRITE, YEAR, Write, Year
from interfaces.cli.session import Session


def record(
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
    year: Year = YEAR,
    write: Write = WRITE,
    session: Session,
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
    return outcomes.given(session, "record-spending", data, write)


def correct(
    account: str,
    spending: str,
    amount: str,
    /,
    *,
    payee: str,
    purpose: str,
    service: str,
    reason: str,
    payee_name: str | None = None,
    transaction: str | None = None,
    year: Year = YEAR,
    write: Write = WRITE,
    session: Session,
) -> int:
    """Record how a spending really was; an amount of 0: it never was.

    Parameters
    ----------
    account
        Body code, such as 10C, or a whole account id.
    spending
        The id of the spending.
    amount
        What it really was, in pounds, such as 1,234.56.
    payee
        Who was paid, by id.
    purpose
        Permitted purpose of the rulebook, such as a.
    service
        What was bought, in words; kept beside the log.
    reason
        Why, in words; kept beside the log.
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
        "reason": reason,
        "transaction": transaction,
    }
    return outcomes.given(session, "correct-spending", data, write)


def pass_on(
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
    year: Year = YEAR,
    write: Write = WRITE,
    session: Session,
) -> int:
    """Record what was passed on to another body, to be spent there.

    Parameters
    ----------
    account
        Body code, such as 10C, or a whole account id.
    spending
        An id of your own for this, such as s1.
    amount
        In pounds, such as 1,234.56.
    payee
        Who received it, by id.
    purpose
        Permitted purpose of the rulebook, such as a.
    service
        What for, in words; kept beside the log.
    payee_name
        Name of who received it; kept beside the log.
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
    return outcomes.given(session, "pass-on", data, write)
