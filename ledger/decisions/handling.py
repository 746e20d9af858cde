"""How a command is handled: what it reads, of which stream it speaks, who decides."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ledger.decisions import bodies, rulebooks
from ledger.decisions.assessments import attributing, judging
from ledger.decisions.rulebooks import Rules
from ledger.events import AccountId
from ledger.recorded import (
    account_parts,
    account_stream,
    body_stream,
    rulebook_stream,
)
from ledger.request import Asked, Decision, States


@dataclass(frozen=True, slots=True)
class Handling:
    """One command: its class, the stream `if_version` speaks of, its decider."""

    command: type
    stream: Callable[[Any], str]
    decide: Callable[[Any, Asked, States], Decision]


def of_account(command: Any) -> str:
    """The stream of the account that a command names."""
    return account_stream(command.account)


def rules_of(states: States, account: AccountId, asked: Asked) -> Rules | None:
    """The rules of an account's scheme year on the day of the decision."""
    scheme, scheme_year, _ = account_parts(account)
    stream = states.records(rulebook_stream(scheme, scheme_year))
    return rulebooks.in_force(stream, asked.decided_on)


def known_bodies(states: States) -> bodies.Known:
    """Where the stream of any body is found."""
    return lambda code: states.records(body_stream(code))


def body_of(states: States, account: AccountId) -> Any:
    """The records of an account's body."""
    return states.records(body_stream(account_parts(account)[2]))


def results_of(states: States, account: AccountId) -> judging.Results:
    """Where the results that count for an account's body are found."""
    return attributing.counting(states.records, account_parts(account)[2])
