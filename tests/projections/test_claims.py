"""The view of claims: each as it was first recorded, and exact."""

from datetime import date
from fractions import Fraction
from pathlib import Path

from ledger.events import ClaimRecorded, DocumentId
from projections.verify.verify import verify
from projections.views import claims
from tests.decisions.given import Book
from tests.projections.histories import MemoryLog, followed, history

CLAIM = ClaimRecorded(
    claim="share-of-maximum-2013-14-13P",
    about="13P",
    scheme="quality-premium",
    scheme_year="2013-14",
    quantity="share-of-maximum",
    as_published="29%",
    source="https://example.org",
    status="conflicting",
    value=Fraction(29, 100),
    published_on=date(2014, 12, 1),
    document=DocumentId("0" * 64),
    row=22,
)
MONEY = ClaimRecorded(
    claim="award-2013-14-13P",
    about="13P",
    scheme="quality-premium",
    scheme_year="2013-14",
    quantity="award",
    as_published="£967,000",
    source="https://example.org",
    status="confirmed",
    amount_pence=967_000_00,
    rounded_to_pence=1_000_00,
)


def test_a_claim_is_read_as_it_was_recorded_in_order_of_ids(tmp_path: Path):
    book = Book()
    book.tell(CLAIM)
    book.tell(MONEY)
    with followed(MemoryLog(history(book)), tmp_path) as views:
        found = claims.claims(views.db)
        assert [one.fact for one in found.values()] == [MONEY, CLAIM]
        assert found[CLAIM.claim].record == f"claim/{CLAIM.claim}@1"
        assert verify(views) == ()
