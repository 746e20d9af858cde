"""`premium run`: commands as NDJSON, each answered with a line."""

import codecs
import json
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any, BinaryIO

from cyclopts import Parameter

from interfaces.cli.exits import Exit, Misused, Stop, readable
from interfaces.cli.outcomes import code_of, outcome_json
from interfaces.cli.printing import plain
from interfaces.cli.session import Session
from ledger.decisions.opening import MadeForOtherLedger
from ledger.intake import requests
from ledger.request import Malformed, Outcome, Request
from ledger.values import Fault

BATCH = 512
"""Commands that share a transaction: as many as the one writer takes."""

LONGEST = 1 << 20
"""Bytes of the longest line that is read; a rulebook takes about 30,000."""

_CHUNK = 1 << 18

Numbered = tuple[int, bytes | None]
"""A line's number, from 1, and its bytes; None where it was too long."""


def run(
    file: Annotated[str, Parameter(allow_leading_hyphen=True)],
    /,
    *,
    atomic: bool = False,
    dry_run: bool = False,
    session: Session,
) -> int:
    """Give commands as NDJSON, one a line, and answer each with one line.

    Answers come in the order of the commands, each after its facts are durable. A
    line that cannot be read harms no other; blank lines have no answer.

    Parameters
    ----------
    file
        File of commands, or - for standard input.
    atomic
        All lines or none: one that is refused or cannot be read undoes all.
    dry_run
        Answer what would happen, and record nothing.
    """
    with _source(file, session) as source:
        numbered = lines(source)
        answers = Answers(session, dry_run)
        if atomic or dry_run:
            entries = [entry for batch in numbered for entry in read(batch)]
            answers.whole(entries, atomic=atomic)
        else:
            for batch in numbered:
                answers.each(read(batch))
    return answers.code()


Entry = tuple[int, Request | Malformed]


class Answers:
    """Gives requests to the ledger and prints one outcome a line, in order."""

    def __init__(self, session: Session, dry_run: bool) -> None:
        self.session = session
        self.dry_run = dry_run
        self._invalid = False
        self._worst = Exit.OK
        self._count = 0

    def each(self, entries: Sequence[Entry]) -> None:
        """Give a batch, each on its own; printed once all of it is durable."""
        self._stop_at_other_ledgers(entries)
        requests = [one for _, one in entries if not isinstance(one, ValueError)]
        outcomes = iter(self.session.writer().give_each(requests) if requests else ())
        self._print(entries, outcomes)

    def whole(self, entries: Sequence[Entry], *, atomic: bool) -> None:
        """Give or rehearse the whole file; atomic with a bad line gives nothing."""
        self._stop_at_other_ledgers(entries)
        bad = next((n for n, one in entries if isinstance(one, ValueError)), None)
        requests = [one for _, one in entries if not isinstance(one, ValueError)]
        if atomic and bad is not None:
            for number, one in entries:
                if isinstance(one, ValueError):
                    self._print([(number, one)], iter(()))
                else:
                    because = f"line {bad} cannot be read"
                    self._line(number, id=one.id, outcome="not-tried", because=because)
            return
        if not requests:
            outcomes: Sequence[Outcome] = ()
        elif self.dry_run:
            outcomes = self.session.writer().rehearse(requests, together=atomic)
        else:
            outcomes = self.session.writer().give_all(requests)
        self._print(entries, iter(outcomes))

    def code(self) -> Exit:
        """Invalid before conflict, conflict before refused: see docs/working.md."""
        return Exit.USAGE if self._invalid else self._worst

    def _stop_at_other_ledgers(self, entries: Sequence[Entry]) -> None:
        """Stops at a line made for a ledger of the other origin, giving none of them.

        The ledger would refuse each one and keep every refusal; a whole file that
        was given to the wrong ledger does not belong in its log.
        """
        origin = self.session.ledger.origin()
        for number, one in entries:
            if isinstance(one, ValueError) or one.origin in {None, origin}:
                continue
            if origin is not None:
                refusal = MadeForOtherLedger(made_for=str(one.origin), origin=origin)
                raise Stop(Exit.REFUSED, f"line {number}: {refusal}")

    def _print(self, entries: Sequence[Entry], outcomes: Iterator[Outcome]) -> None:
        for number, one in entries:
            if isinstance(one, ValueError):
                self._invalid = True
                faults = plain(one.faults)
                self._line(number, id=one.request_id, outcome="invalid", faults=faults)
                continue
            outcome = next(outcomes)
            self._worst = max(self._worst, code_of(outcome))
            self._line(number, **outcome_json(outcome))
        sys.stdout.flush()

    def _line(self, number: int, **answer: Any) -> None:
        marked: dict[str, Any] = {"line": number, **answer}
        if self.session.ledger.origin() == "simulated":
            marked["origin"] = "simulated"
        if self.dry_run:
            marked["dry_run"] = True
        ascii_only = (sys.stdout.encoding or "utf-8").lower() != "utf-8"
        print(json.dumps(marked, ensure_ascii=ascii_only, separators=(",", ":")))


def read(batch: Sequence[Numbered]) -> list[Entry]:
    """Lines as requests, or what is wrong with each; blank lines are left out."""
    entries: list[Entry] = []
    for number, line in batch:
        if line is None:
            remedy = f"longer than {LONGEST:,} bytes: one command a line"
            fault = Fault(field="", value="", remedy=remedy)
            entries.append((number, Malformed((fault,))))
        elif line.strip():
            try:
                entries.append((number, requests.read(line)))
            except Malformed as malformed:
                entries.append((number, malformed))
    return entries


def lines(source: BinaryIO) -> Iterator[list[Numbered]]:
    """Batches of complete lines as soon as they are there; at most BATCH in each.

    Who writes one command and waits is answered before writing the next.
    """
    number, rest, too_long = 0, b"", False
    descriptor = _descriptor(source)
    start = True
    while chunk := _chunk(source, descriptor):
        if start:
            chunk = chunk.removeprefix(codecs.BOM_UTF8)
            start = False
        *complete, rest = (rest + chunk).split(b"\n")
        batch: list[Numbered] = []
        for line in complete:
            number += 1
            fits = len(line) <= LONGEST and not too_long
            batch.append((number, line if fits else None))
            too_long = False
            if len(batch) == BATCH:
                yield batch
                batch = []
        if batch:
            yield batch
        if len(rest) > LONGEST:
            rest, too_long = b"", True  # Let the rest of the line go by unread.
    if rest or too_long:
        yield [(number + 1, None if too_long else rest)]


def _chunk(source: BinaryIO, descriptor: int | None) -> bytes:
    if descriptor is None:
        return source.read(_CHUNK)
    named = getattr(source, "name", None)
    with readable(named if isinstance(named, str) else "standard input"):
        return os.read(descriptor, _CHUNK)


def _descriptor(source: BinaryIO) -> int | None:
    """The file to read from without waiting for a full buffer, where there is one."""
    try:
        return source.fileno()
    except OSError:
        return None


def _source(file: str, session: Session) -> BinaryIO:
    if file == "-":
        return session.stdin
    if file.startswith("-"):
        raise Misused(f"unknown option {file}: see premium run --help")
    with readable(file):
        return Path(file).open("rb")
