"""Every view, and the hash of the code that makes them."""

import hashlib
from pathlib import Path

import ledger.events
import ledger.money
import ledger.postings
import ledger.recorded
from projections.views import (
    awards,
    balances,
    claims,
    clock_totals,
    clocks,
    journal,
    names,
    results,
    trail,
    view,
)
from projections.views.view import View

VIEWS: tuple[View, ...] = (
    *(journal.VIEW, balances.VIEW, awards.VIEW, trail.VIEW),
    *(results.VIEW, claims.VIEW, clocks.VIEW, names.VIEW),
)
"""Every view, in the order in which a batch is taken into them."""


_CODE = (
    *(ledger.events, ledger.money, ledger.postings, ledger.recorded),
    *(view, journal, balances, awards, trail, results, claims),
    *(clocks, clock_totals, names),
)


def code_hash() -> str:
    """SHA-256 of the source that decides what stands in the views, in hexadecimal."""
    source = b"\0".join(Path(str(module.__file__)).read_bytes() for module in _CODE)
    return hashlib.sha256(source).hexdigest()
