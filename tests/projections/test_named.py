"""Names: the tables lead to the same records and legs as the whole stream does."""

from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import events
from ledger.recorded import Recorded
from projections.following.views import Views
from projections.questions.provenance import backwards
from projections.questions.uses import forwards
from projections.views.names import NamesFromStreams, NamesFromTables
from tests.decisions.given import ACCOUNT, Book
from tests.decisions.test_right_properties import HISTORIES, NEXT_YEAR, carried_out
from tests.projections.histories import MemoryLog, followed, history, year
from tests.projections.test_provenance import USES, Log


def check(records: tuple[Recorded, ...], tables: NamesFromTables, known: int) -> None:
    """Every name of two years' accounts, looked up both ways at a known position."""
    log = Log(records, known)
    plain = NamesFromStreams(log)
    for one in log.records:
        fact: Any = one.fact
        if isinstance(fact, events.DisbursementRequested):
            name = fact.disbursement
            assert tables.asked(fact.account, name) == one.id
            paid = tables.payment(fact.account, name)
            assert paid == plain.payment(fact.account, name)
            before = tables.award(fact.account, one.position)
            assert before == plain.award(fact.account, one.position)
        if isinstance(fact, events.DisbursementPaid):
            assert tables.paid(fact.account, fact.receipt) == one.id
            assert tables.payment(fact.account, fact.disbursement) == one.id
        if hasattr(fact, "spending"):
            spent = tables.spending(fact.account, fact.spending)
            assert spent == plain.spending(fact.account, fact.spending)
        if isinstance(fact, USES | events.DisbursementPaid | events.AwardConfirmed):
            assert backwards(log, tables, one) == backwards(log, plain, one)
    for account in (ACCOUNT, NEXT_YEAR):
        for measure in ("pyll", "no-such-measure"):
            steps = list(plain.steps(account, measure))
            assert list(tables.steps(account, measure)) == steps
            for effective in {None, *(step.effective_on for step in steps)}:
                assert forwards(tables, account, measure, effective) == forwards(
                    plain, account, measure, effective
                )


@given(HISTORIES, st.data())
def test_tables_answer_as_streams_do_at_any_known_position(
    asked: list[Any], data: st.DataObject
):
    book: Book = carried_out(asked)
    records = history(book)
    known = data.draw(st.integers(0, book.position), label="known")
    with TemporaryDirectory() as folder:
        views = Views(MemoryLog(records), Path(folder) / "v.db", batch=7)
        views.follow()
        for position in (known, book.position):
            check(records, NamesFromTables(views.db, position), position)
        views.close()


def test_a_spending_over_two_receipts_has_a_row_for_each(tmp_path: Path):
    with followed(MemoryLog(year()), tmp_path) as views:
        rows = views.db.execute(
            "SELECT n, kind, name, receipt FROM named WHERE name = 's1' ORDER BY n"
        ).fetchall()
    assert [row[1:3] for row in rows] == [("spending", "s1")] * 2
    assert all(first[0] < second[0] for first, second in pairwise(rows))
    assert len({row[3] for row in rows}) == 2


def test_what_is_not_known_has_no_name(tmp_path: Path):
    with followed(MemoryLog(year()), tmp_path) as views:
        names = NamesFromTables(views.db, 0)
        assert names.spending(ACCOUNT, "s1") is None
        assert names.payment(ACCOUNT, "d1") is None
        assert list(names.steps(ACCOUNT, "pyll")) == []
        with pytest.raises(LookupError, match="has no name"):
            names.asked(ACCOUNT, "d1")
        with pytest.raises(LookupError, match="has no name"):
            names.paid(ACCOUNT, "d1")
        with pytest.raises(LookupError, match="has no name"):
            names.award(ACCOUNT, 10**9)
