"""Where a measure's slice of the maximum went: its use or non-use, to the penny."""

from dataclasses import dataclass, field
from datetime import date

from ledger.events import AccountId
from ledger.postings import (
    COMMITTED,
    FUNDING,
    HELD,
    IN_TRANSIT,
    NOT_EARNED,
    OVERPAID,
    OWN_FUNDS,
    PAYABLE,
    POTENTIAL,
    RECOVERED,
    RETURNED,
    SET_OFF,
    SETTLED,
)
from ledger.rules.lines import Line
from projections.questions.provenance import line_of
from projections.views.names import RecordNames, Step

_WHOLE = {
    POTENTIAL: "not yet decided",
    NOT_EARNED: "not earned",
    PAYABLE: "payable, not yet asked for",
}
_DEBT = {
    OVERPAID: "paid beyond the award",
    SETTLED: "paid off, in cash or by what was handed back",
    SET_OFF: "set off against another premium",
}
_RECEIVED = {
    IN_TRANSIT: "in transit",
    HELD: "unspent",
    OWN_FUNDS: "that paid a debt",
    RETURNED: "handed back",
    RECOVERED: "recovered",
}
Path = tuple[str, ...]


@dataclass(slots=True)
class _Way:
    """Pence that went one way, and the records that sent them, in order."""

    pence: int = 0
    facts: dict[str, None] = field(default_factory=dict)


def _line(says: str, ways: dict[Path, _Way]) -> Line:
    """Ways that begin alike, as lines; those on which nothing is left are not shown."""
    parted: dict[str, dict[Path, _Way]] = {}
    for path, way in ways.items():
        if path:
            parted.setdefault(path[0], {})[path[1:]] = way
    lines = tuple(
        _line(name, below)
        for name, below in parted.items()
        if any(way.pence for way in below.values())
    )
    ended = ways.get((), _Way())
    pence = sum(way.pence for way in ways.values())
    return line_of(says, pence, facts=tuple(ended.facts), lines=lines)


def forwards(
    names: RecordNames, account: AccountId, measure: str, effective: date | None = None
) -> Line | None:
    """Where a measure's slice went, or None if it never had one.

    Args:
        effective: The last day whose legs count; None: all of them.
    """
    ways: dict[Path, _Way] = {}
    seen = False
    for step in names.steps(account, measure):
        if step.account == FUNDING:
            continue
        seen = True
        if effective is None or step.effective_on <= effective:
            way = ways.setdefault(_path(step), _Way())
            way.pence += step.pence
            way.facts[step.record] = None
    return _line(f"{measure}: its slice of the maximum", ways) if seen else None


def _path(step: Step) -> Path:
    """By which way a leg's pence went, from the slice of the maximum down."""
    account, receipt = step.account, step.receipt
    whole = _WHOLE.get(account)
    if whole is not None:
        return (whole,)
    kind, _, rest = account.partition(":")
    if account in _DEBT:
        return ("debt", _DEBT[account])
    if account == COMMITTED:
        return ("committed", f"request {step.name}")
    if kind == "premium":
        return (rest.replace(":", " by ", 1),)
    if not receipt:
        return ("paid", "the body's own money", _RECEIVED[account])
    if account in _RECEIVED:
        return ("paid", f"receipt {receipt}", _RECEIVED[account])
    return ("paid", f"receipt {receipt}", f"{rest} ({step.name})")
