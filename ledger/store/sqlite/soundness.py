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
