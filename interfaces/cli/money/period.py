"""`premium period`: the books are closed."""

from datetime import date

from interfaces.cli import outcomes
from interfaces.cli.options import WRITE, Write
from interfaces.cli.session import Session


def close(
    through: date,
    /,
    *,
    write: Write = WRITE,
    session: Session,
) -> int:
    """Close the books through a day; what comes later for it is marked as such.

    Parameters
    ----------
    through
        The last day that is closed, such as 2015-03-31.
    """
    return outcomes.given(session, "close-period", {"through": through}, write)
