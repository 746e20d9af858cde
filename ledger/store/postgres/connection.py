"""Connections to PostgreSQL, and what to do where they fail."""

from typing import Any

import psycopg
from psycopg import errors
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from ledger.store.contract import Unavailable

_CONNECTION = {
    "application_name": "premium",
    "connect_timeout": 10,  # Seconds, as the next three.
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,  # Milliseconds.
}
_ALL = {"TimeZone": "UTC", "client_encoding": "UTF8"}


def connect(address: str, settings: dict[str, Any]) -> psycopg.Connection:
    """A connection that begins no transaction by itself.

    Raises:
        psycopg.Error: If the server cannot be reached, or lets nobody in.
    """
    given: dict[str, Any] = {**_CONNECTION, **conninfo_to_dict(address)}
    connection = psycopg.connect(make_conninfo("", **given), autocommit=True)
    try:
        set_all(connection, {**_ALL, **settings})
    except psycopg.Error:
        connection.close()
        raise
    return connection


def set_all(connection: psycopg.Connection, settings: dict[str, Any]) -> None:
    """Set parameters of a session."""
    calls = ", ".join(["set_config(%s, %s, false)"] * len(settings))
    given = [str(part) for setting in settings.items() for part in setting]
    connection.execute(f"SELECT {calls}", given)


def shown(address: str) -> str:
    """An address as it may be printed: its host and database, no user or password."""
    try:
        given = conninfo_to_dict(address)
    except psycopg.ProgrammingError:  # Its words may hold a part of the password.
        raise Unavailable(
            "the address of the database cannot be read: write "
            "postgresql://USER@HOST/DATABASE, with options that libpq knows"
        ) from None
    host = str(given.get("host") or "localhost")
    return f"postgresql://{host}/{given.get('dbname') or ''}"


def said(error: psycopg.Error) -> str:
    """What the server or the connection said, on one line."""
    return " ".join((error.diag.message_primary or str(error)).split())


_REMEDIES: tuple[tuple[type[psycopg.Error], str], ...] = (
    (errors.LockNotAvailable, "another process is writing for long: try again"),
    (
        errors.IdleInTransactionSessionTimeout,
        "this process was silent while it held the log's lock: ask again",
    ),
    (errors.QueryCanceled, "the server was too slow: look at its load, and ask again"),
    (errors.InvalidSchemaName, "run premium migrate"),
    (errors.UndefinedTable, "run premium migrate"),
    (errors.UndefinedFunction, "run premium migrate"),
    (errors.InsufficientPrivilege, "let its owner grant premium_app to this user"),
    (errors.ReadOnlySqlTransaction, "it is a standby: name the primary"),
    (errors.DiskFull, "make room on the disk of its server"),
    (
        psycopg.OperationalError,
        "look whether the server runs and can be reached, and ask again",
    ),
)


_LET_IN = (
    ("database", "does not exist", "make the database, then run premium migrate"),
    ("role", "does not exist", "look at the user and the password"),
    ("", "password", "look at the user and the password"),
    ("", "pg_hba.conf", "let the server's pg_hba.conf let this user in from here"),
    ("", "too many clients", "raise max_connections, or run fewer services"),
)
"""What a server says before it lets anybody in has no code, only words."""


def remedy(error: psycopg.Error) -> str:
    """What to do about an error of the database."""
    if error.sqlstate is None:
        fatal = str(error).rpartition("FATAL:")[2]
        for about, what, says in _LET_IN:
            if about in fatal and what in fatal:
                return says
    for form, says in _REMEDIES:
        if isinstance(error, form):
            return says
    return "look at the server's log, and check the ledger with premium verify"
