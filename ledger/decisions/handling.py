"""How a command is handled: who may give it, what it reads, who decides on it."""

from collections.abc import Callable, Mapping
from dataclasses import field
from datetime import date
from typing import Any

from ledger.decisions.roles import Role
from ledger.events import BodyCode
from ledger.premium.account import PremiumAccount
from ledger.recorded import account_parts, account_stream
from ledger.request import Asked, Decision, States
from ledger.values import value

Read = Callable[[Any, Asked, States], Any]
"""Reads what a decider needs besides its account or records."""

Accounts = Callable[[str], PremiumAccount]
"""Where the state of any account is found."""


@value
class Handles:
    """The handling of one command."""

    command: type
    by: tuple[Role, ...]
    """The roles that may give it; the first one usually does."""
    stream: Callable[[Any], str]
    """The stream it concerns; `if_version` is its version."""
    prior: Callable[[Any, States], Any]
    """The account, or the records of the stream, as they stand."""
    body: Callable[[Any], BodyCode | None]
    """The body for which a finance officer must act, or None for any."""
    decider: Callable[..., Decision]
    """Called with the command, what stands, the request, and its reads by name."""
    reads: Mapping[str, Read]
    records: type | None = None
    """The fact by which a replay finds the command again, or None if it is not."""
    renamed: Mapping[str, str] = field(default_factory=dict)
    """Field of the command -> field of that fact, where they differ."""
    dated: Callable[[Any, date], date] = lambda command, today: today
    """The accounting date of a request that states none, on a day."""
    not_who: tuple[str, ...] = ()
    """Who may not give it, as what they did before: another person must."""

    def version(self, command: Any, states: States) -> int:
        """The version at which the stream of a command stands."""
        prior = self.prior(command, states)
        return prior.version if isinstance(prior, PremiumAccount) else len(prior)

    def decide(self, command: Any, asked: Asked, states: States) -> Decision:
        """Read what the decider needs, and let it decide."""
        reads = {
            name: read(command, asked, states) for name, read in self.reads.items()
        }
        return self.decider(command, self.prior(command, states), asked, **reads)


def any_account(command: Any, asked: Asked, states: States) -> Accounts:
    """Reads for a decider whose command names several accounts."""
    return states.account


def on_account(
    command: type,
    decider: Callable[..., Decision],
    *,
    by: Role | tuple[Role, ...],
    records: type | None = None,
    renamed: Mapping[str, str] | None = None,
    dated: Callable[[Any, date], date] = lambda command, today: today,
    not_who: tuple[str, ...] = (),
    **reads: Read,
) -> Handles:
    """The handling of a command on the account that it names."""
    return Handles(
        command=command,
        by=by if isinstance(by, tuple) else (by,),
        stream=lambda given: account_stream(given.account),
        prior=lambda given, states: states.account(given.account),
        body=lambda given: account_parts(given.account)[2],
        decider=decider,
        reads=reads,
        records=records,
        renamed=renamed or {},
        dated=dated,
        not_who=not_who,
    )


def on_stream(
    command: type,
    decider: Callable[..., Decision],
    stream: Callable[[Any], str],
    *,
    by: Role | tuple[Role, ...],
    of: Callable[[Any], BodyCode | None] = lambda given: None,
    records: type | None = None,
    not_who: tuple[str, ...] = (),
    **reads: Read,
) -> Handles:
    """The handling of a command on another stream.

    Args:
        of: The body for which a finance officer must act.
    """
    return Handles(
        command=command,
        by=by if isinstance(by, tuple) else (by,),
        stream=stream,
        prior=lambda given, states: states.records(stream(given)),
        body=of,
        decider=decider,
        reads=reads,
        records=records,
        not_who=not_who,
    )
