"""What is read of a random history, against the abacus: two clocks, and provenance."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ledger.postings import legs
from ledger.recorded import Recorded, account_stream, stream_and_version
from ledger.rules.lines import Line
from projections.following.views import Views
from projections.questions.provenance import backwards
from projections.views import clocks
from projections.views.clocks import Clocks
from projections.views.names import NamesFromStreams
from tests.decisions.abacus.accounts import Pence
from tests.decisions.abacus.side_by_side import ACCOUNTS, Both
from tests.decisions.given import Book
from tests.projections.histories import MemoryLog
from tests.projections.said import assert_said


class Told:
    """A book, as provenance asks it."""

    def __init__(self, book: Book) -> None:
        self.book = book

    def record(self, record_id: str) -> Recorded | None:
        """One record by its id."""
        stream, version = stream_and_version(record_id)
        return self.stream(stream)[version - 1]

    def stream(self, name: str) -> Sequence[Recorded]:
        """A stream's records."""
        return self.book.records(name)


def read_at_random_clocks(both: Both, times: int) -> None:
    """What the tables say stood in both accounts at times of either clock."""
    with TemporaryDirectory() as folder:
        views = Views(MemoryLog(both.records()), Path(folder) / "views.db", batch=64)
        try:
            views.follow()
            for _ in range(times):
                known = both.random.randint(0, both.book.position)
                for account in ACCOUNTS:
                    board = both.premiums[account].board
                    effective = both.random.choice(board.entries).on
                    at = Clocks(known, effective)
                    wanted = board.standing(effective, known)
                    sums: dict[str, int] = defaultdict(int)
                    for (pot, _), pence in wanted.items():
                        sums[pot] += pence
                    assert {
                        (one.account, one.slice): one.pence
                        for one in clocks.slices(views.db, at, account)
                        if one.pence
                    } == wanted
                    assert {
                        one.account: one.pence
                        for one in clocks.balances(views.db, at, account)
                        if one.pence
                    } == {pot: pence for pot, pence in sums.items() if pence}
        finally:
            views.close()


def tell_every_record(both: Both) -> None:
    """What sentences say of money, of both accounts, is what moved."""
    for account in ACCOUNTS:
        for one in both.book.records(account_stream(account)):
            if legs(one.fact, one.meta.effective_on):
                assert_said(one)


def trace_every_use(both: Both) -> None:
    """Backwards from each use that counts: receipts and slices as the abacus drew."""
    told = Told(both.book)
    names = NamesFromStreams(told)
    for account in ACCOUNTS:
        latest: dict[str, Recorded] = {}
        for one in both.book.records(account_stream(account)):
            fact: Any = one.fact
            for what in ("spending", "lapse", "payment"):
                credited = hasattr(fact, "credit")
                if hasattr(fact, "draws") and hasattr(fact, what) and not credited:
                    latest[f"{what} {getattr(fact, what)}"] = one
        uses = both.premiums[account].uses
        assert latest.keys() == uses.keys()
        for name, recorded in latest.items():
            line = backwards(told, names, recorded)
            found = [
                (one.says.split(",")[0].removeprefix("Receipt "), _slices(one))
                for one in line.lines
                if one.says.startswith("Receipt ")
            ]
            assert found == uses[name]


def _slices(receipt: Line) -> Pence:
    [award] = receipt.lines
    return {one.says.split(":")[0]: one.pence or 0 for one in award.lines}
