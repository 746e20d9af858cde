"""What a bank's reference stands for: one movement of money, whole or in parts.

The first command that names a reference takes it, with all parts of the movement where
there are several; each later one claims its own part. A part is an act that its account
records once, so none is claimed twice.
"""

from collections.abc import Sequence
from typing import Annotated, Any, ClassVar, Literal, Protocol

from pydantic import Field

from ledger.decisions.handling import Accounts
from ledger.decisions.preconditions import AccountNotOpen
from ledger.events import PaymentReferenceTaken, ReferencePart
from ledger.limits import normal_reference
from ledger.money import Pence, pounds
from ledger.recorded import Recorded, payment_reference_stream
from ledger.request import Asked, States
from ledger.values import value

Parts = Annotated[
    tuple[ReferencePart, ...],
    Field(
        description="Every part of the bank's movement, this one among them; none: it "
        "is the whole, or the parts are on record."
    ),
]


class Moved(Protocol):
    """A command that names a reference of the bank."""

    @property
    def reference(self) -> str:
        """As the bank gave it."""
        ...

    @property
    def parts(self) -> tuple[ReferencePart, ...]:
        """All that the movement was made of, or nothing."""
        ...


@value
class ReferenceTaken:
    """The reference stands for another movement, of which this is not a part."""

    NAME: ClassVar[str] = "reference-taken"

    reference: str  # In its normal form.
    direction: str
    total_pence: Pence
    parts: tuple[str, ...]

    def __str__(self) -> str:
        return (
            f"payment reference {self.reference} is {pounds(self.total_pence)} that "
            f"went {self.direction}, for {', '.join(self.parts)}: a reference is one "
            "movement of the bank in the whole ledger, and each part of it counts once"
        )


@value
class NotAPart:
    """The parts that are named are not those of a movement with this one in it."""

    NAME: ClassVar[str] = "not-a-part"

    reference: str
    part: str
    parts: tuple[str, ...]

    def __str__(self) -> str:
        return (
            f"the parts of {self.reference} are {', '.join(self.parts)}: name each "
            f"once, and {self.part} among them"
        )


REFUSALS = (ReferenceTaken, NotAPart, AccountNotOpen)


def claimed(
    command: Moved,
    part: ReferencePart,
    direction: Literal["out", "in"],
    records: Sequence[Recorded],
    accounts: Accounts,
) -> tuple[PaymentReferenceTaken, ...] | ReferenceTaken | NotAPart | AccountNotOpen:
    """What is recorded of a reference along with one part of its movement.

    Args:
        part: What the command records.
        records: Those of the reference's stream.
        accounts: Where the state of any account is found: each part's is open.

    Returns:
        The reference taken; nothing where it is, and the part is one of its own.

    Source: DESIGN 5 (a reference is one bank movement); ADR 0023.
    """
    normal = normal_reference(command.reference)
    taken = records[0].fact if records else None
    if isinstance(taken, PaymentReferenceTaken):
        same = not command.parts or _sorted(command.parts) == _sorted(taken.parts)
        if taken.direction == direction and part in taken.parts and same:
            return ()
        return ReferenceTaken(
            reference=normal,
            direction=taken.direction,
            total_pence=taken.total_pence,
            parts=tuple(_says(one) for one in taken.parts),
        )
    parts = command.parts or (part,)
    named = {(one.account, one.what) for one in parts}
    if part not in parts or len(named) < len(parts) or any(p.pence <= 0 for p in parts):
        return NotAPart(
            reference=normal,
            part=_says(part),
            parts=tuple(_says(one) for one in parts),
        )
    for one in parts:
        if accounts(one.account).opened is None:
            return AccountNotOpen(account=one.account)
    return (
        PaymentReferenceTaken(
            reference=normal,
            direction=direction,
            total_pence=sum(one.pence for one in parts),
            parts=parts,
        ),
    )


def reference_records(command: Any, asked: Asked, states: States) -> Sequence[Recorded]:
    """The records of the stream of a command's reference."""
    return states.records(payment_reference_stream(normal_reference(command.reference)))


def _says(part: ReferencePart) -> str:
    return f"{pounds(part.pence)} of {part.what} of {part.account}"


def _sorted(parts: tuple[ReferencePart, ...]) -> list[tuple[str, str, int]]:
    return sorted((one.account, one.what, one.pence) for one in parts)
