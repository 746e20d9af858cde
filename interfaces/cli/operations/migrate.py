"""`premium migrate`: make the tables that this program needs in a database."""

from interfaces.cli import printing
from interfaces.cli.exits import Exit
from interfaces.cli.options import Json
from interfaces.cli.session import Session


def migrate(*, json: Json = False, session: Session) -> int:
    """Make the tables of a PostgreSQL ledger, or bring them to this program's form.

    Run it once for each version, as the owner of the database, before services of
    that version start. Again, or several at once, does no harm. A file has its tables
    since it was made, and is only looked at.
    """
    where = session.settings.where()
    if isinstance(where, str):
        from ledger.store.postgres.connection import shown  # noqa: PLC0415 (an extra)
        from ledger.store.postgres.store import migrated  # noqa: PLC0415 (an extra)

        name, done = shown(where), migrated(where)
    else:
        name, done = where.name, ()
        session.ledger.head()
    if json:
        printing.plain_document({"ledger": name, "migrations": done})
        return Exit.OK
    for migration in done:
        session.say(f"Ran migration {migration}")
    says = f"{name} has the tables that this program needs"
    session.say(says)
    return Exit.OK
