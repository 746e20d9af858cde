"""`premium recover`: getting back what a body has beyond its award."""

from interfaces.cli import outcomes
from interfaces.cli.amounts import pence
from interfaces.cli.options import WRITE, YEAR, Write, Year
from interfaces.cli.session import Session


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
