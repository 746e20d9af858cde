"""The loop of consumers: once, in order, all or nothing, and nothing passed over."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from consumers.loop import WAITS, Message, OtherLedger, Overtaken, Took, run_once
from consumers.reporting.job import JOB
from consumers.results.place import Unfit
from consumers.results.results import Results
from tests.consumers.given import Played, twice_in_another_order, years

Open = Callable[[], Results]


@pytest.fixture
def opened(where: str) -> Iterator[Open]:
    """Opens the same place again and again, as processes would."""
    all_opened: list[Results] = []

    def one() -> Results:
        all_opened.append(Results(where, JOB))
        return all_opened[-1]

    yield one
    for each in all_opened:
        each.close()


def balances(results: Results) -> dict[tuple[str, str, str], int]:
    rows = results.db.execute("SELECT premium, account, measure, pence FROM balances")
    return {tuple(row[:3]): row[3] for row in rows}


def parked(results: Results) -> list[tuple[str, str]]:
    rows = results.db.execute("SELECT key, why FROM parked ORDER BY part, place")
    return [(key, why) for key, why in rows]


def all_taken(source: Played, results: Results) -> Took:
    """Run until the end; returns all that was taken in."""
    messages = applied = parked = 0
    while (took := run_once(source, results)).messages:
        messages += took.messages
        applied += took.applied
        parked += took.parked
    return Took(messages, applied, parked)


class Died(Exception):
    """The process that had the messages is gone."""


def take(results: Results, messages: Iterable[Message], *then: Exception) -> None:
    """Take messages in, whatever their places; `then` it may die."""
    with results.transaction() as saving:
        for message in messages:
            saving.apply(message.waits_for, saving.read(message))
        for error in then:
            raise error


def test_all_balances_are_the_ledgers_to_the_penny(opened: Open):
    results = opened()
    took = all_taken(Played(years().messages, results.begins), results)
    assert took == Took(len(years().messages), len(years().messages), 0)
    assert balances(results) == years().balances


def test_each_message_twice_and_keys_in_another_order_come_to_the_same(opened: Open):
    results = opened()
    mixed = twice_in_another_order(years().messages, Random(1))
    took = all_taken(Played(mixed, results.begins), results)
    assert took.messages == len(mixed)
    assert took.applied == len(years().messages)
    assert balances(results) == years().balances


def test_whoever_dies_in_a_batch_leaves_nothing_of_it_and_the_next_has_it_all(
    opened: Open,
):
    results = opened()
    source = Played(years().messages, results.begins, most=50)
    run_once(source, results)
    before = balances(results)
    with pytest.raises(Died):
        take(results, source.poll(0).messages, Died())
    assert balances(results) == before
    again = opened()
    all_taken(Played(years().messages, again.begins), again)
    assert balances(again) == years().balances


def test_what_cannot_be_read_is_parked_and_its_key_waits_while_others_go_on(
    opened: Open,
):
    messages = list(years().messages)
    number = next(i for i, one in enumerate(messages) if i > 500 and one.key)
    key = messages[number].waits_for
    messages[number] = messages[number]._replace(value=b"{not JSON")
    behind = [one for one in messages[number + 1 :] if one.waits_for == key]
    results = opened()
    took = all_taken(Played(messages, results.begins), results)
    assert took.parked == 1 + len(behind) > 1
    first, *others = parked(results)
    assert first[0] == key
    assert first[1].startswith("the whole value: Invalid JSON")
    assert others == [(key, WAITS)] * len(behind)
    expected = {
        of: pence for of, pence in years().balances.items() if not of[0].endswith(key)
    }
    there = balances(results)
    assert {of: there[of] for of in expected} == expected


def test_two_members_never_take_the_same_messages(opened: Open):
    one, two = opened(), opened()
    first = Played(years().messages, one.begins)
    second = Played(years().messages, two.begins)
    run_once(first, one)
    with pytest.raises(Overtaken):
        run_once(second, two)
    second.go_back()
    all_taken(second, two)
    assert balances(one) == years().balances
    with pytest.raises(Overtaken):
        run_once(first, one)


def test_a_member_that_gets_its_partitions_back_knows_what_others_took(opened: Open):
    one, two = opened(), opened()
    first = Played(years().messages, one.begins)
    second = Played(years().messages, two.begins)
    for mine, member in ((first, one), (second, two)) * 3:
        mine.go_back()
        run_once(mine, member)
    first.go_back()
    all_taken(first, one)
    assert balances(one) == years().balances


def test_events_of_another_ledger_are_refused_and_nothing_is_saved(opened: Open):
    results = opened()
    source = Played(years().messages, results.begins)
    run_once(source, results)
    before = balances(results)
    foreign = [with_source(one) for one in source.poll(0).messages]
    with pytest.raises(OtherLedger, match="name another place"):
        take(results, foreign)
    assert balances(results) == before


def with_source(message: Message) -> Message:
    assert message.value is not None
    value = re.sub(rb":ledger:[a-z-]+:", b":ledger:another:", message.value)
    assert value != message.value
    return message._replace(value=value)


def test_a_message_under_a_key_that_is_not_its_own_is_parked(opened: Open):
    [message] = [
        one for one in years().messages if b"ledger-opened" in (one.value or b"")
    ]
    results = opened()
    wrong = message._replace(key=b"other")
    all_taken(Played([wrong], results.begins), results)
    assert parked(results) == [("other", "its key is 'other', and it says 'ledger'")]


def test_results_of_another_version_or_job_are_not_gone_on_with(tmp_path: Path):
    where = str(tmp_path / "r.db")
    Results(where, JOB).close()
    with pytest.raises(Unfit, match=r"version 1 of reporting made.*delete it"):
        Results(where, replace(JOB, version=2))
    with pytest.raises(Unfit, match="of other"):
        Results(where, replace(JOB, name="other"))
