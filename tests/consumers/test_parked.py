"""What is parked is listed, taken in again in its order, or discarded with a reason."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from random import Random
from threading import Thread
from typing import Any

import pytest

from consumers.job import Job
from consumers.loop import Item, Message, UnreadableMessage, run_once
from consumers.reporting.job import JOB
from consumers.results.parked import (
    Discarded,
    MessagePlace,
    NotParked,
    Parked,
    Replayed,
    discard,
    discarded,
    parked,
    replay,
)
from consumers.results.results import Results
from interfaces.cli.exits import Exit
from projections.views.view import Database
from tests.cli.program import Done, premium
from tests.consumers.given import TOPIC, Played, placed, twice_in_another_order, years

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
SAID = "2026-01-02T03:04:05.000+00:00"
Open = Callable[..., Results]


@pytest.fixture(autouse=True)
def nobody_acts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PREMIUM_AS", raising=False)
    monkeypatch.setenv("COLUMNS", "200")


@pytest.fixture
def opened(where: str) -> Iterator[Open]:
    """Opens the same place again and again, as processes would."""
    all_opened: list[Results] = []

    def one(job: Job = JOB) -> Results:
        all_opened.append(Results(where, job, lambda: AT))
        return all_opened[-1]

    yield one
    for each in all_opened:
        each.close()


def older(*unknown: str) -> Job:
    """The job as a program has it that cannot read the events with these ids."""

    def read(message: Message) -> Item:
        if id_of(message.value) in unknown:
            raise UnreadableMessage("its type is unknown")
        return JOB.read(message)

    return replace(JOB, read=read)


@cache
def id_of(value: bytes | None) -> str:
    """The id of an event."""
    return str(json.loads(value or b"")["id"])


def ids(key: str, messages: Sequence[Message] = ()) -> list[str]:
    """The ids of a key's events, in their order."""
    return [
        id_of(one.value) for one in messages or years().messages if one.waits_for == key
    ]


def taken(messages: Sequence[Message], results: Results, most: int = 100) -> None:
    source = Played(messages, results.begins, most)
    while run_once(source, results).messages:
        pass


def balances(results: Results) -> dict[tuple[str, str, str], int]:
    rows = results.db.execute("SELECT premium, account, measure, pence FROM balances")
    return {tuple(row[:3]): row[3] for row in rows}


def placed_at(id: str, messages: Sequence[Message]) -> list[MessagePlace]:
    return [
        MessagePlace(one.topic, one.partition, one.offset)
        for one in messages
        if id_of(one.value) == id
    ]


def busy_keys() -> tuple[str, str]:
    """Two bodies with many events."""
    counted = {one.waits_for: 0 for one in years().messages}
    for one in years().messages:
        counted[one.waits_for] += 1
    first, second, *_ = sorted(counted, key=lambda key: (-counted[key], key))
    return first, second


KEY, OTHER = busy_keys()


# Listed -------------------------------------------------------------------------------


def test_a_list_says_which_message_of_a_key_cannot_be_read_and_how_many_wait(
    opened: Open,
):
    third, ninth = ids(KEY)[2], ids(OTHER)[8]
    results = opened(older(third, ninth))
    taken(years().messages, results)
    expected = [
        Parked(
            key=key,
            place=placed_at(id, years().messages)[0],
            at=SAID,
            why="its type is unknown",
            behind=len(ids(key)) - number,
        )
        for key, id, number in ((KEY, third, 3), (OTHER, ninth, 9))
    ]
    assert parked(results.db) == tuple(sorted(expected, key=lambda one: one.key))


# Replayed -----------------------------------------------------------------------------


def test_a_program_that_can_read_them_takes_in_all_that_waits(opened: Open):
    third, ninth = ids(KEY)[2], ids(OTHER)[8]
    taken(years().messages, opened(older(third, ninth)))
    results = opened()
    assert balances(results) != years().balances
    went = replay(results)
    assert went == tuple(
        Replayed(key=key, taken=len(ids(key)) - before, left=0, why=None)
        for key, before in sorted({KEY: 2, OTHER: 8}.items())
    )
    assert balances(results) == years().balances
    assert parked(results.db) == ()
    assert replay(results) == ()
    assert balances(results) == years().balances


def test_a_key_that_is_named_goes_on_and_others_wait(opened: Open):
    taken(years().messages, opened(older(ids(KEY)[2], ids(OTHER)[8])))
    results = opened()
    [went] = replay(results, [KEY, KEY])
    assert went.key == KEY
    assert [one.key for one in parked(results.db)] == [OTHER]


def test_a_key_stops_at_the_first_message_that_still_cannot_be_read(opened: Open):
    third, seventh = ids(KEY)[2], ids(KEY)[6]
    taken(years().messages, opened(older(third, seventh)))
    results = opened(older(seventh))
    later = datetime(2026, 2, 3, tzinfo=UTC)
    [went] = replay(results, now=later)
    left = len(ids(KEY)) - 6
    why = "its type is unknown"
    assert went == Replayed(key=KEY, taken=4, left=left, why=why)
    [head] = parked(results.db)
    assert head == Parked(
        key=KEY,
        place=placed_at(seventh, years().messages)[0],
        at="2026-02-03T00:00:00.000+00:00",
        why=why,
        behind=left - 1,
    )
    assert replay(results)[0].taken == 0
    assert replay(opened())[0].left == 0
    assert balances(results) == years().balances


def test_what_comes_behind_a_replayed_key_is_taken_at_once(opened: Open):
    messages = years().messages
    half = len(messages) // 2
    taken(messages[:half], opened(older(ids(KEY)[2])))
    results = opened()
    replay(results)
    taken(messages, results)
    assert parked(results.db) == ()
    assert balances(results) == years().balances


def test_a_key_that_is_not_parked_is_said_and_nothing_changes(opened: Open):
    taken(years().messages, opened(older(ids(KEY)[2])))
    results = opened()
    before = balances(results)
    with pytest.raises(NotParked, match="'nobody'"):
        replay(results, [KEY, "nobody"])
    assert balances(results) == before
    assert [one.key for one in parked(results.db)] == [KEY]


def test_whoever_dies_in_a_replay_leaves_all_parked(opened: Open):
    taken(years().messages, opened(older(ids(KEY)[2])))

    def dies(db: Database, events: Sequence[Any]) -> None:
        JOB.take(db, events)
        raise MemoryError

    results = opened(replace(JOB, take=dies))
    before = balances(results), parked(results.db)
    with pytest.raises(MemoryError):
        replay(results)
    assert (balances(results), parked(results.db)) == before
    again = opened()
    replay(again)
    assert balances(again) == years().balances


def test_all_twice_and_one_in_fifty_unreadable_comes_to_the_same_once_replayed(
    opened: Open,
):
    random = Random(5)
    every = [id_of(one.value) for one in years().messages]
    unknown = random.sample(every, len(every) // 50)
    mixed = twice_in_another_order(years().messages, random)
    first = opened(older(*unknown))
    taken(mixed, first)
    keys = {one.waits_for for one in mixed if id_of(one.value) in unknown}
    assert {one.key for one in parked(first.db)} == keys
    # Learned one by one: each replay goes as far as it can.
    while unknown:
        unknown.pop(0)
        replay(opened(older(*unknown)))
    assert parked(first.db) == ()
    assert balances(first) == years().balances


def test_a_running_member_takes_nothing_twice_that_a_person_let_in(opened: Open):
    told = [one for one in years().messages if one.waits_for == KEY]
    moves = [bool(json.loads(one.value or b"")["data"]["legs"]) for one in told]
    number = moves.index(True, 3)
    doubled = [*told[: number + 1], told[number], *told[number + 1 :]]
    messages = placed(
        (one.waits_for, one.value, one.headers.items()) for one in doubled
    )
    member = opened(older(id_of(told[number].value)))
    source = Played(messages, member.begins, most=number + 1)
    run_once(source, member)
    assert [one.key for one in parked(member.db)] == [KEY]
    replay(opened())
    # It comes again, and this member may by now be able to read it.
    member.job = JOB
    while run_once(source, member).messages:
        pass
    assert parked(member.db) == ()
    expected = {
        of: pence
        for of, pence in years().balances.items()
        if of[0].split("/")[-1] == KEY
    }
    there = balances(member)
    assert {of: there[of] for of in expected} == expected


def test_a_replay_waits_until_no_member_takes_anything_in(opened: Open, where: str):
    taken(years().messages, opened(older(ids(KEY)[2])))
    member = opened()
    went: list[tuple[Replayed, ...]] = []

    def person() -> None:
        with closing(Results(where, JOB)) as results:
            started.append(True)
            went.append(replay(results))

    started: list[bool] = []
    thread = Thread(target=person)
    with member.transaction():
        thread.start()
        thread.join(0.3)
        assert thread.is_alive()
        assert went == []
    thread.join()
    assert [one.key for [one] in went] == [KEY]


# Discarded ----------------------------------------------------------------------------


def test_a_discarded_message_is_kept_with_its_reason_and_its_key_goes_on(
    opened: Open,
):
    third = ids(KEY)[2]
    results = opened(older(third))
    taken(years().messages, results)
    [place] = placed_at(third, years().messages)
    whole = results.db.execute(
        "SELECT * FROM parked WHERE part = ? AND place = ?", place[1:]
    ).fetchall()
    went = discard(results, place, why="Sent by mistake.", by="a.patel", now=AT)
    assert went == Replayed(key=KEY, taken=len(ids(KEY)) - 3, left=0, why=None)
    assert parked(results.db) == ()
    assert list(discarded(results.db)) == [
        Discarded(key=KEY, place=place, why="Sent by mistake.", by="a.patel", at=SAID)
    ]
    kept = results.db.execute("SELECT * FROM discarded").fetchall()
    assert [tuple(row[:9]) for row in kept] == [tuple(row) for row in whole]
    assert balances(results) == without(third, opened)


def without(id: str, opened: Open) -> dict[tuple[str, str, str], int]:
    """The balances that follow from all events but one, added up here."""
    sums: dict[tuple[str, str, str], int] = {}
    for one in years().messages:
        if id_of(one.value) == id:
            continue
        data = json.loads(one.value or b"")["data"]
        for leg in data["legs"]:
            of = (data["premium"]["account"], leg["account"], leg["measure"])
            sums[of] = sums.get(of, 0) + leg["pence"]
    return sums


def test_behind_a_discarded_message_the_next_unreadable_one_stops_the_key(
    opened: Open,
):
    third, seventh = ids(KEY)[2], ids(KEY)[6]
    results = opened(older(third, seventh))
    taken(years().messages, results)
    went = discard(
        results, placed_at(third, years().messages)[0], why="Mistake.", by="p"
    )
    assert (went.taken, went.left) == (3, len(ids(KEY)) - 6)
    [head] = parked(results.db)
    assert (head.place, head.why) == (
        placed_at(seventh, years().messages)[0],
        "its type is unknown",
    )


def test_each_copy_of_a_message_is_discarded_by_its_own_place(opened: Open):
    third = ids(KEY)[2]
    told = [one for one in years().messages if one.waits_for == KEY]
    messages = placed(
        (one.waits_for, one.value, one.headers.items())
        for one in (*told[:3], told[2], *told[3:])
    )
    results = opened(older(third))
    taken(messages, results)
    first, second = placed_at(third, messages)
    assert discard(results, first, why="Mistake.", by="p").left == len(told) - 2
    assert [one.place for one in parked(results.db)] == [second]
    assert discard(results, second, why="Mistake.", by="p").left == 0


def test_what_is_not_parked_cannot_be_discarded(opened: Open):
    third = ids(KEY)[2]
    results = opened(older(third))
    taken(years().messages, results)
    [place] = placed_at(third, years().messages)
    for other in (
        place._replace(topic="other"),
        place._replace(partition=99),
        placed_at(ids(KEY)[1], years().messages)[0],
    ):
        with pytest.raises(NotParked, match="premium parked list"):
            discard(results, other, why="Mistake.", by="p")
    discard(results, place, why="Mistake.", by="p")
    with pytest.raises(NotParked):
        discard(results, place, why="Mistake.", by="p")
    assert len(list(discarded(results.db))) == 1


# On the command line ------------------------------------------------------------------


@pytest.fixture
def broken(opened: Open) -> MessagePlace:
    """The message of a key that is not JSON, with 3 behind it."""
    told = [one for one in years().messages if one.waits_for == KEY][:5]
    told[1] = told[1]._replace(value=b"{not JSON")
    messages = placed((KEY, one.value, one.headers.items()) for one in told)
    taken(messages, opened())
    return MessagePlace(*messages[1][:3])


def run(where: str, *words: str, of: str = "reporting") -> Done:
    return premium("parked", *words, "--of", of, "--to", where)


def test_the_words_list_replay_and_discard(broken: MessagePlace, where: str):
    shown = "/".join(map(str, broken))
    listed = run(where, "list")
    assert (listed.code, listed.err) == (Exit.OK, "")
    for said in ("Keys that wait: 1", KEY, shown, "2026-01-02", "Invalid JSON"):
        assert said in listed.out
    again = run(where, "replay", KEY)
    assert again.code == Exit.FOUND
    assert f"{KEY}: took 0, and 4 wait: the whole value: Invalid JSON" in again.out
    gone = run(where, "discard", shown, "--why", "No event.", "--as", "auditor:x.y")
    assert (gone.code, gone.out) == (
        Exit.OK,
        f"Discarded {shown}. {KEY}: took 3, and goes on\n",
    )
    listed = run(where, "list")
    for said in ("Discarded messages: 1", shown, "No event.", "x.y"):
        assert said in listed.out
    assert run(where, "replay").out == "Nothing is parked\n"
    other = run(where, "replay", KEY)
    assert (other.code, "is parked" in other.err) == (Exit.REFUSED, True)


def test_the_same_as_documents(broken: MessagePlace, where: str):
    listed = run(where, "list", "--json").document
    place = {"topic": TOPIC, "partition": broken.partition, "offset": broken.offset}
    [waits] = listed.pop("parked")
    assert listed == {"of": "reporting", "discarded": []}
    assert waits.pop("why").startswith("the whole value: Invalid JSON")
    assert waits == {"key": KEY, "place": place, "at": SAID, "behind": 3}
    again = run(where, "replay", "--json")
    assert again.code == Exit.FOUND
    [went] = again.document["keys"]
    assert (went["key"], went["taken"], went["left"]) == (KEY, 0, 4)
    words = ("discard", "/".join(map(str, broken)), "--why", "No event.")
    gone = run(where, *words, "--as", "auditor:x.y", "--json").document
    assert gone == {
        "of": "reporting",
        "discarded": place,
        "went": {"key": KEY, "taken": 3, "left": 0, "why": None},
    }
    [one] = run(where, "list", "--json").document["discarded"]
    assert one.pop("at")
    assert one == {"key": KEY, "place": place, "why": "No event.", "by": "x.y"}


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("discard", "t/1", "--why", "w", "--as", "auditor:x"), 2, "TOPIC/PARTITION"),
        (("discard", "t/1/2", "--why", " ", "--as", "auditor:x"), 2, "--why is empty"),
        (("discard", "t/1/2", "--why", "w"), 2, "--as ROLE:PARTY"),
        (("discard", "t/1/2", "--why", "w", "--as", "auditor:x"), 3, "is not parked"),
        (("replay", "nobody"), 3, "'nobody'"),
    ],
)
def test_what_cannot_be_done_is_said(
    broken: MessagePlace,
    where: str,
    words: tuple[str, ...],
    code: int,
    says: str,
):
    done = run(where, *words)
    assert done.code == code
    assert says in done.err
    assert [
        one["behind"] for one in run(where, "list", "--json").document["parked"]
    ] == [3]


def test_what_tells_of_another_ledger_is_not_let_in(
    opened: Open, where: str, broken: MessagePlace
):
    foreign = json.loads(years().messages[-1].value or b"")
    other = "urn:premium-ledger:ledger:other:00"
    foreign |= {"source": other, "partitionkey": KEY}
    value = json.dumps(foreign).encode()
    results = opened()
    results.db.execute(
        "UPDATE parked SET value = ? WHERE part = ? AND place = ?",
        (value, broken.partition, broken.offset),
    )
    results.db.execute("UPDATE parked SET headers = '{}'")
    before = balances(results)
    done = run(where, "replay")
    assert (done.code, f"it tells of {other}" in done.out) == (Exit.FOUND, True)
    assert balances(results) == before
    [left] = parked(results.db)
    assert f"it tells of {other}" in left.why


def test_a_mistyped_place_or_job_makes_no_new_file(tmp_path: Path):
    done = run(str(tmp_path / "reprting.db"), "list")
    assert (done.code, "is not there" in done.err) == (Exit.UNAVAILABLE, True)
    done = run(str(tmp_path / "reporting.db"), "list", of="reprting")
    assert (done.code, "there is no job" in done.err) == (Exit.USAGE, True)
    assert list(tmp_path.iterdir()) == []
