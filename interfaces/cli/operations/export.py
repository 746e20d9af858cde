"""`premium export`: the journal and the whole log, for other programs."""

from contextlib import closing
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from interfaces.cli import clocks, outputs, printing
from interfaces.cli.clocks import NOW, TwoClocks
from interfaces.cli.exits import Exit, Misused
from interfaces.cli.options import Json
from interfaces.cli.progress import progress_bar
from interfaces.cli.session import Session
from ledger.store.archive import write
from ledger.wording import counted
from projections.formats.beancount import beancount
from projections.formats.plaintext import plaintext
from projections.verify import expected
from projections.views.clocks import known_entries
from projections.views.journal import entries, without_slices


def journal(
    *,
    format: Literal["beancount", "ledger", "hledger"] = "beancount",  # noqa: A002
    output: Path | None = None,
    slices: Annotated[bool, Parameter(negative="--no-slices")] = True,
    when: TwoClocks = NOW,
    session: Session,
) -> int:
    """Write the whole journal for a double-entry program, in exact pounds.

    Parameters
    ----------
    format
        Whose format.
    slices
        A posting for each measure's pence; with --no-slices one an account.
    output
        File to write; otherwise standard output.
    """
    opened = session.ledger.opened()
    name = getattr(opened, "name", None) or "Premium ledger"
    with closing(session.views()) as views, views.reading() as db:
        at = clocks.clocks(session, when, views.position)
        write = beancount if format == "beancount" else plaintext
        known = known_entries(entries(db), at)
        kept = known if slices else without_slices(known)
        text = write(kept, title=name, simulated=session.simulated)
        with outputs.output(session, output) as file:
            file.writelines(f"{line}\n".encode() for line in text)
    if output is None:
        return Exit.OK
    session.say(session.titled(f"Journal written to {output}"))
    return Exit.OK


def log(*, output: Path | None = None, json: Json = False, session: Session) -> int:
    """Write the whole ledger as lines of JSON that can be read without this program.

    Records, commands, texts and names; docs/format.md says what each line is. Keep the
    digest that it prints where nobody who can write the ledger can: `verify --expect`
    holds the ledger beside it.

    Parameters
    ----------
    output
        File to write, which must not be there yet; otherwise standard output.
    """
    if output is None and json:
        raise Misused("--json says what was written: give --output as well")
    lines = 0
    with (
        session.ledger.reading() as reading,
        progress_bar(session, "Exporting") as progress,
        outputs.output(session, output, new=True, private=True) as file,
    ):
        head = reading.head().position
        digest = expected.digest(session.ledger, head)
        for line in write.write(reading, progress):
            file.write(line)
            lines += 1
    if output is None:
        return Exit.OK
    content = {"position": digest.position, "file": output.name, "lines": lines}
    content |= {"digest": str(digest)}
    says = f"Exported {counted(lines, 'line')} to {output}\nDigest {digest}"
    printing.done(session, json, says, content)
    return Exit.OK


def reporting(*, to: str, json: Json = False, session: Session) -> int:
    """Write the reporting database from the ledger itself; no broker is needed.

    It holds the tables that `consume reporting` keeps behind the topics, and goes on
    where it was when it is called again. docs/reporting.md says what is in them.

    Parameters
    ----------
    to
        A file that is made where it is missing; or the address of a PostgreSQL
        database, in which the schema `reporting` is made.
    """
    from interfaces.cli.operations.reporting import brought_up  # noqa: PLC0415

    taken, position, name = brought_up(session, to)
    content = {"position": position, "events": taken, "to": name}
    new = counted(taken, "new event")
    says = f"{name} holds all up to position {position:,}: {new}"
    printing.done(session, json, says, content)
    return Exit.OK
