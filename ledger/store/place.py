"""Where a ledger lies: a file, or the address of a database."""

from pathlib import Path

from ledger.store.contract import Store, Unavailable
from ledger.store.sqlite.store import SQLiteStore

ADDRESSES = ("postgresql://", "postgres://")
"""How the address of a database begins; anything else names a file."""


def store_at(place: str | Path, *, create: bool = False) -> Store:
    """Open the store of a ledger.

    Args:
        create: Make the file if it is not there; nothing is made in a database, which
            `premium migrate` prepares.

    Raises:
        Unavailable: If it is not there, not a ledger, of another schema, or held for
            long by another process. The text says what to do.
    """
    if isinstance(place, Path) or not place.startswith(ADDRESSES):
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
