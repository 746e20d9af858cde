"""Where a consumer's results lie: an SQLite file, or a schema of PostgreSQL."""

import sqlite3
from contextlib import suppress
from functools import cache

from consumers.job import Job
from consumers.results.tables import TABLES
from ledger.store.contract import Unavailable
from ledger.store.place import place_of
from projections.following.place import Place
from projections.following.sqlite import SqliteDatabase


class Unfit(Unavailable):
    """The place of the results cannot be used; the message says what to do."""


def open_place(where: str, job: Job) -> Place:
    """The place of a job's results; a schema bears the job's name.

    Raises:
        Unavailable: If it cannot be used.
    """
    place = place_of(where)
    if isinstance(place, str):
        return _schema(place, job)
    try:
        return SqliteDatabase(place)
    except sqlite3.Error as reason:
        raise Unfit(f"{where} cannot be used ({reason}): name another file") from None


@cache
def data_errors() -> tuple[type[Exception], ...]:
    """Errors about what was to be kept: tried again, they would come again."""
    found: tuple[type[Exception], ...] = (
        ArithmeticError,
        LookupError,
        TypeError,
        ValueError,
        sqlite3.DataError,
        sqlite3.IntegrityError,
        sqlite3.ProgrammingError,
    )
    with suppress(ImportError):  # It belongs to the extra `postgres`.
        import psycopg  # noqa: PLC0415

        too_large = psycopg.errors.ProgramLimitExceeded
        found += (psycopg.DataError, psycopg.IntegrityError, too_large)
    return found


def _schema(address: str, job: Job) -> Place:
    import psycopg  # noqa: PLC0415 (an extra)

    from ledger.store.postgres.connection import remedy, said, shown  # noqa: PLC0415 (an extra)
    from projections.following.postgres import PostgresDatabase  # noqa: PLC0415 (an extra)

    schema = job.name.replace("-", "_")
    try:
        return PostgresDatabase(address, schema, (*TABLES, *job.tables))
    except psycopg.Error as reason:
        name = f"{shown(address)}, schema {schema}"
        raise Unfit(f"{name}: {said(reason)}; {remedy(reason)}") from reason
