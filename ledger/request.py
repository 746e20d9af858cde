"""What is asked of the ledger, and what it answers.

A request is a command with who asks, for which dates, and an id of the client's
own. Its id is its idempotency key: the same id and body is answered with the
first outcome, the same id with another body is refused.
"""

from collections.abc import Sequence
from typing import Any, ClassVar, Literal, Protocol

from ledger.calendar import Day
from ledger.events import BodyCode, Fact, PartyId
from ledger.limits import Label
from ledger.premium.account import PremiumAccount
from ledger.recorded import Recorded
from ledger.values import Fault, value


class Refusal(Protocol):
    """A named "no" with the numbers that explain it: a frozen dataclass.

    `str(refusal)` is one sentence for people: what, which figures, what to do.
    """

    NAME: ClassVar[str]


Decision = tuple[Fact, ...] | Refusal
"""Facts in the order they are recorded; an empty tuple: it is so already."""


class Command(Protocol):
    """A value that may be asked of the ledger.

    Before anything is decided the service puts a salted commitment in the place of
    prose and names, which the types of its fields mark, and keeps them beside the log.
    """

    NAME: ClassVar[str]


@value
class By:
    """Who asks: a person or program, in a role, possibly for a body."""

    role: Label
    """Such as analyst; see the roles."""
    party: PartyId
    """Who it is, by id."""
    on_behalf_of: BodyCode | None = None
    """The body for which a finance officer acts."""


Origin = Literal["real", "simulated"]
"""What a ledger is, as a whole and for good."""


@value
class Request:
    """One command as it came from outside, checked for form alone."""

    id: str
    """The client's own; at most 200 characters."""
    by: By
    command: Any
    """One of the command dataclasses of ledger/decisions/every.py."""
    effective_on: Day | None = None
    """None: the London day it is recorded."""
    decided_on: Day | None = None
    """None: as effective_on is left out, the same day."""
    if_version: int | None = None
    """Refused unless the stream stands there."""
    correlation_id: str | None = None
    """None: the id of the request."""
    causation_id: str | None = None
    origin: Origin | None = None
    """Refused by a ledger of the other; None: for either."""


class Malformed(ValueError):
    """A request that cannot be read. Nothing is recorded of it; mend and resend."""

    def __init__(self, faults: tuple[Fault, ...], request_id: str | None = None):
        super().__init__("; ".join(f"{f.field}: {f.remedy}" for f in faults))
        self.faults = faults
        self.request_id = request_id


@value
class Checked(Request):
    """A request whose form was checked; every other one is, before it is decided."""


@value
class Asked:
    """What a decider needs to know of a request besides its command."""

    by: By
    effective_on: Day
    decided_on: Day
    recorded_on: Day
    """The London day it is recorded: nothing that happened lies behind it."""


class States(Protocol):
    """What stands in the log, earlier commands of the same batch included."""

    def records(self, stream: str) -> Sequence[Recorded]:
        """A stream's records in order of version; empty where there is none."""
        ...

    def account(self, account: str) -> PremiumAccount:
        """An account's state; a new, unopened one where there is no record.

        The state is shared: a decider reads it and changes nothing.
        """
        ...


@value
class Appended:
    """The command was carried out; empty where everything was so already."""

    id: str
    records: tuple[Recorded, ...]


@value
class Refused:
    """A rule said no. Nothing of the command, nor of its group, is recorded."""

    id: str
    refusal: Refusal


@value
class NotTried:
    """A command of an all-or-nothing group in which another one was refused."""

    id: str
    refused: str
    """The id of the command that was refused."""


@value
class Repeated:
    """The same command came before; this is what was answered then."""

    id: str
    first: Appended | Refused


Outcome = Appended | Refused | NotTried | Repeated
