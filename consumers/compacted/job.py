"""The job `states`: the latest balances and awards, as rows on compacted topics.

Its tables add up what the events say, and each row that a batch changes is sent before
the batch is saved. Killed between the two, the batch comes again and so do its rows:
the last one of a key counts, and it is the right one. The offsets are compared before
that (consumers/results/results.py), so a member that was overtaken sends nothing.

A row may be followed by an older one of its key, until the batches that come again are
through: then, where the tables are made again, and where a broker still takes a row of
a process that has given up. Readers know it by the position in each row.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NoReturn, Protocol

from consumers.job import Job
from consumers.kafka.sending import Sending
from projections.feed.events.message import AnyEvent
from projections.feed.events.premiums import AwardConfirmed, AwardProposed, AwardRefused
from projections.feed.events.rows import CONTENT_TYPE, Award, Balance, Row
from projections.feed.topics import Broker
from projections.views.view import Database, Table

BALANCES = Table(
    "balances",
    {
        "premium": "TEXT NOT NULL",
        "account": "TEXT NOT NULL",
        "pence": "INTEGER NOT NULL",
        "position": "INTEGER NOT NULL",
    },
    keys=2,
)
AWARDS = Table(
    "awards",
    {
        "premium": "TEXT NOT NULL",
        "determination": "INTEGER NOT NULL",  # The latest one.
        "state": "TEXT NOT NULL",  # proposed, confirmed or refused.
        "maximum_pence": "INTEGER NOT NULL",
        "earned_pence": "INTEGER NOT NULL",
        "total_pence": "INTEGER NOT NULL",
        "position": "INTEGER NOT NULL",
    },
    keys=1,
)

_ADD = (
    f"{BALANCES.insert()} ON CONFLICT (premium, account) DO UPDATE "
    "SET pence = balances.pence + excluded.pence, position = excluded.position"
)

Touched = Mapping[str, set[str]]
"""Premium -> those of its accounts that a batch moved."""


class Sender(Protocol):
    """Where rows go."""

    def put(self, rows: Sequence[Row]) -> None:
        """Send rows in their order and wait until all are kept.

        Raises:
            KafkaError: Where that is not known; some of them may be there.
        """
        ...


class Rows:
    """Rows to the topics of a broker.

    Raises:
        KafkaError: Here and in every call: end the process and start another.
    """

    def __init__(self, broker: Broker, wait_s: int = 30) -> None:
        self._sending = Sending(broker, wait_s)

    def put(self, rows: Sequence[Row]) -> None:
        """Send rows in their order and wait until the brokers have all of them."""
        headers = [("content-type", CONTENT_TYPE)]
        try:
            for one in rows:
                key = one.key.encode()
                self._sending.send(one.topic, key, one.value, headers, one.partition)
        finally:
            self._sending.flush()  # Nothing may go out once another has taken over.

    def close(self) -> None:
        """Let go of the broker."""
        self._sending.close()


def _not_bound(*given: object) -> NoReturn:
    raise AssertionError("the job has no topics to send to: take it from `job`")


JOB = Job(
    name="states",
    about="the latest balances and awards, as rows on compacted topics",
    version=1,
    tables=(BALANCES, AWARDS),
    take=_not_bound,
)
"""What the job is before it can send: enough to look at what it parked."""


def job(sender: Sender) -> Job:
    """The job that sends rows."""

    def take(db: Database, events: Sequence[AnyEvent]) -> None:
        """Take events into the tables, and send the rows that they change.

        Raises:
            KafkaError: Nothing is saved, and the whole batch comes again.
        """
        last = {one.data.premium.account: one for one in events if one.data.premium}
        moved, decided = _moved(db, events), _decided(db, events)
        sender.put(
            [
                *(one.row() for one in _balances(db, last, moved)),
                *(one.row() for one in _awards(db, last, decided)),
            ]
        )

    return replace(JOB, take=take)


def _moved(db: Database, events: Sequence[AnyEvent]) -> Touched:
    """Add up legs, and return the accounts that they moved."""
    sums: defaultdict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    moved: defaultdict[str, set[str]] = defaultdict(set)
    for event in events:
        if event.data.premium is None:
            continue
        premium = event.data.premium.account
        for leg in event.data.legs:
            known = sums[premium, leg.account]
            known[0] += leg.pence
            known[1] = event.data.position
            moved[premium].add(leg.account)
    db.executemany(_ADD, [(*key, *total) for key, total in sums.items()])
    return moved


def _decided(db: Database, events: Sequence[AnyEvent]) -> list[str]:
    """Take in what became of awards, and return whose they are."""
    decided: dict[str, None] = {}  # In order.
    for event in events:
        data, fact = event.data, event.data.fact
        if data.premium is None:
            continue
        premium = data.premium.account
        if isinstance(fact, AwardProposed):
            row = (premium, fact.determination, "proposed", fact.maximum_pence)
            more = (fact.earned_pence, fact.total_pence, data.position)
            db.execute(AWARDS.replace(), (*row, *more))
        elif isinstance(fact, AwardConfirmed | AwardRefused):
            state = "confirmed" if isinstance(fact, AwardConfirmed) else "refused"
            db.execute(
                "UPDATE awards SET state = ?, position = ? "
                "WHERE premium = ? AND determination = ?",
                (state, data.position, premium, fact.determination),
            )
        else:
            continue
        decided[premium] = None
    return list(decided)


def _balances(
    db: Database, last: Mapping[str, AnyEvent], moved: Touched
) -> Iterator[Balance]:
    for premium, accounts in moved.items():
        found = db.execute(
            "SELECT account, pence, position FROM balances WHERE premium = ? "
            "ORDER BY account",
            (premium,),
        )
        about = _about(last[premium])
        for account, pence, position in found:
            if account in accounts:
                yield Balance(**about, account=account, pence=pence, position=position)


def _awards(
    db: Database, last: Mapping[str, AnyEvent], decided: Sequence[str]
) -> Iterator[Award]:
    for premium in decided:
        [row] = db.execute("SELECT * FROM awards WHERE premium = ?", (premium,))
        columns = dict(zip(AWARDS.columns, row, strict=True))
        yield Award(**_about(last[premium]) | columns)


def _about(event: AnyEvent) -> dict[str, Any]:
    """What a row says of its premium, whatever it is a row of."""
    premium = event.data.premium
    assert premium is not None
    return {
        "premium": premium.account,
        "scheme": premium.scheme,
        "scheme_year": premium.scheme_year,
        "payment_year": premium.payment_year,
        "body": premium.body,
        "origin": event.origin,
    }
