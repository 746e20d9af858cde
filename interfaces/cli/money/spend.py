"""`premium spend correct|pass-on`, `premium result correct`: what was set right."""

from datetime import date
from typing import Annotated

from cyclopts import Parameter

from interfaces.cli import printing as printed
from interfaces.cli.money.disburse import pence
from interfaces.cli.questions.impact import key_and_subject
from interfaces.cli.session import WRITE, YEAR, Here, Writing, Years


def spend(
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
    year: Years = YEAR,
    write: Writing = WRITE,
    here: Here,
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
    asked = here.request("correct-spending", data, write)
    return printed.answered(here, (here.give(asked, write),), write)


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
    year: Years = YEAR,
    write: Writing = WRITE,
    here: Here,
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
    asked = here.request("pass-on", data, write)
    return printed.answered(here, (here.give(asked, write),), write)


def result(
    result: str,
    /,
    *,
    value: str,
    reason: str,
    numerator: str | None = None,
    denominator: str | None = None,
    unit: str | None = None,
    published_on: date | None = None,
    decide: Annotated[bool, Parameter(negative="")] = False,
    write: Writing = WRITE,
    here: Here,
) -> int:
    """Record that a result is another than was recorded.

    What rests on it stands until it is judged again; premium impact shows who moves.
    With --decide it is judged again, and awards calculated again, in the same commit:
    of every body that the result counts for, or of none.

    Parameters
    ----------
    result
        The result: measure/subject/period, its stream, or one of its records.
    value
        What it is: a whole number, a decimal, or an exact fraction such as 1/3.
    reason
        Why, in words; kept beside the log.
    numerator
        Of which it is the quotient, if published.
    denominator
        By which the numerator is divided, if published.
    unit
        Unit of the value; otherwise that of what was recorded.
    published_on
        The day the correction was published.
    decide
        Also judge again all that was judged on it, and calculate those awards again.
    """
    from ledger.recorded import result_stream

    (measure, period), subject = key_and_subject(result)
    stream = here.ledger.stream(result_stream(measure, subject, period))
    recorded = stream[-1].fact if stream else None
    data = {
        "measure": measure,
        "subject": subject,
        "period": period,
        "value": value,
        "unit": unit or getattr(recorded, "unit", "not-recorded"),
        "numerator": numerator,
        "denominator": denominator,
        "published_on": published_on,
        "reason": reason,
    }
    asked = here.request("correct-result", data, write)
    if decide:
        from interfaces.cli.evidence.result_decide import decide as decide_again

        return decide_again(here, asked, (measure, period), subject, write)
    return printed.answered(here, (here.give(asked, write),), write)
