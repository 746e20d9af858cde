"""Ledgers in which groups hold an award, all of it payable, and who asks for it."""

import sqlite3
from collections.abc import Sequence
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

from ledger.decisions.disbursements.requests import (
    RefuseDisbursement,
    RequestDisbursement,
)
from ledger.decisions.opening import OpenLedger
from ledger.events import (
    AccountId,
    AccountOpened,
    AwardConfirmed,
    AwardLine,
    AwardProposed,
    BodyCode,
    BodyRegistered,
    Fact,
    LedgerOpened,
    Move,
    PartyId,
    PartyRegistered,
    RecordId,
    Slice,
)
from ledger.limits import MOST_HEADS
from ledger.postings import PAYABLE, POTENTIAL
from ledger.recorded import Meta, account_id, stream_of
from ledger.request import Appended, By, Outcome, Refused, Request
from ledger.service import Ledger
from ledger.store.contract import Store
from ledger.store.mapper import encode, encode_meta
from ledger.store.rows import EventRow
from ledger.store.sqlite.store import SQLiteStore

DAY = date(2014, 10, 1)
OPERATOR = By(role="operator", party=PartyId("otto"))
ANALYST = By(role="analyst", party=PartyId("ana"))
APPROVER = By(role="approver", party=PartyId("bob"))
MEASURES = ("pyll", "admissions", "fft", "hcai", "local-1", "local-2", "local-3")
PAYABLE_PENCE = 440_000_00
KNOWN = tuple(
    PartyRegistered(party=PartyId(party), kind="person")
    for party in ("ana", "bob", "cleo", "otto")
)
"""Who acts here is known from the beginning, so that commands record their own."""


def account(body: str) -> AccountId:
    return account_id("quality-premium", "2013-14", body)


def officer(body: str) -> By:
    party = PartyId("cleo")
    return By(role="finance-officer", party=party, on_behalf_of=BodyCode(body))


def open_ledger(name: str = "Test") -> Request:
    command = OpenLedger(name=name, origin="simulated")
    return Request(id="open", by=OPERATOR, command=command)


def ask(request_id: str, pence: int, body: str = "X01") -> Request:
    """A request for part of what is payable; its disbursement bears its id."""
    command = RequestDisbursement(
        account=account(body), disbursement=request_id, amount_pence=pence
    )
    return Request(id=request_id, by=officer(body), command=command, effective_on=DAY)


def refuse(request_id: str, disbursement: str, reason: str) -> Request:
    command = RefuseDisbursement(
        account=account("X01"), disbursement=disbursement, reason=reason
    )
    return Request(id=request_id, by=APPROVER, command=command, effective_on=DAY)


def payable(body: str, pence: int) -> tuple[Fact, ...]:
    """A group whose account holds an award, all of it payable, in seven slices."""
    code, own = BodyCode(body), account(body)
    each = pence // len(MEASURES)
    shares = (pence - each * (len(MEASURES) - 1),) + (each,) * (len(MEASURES) - 1)
    slices = tuple(
        Slice(measure=measure, pence=part)
        for measure, part in zip(MEASURES, shares, strict=True)
    )
    moves = (Move(source=POTENTIAL, target=PAYABLE, slices=slices),)
    rulebook = RecordId("rulebook/quality-premium/2013-14@1")
    return (
        BodyRegistered(body=code, kind="group", name=f"Group {body}"),
        AccountOpened(
            account=own,
            heads=min(pence // 500, MOST_HEADS),
            heads_basis="population.registered.gp-list",
            heads_as_at=date(2013, 4, 1),
            heads_result=RecordId("result/population/X01/2013-04-01@1"),
            rulebook=rulebook,
            rulebook_hash="0" * 64,
            value_per_head_pence=500,
            maximum_pence=pence,
            slices=slices,
        ),
        AwardProposed(
            account=own,
            determination=1,
            maximum_pence=pence,
            earned_pence=pence,
            before_gates_pence=pence,
            total_pence=pence,
            lines=tuple(
                AwardLine(
                    measure=one.measure,
                    earned=Fraction(1),
                    maximum_pence=one.pence,
                    earned_pence=one.pence,
                    payable_pence=one.pence,
                )
                for one in slices
            ),
            reductions=(),
            moves=moves,
            assessments=(),
            clauses=(),
            rulebook=rulebook,
            rulebook_hash="0" * 64,
            engine="invented",
        ),
        AwardConfirmed(
            account=own,
            determination=1,
            proposal=RecordId(f"account/{own}@2"),
            total_pence=pence,
            moves=moves,
        ),
    )


def rows(facts: Sequence[Fact]) -> list[EventRow]:
    """Facts as the rows of a new log."""
    meta = Meta(
        recorded_at=datetime(2014, 10, 1, 9, tzinfo=UTC),
        effective_on=DAY,
        actor=ANALYST.party,
        role=ANALYST.role,
        command_id="seed",
        request_hash="0" * 64,
        correlation_id="seed",
    )
    versions: dict[str, int] = {}
    placed = []
    for position, fact in enumerate(facts, start=1):
        stream = stream_of(fact)
        versions[stream] = versions.get(stream, 0) + 1
        state = encode(fact, encode_meta(meta))
        placed.append(EventRow(position, stream, versions[stream], fact.TOPIC, state))
    return placed


def decided(outcome: Outcome) -> Appended | Refused:
    """An answer that is the first to its command."""
    assert isinstance(outcome, Appended | Refused), outcome
    return outcome


def with_payable(
    path: Path,
    *bodies: str,
    pence: int = PAYABLE_PENCE,
    connection: type[sqlite3.Connection] = sqlite3.Connection,
    **given: Any,
) -> Ledger:
    """A ledger in which each body's award can be asked for.

    Args:
        given: Further arguments of the Ledger.
    """
    store = SQLiteStore(path, create=True, connection=connection)
    return filled(store, *bodies, pence=pence, **given)


def filled(
    store: Store, *bodies: str, pence: int = PAYABLE_PENCE, **given: Any
) -> Ledger:
    """The same in an empty log of any store."""
    facts: list[Fact] = [LedgerOpened(name="Test", origin="simulated")]
    for body in bodies or ("X01",):
        facts += payable(body, pence)
    facts += KNOWN
    with store.writing() as writing:
        writing.append(rows(facts))
    return Ledger(store, **given)


def asked_pence(ledger: Ledger, body: str = "X01") -> int:
    """What the account's requests add up to, read from the log."""
    return sum(
        getattr(recorded.fact, "amount_pence", 0)
        for recorded in ledger.stream(f"account/{account(body)}")
    )


def check_whole(ledger: Ledger) -> None:
    """Positions without gaps, versions without gaps, every record readable."""
    records = ledger.read(0, 1_000_000)
    assert [one.position for one in records] == list(range(1, len(records) + 1))
    versions: dict[str, int] = {}
    for one in records:
        assert one.version == versions.get(one.stream, 0) + 1, one.id
        versions[one.stream] = one.version
    commands = ledger.command_rows(0, 1_000_000)
    assert [row.number for row in commands] == list(range(1, len(commands) + 1))
