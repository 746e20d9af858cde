"""The jobs that write files, from a real broker: their totals are the ledger's."""

import json
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
from pyarrow import dataset

from consumers import parquet
from consumers.job import Job
from consumers.kafka.sent import Sent
from consumers.kafka.source import Topics
from consumers.open_files import job as open_files
from consumers.open_files import spending
from consumers.results.results import Results
from consumers.service import keep_consuming
from ledger.service import Ledger
from projections.feed.admin import check
from projections.feed.relay.relay import Relay
from projections.feed.topics import EVENTS, Broker
from projections.views.balances import VIEW
from tests.consumers.adding import files_say, ledger_says
from tests.feed.reading import all_of
from tests.worlds.simulated import worked

pytestmark = pytest.mark.xdist_group("kafka")


def consumed(broker: Broker, job: Job, folder: Path) -> Path:
    """The files of a job that took everything in, and published as it went."""
    from threading import Event

    files = folder / job.name
    with closing(Results(str(folder / f"{job.name}.db"), job)) as results:
        group = results.group(broker.prefix)
        marks = {one.topic: one.id for one in check(broker, job.topics)}
        with (
            closing(Sent(broker)) as sent,
            closing(
                Topics(
                    broker,
                    list(marks),
                    group,
                    results.begins,
                    marks=marks,
                    sent=sent,
                )
            ) as source,
        ):
            publish = job.publish
            assert publish is not None
            keep_consuming(
                source,
                results,
                Event(),
                once=True,
                publish=lambda: print(publish(results.db, files)),
            )
    return files


def test_files_from_a_real_broker_add_up_to_the_ledger(
    broker: Broker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spending, "THRESHOLD_PENCE", 1)
    view = VIEW.plain()
    with Ledger.open(worked(tmp_path)) as ledger:
        with closing(Relay(ledger, broker)) as relay:
            relay.catch_up()
        for record in ledger.read(0, ledger.head()):
            view.apply(record)
    balances = {tuple(row[:3]): row[3] for row in view.rows()["balances"] if row[3]}

    files = consumed(broker, open_files.JOB, tmp_path)
    events = [json.loads(one.value) for one in all_of(broker, EVENTS)]
    assert files_say(files) == ledger_says(events)
    spent = sum(
        pence
        for (_, account, _), pence in balances.items()
        if account.startswith(("group:spent:", "group:passed-on:"))
    )
    said = files_say(files).items()
    assert sum(pence for what, pence in said if what[0] == "spent") == spent > 0

    table = dataset.dataset(
        consumed(broker, parquet.JOB, tmp_path), partitioning="hive"
    ).to_table()
    sums: Counter[tuple[str, ...]] = Counter()
    for row in table.select(["premium", "account", "measure", "pence"]).to_pylist():
        sums[row["premium"], row["account"], row["measure"]] += row["pence"]
    assert {which: pence for which, pence in sums.items() if pence} == balances
