"""`premium simulate`: invented years as commands, to try the ledger on."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from interfaces.cli.exits import Exit, Misused
from interfaces.cli.outputs import output
from interfaces.cli.session import Session
from interfaces.simulation.years import MOST_GROUPS, groups_for, simulated
from ledger.wording import counted


def simulate(
    file: Annotated[str, Parameter(allow_leading_hyphen=True)] = "-",
    /,
    *,
    seed: int,
    groups: int | None = None,
    years: int = 3,
    scale: int | None = None,
    session: Session,
) -> int:
    """Write the commands of invented groups' years, as NDJSON for `premium run`.

    The same options write the same bytes, and ids follow from what each command is
    about. Nothing is recorded: give them to a ledger that was opened as simulated.

    Parameters
    ----------
    file
        File to write, or - for standard output.
    seed
        Number that everything follows from.
    groups
        Groups in each year; otherwise 211, as there were in 2013/14.
    years
        Scheme years from 2013/14; rules of later years are invented, and say so.
    scale
        As many groups as make about this many records, in place of --groups.
    """
    if groups is not None and scale is not None:
        raise Misused("give --groups or --scale: one of them, not both")
    if years < 1 or years > 20:
        raise Misused(f"--years is from 1 to 20, not {years}")
    how_many = groups if groups is not None else 211
    if scale is not None:
        how_many = groups_for(scale, years)
    if not 1 <= how_many <= MOST_GROUPS:
        raise Misused(
            f"{counted(how_many, 'group')}: there can be from 1 to {MOST_GROUPS:,}; "
            "change --groups, or --scale and --years"
        )
    lines = simulated(seed, how_many, years)
    with output(session, None if file == "-" else Path(file)) as target:
        target.writelines(lines)
    return Exit.OK
