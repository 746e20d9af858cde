"""Many callers at once: each is answered, and the lead is always handed on."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from ledger.request import Appended, Outcome, Refused
from ledger.writer.turns import BatchInterrupted, Ticket, Turns
from tests.worlds.payable import (
    PAYABLE_PENCE,
    ask,
    asked_pence,
    check_whole,
    with_payable,
)

THREADS = 32


def together(*runs: Callable[[], None]) -> None:
    """Run each in a thread of its own; all must end."""
    threads = [threading.Thread(target=run, daemon=True) for run in runs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not [thread for thread in threads if thread.is_alive()]


def test_32_threads_on_one_account_are_all_answered_and_the_sums_are_right(
    tmp_path: Path,
):
    each = 40
    # Enough for all commands but the last 80: those are refused, not given up.
    pence = PAYABLE_PENCE // (THREADS * each - 80)
    answers: list[Outcome] = []
    with with_payable(tmp_path / "l.db", pence=pence * (THREADS * each - 80)) as ledger:

        def run(thread: int) -> None:
            asked = (ask(f"d{thread}-{i}", pence) for i in range(each))
            answers.extend(map(ledger.give, asked))

        together(*(lambda thread=thread: run(thread) for thread in range(THREADS)))
        appended = [one for one in answers if isinstance(one, Appended)]
        assert len(answers) == THREADS * each
        assert {type(one) for one in answers} == {Appended, Refused}
        assert len(appended) == THREADS * each - 80
        assert asked_pence(ledger) == pence * len(appended)
        assert len({one.records[0].position for one in appended}) == len(appended)
        check_whole(ledger)


def test_groups_batches_and_lone_commands_of_many_threads_mix(tmp_path: Path):
    bodies = [f"X{i:02d}" for i in range(8)]
    with with_payable(tmp_path / "l.db", *bodies) as ledger:

        def run(thread: int) -> None:
            body = bodies[thread]
            for i in range(10):
                name = f"t{thread}-{i}"
                ledger.give(ask(f"{name}-one", 1, body))
                ledger.give_all([ask(f"{name}-all{k}", 1, body) for k in range(3)])
                beyond = ask(f"{name}-y", 10**12, body)
                ledger.give_all((ask(f"{name}-x", 1, body), beyond))
                ledger.give_each([ask(f"{name}-each{k}", 1, body) for k in range(3)])

        together(*(lambda thread=thread: run(thread) for thread in range(8)))
        assert [asked_pence(ledger, body) for body in bodies] == [70] * 8
        check_whole(ledger)


# The queue alone ----------------------------------------------------------------------


def answer_all(batch) -> None:
    for ticket in batch:
        ticket.answer = ticket.asked.upper()


def take(turns: Turns[str, str], text: str) -> str:
    return turns.take(Ticket(text, 1))


def test_a_lone_caller_does_its_own_work():
    threads = []

    def work(batch) -> None:
        threads.append(threading.current_thread())
        answer_all(batch)

    assert take(Turns(work, 512), "a") == "A"
    assert threads == [threading.current_thread()]


def test_what_waits_is_one_batch_up_to_its_size():
    sizes: list[int] = []
    started, go_on = threading.Event(), threading.Event()

    def work(batch) -> None:
        sizes.append(sum(ticket.size for ticket in batch))
        started.set()
        assert go_on.wait(30)
        answer_all(batch)

    turns: Turns[str, str] = Turns(work, 4)
    answers: list[str] = []

    def wait_then_go() -> None:
        assert started.wait(30)
        while len(turns._queue) < 6:
            threading.Event().wait(0.001)
        go_on.set()

    def later(size: int) -> None:
        assert started.wait(30)
        answers.append(turns.take(Ticket("b", size)))

    together(
        lambda: answers.append(take(turns, "a")),
        *(lambda: later(1) for _ in range(5)),
        lambda: later(9),
        wait_then_go,
    )
    assert sorted(answers) == ["A"] + ["B"] * 6
    assert sizes[0] == 1
    assert sum(sizes) == 1 + 5 + 9
    assert all(size <= 4 or size == 9 for size in sizes)


def test_an_interrupted_leader_hands_the_lead_on_and_the_others_hear_of_it():
    started, waiting = threading.Event(), threading.Event()
    interrupted: list[BaseException] = []
    calls = []

    def work(batch) -> None:
        calls.append(len(batch))
        started.set()
        assert waiting.wait(30)
        if len(calls) == 2:
            raise KeyboardInterrupt
        answer_all(batch)

    turns: Turns[str, str] = Turns(work, 512)

    def caller() -> None:
        try:
            take(turns, "a")
        except (KeyboardInterrupt, BatchInterrupted) as reason:
            interrupted.append(reason)

    def others() -> None:
        assert started.wait(30)
        caller()

    def let_go() -> None:
        assert started.wait(30)
        while len(turns._queue) < 3:
            threading.Event().wait(0.001)
        waiting.set()

    together(caller, others, others, others, let_go)
    assert sorted(type(one).__name__ for one in interrupted) == [
        "BatchInterrupted",
        "BatchInterrupted",
        "KeyboardInterrupt",
    ]
    assert take(turns, "next") == "NEXT"


class Interrupted(Ticket[str, str]):
    """A caller that is interrupted as it begins to wait, or as it is woken."""

    def __init__(self, asked: str, *, woken: bool):
        super().__init__(asked, 1)
        self.woken = woken

    def wait(self) -> None:
        if self.woken:
            super().wait()
        raise KeyboardInterrupt


@pytest.mark.parametrize("woken", [False, True])
def test_an_interrupted_caller_leaves_the_queue_and_nobody_waits_for_it(woken: bool):
    started, go_on = threading.Event(), threading.Event()
    worked: list[str] = []

    def work(batch) -> None:
        worked.extend(ticket.asked for ticket in batch)
        started.set()
        assert go_on.wait(30)
        answer_all(batch)

    turns: Turns[str, str] = Turns(work, 512)
    answers: list[str] = []

    def first() -> None:
        answers.append(take(turns, "first"))

    def interrupted() -> None:
        assert started.wait(30)
        with pytest.raises(KeyboardInterrupt):
            turns.take(Interrupted("gone", woken=woken))

    def last() -> None:
        assert started.wait(30)
        # Behind the one that is interrupted, where that one stays in the queue.
        while woken and not turns._queue:
            threading.Event().wait(0.001)
        answers.append(take(turns, "last"))

    def let_go() -> None:
        assert started.wait(30)
        while not [one for one in turns._queue if one.asked == "last"]:
            threading.Event().wait(0.001)
        go_on.set()

    together(first, interrupted, last, let_go)
    assert sorted(answers) == ["FIRST", "LAST"]
    assert worked == ["first", "last"]
    assert take(turns, "next") == "NEXT"


def test_a_ticket_that_work_left_out_fails():
    turns: Turns[str, str] = Turns(lambda batch: None, 512)
    with pytest.raises(BatchInterrupted, match="same id"):
        take(turns, "a")
