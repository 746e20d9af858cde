"""Provenance: every level of a trace adds up to the penny, both ways."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import events
from ledger.postings import legs
from ledger.recorded import Recorded
from ledger.rules.lines import Line
from projections.questions.provenance import NoProvenance, backwards
from projections.questions.uses import forwards
from projections.verify.awards import unequal
from projections.views.names import NamesFromStreams
from tests.decisions.given import ACCOUNT, Book
from tests.decisions.test_right_properties import HISTORIES, NEXT_YEAR, carried_out
from tests.projections.histories import year

USES = (
    events.SpendingRecorded
    | events.SpendingCorrected
    | events.PassedOn
    | events.Lapsed
    | events.RecoveryReceived
)


class Log:
    """A book's records as a log; what came after a position is not known."""

    def __init__(self, records: tuple[Recorded, ...], known: int = 10**9) -> None:
        self.records = [one for one in records if one.position <= known]

    def record(self, record_id: str) -> Recorded | None:
        return next((one for one in self.records if one.id == record_id), None)

    def stream(self, name: str) -> list[Recorded]:
        return [one for one in self.records if one.stream == name]


def told(book: Book) -> tuple[Recorded, ...]:
    return tuple(one for stream in book.streams.values() for one in stream)


def each(line: Line, depth: int = 0) -> Iterator[tuple[int, Line]]:
    yield depth, line
    for inner in line.lines:
        yield from each(inner, depth + 1)


def of_slices(line: Line) -> Counter[str]:
    """Pence by measure, of the lines of slices."""
    sums: Counter[str] = Counter()
    for _, one in each(line):
        if one.says.startswith("Determination"):
            for piece in one.lines:
                sums[piece.says.partition(":")[0]] += piece.pence or 0
    return sums


@given(HISTORIES)
def test_backwards_each_level_adds_up_and_is_what_the_fact_draws(asked: list[Any]):
    records = told(carried_out(asked))
    log = Log(records)
    for one in records:
        fact: Any = one.fact
        if isinstance(fact, USES):
            line = backwards(log, NamesFromStreams(log), one)
            assert line.pence == fact.amount_pence
            drawn = [piece for draw in fact.draws for piece in draw.slices]
        elif isinstance(fact, events.DisbursementPaid):
            line = backwards(log, NamesFromStreams(log), one)
            assert line.pence == fact.amount_pence
            drawn = list(fact.slices)
        elif isinstance(fact, events.AwardConfirmed):
            line = backwards(log, NamesFromStreams(log), one)
            assert line.pence == fact.total_pence
            assert list(unequal(line)) == []
            continue
        else:
            continue
        assert list(unequal(line)) == []
        expected: Counter[str] = Counter()
        for piece in drawn:
            expected[piece.measure] += piece.pence
        assert of_slices(line) == expected


def leaves(line: Line) -> Counter[tuple[str, ...]]:
    """Pence by the words on the way to each last line."""
    found: Counter[tuple[str, ...]] = Counter()

    def walk(one: Line, path: tuple[str, ...]) -> None:
        if not one.lines:
            found[path] += one.pence or 0
        for inner in one.lines:
            walk(inner, (*path, inner.says))

    walk(line, ())
    return found


@given(HISTORIES, st.data())
def test_forwards_the_slice_of_the_maximum_is_all_accounted_for_at_any_two_clocks(
    asked: list[Any], data: st.DataObject
):
    book = carried_out(asked)
    records = told(book)
    known = data.draw(st.integers(0, book.position), label="known")
    days = sorted({one.meta.effective_on for one in records})
    effective = data.draw(st.none() | st.sampled_from(days), label="effective")
    for account in (ACCOUNT, NEXT_YEAR):
        sums: Counter[tuple[str, str]] = Counter()
        measures: dict[str, None] = {}
        for one in records:
            if one.position > known or one.stream != f"account/{account}":
                continue
            for leg in legs(one.fact, one.meta.effective_on):
                measures[leg.slice] = None
                if effective is None or leg.effective_on <= effective:
                    sums[leg.slice, leg.account] += leg.pence
        for measure in measures:
            line = forwards(
                NamesFromStreams(Log(records, known)), account, measure, effective
            )
            assert line is not None
            assert list(unequal(line)) == []
            assert line.pence == -sums[measure, "board:funding"]
            ends = leaves(line)
            for name, says in (
                ("premium:payable", "payable, not yet asked for"),
                ("premium:not-earned", "not earned"),
            ):
                assert ends[says,] == sums[measure, name]
            for name, says in (("group:held", "unspent"),):
                assert (
                    sum(p for path, p in ends.items() if path[-1] == says)
                    == (sums[measure, name])
                )
            assert (
                sum(p for path, p in ends.items() if path[:1] == ("committed",))
                == (sums[measure, "premium:committed"])
            )


@given(HISTORIES)
def test_what_is_unspent_of_each_receipt_is_what_its_account_can_still_draw(
    asked: list[Any],
):
    book = carried_out(asked)
    log = Log(told(book))
    for account in (ACCOUNT, NEXT_YEAR):
        state = book.account(account)
        left: Counter[tuple[str, str]] = Counter()
        for piece in state.funded:
            line = forwards(NamesFromStreams(log), account, piece.measure)
            assert line is not None
            for path, pence in leaves(line).items():
                if path[-1:] == ("unspent",) and pence:
                    left[path[1], piece.measure] += pence
        assert left == {
            (f"receipt {name}", measure): pence
            for name, receipt in state.receipts.items()
            for measure, pence in receipt.lowest(date.max).items()
            if pence
        }


def test_a_spending_over_two_receipts_leads_back_to_both_and_to_results():
    log = Log(year())
    [spent] = [
        one
        for one in year()
        if isinstance(one.fact, events.SpendingRecorded) and one.fact.spending == "s1"
    ]
    line = backwards(log, NamesFromStreams(log), spent)
    assert line.says == "Spending s1: purpose a, to p"
    assert [one.says.split()[0] for one in line.lines] == ["Receipt", "Receipt"]
    assert [one.pence for one in line.lines] == [123_456_78, 1]
    said = [one.says for _, one in each(line)]
    assert any(one.startswith("Determination 1") for one in said)
    assert any(" of X01, 2013-04-01..2014-03-31: " in one for one in said)


def test_a_measure_that_never_had_a_slice_leads_nowhere():
    assert forwards(NamesFromStreams(Log(year())), ACCOUNT, "no-such-measure") is None


def test_before_its_account_counts_a_slice_is_nothing():
    line = forwards(NamesFromStreams(Log(year())), ACCOUNT, "pyll", date(2000, 1, 1))
    assert line is not None
    assert (line.pence, line.lines) == (0, ())


def test_a_record_that_moves_nothing_of_the_kind_has_no_provenance():
    with pytest.raises(NoProvenance, match="name a spending"):
        backwards(Log(year()), NamesFromStreams(Log(())), year()[0])
