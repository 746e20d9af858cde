"""`premium represent`: what a body says against a decision, and the answer."""

from typing import Literal

from interfaces.cli import printing as printed
from interfaces.cli.session import WRITE, YEAR, Exit, Here, Stop, Writing, Years


def make(
    account: str,
    representation: str,
    /,
    *,
    grounds: str,
    withholding: str | None = None,
    determination: int | None = None,
    year: Years = YEAR,
    write: Writing = WRITE,
    here: Here,
) -> int:
    """Speak, for the body, against a withholding or an award.

    Parameters
    ----------
    account
        Body code, such as 10C, or a whole account id.
    representation
        An id of your own for this representation, such as rep1.
    grounds
        What the body says, in words; kept beside the log.
    withholding
        The id of the withholding it speaks against; or give --determination.
    determination
        The number of the award it speaks against; or give --withholding.
    """
    if (withholding is None) == (determination is None):
        raise Stop(Exit.USAGE, "against what? give --withholding or --determination")
    data = {
        "account": year.account(account),
        "representation": representation,
        "about": "award" if withholding is None else "withholding",
        "subject": str(determination) if withholding is None else withholding,
        "grounds": grounds,
    }
    asked = here.request("make-representation", data, write)
    return printed.answered(here, (here.give(asked, write),), write)


def decide(
    account: str,
    representation: str,
    /,
    *,
    outcome: Literal["upheld", "upheld-in-part", "dismissed"],
    reason: str,
    year: Years = YEAR,
    write: Writing = WRITE,
    here: Here,
) -> int:
    """Answer a representation; what follows from it is decided by itself.

    Parameters
    ----------
    account
        Body code, such as 10C, or a whole account id.
    representation
        The id of the representation.
    outcome
        The answer.
    reason
        Why, in words; kept beside the log.
    """
    data = {
        "account": year.account(account),
        "representation": representation,
        "outcome": outcome,
        "reason": reason,
    }
    asked = here.request("decide-representation", data, write)
    return printed.answered(here, (here.give(asked, write),), write)
