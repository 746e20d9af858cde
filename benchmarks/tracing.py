"""What traces cost in an account of many records: back to results, and forwards."""

from collections import Counter
from contextlib import closing
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.asking import Took, took
from benchmarks.harness import Effort
from ledger import events
from ledger.events import BodyCode, Fact, RecordId
from ledger.recorded import account_id, account_stream, stream_of
from ledger.service import Ledger
from ledger.store.mapper import encode, encode_meta
from ledger.store.rows import EventRow
from ledger.store.sqlite.store import SQLiteStore
from projections.following.views import Views
from projections.questions.provenance import backwards
from projections.questions.uses import forwards
from projections.views.names import NamesFromTables
from tests.worlds.generated import EACH, FIRST, facts, meta
from tests.worlds.payable import MEASURES


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
        names = NamesFromTables(views.db, views.position)
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
