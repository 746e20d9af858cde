"""Histories carried out through the deciders, and a log in memory that holds them."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from ledger.decisions.closing import ClosePeriod
from ledger.decisions.disbursements.requests import RefuseDisbursement
from ledger.decisions.spending.correcting import CorrectSpending
from ledger.decisions.spending.recording import RecordSpending
from ledger.events import ClaimRecorded, PartyId, PaymentReferenceTaken
from ledger.proof import row_digest
from ledger.recorded import Recorded
from ledger.store.mapper import encode, encode_meta
from ledger.store.rows import CommandRow, EventRow, PartyRow, TextRow, instant
from projections.following.position import Log
from projections.following.views import Views
from tests.decisions.given import ACCOUNT, Book, usual
from tests.decisions.year import ask_for, awarded, pay

PUBLISHED = ClaimRecorded(
    claim="received-2013-14-X01",
    about="X01",
    scheme="quality-premium",
    scheme_year="2013-14",
    quantity="received",
    as_published="£0.3m",
    source="https://example.org",
    status="confirmed",
    amount_pence=300_000_00,
    rounded_to_pence=100_000_00,
)


def history(book: Book) -> tuple[Recorded, ...]:
    """Everything told to a book, in the order of the ledger."""
    records = (one for stream in book.streams.values() for one in stream)
    return tuple(sorted(records, key=lambda one: one.position))


def spend(pence: int, name: str, payee: str = "p") -> RecordSpending:
    return RecordSpending(
        account=ACCOUNT,
        spending=name,
        payee=PartyId(payee),
        purpose="a",
        service="0" * 64,
        amount_pence=pence,
    )


@cache
def year() -> tuple[Recorded, ...]:
    """A whole year: reduced, refused once, paid twice, spent to the penny."""
    return history(_worked())


def _worked() -> Book:
    book = awarded(red_1="74.83", pyll="1937")
    total_pence = book.account(ACCOUNT).balances["premium:payable"]
    book.do(ask_for(100_00, "d0"), on=date(2014, 10, 2))
    refusal = RefuseDisbursement(account=ACCOUNT, disbursement="d0", reason="0" * 64)
    book.do(refusal, on=date(2014, 10, 5))
    for name, pence in (("d1", 123_456_78), ("d2", total_pence - 123_456_78)):
        book.do(ask_for(pence, name), on=date(2014, 10, 6))
        pay(book, name, f"REF {name}", date(2014, 11, 3))
    book.do(spend(123_456_79, "s1"), on=date(2014, 12, 1))
    book.do(spend(total_pence - 123_456_79, "s2", "q:r"), on=date(2015, 1, 5))
    return book


@cache
def year_and_claim() -> tuple[Recorded, ...]:
    """The year, a published figure behind it, a close, and what came too late for it.

    So there is something for every view.
    """
    book = _worked()
    book.tell(PUBLISHED, on=date(2015, 1, 6))
    book.do(ClosePeriod(through=date(2015, 1, 31)), on=date(2015, 2, 2))
    correction = CorrectSpending(
        account=ACCOUNT,
        spending="s1",
        payee=PartyId("p"),
        purpose="b",
        service="0" * 64,
        amount_pence=123_456_79,
        reason="0" * 64,
    )
    book.do(correction, on=date(2015, 2, 3))
    return history(book)


def carried_out(asked: Iterable[tuple[Any, date]]) -> tuple[Recorded, ...]:
    """What commands add to an award; those that are refused add nothing."""
    book = awarded(red_1="74.83", pyll="1937")
    for command, on in asked:
        decision = book.ask(command, on=on)
        if isinstance(decision, tuple):
            for fact in decision:
                book.tell(fact, usual(command), on)
    return history(book)


def moved_to(account: str, records: Sequence[Recorded]) -> tuple[Recorded, ...]:
    """An account's facts told again as another account's, after the records."""
    book = Book()
    for one in records:
        book.tell(one.fact, on=one.meta.effective_on)
    for one in records:
        fact: Any = one.fact
        if not hasattr(fact, "account"):
            continue
        if isinstance(fact, PaymentReferenceTaken):
            fact = replace(fact, reference=f"{fact.reference}B")
        book.tell(replace(fact, account=account), on=one.meta.effective_on)
    return history(book)[len(records) :]


class MemoryLog:
    """A log in memory. Its rows can be changed, as a tamperer would."""

    def __init__(self, records: Iterable[Recorded] = ()) -> None:
        self.rows: list[EventRow] = []
        self.commands: list[CommandRow] = []
        self.append(records)

    def append(self, records: Iterable[Recorded]) -> None:
        for command, group in groupby(records, key=lambda one: one.meta.command_id):
            facts = list(group)
            self.rows += [
                EventRow(
                    one.position,
                    one.stream,
                    one.version,
                    one.fact.TOPIC,
                    encode(one.fact, encode_meta(one.meta)),
                )
                for one in facts
            ]
            meta = facts[0].meta
            columns = (
                len(self.commands) + 1,
                command,
                meta.request_hash,
                "appended",
                instant(meta.recorded_at),
                facts[0].position,
                len(facts),
                None,
            )
            self.commands.append(CommandRow(*columns, row_digest(columns)))

    def head(self) -> int:
        return self.rows[-1].position if self.rows else 0

    def raw(self, after: int, limit: int) -> Sequence[EventRow]:
        return [row for row in self.rows if row.position > after][:limit]

    def command_rows(self, after: int, limit: int) -> Sequence[CommandRow]:
        return [row for row in self.commands if row.number > after][:limit]

    def texts(self, skip: int, limit: int) -> Sequence[TextRow]:
        return []

    def parties(self, skip: int, limit: int) -> Sequence[PartyRow]:
        return []

    def faults(self) -> Sequence[str]:
        return ()


@contextmanager
def followed(log: Log, folder: Path) -> Iterator[Views]:
    """The views of a log, in a folder, brought up to its head."""
    views = Views.beside(log, folder / "ledger.db")
    try:
        views.follow()
        yield views
    finally:
        views.close()
