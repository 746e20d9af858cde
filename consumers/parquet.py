"""The job `parquet`: every posting, one file a scheme year, for tools of analysts.

A scheme year's file is written again, whole, when it is behind: a reader of the folder
finds each posting once, at any moment and after any crash. Part files beside each other
would cost less to add to; but few would stay few only by merging them, and then a
reader between two steps counts double. docs/open-files.md says what it costs.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from consumers.job import Job
from consumers.open_files.naming import slug
from consumers.results.folder import LEDGER, About, about, publishing
from projections.feed.events.message import AnyEvent
from projections.views.view import Database, Table

if TYPE_CHECKING:
    import pyarrow as pa

NAME, VERSION = "parquet", 1
ROWS = 65_536
"""Postings a row group, and as Python's values at once (from PostgreSQL, a year's)."""

REACHED = Table(
    "reached",
    {
        "scheme_year": "TEXT NOT NULL",
        "body": "TEXT NOT NULL",
        "position": "INTEGER NOT NULL",  # The last that posted for it.
    },
    keys=2,
)
POSTINGS = Table(
    "postings",
    {
        "scheme_year": "TEXT NOT NULL",
        "position": "INTEGER NOT NULL",
        "leg": "INTEGER NOT NULL",  # From 1, within its event.
        "premium": "TEXT NOT NULL",
        "scheme": "TEXT NOT NULL",
        "payment_year": "TEXT NOT NULL",
        "body": "TEXT NOT NULL",
        "account": "TEXT NOT NULL",
        "measure": "TEXT NOT NULL",
        "pence": "INTEGER NOT NULL",
        "effective_on": "TEXT NOT NULL",
        "recorded_at": "TEXT NOT NULL",
        "event": "TEXT NOT NULL",  # Its type.
    },
    keys=3,
)


def take(db: Database, events: Sequence[AnyEvent]) -> None:
    """Take postings into the table, and mark the scheme years they change."""
    first = events[0]
    db.execute(
        f"{LEDGER.insert()} ON CONFLICT (source) DO NOTHING",
        (first.source, first.origin, first.data.position),
    )
    rows: list[tuple[Any, ...]] = []
    reached: dict[tuple[str, str], int] = {}
    for event in events:
        data = event.data
        if data.premium is None or not data.legs:
            continue
        it, at = data.premium, event.time.isoformat()
        reached[it.scheme_year, it.body] = data.position
        for number, leg in enumerate(data.legs, start=1):
            rows.append(
                (
                    *(it.scheme_year, data.position, number, it.account, it.scheme),
                    *(it.payment_year, it.body, leg.account, leg.measure, leg.pence),
                    *(leg.effective_on.isoformat(), at, event.type),
                )
            )
    db.executemany(POSTINGS.insert(), rows)
    db.executemany(REACHED.replace(), [(*key, at) for key, at in reached.items()])


def publish(db: Database, folder: Path) -> Sequence[Path]:
    """Write the scheme years that are behind, and return the files.

    Raises:
        Unfit: If the folder holds other files, or cannot be written.
    """
    ledger = about(db)
    if ledger is None:
        return ()
    with publishing(folder, f"{NAME} {VERSION}", ledger) as files:
        # What is read behind the revisions may only be newer.
        revisions = db.execute(
            "SELECT scheme_year, SUM(position) FROM reached "
            "GROUP BY scheme_year ORDER BY scheme_year"
        ).fetchall()
        for scheme_year, position in revisions:
            revision = (int(position), 0)
            if files.is_behind(scheme_year, revision):
                to = files.beside(path_of(ledger, scheme_year))
                _write(to, ledger, _postings(db, scheme_year))
                files.reached(scheme_year, revision)
    return files.written


def path_of(ledger: About, scheme_year: str) -> str:
    """Where a scheme year's postings lie in the folder."""
    return f"scheme_year={slug(scheme_year)}/{ledger.mark}postings.parquet"


def schema(ledger: About) -> "pa.Schema":
    """The columns of a file; the scheme year is in the name of its folder."""
    import pyarrow as pa  # noqa: PLC0415 (an extra)

    word = pa.dictionary(pa.int32(), pa.string())
    columns = {
        "position": pa.int64(),
        "leg": pa.int32(),
        "premium": word,
        "scheme": word,
        "payment_year": word,
        "body": word,
        "account": word,
        "measure": word,
        "pence": pa.int64(),
        "effective_on": pa.date32(),
        "recorded_at": pa.timestamp("ms", tz="UTC"),
        "event": word,
        "origin": word,
    }
    fields = [pa.field(name, kind, nullable=False) for name, kind in columns.items()]
    metadata = {"origin": ledger.origin, "source": ledger.source, "made_by": NAME}
    if ledger.mark:
        metadata["warning"] = "SIMULATED: every body and every figure is invented"
    return pa.schema(fields, metadata=metadata)


_COLUMNS = tuple(list(POSTINGS.columns)[1:])


def _postings(db: Database, scheme_year: str) -> Iterable[Sequence[Any]]:
    return db.execute(
        f"SELECT {', '.join(_COLUMNS)} FROM postings WHERE scheme_year = ? "
        "ORDER BY position, leg",
        (scheme_year,),
    )


def _write(to: Path, ledger: About, rows: Iterable[Sequence[Any]]) -> None:
    """Write one file, a row group at a time."""
    import pyarrow as pa  # noqa: PLC0415 (an extra)
    from pyarrow import parquet as pq  # noqa: PLC0415 (an extra)

    kind = schema(ledger)
    with pq.ParquetWriter(to, kind, compression="zstd") as writer:
        for part in _parts(rows):
            columns: dict[str, list[Any]] = dict(
                zip(_COLUMNS, map(list, zip(*part, strict=True)), strict=True)
            )
            columns["effective_on"] = [
                *map(date.fromisoformat, columns["effective_on"])
            ]
            columns["recorded_at"] = [
                *map(datetime.fromisoformat, columns["recorded_at"])
            ]
            columns["origin"] = [ledger.origin] * len(part)
            writer.write_table(pa.Table.from_pydict(columns, schema=kind))


def _parts(rows: Iterable[Sequence[Any]]) -> Iterator[list[Sequence[Any]]]:
    left = iter(rows)
    while part := list(islice(left, ROWS)):
        yield part


JOB = Job(
    name=NAME,
    about="every posting as Parquet, one file a scheme year, in a folder",
    version=VERSION,
    tables=(LEDGER, REACHED, POSTINGS),
    take=take,
    publish=publish,
)
