"""The tables of a PostgreSQL ledger: made by migrations, checked when opened.

A migration is a numbered file of SQL that is never changed once it was released.
`migrate` runs those that are missing, in order, in one transaction; services only
check that none is missing, and make nothing.
"""

import hashlib
import re
from collections.abc import Sequence
from importlib.resources import files
from typing import NamedTuple

import psycopg

from ledger.store.contract import EARLIER, Unavailable

_LOCK = 8101812486475932014
"""Of migrations; the log's own lock is one lower."""

APP = "premium_app"
"""The role whose members are services."""

TABLES = ("events", "commands", "texts", "parties")
_TRIGGERS = tuple(
    (table, name)
    for table in sorted(TABLES)
    for name in ("added_by_append_alone", "never_changed")
)


_EARLIER = "ac93c077cbd6b93625e7208e7f46043c0869175120d3e7e799923acf5321ce10"
"""SHA-256 of the first migration of ledgers from before the limits."""


class Migration(NamedTuple):
    """One file of SQL."""

    number: int  # From 1, without gaps.
    name: str
    sql: str

    @property
    def sha256(self) -> str:
        """Of its text, in hexadecimal."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


def migrations() -> tuple[Migration, ...]:
    """The program's own, in order."""
    found = []
    for file in files("ledger.store.postgres").joinpath("migrations").iterdir():
        match = re.fullmatch(r"(\d{4})_(\w+)\.sql", file.name)
        if match is not None:
            text = file.read_text(encoding="utf-8")
            found.append(Migration(int(match[1]), match[2], text))
    return tuple(sorted(found))


def migrate(
    connection: psycopg.Connection, wanted: Sequence[Migration] | None = None
) -> tuple[Migration, ...]:
    """Run the migrations that are missing; several callers at once do it once.

    Args:
        connection: Of the user who will own the tables and may make roles.
        wanted: All that there are; the program's own where left out.

    Returns:
        Those that were run, in order; none of them if it raises.

    Raises:
        Unavailable: If a later program migrated it, or a migration was changed.
    """
    wanted = migrations() if wanted is None else wanted
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
        connection.execute("CREATE SCHEMA IF NOT EXISTS ledger")
        connection.execute(
            "CREATE TABLE IF NOT EXISTS ledger.migrations (number bigint PRIMARY KEY,"
            " name text NOT NULL, sha256 text NOT NULL,"
            " run_at timestamptz NOT NULL DEFAULT now())"
        )
        done = _done(connection)
        _compare(done, wanted, connection.info.dbname)
        missing = tuple(wanted[len(done) :])
        for one in missing:
            connection.execute(one.sql.encode())
            connection.execute(
                "INSERT INTO ledger.migrations VALUES (%s, %s, %s)",
                (one.number, one.name, one.sha256),
            )
    return missing


def check(connection: psycopg.Connection, name: str) -> None:
    """Check that the database is a ledger of this program's form.

    Raises:
        Unavailable: If not; the text says what to do.
    """
    [(there,)] = connection.execute(
        "SELECT to_regclass('ledger.migrations') IS NOT NULL"
    )
    done = _done(connection) if there else []
    wanted = migrations()
    _compare(done, wanted, name)
    if len(done) < len(wanted):
        says = f"is at migration {len(done)}" if done else "holds no ledger"
        raise Unavailable(
            f"{name} {says}, and this program needs {len(wanted)}: run premium migrate"
        )


def _done(connection: psycopg.Connection) -> list[tuple[int, str, str]]:
    return connection.execute(
        "SELECT number, name, sha256 FROM ledger.migrations ORDER BY number"
    ).fetchall()


def _compare(
    done: Sequence[tuple[int, str, str]], wanted: Sequence[Migration], name: str
) -> None:
    if len(done) > len(wanted):
        raise Unavailable(
            f"{name} is at migration {done[-1][0]} and this program knows "
            f"{len(wanted)}: use the program that migrated it, or a later one"
        )
    for there, ours in zip(done, wanted, strict=False):
        if there[2] == _EARLIER:
            raise Unavailable(f"{name} {EARLIER}")
        if there != (ours.number, ours.name, ours.sha256):
            raise Unavailable(
                f"{name}: migration {there[0]} ({there[1]}) was another one than this "
                "program's: use the program that migrated it"
            )


def misshapen(connection: psycopg.Connection) -> tuple[str, ...]:
    """Rows below the first place, a sentence a table; types the database keeps."""
    places = (("events", "position"), ("commands", "number"))
    found = (
        (
            table,
            column,
            connection.execute(
                f"SELECT {column} FROM ledger.{table} WHERE {column} < 1 LIMIT 1"
            ).fetchone(),
        )
        for table, column in places
    )
    return tuple(
        f"the {column} of row {row[0]} of {table} is {row[0]}, and the first is 1"
        for table, column, row in found
        if row is not None
    )


def faults(connection: psycopg.Connection) -> tuple[str, ...]:
    """What is wrong with the tables, a sentence each; empty if nothing is."""
    found = []
    try:
        check(connection, connection.info.dbname)
    except Unavailable as reason:
        found.append(str(reason))
    there = set(
        connection.execute(
            "SELECT relname, tgname FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid"
            " WHERE relnamespace = 'ledger'::regnamespace AND tgenabled = 'A'"
        ).fetchall()
    )
    found += [
        f"the trigger {name} of {table} is missing or off"
        for table, name in _TRIGGERS
        if (table, name) not in there
    ]
    rights = connection.execute(
        "SELECT t, r FROM unnest(%s::text[]) AS t, unnest(%s::text[]) AS r"
        " WHERE has_table_privilege(%s, 'ledger.' || t, r)"
        " AND NOT (r = 'DELETE' AND t IN ('texts', 'parties')) ORDER BY 1, 2",
        (list(TABLES), ["INSERT", "UPDATE", "DELETE", "TRUNCATE"], APP),
    )
    found += [f"{APP} may {right} on {table}" for table, right in rights]
    unsound = connection.execute(
        "SELECT relname FROM pg_index JOIN pg_class c ON c.oid = indexrelid"
        " WHERE relnamespace = 'ledger'::regnamespace"
        " AND NOT (indisvalid AND indisready)"
    )
    found += [f"the index {name} is not whole" for (name,) in unsound]
    return tuple(found)
