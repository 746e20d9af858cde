"""Where a ledger lies: a file, or the address of a database."""

import os
import re
from pathlib import Path

from ledger.store.contract import Store, Unavailable
from ledger.store.sqlite.store import SQLiteStore

ADDRESSES = ("postgresql://", "postgres://")
"""How the address of a database begins."""
_HOST = r"(\[[^][@/?#\s]*\]|[^][@/?#:,\s]*)(:\d*)?"
_ADDRESS = re.compile(
    r"postgres(ql)?://"
    r"([^@/?#\s]*@)?"  # User and password.
    rf"{_HOST}(,{_HOST})*"
    r"(/[^@/?#]*)?"  # Database.
    r"(\?[^@?#]*)?"
)
_MEANT = re.compile(r"(?is)\s*\w+:/|.*://|.*:.*@|.*\bpassword\s*=")
"""What somebody writes who means an address, and no path of a file."""


def place_of(text: str) -> str | Path:
    """The address or the file that a text names.

    Raises:
        Unavailable: If it is neither. It may hold a password, so it is not repeated.
    """
    if _ADDRESS.fullmatch(text) and not re.search("%(?![0-9a-fA-F]{2})", text):
        return text
    if not _MEANT.match(text) or os.path.exists(text):
        return Path(text)
    raise Unavailable(
        "the address of the database cannot be read (it is not shown: a password may "
        "be in it): write postgresql://USER@HOST/DATABASE, and in user and password "
        "%40 for @, %2F for /, %3A for :, %3F for ?, %23 for #, %25 for %"
    )


def store_at(place: str | Path, *, create: bool = False) -> Store:
    """Open the store of a ledger.

    Args:
        create: Make the file if it is not there; nothing is made in a database, which
            `premium migrate` prepares.

    Raises:
        Unavailable: If it is not there, not a ledger, of another schema, or held for
            long by another process. The text says what to do.
    """
    place = place_of(place) if isinstance(place, str) else place
    if isinstance(place, Path):
        return SQLiteStore(place, create=create)
    try:
        # psycopg belongs to the extra `postgres`.
        from ledger.store.postgres.store import PostgresStore  # noqa: PLC0415
    except ImportError as reason:
        raise Unavailable(
            f"a PostgreSQL ledger needs psycopg ({reason}): install "
            "premium-ledger[postgres]"
        ) from reason
    return PostgresStore(place)
