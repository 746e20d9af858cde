"""`premium withhold`: keeping back part of an award by decision, and letting it go."""

from typing import Literal

from interfaces.cli import outcomes
from interfaces.cli.amounts import pence
from interfaces.cli.exits import Exit, Stop
from interfaces.cli.options import WRITE, YEAR, Write, Year
from interfaces.cli.session import Session

Ground = Literal[
    "quality-indicators",
    "financial-requirements",
    "constitution-standards",
    "serious-quality-failure",
]
"""Why something is kept back; the words of the fact."""
Basis = Literal[
    "4(1)(a)",
    "4(1)(b)",
    "4(1)(c)",
    "4(1)(d)",
    "4(1)(e)",
    "4(1)(f)",
    "4(1)(g)",
    "4(1)(h)",
    "assessment",
]
"""On what it rests; the words of the fact."""


def propose(
    account: str,
    withholding: str,
    /,
    *,
    ground: Ground,
    legal_basis: Basis,
    discretion: str,
    share: str | None = None,
    amount: str | None = None,
    year: Year = YEAR,
    write: Write = WRITE,
    session: Session,
) -> int:
    """Propose to keep back a share or an amount, otherwise all that is payable.

    Parameters
    ----------
    account
        Body code, such as 10C, or a whole account id.
    withholding
        An id of your own for this withholding, such as w1.
    ground
        Why something is kept back.
    legal_basis
        The limb of regulation 4(1) of SI 2013/474, or the assessment itself.
    discretion
        Why it is appropriate, in words; kept beside the log.
    share
        Share of the award, such as 1/4; or give --amount.
    amount
        In pounds, such as 1,234.56; or give --share.
    """
    if share is not None and amount is not None:
        raise Stop(Exit.USAGE, "give --share or --amount, not both of them")
    data = {
        "account": year.account(account),
        "withholding": withholding,
        "ground": ground,
        "legal_basis": legal_basis,
        "discretion": discretion,
        "share": share,
        "amount_pence": None if amount is None else pence(amount),
    }
    return outcomes.given(session, "propose-withholding", data, write)
