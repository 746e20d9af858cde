"""`premium disburse`: money from payer to body."""

from interfaces.cli.clocks import WHOLE, History
from interfaces.cli.lists.asked import SHAPE, Shape
from interfaces.cli.options import YEAR, AnyAccount, Year
from interfaces.cli.questions import list_ as lists
from interfaces.cli.session import Session


def list_(
    account: AnyAccount = None,
    /,
    *,
    year: Year = YEAR,
    when: History = WHOLE,
    shape: Shape = SHAPE,
    session: Session,
) -> int:
    """List what was asked for and paid: how far each request is, and who did what.

    The same as `premium list payments`.

    Parameters
    ----------
    account
        Body code, such as 10C, or a whole account id; otherwise all.
    """
    return lists.list_(
        "payments", account, year=year, when=when, shape=shape, session=session
    )
