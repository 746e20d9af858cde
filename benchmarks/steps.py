"""Where the time of one command of a file goes, step by step."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter_ns

from benchmarks.harness import Effort
from ledger.decisions.every import decide
from ledger.proof import row_digest
from ledger.request import Appended, Asked, Request
from ledger.service import Ledger
from ledger.store.mapper import encode, encode_meta
from ledger.writer.commitments import request_hash
from ledger.writer.states import KeptStates
from tests.worlds.ledgers import BODIES, Timed, Work, ledger
from tests.worlds.payable import DAY, account

COMMANDS = 1_000

STEPS = {
    "decide": "decide: the rules, on the account's state",
    "evolve": "evolve: take the fact into that state",
    "encode": "encode meta and fact",
    "hash": "hash the request, and the row of its answer",
    "statements": "statements: look-up, record, answer",
    "commit": "the commit, shared by up to 512",
    "rest": "the rest: look up states, place it, make rows, collect garbage",
}
"""Steps by name, as printed."""

NEEDED = ("decide", "evolve", "encode", "hash")


def one_file(ours: Ledger, states: KeptStates, requests: list[Request]) -> Counter[str]:
    """Nanoseconds of each step of a file of commands.

    The file is given to the ledger; then each step that is pure is done once more, by
    itself, for all commands.

    Args:
        states: As the ledger's own stood before the file.
    """
    Timed.spent.clear()
    began = perf_counter_ns()
    outcomes = ours.give_each(requests)
    whole = perf_counter_ns() - began
    spent = Counter(Timed.spent)
    records = [one.records[0] for one in outcomes if isinstance(one, Appended)]
    assert len(records) == len(requests)
    with ours.reading() as reading:
        before = reading.head().number - len(requests)
        rows = reading.commands(before, len(requests))
    asked = Asked(by=requests[0].by, effective_on=DAY, decided_on=DAY, recorded_on=DAY)

    def evolve_all() -> None:
        for recorded in records:
            states.apply(recorded)

    def hash_all() -> None:
        for request in requests:
            request_hash(request)
        for row in rows:
            row_digest(row[:-1])

    pure: dict[str, Callable[[], object]] = {
        "decide": lambda: [decide(request, asked, states) for request in requests],
        "evolve": evolve_all,
        "encode": lambda: [encode(one.fact, encode_meta(one.meta)) for one in records],
        "hash": hash_all,
    }
    for step, run in pure.items():
        began = perf_counter_ns()
        run()
        spent[step] = perf_counter_ns() - began
    spent["rest"] = whole - sum(spent.values())
    return spent


def measured(folder: Path, work: Work, effort: Effort) -> dict[str, int]:
    """Microseconds of one command of a file, by step: medians over the rounds."""
    with ledger(folder / "steps.db", Timed) as ours:
        ours.give_each(work.requests(COMMANDS, BODIES))
        states = KeptStates(lambda stream: list(ours.stream(stream)))
        for body in BODIES:
            states.account(account(body))
        rounds = [
            one_file(ours, states, work.requests(COMMANDS, BODIES))
            for _ in range(effort.rounds)
        ]
    return {
        step: int(median(spent[step] for spent in rounds)) // COMMANDS // 1_000
        for step in STEPS
    }


def told(spent: dict[str, int]) -> str:
    """The steps as a table, and how far a file of commands could go; Markdown."""
    rows = [f"| {says} | {spent[step]} |" for step, says in STEPS.items()]
    least = max(sum(spent[step] for step in NEEDED), 1)
    return "\n".join(
        (
            "Where the time of one command of a file goes, on SQLite:",
            "",
            "| step | microseconds |",
            "| --- | ---: |",
            *rows,
            "",
            f"The first four are the least that a command is: {least} µs, so one core "
            f"of this Python could\nreach {1_000_000 // least:,}/s if all else were "
            "free.",
        )
    )
