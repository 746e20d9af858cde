"""Compares the tables of the views with their plain forms, folded again."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping

from projections.following import position
from projections.following.position import FOLLOWING, LEAVES
from projections.verify.difference import Difference
from projections.views.every import VIEWS
from projections.views.view import Database, Plain, Row, Table


def following_differences(db: Database) -> Iterator[Difference]:
    """What is wrong with the row that says how far the views have followed."""
    wrong = position.following_wrong(db)
    if wrong is not None:
        yield Difference(what=wrong, table=FOLLOWING.name)


def table_differences(
    db: Database, taken_in: int, plain: Mapping[str, Plain]
) -> Iterator[Difference]:
    """Each row that stands in a table and must not, or must and does not.

    Args:
        taken_in: The position of the views.
        plain: View name -> its plain form, brought up to that position.
    """
    extra = db.execute(
        "SELECT MIN(position) FROM leaves WHERE position > ? OR position < 1",
        (taken_in,),
    ).fetchone()[0]
    if extra is not None:
        yield Difference(
            what=f"a leaf hash is kept of record {extra}, which is not yet taken in",
            table=LEAVES.name,
            since=extra,
        )
    for view in VIEWS:
        expected = plain[view.name].rows()
        for table in view.tables:
            try:
                yield from _rows_that_differ(db, table, expected[table.name])
            except sqlite3.DatabaseError as reason:
                yield Difference(
                    what=f"the table cannot be read: {reason}", table=table.name
                )


def _rows_that_differ(
    db: Database, table: Table, expected: Iterable[Row]
) -> Iterator[Difference]:
    missing = {row[: table.keys]: row for row in expected}
    for row in db.execute(f"SELECT * FROM {table.name} ORDER BY {table.key()}"):
        wanted = missing.pop(row[: table.keys], None)
        if wanted == row:
            continue
        since = table.position_of(row)
        if wanted is None:
            what = f"a row stands there that must not: {row}"
        else:
            since = min(since, table.position_of(wanted))
            what = f"a row is {row}, and must be {wanted}"
        yield Difference(what=what, table=table.name, since=since)
    for row in missing.values():
        yield Difference(
            what=f"a row is missing: {row}",
            table=table.name,
            since=table.position_of(row),
        )
