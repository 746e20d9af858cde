"""A process that writes and says so: run as `python -m tests.service.writer`.

Arguments: the ledger's file, a name, how many rounds of work (0: without end), and
maybe `again`. After each answer it writes one line to its output: the ids that were
answered. A reader of the line knows that these are on disk. Where the ledger is
unavailable it ends with 5 and the reason, or asks again for as long as AGAIN_SECONDS.
"""

import os
import sys
import time
from collections.abc import Iterator
from zlib import crc32

from ledger.decisions.bodies import RegisterPractice, Sighting
from ledger.events import BodyCode
from ledger.request import Appended, Outcome, Repeated, Request
from ledger.service import Ledger, Unavailable
from tests.worlds.payable import ANALYST, DAY, ask

GROUP = 25
"""Practices in an import, of two facts each."""

AGAIN_SECONDS = 120
"""For how long a writer asks again for what got no answer."""


def practices(name: str, i: int) -> list[Request]:
    """An import: all of it is recorded, or nothing."""
    return [
        Request(
            id=f"{name}-import-{i}-{k}",
            by=ANALYST,
            command=RegisterPractice(
                practice=BodyCode(f"P{crc32(f'{name}/{i}/{k}'.encode()):08X}"),
                name=f"Practice {k}",
                sightings=(Sighting(observed_on=DAY, group=BodyCode("X01")),),
            ),
        )
        for k in range(GROUP)
    ]


def work(name: str) -> Iterator[list[Request]]:
    """Lone appends, and imports between them, without end."""
    i = 0
    while True:
        for k in range(4):
            yield [ask(f"{name}-one-{i}-{k}", 1)]
        yield practices(name, i)
        i += 1


def answered(
    ledger: Ledger, requests: list[Request], *, again: bool
) -> tuple[Outcome, ...]:
    until = time.monotonic() + AGAIN_SECONDS
    while True:
        try:
            return ledger.give_all(requests)
        except Unavailable as reason:
            if not again or time.monotonic() > until:
                print(reason, file=sys.stderr)
                sys.exit(5)
            time.sleep(0.05)


def main() -> None:
    db, name, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3])
    again = sys.argv[4:] == ["again"]
    with Ledger.open(db) as ledger:
        for done, requests in enumerate(work(name), start=1):
            for outcome in answered(ledger, requests, again=again):
                assert isinstance(outcome, Appended | Repeated), outcome
            os.write(1, (" ".join(one.id for one in requests) + "\n").encode())
            if done == rounds:
                return


if __name__ == "__main__":
    main()
