"""`premium represent`: what a body says against a decision, and the answer."""

from interfaces.cli import outcomes
from interfaces.cli.exits import Misused
from interfaces.cli.options import WRITE, YEAR, Account, Write, Year
from interfaces.cli.session import Session


def make(
    account: Account,
    representation: str,
    /,
    *,
    grounds: str,
    withholding: str | None = None,
    determination: int | None = None,
    year: Year = YEAR,
    write: Write = WRITE,
    session: Session,
) -> int:
    """Speak, for the body, against a withholding or an award.

    Parameters
    ----------
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
        raise Misused("against what? give --withholding or --determination")
    data = {
        "account": year.account(account),
        "representation": representation,
        "about": "award" if withholding is None else "withholding",
        "subject": str(determination) if withholding is None else withholding,
        "grounds": grounds,
    }
    return outcomes.given(session, "make-representation", data, write)
