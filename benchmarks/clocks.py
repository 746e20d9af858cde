"""Two clocks and provenance: what a question about any past day costs."""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from random import Random
from time import perf_counter_ns, thread_time_ns
from typing import Any, NamedTuple

from benchmarks.harness import (
    Effort,
    Found,
    Row,
    Subject,
    at_rank,
    milliseconds,
    times,
)
from benchmarks.ledgers import MEASURES, payable
from ledger import events
from ledger.events import (
    AccountId,
    BodyCode,
    Commitment,
    Draw,
    Fact,
    PartyId,
    RecordId,
    Slice,
)
from ledger.recorded import (
    Meta,
    Recorded,
    account_id,
    account_stream,
    stream_of,
)
from ledger.service import Ledger
from ledger.store.mapper import encode, encode_meta
from ledger.store.rows import EventRow
from ledger.store.sqlite import SQLiteStore
from projections import balances, clocks, clocks_totals
from projections.clocks import Clocks
from projections.follow import Views
from projections.named import InTables
from projections.places import FilePlace
from projections.provenance import backwards
from projections.tables import Database
from projections.uses import forwards

GROUPS, EACH = 211, 316
"""Groups of a scheme year, and records of an account: 200,000 are three years."""

FIRST = date(2014, 4, 1)
DAYS = 1_000
BODY_NS, ALL_NS, NATION_NS, TRACE_NS = 1_000_000, 20_000_000, 20_000_000, 5_000_000
RATIO_BAR = 130
"""Hundredths: at most so much longer in the larger ledger."""


def slices(number: int) -> tuple[Slice, ...]:
    """A few pounds of each measure."""
    return tuple(Slice(measure=one, pence=100 + number % 900) for one in MEASURES)


def facts(account: AccountId) -> Iterator[Fact]:
    """An account's records without end: opened, awarded, then paid and spent."""
    opened, proposed, confirmed = payable(account.rpartition("/")[2])
    for one in (opened, proposed, confirmed):
        fact: Any = one
        yield replace(fact, account=account)
    number = 0
    while True:
        number += 1
        pieces = slices(number)
        pence = sum(piece.pence for piece in pieces)
        of: Any = {"account": account, "amount_pence": pence}
        yield events.DisbursementRequested(
            **of, disbursement=f"d{number}", slices=pieces
        )
        yield events.DisbursementPaid(
            **of,
            disbursement=f"d{number}",
            receipt=f"r{number}",
            kind="cash",
            reference=f"{account} {number}",
            value_date=FIRST,
            slices=pieces,
        )
        for spending in range(2):
            drawn = pieces[spending : spending + 1]
            yield events.SpendingRecorded(
                **of | {"amount_pence": drawn[0].pence},
                spending=f"s{number}-{spending}",
                payee=PartyId(f"payee-{number % 9}"),
                payee_name=None,
                purpose="ab"[spending],
                service=Commitment("0" * 64),
                draws=(Draw(receipt=f"r{number}", slices=drawn),),
            )


@lru_cache(maxsize=DAYS * 2)
def meta(day: date) -> Meta:
    """The meta of every record of a day."""
    return Meta(
        recorded_at=datetime(2014, 10, 1, 9, tzinfo=UTC),
        effective_on=day,
        actor=PartyId("ana"),
        role="analyst",
        command_id="seed",
        request_hash="0" * 64,
        correlation_id="seed",
    )


def records(how_many: int) -> Iterator[Recorded]:
    """So many records, going round accounts of as many schemes and years as needed."""
    random = Random(20140401)
    accounts = [
        account_id(f"scheme-{year // 3}", f"20{13 + year % 3}-{14 + year % 3}", f"{n}")
        for year in range(max(1, round(how_many / EACH / GROUPS)))
        for n in range(GROUPS)
    ]
    sources = [facts(one) for one in accounts]
    versions: Counter[str] = Counter()
    for position in range(1, how_many + 1):
        at = position % len(accounts)
        fact = next(sources[at])
        stream = account_stream(accounts[at])
        versions[stream] += 1
        # Most count about when they are recorded, some up to a year before or after.
        late = random.randrange(-360, 361) if random.random() * 10 < 1 else 0
        day = FIRST + timedelta(days=position * DAYS // how_many + late)
        yield Recorded(
            position=position,
            stream=stream,
            version=versions[stream],
            meta=meta(day),
            fact=fact,
        )


def filled(path: Path, how_many: int) -> FilePlace:
    """Balances and clocks of so many records, without the log and the other views."""
    place = FilePlace(path, indexed=False)
    batch: list[Recorded] = []

    def take() -> None:
        with place.writing() as db:
            for view in (balances.VIEW, clocks.VIEW):
                view.take(db, batch)
        batch.clear()

    for one in records(how_many):
        batch.append(one)
        if len(batch) == 2_000:
            take()
    if batch:
        take()
    with place.writing() as db:
        db.execute(clocks.VIEW.indexes[0])
    return place


class Took(NamedTuple):
    """Nanoseconds of each question: by the clock, and of the processor alone."""

    elapsed: list[int]
    worked: list[int]

    def rows(self, says: str, bar: int) -> Iterator[Row]:
        """The 95th of a hundred, both ways."""
        p95 = at_rank(self.elapsed, 95)
        most = f"under {milliseconds(bar)}"
        yield Row(f"{says}, p95", milliseconds(p95), bar=most, met=p95 < bar)
        own = milliseconds(at_rank(self.worked, 95))
        yield Row(f"{says}, p95, processor time alone", own)


def took(asked: int, ask: Callable[[], object]) -> Took:
    """Ask so many questions; as many before them are not counted."""
    found = Took([], [])
    for number in range(2 * asked):
        began, rested = perf_counter_ns(), thread_time_ns()
        ask()
        if number >= asked:
            found.elapsed.append(perf_counter_ns() - began)
            found.worked.append(thread_time_ns() - rested)
    return found


def asked(db: Database, how_many: int, effort: Effort) -> dict[str, Took]:
    """What each question takes of a ledger of a size, at random clocks."""
    random = Random(how_many)
    premiums = [
        str(row[0])
        for row in db.execute("SELECT DISTINCT premium FROM balances").fetchall()
    ]
    years = [row[:2] for row in clocks_totals.totals(db, how_many, clocks.EVER)]

    def at() -> Clocks:
        day = FIRST + timedelta(days=random.randrange(-200, DAYS + 200))
        return Clocks(random.randrange(how_many + 1), day)

    def nation() -> object:
        then = at()
        year = random.choice(years)[1]
        return clocks_totals.totals(db, then.known, then.day, year)

    return {
        "body": took(
            effort.lone * 4,
            lambda: clocks.balances(db, at(), random.choice(premiums)),
        ),
        "all": took(effort.rounds, lambda: balances.standing(db)),
        "nation": took(effort.lone, nation),
    }


# Provenance ---------------------------------------------------------------------------


def traced(path: Path) -> Ledger:
    """A ledger of one account: assessed on results, awarded, paid and spent."""
    account = account_id("quality-premium", "2013-14", "X00")
    results: list[Fact] = [
        events.ResultRecorded(
            measure=one,
            subject=BodyCode("X00"),
            period="2013-04-01..2014-03-31",
            value=Fraction(1),
            unit="percent",
        )
        for one in MEASURES
    ]
    judged = [
        events.IndicatorAssessed(
            account=account,
            measure=one,
            earned=Fraction(1),
            evidence=(RecordId(f"{stream_of(result)}@1"),),
            clauses=(),
            rulebook=RecordId("rulebook/quality-premium/2013-14@1"),
            rulebook_hash="0" * 64,
            engine="invented",
        )
        for one, result in zip(MEASURES, results, strict=True)
    ]
    own = facts(account)
    opened, proposed, confirmed = (next(own) for _ in range(3))
    first = [opened, *judged]
    cited: Any = proposed
    cited = replace(
        cited,
        assessments=tuple(
            RecordId(f"{account_stream(account)}@{n + 2}") for n in range(len(judged))
        ),
    )
    named: Any = confirmed
    proposal = RecordId(f"{account_stream(account)}@{len(first) + 1}")
    told = [*results, *first, cited, replace(named, proposal=proposal)]
    told += [next(own) for _ in range(EACH - len(first) - 2)]
    versions: Counter[str] = Counter()
    rows = []
    for position, fact in enumerate(told, start=1):
        stream = stream_of(fact)
        versions[stream] += 1
        state = encode(fact, encode_meta(meta(FIRST)))
        rows.append(EventRow(position, stream, versions[stream], fact.TOPIC, state))
    store = SQLiteStore(path, create=True)
    with store.writing() as writing:
        writing.append(rows)
    return Ledger(store)


def traces(path: Path, effort: Effort) -> tuple[Took, Took]:
    """What it takes backwards from random spendings, and forwards from measures."""
    random = Random(7)
    account = account_id("quality-premium", "2013-14", "X00")
    with (
        closing(traced(path)) as source,
        closing(Views.beside(source, path)) as views,
    ):
        views.follow()
        names = InTables(views.db, views.position)
        spent = [
            one.id
            for one in source.stream(account_stream(account))
            if isinstance(one.fact, events.SpendingRecorded)
        ]

        def back() -> object:
            found = source.record(random.choice(spent))
            assert found is not None
            return backwards(source, names, found)

        return took(effort.lone, back), took(
            effort.lone, lambda: forwards(names, account, random.choice(MEASURES))
        )


def run(folder: Path, effort: Effort) -> Found:
    """Measure all of it."""
    sizes = [effort.lone * 800]
    if os.environ.get("BENCH_MILLION"):
        sizes.append(sizes[0] * 10)
    rows: list[Row] = []
    middles: list[int] = []
    for size in sizes:
        with closing(filled(folder / f"{size}.db", size)) as place:
            found = asked(place.db, size, effort)
        middles.append(at_rank(found["body"].worked, 95))
        for name, says, bar in (
            ("body", "balance of one body at two random clocks", BODY_NS),
            ("all", "all balances now", ALL_NS),
            ("nation", "totals of a scheme year at two random clocks", NATION_NS),
        ):
            rows += found[name].rows(f"{size:,} records: {says}", bar)
    if len(middles) > 1:
        ratio = middles[1] * 100 // middles[0]
        says = "one body, the larger ledger beside the smaller, processor time"
        most = f"at most {times(RATIO_BAR)}"
        rows.append(Row(says, times(ratio), bar=most, met=ratio <= RATIO_BAR))
    for way, spent in zip(
        ("back from a spending", "forwards from a measure"),
        traces(folder / "traced.db", effort),
        strict=True,
    ):
        rows += spent.rows(f"trace {way}, {EACH} records, warm", TRACE_NS)
    return Found(rows, LIMITS)


LIMITS = """\
- **One body** is a scan of its rows, up to the position: it grows with the records of
  the account, not with those of the ledger. The larger ledger has more accounts.
- **Totals** read one cell a line from each block, and add up a rest of fewer than 4,096
  records; the rest is most of it.
- **All balances** are one row an account, here 15,000 of them, for each of 633 bodies
  paid 18 payees; the bar is missed, and most of the time is making as many answers.
- **The machine was shared** with other work: the processor's own time is set beside.
- **A trace** reads the account's whole stream, whose decoded records are kept.
- `BENCH_MILLION=1` measures a ledger of ten times as many records too.
"""

SUBJECT = Subject(
    name="clocks",
    title="Two clocks and provenance",
    about="""\
Balances and clocks are filled with generated records of 211 groups a scheme year, of
seven slices each, one in ten effective up to a year before or after the others of its
time; the log and the other views are left out. Then questions are asked at random known
positions and effective days. Traces read a ledger in SQLite.""",
    run=run,
)
