"""`premium account rebase-target|correct-population`: an account's terms and heads."""

from datetime import date
from typing import Annotated

from cyclopts import Parameter

from interfaces.cli import printing as printed
from interfaces.cli.session import WRITE, YEAR, Here, Writing, Years


def rebase_target(
    account: str,
    clause: str,
    target: str,
    /,
    *,
    agreed_on: date,
    agreed_by: Annotated[tuple[str, ...], Parameter(negative="")],
    reason: str,
    year: Years = YEAR,
    write: Writing = WRITE,
    here: Here,
) -> int:
    """Set a threshold anew that was agreed with a body, also after it was used.

    What was judged on the one before stands until it is judged again.

    Parameters
    ----------
    account
        Body code, such as 10C, or a whole account id.
    clause
        The clause whose threshold was agreed, or the measure whose test was.
    target
        The new threshold: a whole number, a decimal, or a fraction such as 1/3.
    agreed_on
        The day it was agreed.
    agreed_by
        Who agreed, by id; may be repeated.
    reason
        Why, in words; kept beside the log.
    """
    data = {
        "account": year.account(account),
        "clause": clause,
        "target": target,
        "agreed_on": agreed_on,
        "agreed_by": agreed_by,
        "reason": reason,
    }
    asked = here.request("rebase-target", data, write)
    return printed.answered(here, (here.give(asked, write),), write)


def correct_population(
    account: str,
    /,
    *,
    population: str,
    as_at: date,
    reason: str,
    year: Years = YEAR,
    write: Writing = WRITE,
    here: Here,
) -> int:
    """Put an account on the population that is now recorded for its body.

    Its maximum is then another; a confirmed award stands until another is confirmed.

    Parameters
    ----------
    account
        Body code, such as 10C, or a whole account id.
    population
        Which population, such as population.registered.gp-list.
    as_at
        The day it was counted as at.
    reason
        Why, in words; kept beside the log.
    """
    data = {
        "account": year.account(account),
        "population": population,
        "as_at": as_at,
        "reason": reason,
    }
    asked = here.request("correct-population", data, write)
    return printed.answered(here, (here.give(asked, write),), write)
