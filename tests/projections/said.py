"""What a sentence says of money, held against the legs of its fact."""

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from ledger.money import pounds
from ledger.postings import legs
from ledger.recorded import Recorded
from projections.story.sentences.every import sentence
from projections.story.words import Lookup
from tests.projections.test_trail import Beside

AMOUNT = re.compile(r"£[\d,]+\.\d\d")
LOOKUP = Lookup(Beside(()))

BESIDE = {
    "account-opened.v1": ("value_per_head_pence",),
    "population-corrected.v1": ("maximum_pence",),
    "award-confirmed.v1": ("total_pence",),
    "withholding-decided.v1": ("award_pence", "payable_pence"),
    "withholding-varied.v1": ("before_pence", "amount_pence"),
}
"""A kind of fact -> the amounts that its sentence says besides what moved."""


def net(recorded: Recorded) -> dict[str, int]:
    """The change of each account that a record's legs made, but not of nothing."""
    sums: dict[str, int] = defaultdict(int)
    for leg in legs(recorded.fact, recorded.meta.effective_on):
        sums[leg.account] += leg.pence
    return {account: pence for account, pence in sums.items() if pence}


def _pence(slices: Iterable[Any]) -> int:
    return sum(piece.pence for piece in slices)


def _drawn(fact: Any) -> set[int]:
    """What a fact draws from each receipt, undoes there, or gives back to it."""
    draws = [*getattr(fact, "draws", ()), *getattr(fact, "undone", ())]
    for credit in getattr(fact, "credits", ()):
        draws += credit.draws
    return {_pence(draw.slices) for draw in draws}


def assert_said(recorded: Recorded) -> None:
    """Each amount of a record's sentence was moved, and each that moved is said."""
    fact: Any = recorded.fact
    told = sentence(fact, LOOKUP)
    said = set(AMOUNT.findall(told))
    into: dict[str, int] = defaultdict(int)
    out_of: dict[str, int] = defaultdict(int)
    slices: dict[tuple[str, str, bool], int] = defaultdict(int)
    for leg in legs(fact, recorded.meta.effective_on):
        (into if leg.pence > 0 else out_of)[leg.account] += leg.pence
        slices[leg.account, leg.slice, leg.pence > 0] += leg.pence
    changed = net(recorded)
    moved = {*changed.values(), *into.values(), *out_of.values(), *slices.values()}
    beside = {getattr(fact, name) for name in BESIDE.get(fact.TOPIC, ())}
    known = {pounds(abs(pence)) for pence in moved | beside | _drawn(fact)}
    assert said <= known, f"{recorded.id}: {told}"
    for account in {*into, *out_of}:
        whole = changed.get(account, 0)
        parts = {pounds(into[account]), pounds(-out_of[account])} - {pounds(0)}
        says = pounds(abs(whole)) in said or not whole or parts <= said
        says = says or _said_by_receipt(fact, said)
        assert says, f"{recorded.id}, {account}: {told}"


def _said_by_receipt(fact: Any, said: set[str]) -> bool:
    """Whether a sentence says what moved by the receipts that it was drawn from."""
    drawn = {pounds(pence) for pence in _drawn(fact)}
    return bool(drawn) and drawn <= said
