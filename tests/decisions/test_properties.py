"""Whatever is asked: no penny is made or lost, and no balance falls below zero."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.decisions.disbursements.requests import (
    ApproveDisbursement,
    PayDisbursement,
    RefuseDisbursement,
)
from ledger.decisions.spending.recording import RecordSpending
from ledger.events import PartyId
from ledger.postings import MAY_BE_NEGATIVE, legs
from ledger.premium.account import PremiumAccount
from ledger.premium.evolve import evolve
from ledger.recorded import Recorded
from tests.decisions.given import ACCOUNT, Book, usual
from tests.decisions.year import ask_for, awarded

START = date(2014, 9, 28)
NAMES = st.sampled_from(["d1", "d2", "d3", "d4"])
DAYS = st.integers(0, 12).map(lambda days: START + timedelta(days=days))
PENCE = st.integers(1, 300_000_00)


@st.composite
def commands(draw: st.DrawFn) -> tuple[Any, date]:
    on = draw(DAYS)
    match draw(st.sampled_from(["ask", "approve", "refuse", "pay", "spend"])):
        case "ask":
            return ask_for(draw(PENCE), draw(NAMES)), on
        case "approve":
            return ApproveDisbursement(account=ACCOUNT, disbursement=draw(NAMES)), on
        case "refuse":
            return (
                RefuseDisbursement(
                    account=ACCOUNT, disbursement=draw(NAMES), reason="0" * 64
                ),
                on,
            )
        case "pay":
            return (
                PayDisbursement(
                    account=ACCOUNT,
                    disbursement=draw(NAMES),
                    reference=draw(st.sampled_from(["r1", "r2", "r3"])),
                    kind="cash",
                    value_date=draw(DAYS),
                ),
                on,
            )
        case _:
            return (
                RecordSpending(
                    account=ACCOUNT,
                    spending=draw(st.sampled_from([f"s{i}" for i in range(9)])),
                    payee=PartyId(draw(st.sampled_from(["p", "q"]))),
                    purpose=draw(st.sampled_from(["a", "b", "x"])),
                    service="0" * 64,
                    amount_pence=draw(PENCE),
                ),
                on,
            )


def carried_out(asked: list[tuple[Any, date]]) -> tuple[Book, list[Recorded]]:
    book = awarded(red_1="74.83", pyll="1937")
    for command, on in asked:
        decision = book.ask(command, on=on)
        if isinstance(decision, tuple):
            for fact in decision:
                book.tell(fact, usual(command), on)
    return book, list(book.records(f"account/{ACCOUNT}"))


def posted(records: list[Recorded]) -> dict[tuple[str, str], dict[date, int]]:
    """Every account's pence by slice and day: added up here, without the account."""
    days: dict[tuple[str, str], dict[date, int]] = defaultdict(lambda: defaultdict(int))
    for recorded in records:
        for leg in legs(recorded.fact, recorded.meta.effective_on):
            days[leg.account, leg.slice][leg.effective_on] += leg.pence
    return days


@given(st.lists(commands(), max_size=30))
def test_no_decision_creates_or_loses_a_penny(asked: list[tuple[Any, date]]):
    _, records = carried_out(asked)
    for recorded in records:
        by_slice: dict[str, int] = defaultdict(int)
        for leg in legs(recorded.fact, recorded.meta.effective_on):
            by_slice[leg.slice] += leg.pence
        assert set(by_slice.values()) <= {0}


@given(st.lists(commands(), max_size=30))
def test_no_balance_is_below_zero_at_any_effective_date(
    asked: list[tuple[Any, date]],
):
    _, records = carried_out(asked)
    for (account, measure), days in posted(records).items():
        running = 0
        for day in sorted(days):
            running += days[day]
            assert running >= 0 or account in MAY_BE_NEGATIVE, (account, measure, day)


@given(st.lists(commands(), max_size=30))
def test_each_slice_stays_whole(asked: list[tuple[Any, date]]):
    """Opening = potential + not earned + reduced + payable + committed + paid."""
    book, records = carried_out(asked)
    opened = book.account(ACCOUNT).opened
    assert opened is not None
    totals: dict[str, int] = defaultdict(int)
    for (account, measure), days in posted(records).items():
        if account not in MAY_BE_NEGATIVE:
            totals[measure] += sum(days.values())
    assert totals == {piece.measure: piece.pence for piece in opened.slices}


@given(st.lists(commands(), max_size=25))
def test_state_is_the_sum_of_the_legs(asked: list[tuple[Any, date]]):
    book, records = carried_out(asked)
    sums: dict[str, int] = defaultdict(int)
    for (account, _), days in posted(records).items():
        sums[account] += sum(days.values())
    assert book.account(ACCOUNT).balances == sums


@given(st.lists(commands(), max_size=25))
def test_a_repeated_decision_adds_nothing_or_is_refused(
    asked: list[tuple[Any, date]],
):
    book = awarded()
    for command, on in asked:
        if isinstance(book.ask(command, on=on), tuple):
            book.do(command, on=on)
            again = book.ask(command, on=on)
            assert again == () or not isinstance(again, tuple)


@given(st.lists(commands(), max_size=25), st.data())
def test_evolve_never_refuses_what_was_recorded(
    asked: list[tuple[Any, date]], data: st.DataObject
):
    """Folding the stream again, from a copy half-way too, comes to the same state."""
    book, records = carried_out(asked)
    half = data.draw(st.integers(0, len(records)))
    account = PremiumAccount(account=ACCOUNT)
    for recorded in records[:half]:
        evolve(account, recorded)
    twin = account.copied()
    before = account.copied()
    for recorded in records[half:]:
        evolve(twin, recorded)
    assert twin == book.account(ACCOUNT)
    assert account == before


def test_a_fact_of_another_stream_is_never_ignored():
    with pytest.raises(KeyError):
        evolve(PremiumAccount(account=ACCOUNT), awarded().records("ledger")[0])
