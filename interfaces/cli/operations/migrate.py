"""`premium migrate`: make the tables that this program needs in a database."""

from interfaces.cli import printing as printed
from interfaces.cli.session import Exit, Here, Json


def migrate(*, json: Json = False, here: Here) -> int:
    """Make the tables of a PostgreSQL ledger, or bring them to this program's form.

    Run it once for each version, as the owner of the database, before services of
    that version start. Again, or several at once, does no harm. A file has its tables
    since it was made, and is only looked at.
    """
    where = here.settings.where()
    if isinstance(where, str):
        from ledger.store.postgres.connection import shown
        from ledger.store.postgres.store import migrated

        name, done = shown(where), migrated(where)
    else:
        name, done = where.name, ()
        here.ledger.head()
    if json:
        printed.plain_document({"ledger": name, "migrations": done})
        return Exit.OK
    for migration in done:
        here.out.print(f"Ran migration {migration}", soft_wrap=True)
    says = f"{name} has the tables that this program needs"
    here.out.print(says, soft_wrap=True)
    return Exit.OK
