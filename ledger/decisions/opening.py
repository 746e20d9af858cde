"""Opening a ledger: real or simulated, as a whole and for good."""

from collections.abc import Sequence
from typing import ClassVar, Literal

from ledger.decisions.handling import on_stream
from ledger.events import LedgerOpened
from ledger.limits import Name
from ledger.recorded import LEDGER_STREAM, Recorded
from ledger.request import Asked, Decision, Origin
from ledger.values import value


@value
class OpenLedger:
    """Begin a ledger."""

    NAME: ClassVar[str] = "open-ledger"

    name: Name
    """What the ledger is called, such as demo."""
    origin: Literal["real", "simulated"]
    """Real or simulated, as a whole and for good."""


@value
class LedgerNotOpen:
    """Nothing can be recorded before the ledger is opened."""

    NAME: ClassVar[str] = "ledger-not-open"

    def __str__(self) -> str:
        return "this ledger is not opened yet: open it first, with premium init"


@value
class LedgerOpenedOtherwise:
    """The ledger is open under another name or origin, and stays so."""

    NAME: ClassVar[str] = "ledger-opened-otherwise"

    name: str
    origin: str

    def __str__(self) -> str:
        return (
            f"this ledger was opened as {self.name!r} ({self.origin}) and stays so: "
            "use another file for another ledger"
        )


@value
class MadeForOtherLedger:
    """The request is for simulated ledgers and this one is real, or the reverse."""

    NAME: ClassVar[str] = "made-for-other-ledger"

    made_for: str
    origin: str

    def __str__(self) -> str:
        return (
            f"this was made for a {self.made_for} ledger and this one is "
            f"{self.origin}: give it to a ledger opened with --origin {self.made_for}"
        )


REFUSALS = (LedgerNotOpen, LedgerOpenedOtherwise, MadeForOtherLedger)


def other_ledger(
    made_for: Origin | None, ledger: Sequence[Recorded]
) -> MadeForOtherLedger | None:
    """The refusal of a request that was made for the other origin, or None.

    Args:
        ledger: The records of the stream `ledger`, one or more.

    Source: DESIGN 3 (a ledger is real or simulated as a whole).
    """
    opened = ledger[0].fact
    assert isinstance(opened, LedgerOpened)
    if made_for in {None, opened.origin}:
        return None
    return MadeForOtherLedger(made_for=str(made_for), origin=opened.origin)


def open_ledger(
    command: OpenLedger, ledger: Sequence[Recorded], asked: Asked
) -> Decision:
    """Decide whether a ledger may begin; opening it again the same way adds nothing.

    Args:
        ledger: The records of the stream `ledger`.
    """
    if not ledger:
        return (LedgerOpened(name=command.name, origin=command.origin),)
    opened = ledger[0].fact
    assert isinstance(opened, LedgerOpened)
    if (opened.name, opened.origin) != (command.name, command.origin):
        return LedgerOpenedOtherwise(name=opened.name, origin=opened.origin)
    return ()


HANDLES = (
    on_stream(OpenLedger, open_ledger, lambda given: LEDGER_STREAM, by="operator"),
)
