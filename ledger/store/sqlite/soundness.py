"""Is a SQLite file what its program made: whole, with its tables and triggers?"""

import sqlite3
from collections.abc import Sequence
from contextlib import closing

_OBJECTS = "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL"


def faults(connection: sqlite3.Connection, schema: Sequence[str]) -> tuple[str, ...]:
    """What is wrong with a file, a sentence each; empty if nothing is.

    Every page and index is read, so it takes as long as reading the whole file.

    Args:
        schema: The statements that make such a file, empty.
    """
    found: list[str] = []
    with closing(sqlite3.connect(":memory:")) as fresh:
        for statement in schema:
            fresh.execute(statement)
        wanted = _objects(fresh)
    try:
        there = _objects(connection)
        found += [
            f"the {kind} {name} is missing"
            for kind, name in wanted
            if (kind, name) not in there
        ]
        found += [
            f"the {kind} {name} was not made by this program"
            for kind, name in there
            if (kind, name) not in wanted
        ]
        found += [
            f"the {kind} {name} is not as this program made it"
            for (kind, name), sql in there.items()
            if wanted.get((kind, name), sql) != sql
        ]
        found += [
            f"the file is damaged: {says}"
            for (says,) in connection.execute("PRAGMA integrity_check")
            if says != "ok"
        ]
    except sqlite3.DatabaseError as reason:
        found.append(f"the file is damaged: {reason}")
    return tuple(found)


def _objects(connection: sqlite3.Connection) -> dict[tuple[str, str], str]:
    return {(kind, name): sql for kind, name, sql in connection.execute(_OBJECTS)}


def misshapen(connection: sqlite3.Connection, schema: Sequence[str]) -> tuple[str, ...]:
    """Rows that no program of ours writes, a sentence each table and column.

    They hold another type than their column, or a number below 1 as their place.

    Args:
        schema: The statements that make such a file, empty.
    """
    with closing(sqlite3.connect(":memory:")) as fresh:
        for statement in schema:
            fresh.execute(statement)
        columns = fresh.execute(_COLUMNS).fetchall()
    found = []
    for table, column, kind, needed, keys in columns:
        kinds = [kind.lower(), *([] if needed or keys else ["null"])]
        marks = ", ".join("?" * len(kinds))
        wrong = f"typeof({column}) NOT IN ({marks})"
        if keys and kind == "INTEGER":
            wrong += f" OR {column} < 1"
        row = connection.execute(
            f"SELECT rowid, typeof({column}) FROM {table} WHERE {wrong} LIMIT 1", kinds
        ).fetchone()
        if row is not None:
            place, there = row
            says = f"{there}, and must be {kind.lower()}"
            if there in kinds:
                says = f"{place}, and the first is 1"
            found.append(f"the {column} of row {place} of {table} is {says}")
    return tuple(found)


_COLUMNS = (
    'SELECT tables.name, columns.name, columns.type, columns."notnull", columns.pk '
    "FROM sqlite_master AS tables JOIN pragma_table_info(tables.name) AS columns "
    "WHERE tables.type = 'table' ORDER BY tables.name, columns.cid"
)
