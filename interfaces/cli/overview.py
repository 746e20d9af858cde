"""All words at a glance: what `premium --help` prints.

It is made from the table of words alone. The parser of the command line takes ten
times as long to load as this takes to print.
"""

import os
import textwrap
from collections.abc import Iterator, Mapping

from interfaces.cli.commands import GROUPS
from interfaces.environment import AS, DB, WAIT_MS

HELP = """The ledger of record for the NHS England quality premium.

An ACCOUNT is one body's premium for one scheme year: give the body's code and
--scheme-year (or --payment-year, one later), or the whole id, such as
quality-premium/2013-14/10C."""

EPILOGUE = (
    "Exit codes: 0 done, 1 a check found something, 2 not understood, "
    "3 refused by a rule, 4 conflict, 5 ledger or output not available."
)

GLOBAL_OPTIONS = {
    "--db STR": f"The ledger's file ({DB}).",
    "--as STR": f"Who acts: ROLE:PARTY[@BODY] ({AS}).",
    "--at-least INT": "Wait until the ledger knows of this position, at most "
    f"{WAIT_MS // 1000} seconds.",
}
"""Options of every word -> what each is for."""
_HELP = {
    "--help (-h)": "Show this, or behind a word what it takes.",
    "--version": "Show the version of the program.",
}
_WIDEST = 100


def overview() -> str:
    """Every word by what one wants to do, the commonest first."""
    columns = min(_columns(), _WIDEST)
    boxes = {
        heading: {word.name: word.about for word in words}
        for heading, words in GROUPS.items()
    }
    boxes |= {"Options": GLOBAL_OPTIONS | _HELP}
    left = max(len(name) for box in boxes.values() for name in box)
    parts = ["Usage: premium COMMAND [OPTIONS]", HELP]
    for heading, box in boxes.items():
        parts.append("\n".join([heading, *_lines(box, left, columns)]))
    parts.append(textwrap.fill(EPILOGUE, columns))
    return "\n\n".join(parts)


def _lines(box: Mapping[str, str], left: int, columns: int) -> Iterator[str]:
    for name, about in box.items():
        yield textwrap.fill(
            about,
            columns,
            initial_indent=f"  {name:<{left}}  ",
            subsequent_indent=" " * (left + 4),
        )


def _columns() -> int:
    """The width of the terminal; elsewhere what COLUMNS says, or 80."""
    try:
        return os.get_terminal_size().columns
    except OSError:
        said = os.environ.get("COLUMNS", "")
        return int(said) if said.isdecimal() and int(said) > 40 else 80
