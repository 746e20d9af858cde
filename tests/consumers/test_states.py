"""The job `states`: the last row of each key is the ledger's, whatever is doubled."""

import json
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date
from random import Random
from typing import Any

import pytest

from consumers.compacted.job import JOB, job
from consumers.loop import Message, Overtaken, run_once
from consumers.results.parked import discard, parked
from consumers.results.parked import replay as read_again
from consumers.results.results import Results
from ledger import events
from ledger.recorded import account_stream
from ledger.service import Ledger
from projections.feed.relay.relay import partition_of
from projections.feed.topics import AWARDS, BALANCES
from tests.consumers.given import Played, twice_in_another_order, years
from tests.consumers.happening import Happening, takes
from tests.consumers.standing import NAMES, Died, Stands, Topics, right
from tests.test_golden_facts import EXAMPLES
from tests.worlds.simulated import worked

GROUPS = 12  # One of each fate, so that all that can happen happens.


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> Stands:
    """What the ledger's own views say."""
    with Ledger.open(worked(tmp_path_factory.mktemp("states"), GROUPS)) as ledger:
        return right(ledger)


def taken(where: str, topics: Topics, messages: Sequence[Any], most: int = 100) -> None:
    """A process that takes messages from where the last one was, to the end."""
    with closing(Results(where, job(topics))) as results:
        source = Played(messages, results.begins, most)
        while run_once(source, results).messages:
            pass


def test_the_last_row_of_each_key_is_the_ledgers_though_each_message_comes_twice(
    where: str, expected: Stands
):
    topics = Topics()
    mixed = twice_in_another_order(years(GROUPS).messages, Random(3))
    taken(where, topics, mixed)
    assert topics.says() == expected
    stands, awards = expected
    assert len(awards) > GROUPS
    assert any(pence for pence, _ in stands.values())


@pytest.mark.parametrize("percent", [0, 50, 100])
def test_killed_while_rows_are_sent_or_before_they_are_saved_it_comes_to_the_same(
    where: str, expected: Stands, percent: int
):
    topics = Topics()
    topics.percent = percent
    messages = years(GROUPS).messages
    for deaths in range(9):
        topics.dies_in = 1 + deaths % 3
        with pytest.raises(Died):
            taken(where, topics, messages)
    taken(where, topics, messages)
    assert topics.says() == expected


def test_a_second_determination_takes_the_place_of_the_first_whatever_becomes_of_it(
    where: str,
):
    happening, topics = Happening(), Topics()
    facts = {type(fact): fact for fact in EXAMPLES}
    proposed, confirmed = facts[events.AwardProposed], facts[events.AwardConfirmed]
    assert isinstance(proposed, events.AwardProposed)
    again = replace(proposed, determination=2, total_pence=7)
    stream = account_stream(proposed.account)
    seen = []
    for fact in (proposed, confirmed, again, facts[events.AwardRefused]):
        happening.tell(stream, fact, date(2014, 10, 1))
        with closing(Results(where, job(topics))) as results:
            takes(results, happening.messages[-1:], twice=True)
        row = topics.last(AWARDS)[proposed.account]
        seen.append([row[name] for name in NAMES] + [row["position"]])
    first = [proposed.earned_pence, proposed.total_pence]
    assert seen == [
        ["proposed", 1, *first, 1],
        ["confirmed", 1, *first, 2],
        ["proposed", 2, first[0], 7, 3],
        ["refused", 2, first[0], 7, 4],
    ]
    assert len(topics.rows) == 4 + len(topics.last(BALANCES))


def test_a_batch_sends_each_balance_that_it_moved_once_and_no_other(where: str):
    topics = Topics()
    messages = list(years(GROUPS).messages)
    with closing(Results(where, job(topics))) as results:
        while messages:
            batch, messages = messages[:100], messages[100:]
            sent = len(topics.rows)
            takes(results, batch, most=100)
            keys = [one.key for one in topics.rows[sent:] if one.topic is BALANCES]
            assert sorted(keys) == sorted(moved(batch))


def moved(messages: Sequence[Message]) -> set[str]:
    """The keys of the balances that messages move."""
    data = [json.loads(one.value or b"")["data"] for one in messages]
    return {
        f"{one['premium']['account']}|{leg['account']}"
        for one in data
        for leg in one["legs"]
    }


def test_who_was_overtaken_sends_nothing(where: str):
    one, two = Topics(), Topics()
    messages = years(GROUPS).messages
    with (
        closing(Results(where, job(one))) as first,
        closing(Results(where, job(two))) as second,
    ):
        mine = Played(messages, first.begins)
        others = Played(messages, second.begins)
        run_once(mine, first)
        with pytest.raises(Overtaken):
            run_once(others, second)
    assert one.rows
    assert two.rows == []


def test_every_row_says_all_of_its_premium_and_stands_where_its_body_does(where: str):
    topics = Topics()
    taken(where, topics, years(GROUPS).messages)
    for one in topics.rows:
        row = json.loads(one.value)
        premium = f"{row['scheme']}/{row['scheme_year']}/{row['body']}"
        named = premium if one.topic is AWARDS else f"{premium}|{row['account']}"
        assert (row["premium"], one.key) == (premium, named)
        assert one.partition == partition_of(row["body"])
        assert row["origin"] == "simulated"
        assert int(row["payment_year"][:4]) == int(row["scheme_year"][:4]) + 1
        assert row["position"] > 0


def test_what_was_parked_is_sent_once_it_can_be_read(where: str, expected: Stands):
    topics = Topics()
    messages = list(years(GROUPS).messages)
    number = next(i for i, one in enumerate(messages) if i > 500 and one.key)
    copy = messages[number]._replace(value=b"{not JSON", offset=10_000)
    key = copy.waits_for
    with closing(Results(where, job(topics))) as results:
        source = Played([*messages[:number], copy, *messages[number:]], results.begins)
        while run_once(source, results).messages:
            pass
        assert topics.says() != expected
        [waiting] = parked(results.db)
        assert waiting.key == key
        discard(results, waiting.place, why="A copy.", by="operator-1")
        assert all(one.left == 0 for one in read_again(results, ()))
    assert topics.says() == expected


def test_without_topics_the_job_can_be_looked_at_and_takes_nothing(where: str):
    with closing(Results(where, JOB)) as results:
        source = Played(years(GROUPS).messages, results.begins)
        with pytest.raises(AssertionError, match="no topics to send to"):
            run_once(source, results)
