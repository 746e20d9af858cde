"""Where a measure's slice of the maximum went: its use or non-use, to the penny."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ledger import events
from ledger.events import AccountId
from ledger.postings import (
    COMMITTED,
    FUNDING,
    HELD,
    NOT_EARNED,
    OVERPAID,
    PAYABLE,
    POTENTIAL,
    RETURNED,
    Leg,
    legs,
)
from ledger.recorded import account_stream
from ledger.rules.lines import Line
from projections.provenance import Sources, line_of

_WHOLE = {
    POTENTIAL: "not yet decided",
    NOT_EARNED: "not earned",
    PAYABLE: "payable, not yet asked for",
}
Path = tuple[str, ...]


@dataclass(slots=True)
class _Branch:
    """Pence that went one way, the records that sent them, and how they parted."""

    pence: int = 0
    facts: dict[str, None] = field(default_factory=dict)
    branches: dict[str, "_Branch"] = field(default_factory=dict)

    def add(self, path: Path, pence: int, record: str) -> None:
        self.pence += pence
        if path:
            branch = self.branches.setdefault(path[0], _Branch())
            branch.add(path[1:], pence, record)
        else:
            self.facts[record] = None

    def line(self, says: str) -> Line:
        """As lines; ways on which nothing is left are not shown."""
        below = [branch.line(name) for name, branch in self.branches.items()]
        lines = tuple(line for line in below if line.pence or line.lines)
        return line_of(says, self.pence, facts=tuple(self.facts), lines=lines)


def forwards(
    sources: Sources, account: AccountId, measure: str, effective: date | None = None
) -> Line | None:
    """Where a measure's slice went; None where it never had one.

    Args:
        effective: The last day whose legs count; None: all of them.
    """
    whole = _Branch()
    seen = False
    for recorded in sources.stream(account_stream(account)):
        posted = legs(recorded.fact, recorded.meta.effective_on)
        own = [
            (n, leg)
            for n, leg in enumerate(posted)
            if leg[2] == measure and leg[1] != FUNDING
        ]
        if not own:
            continue
        seen = True
        receipts = _receipts(recorded.fact)
        for n, leg in own:
            if effective is None or leg.effective_on <= effective:
                # Legs come in pairs, out of one account and into another.
                receipt = receipts[n // 2] if n // 2 < len(receipts) else ""
                path = _path(leg, recorded.fact, receipt)
                whole.add(path, leg.pence, recorded.id)
    return whole.line(f"{measure}: its slice of the maximum") if seen else None


def _receipts(fact: Any) -> list[str]:
    """The receipt of each pair of a fact's legs, as far as there is one."""
    match fact:
        case events.DisbursementPaid() | events.DisbursementReturned():
            return [fact.receipt] * len(fact.slices)
        case _:
            draws = (*getattr(fact, "undone", ()), *getattr(fact, "draws", ()))
            return [draw.receipt for draw in draws for _ in draw.slices]


def _path(leg: Leg, fact: Any, receipt: str) -> Path:
    """By which way a leg's pence went, from the slice of the maximum down."""
    name = leg.account
    whole = _WHOLE.get(name)
    if whole is not None:
        return (whole,)
    kind, _, rest = name.partition(":")
    if kind == "premium" and name not in {COMMITTED, OVERPAID}:
        return (rest.replace(":", " by ", 1),)
    if name == COMMITTED:
        return ("set aside", f"request {fact.disbursement}")
    if not receipt:
        says = "came back" if name == RETURNED else "overpaid: a debt"
        return ("paid", f"settled outside of receipts: {says}")
    if name == HELD:
        return ("paid", f"receipt {receipt}", "unspent")
    if name == RETURNED:
        return ("paid", f"receipt {receipt}", "handed back")
    return ("paid", f"receipt {receipt}", f"{rest} ({fact.spending})")
