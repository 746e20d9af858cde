"""`premium init`: a ledger begins, real or simulated."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from interfaces.cli import outcomes
from interfaces.cli.exits import Exit, Stop
from interfaces.cli.options import WRITE, Write
from interfaces.cli.session import Session
from ledger.service import Ledger


def init(
    *,
    name: str,
    origin: Literal["real", "simulated"],
    write: Write = WRITE,
    session: Session,
) -> int:
    """Begin a ledger: real or simulated, as a whole and for good.

    Parameters
    ----------
    name
        What the ledger is called.
    origin
        Whether what it records is real or simulated.
    """
    where = session.settings.where()
    request = outcomes.request(
        session, "open-ledger", {"name": name, "origin": origin}, write
    )
    if isinstance(where, str):  # What is in a database, `premium migrate` makes.
        return outcomes.answer(session, request, write)
    path = where
    if not path.parent.is_dir():
        raise Stop(
            Exit.UNAVAILABLE, f"the folder {path.parent} does not exist: make it first"
        )
    if path.exists():
        return outcomes.answer(session, request, write)
    # Asked on a ledger that is thrown away, so that a refusal leaves no file behind.
    with TemporaryDirectory() as folder:
        trial = Ledger.open(Path(folder) / "trial.db", create=True)
        outcome = trial.rehearse((request,))[0]
        trial.close()
        if not write.dry_run and not outcomes.refusal_of(outcome):
            session.create(path)
            outcome = outcomes.give(session, request, write)
        else:
            session.create(Path(folder) / "trial.db")
        return outcomes.answered(session, (outcome,), write)
