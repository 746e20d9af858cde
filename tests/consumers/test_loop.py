"""The loop of consumers: once, in order, all or nothing, and nothing passed over."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from random import Random
from shutil import copyfile
from typing import Any

import pytest

from consumers.loop import WAITS, Message, OtherLedger, Overtaken, Took, run_once
from consumers.reporting.job import JOB
from consumers.results.place import Unfit
from consumers.results.results import Results
from tests.consumers.given import TOPIC, Played, twice_in_another_order, word, years

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


def test_a_feed_of_another_ledger_is_refused_and_nothing_is_saved(opened: Open):
    results = opened()
    source = Played(years().messages, results.begins)
    run_once(source, results)
    before = balances(results)
    foreign = [changed(one, source=OTHER) for one in source.poll(0).messages]
    with pytest.raises(OtherLedger, match="name another place"):
        run_once(Played(foreign, results.begins), results)
    assert balances(results) == before


OTHER = "urn:premium-ledger:ledger:other:0123456789abcdef"


def changed(message: Message, **fields: object) -> Message:
    """The same event, but for some fields of its envelope or of its data."""
    assert message.value is not None
    event = json.loads(message.value)
    for name, value in fields.items():
        (event if name in event else event["data"])[name] = value
    return message._replace(value=json.dumps(event).encode())


def last_with_legs() -> tuple[int, dict[str, Any]]:
    """The place of the last message of all that moves money, and its event."""
    for number in reversed(range(len(years().messages))):
        event = json.loads(years().messages[number].value or b"")
        if event["data"]["legs"]:
            return number, event
    raise AssertionError("money is moved")


def unbalanced(event: dict[str, Any]) -> None:
    event["data"]["legs"][0]["pence"] += 1


def moved_between_measures(event: dict[str, Any]) -> None:
    event["data"]["legs"][0]["measure"] = "another"


def of_real_money(event: dict[str, Any]) -> None:
    event["origin"] = "real"


def of_another_ledger(event: dict[str, Any]) -> None:
    event["source"] = OTHER


def never_sent(event: dict[str, Any]) -> None:
    """Later events of its key would be known already, if it were taken."""
    event["data"]["position"] = 10**9
    event["sequence"] = f"{10**9:020d}"


def out_of_sequence(event: dict[str, Any]) -> None:
    event["data"]["position"] += 1


def of_another_stream(event: dict[str, Any]) -> None:
    event["subject"] = "account/quality-premium/2013-14/10C"


def of_another_body(event: dict[str, Any]) -> None:
    event["data"]["premium"]["scheme_year"] = "2001-02"


def of_huge_pence(event: dict[str, Any]) -> None:
    event["data"]["legs"][0]["pence"] = 11**30
    event["data"]["legs"][1]["pence"] = -(11**30)


NONSENSE: dict[Callable[[dict[str, Any]], None], str] = {
    unbalanced: "add up to",
    moved_between_measures: "add up to",
    of_real_money: "(real), and these results are of",
    of_another_ledger: OTHER,
    never_sent: "has sent up to",
    out_of_sequence: "its sequence is not its position",
    of_another_stream: "and its subject",
    of_another_body: "its parts say otherwise",
    of_huge_pence: "legs.0.pence",
}


@pytest.mark.parametrize("change", NONSENSE, ids=lambda one: one.__name__)
def test_what_can_be_read_and_is_false_is_parked_and_named(
    opened: Open, change: Callable[[dict[str, Any]], None]
):
    number, event = last_with_legs()
    change(event)
    messages = list(years().messages)
    key = messages[number].waits_for
    false = messages[number]._replace(value=json.dumps(event).encode(), headers={})
    messages.insert(number, false)
    behind = [one for one in messages[number + 1 :] if one.waits_for == key]
    source = Played(placed_again(messages), (results := opened()).begins)
    source.word = word(years().messages)
    took = all_taken(source, results)
    assert took.parked == 1 + len(behind)
    (at, why), *others = parked(results)
    assert (at, others) == (key, [(key, WAITS)] * len(behind))
    assert NONSENSE[change] in why
    there = balances(results)
    for of, pence in years().balances.items():
        if not of[0].endswith(key):
            assert there[of] == pence


def placed_again(messages: Sequence[Message]) -> list[Message]:
    """Messages with the offsets that they have in their new order."""
    offsets: Counter[int] = Counter()
    found = []
    for one in messages:
        found.append(one._replace(offset=offsets[one.partition]))
        offsets[one.partition] += 1
    return found


def test_what_cannot_be_kept_is_parked_and_its_neighbours_are_taken_in(opened: Open):
    """The reporting tables hold a position once, and two keys come with the same."""
    mine, other = two_of_different_keys()
    data = json.loads(other.value or b"")
    position = json.loads(mine.value or b"")["data"]["position"]
    data["data"]["position"], data["sequence"] = position, f"{position:020d}"
    twin = other._replace(value=json.dumps(data).encode(), headers={})
    results = opened()
    took = all_taken(
        Played(placed_again([mine, twin, *rest()]), results.begins), results
    )
    assert (took.parked, took.applied) == (1, 1 + len(rest()))
    [(key, why)] = parked(results)
    assert key == twin.waits_for
    assert "it cannot be kept" in why


def two_of_different_keys() -> tuple[Message, Message]:
    first, *others = (
        one for one in years().messages if json.loads(one.value or b"")["data"]["legs"]
    )
    return first, next(one for one in others if one.waits_for != first.waits_for)


def rest() -> list[Message]:
    """Messages of other keys than those two."""
    keys = {one.waits_for for one in two_of_different_keys()}
    return [one for one in years().messages if one.waits_for not in keys][:50]


def test_two_places_have_groups_of_their_own_and_so_has_a_copy(
    opened: Open, where: str, tmp_path: Path
):
    one, again = opened(), opened()
    assert one.group("premium") == again.group("premium")
    assert re.fullmatch(r"premium-reporting-[0-9a-f]{12}", one.group("premium"))
    with closing(Results(str(tmp_path / "other.db"), JOB)) as other:
        assert other.group("premium") != one.group("premium")
        other.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        copyfile(tmp_path / "other.db", tmp_path / "copy.db")
        with closing(Results(str(tmp_path / "copy.db"), JOB)) as copy:
            assert copy.group("premium") != other.group("premium")


def test_a_topic_that_was_made_again_is_not_gone_on_with(opened: Open):
    results = opened()
    source = Played(years().messages, results.begins)
    source.marks = {TOPIC: "first"}
    run_once(source, results)
    results.see({TOPIC: "first", "premium.results.v1": "any"})
    for one in (results, opened()):
        with pytest.raises(Unfit, match="was made again since"):
            one.see({TOPIC: "second"})


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
