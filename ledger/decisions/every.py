"""Every command, the checks that come before each, and every refusal there is.

`decide` runs those checks, then the pure decider, on states that the one writer
brings up to date. What a command is, and how it is handled, stands in its subject.
"""

from datetime import date
from types import ModuleType
from typing import Any, ClassVar

from ledger.decisions import (
    accounts,
    bodies,
    bounds,
    certificates,
    closing,
    evidence,
    interests,
    opening,
    parties,
    recoveries,
    repayments,
    representations,
    roles,
    rulebooks,
    successions,
    terms,
)
from ledger.decisions.assessments import attributing, judging
from ledger.decisions.awards import confirming, proposing
from ledger.decisions.disbursements import endings, receipts, requests, runs
from ledger.decisions.handling import Handles
from ledger.decisions.spending import correcting, crediting, leftover, recording
from ledger.decisions.withholdings import keeping, letting_go, varying
from ledger.events import BodyCode
from ledger.recorded import LEDGER_STREAM, account_parts
from ledger.request import Asked, By, Decision, Request, States
from ledger.values import value

SUBJECTS: tuple[ModuleType, ...] = (
    opening,
    rulebooks,
    parties,
    bodies,
    successions,
    evidence,
    attributing,
    interests,
    accounts,
    terms,
    judging,
    proposing,
    confirming,
    representations,
    keeping,
    letting_go,
    varying,
    repayments,
    recoveries,
    requests,
    endings,
    receipts,
    runs,
    recording,
    correcting,
    crediting,
    leftover,
    closing,
    certificates,
)
"""In the order of a ledger's life; each lists its HANDLES and its REFUSALS."""

HANDLES: dict[str, Handles] = {
    handles.command.NAME: handles for subject in SUBJECTS for handles in subject.HANDLES
}
"""Command name -> how it is handled, by subject."""

COMMANDS: dict[str, type] = {name: one.command for name, one in HANDLES.items()}
"""Command name -> its class."""


@value
class VersionChanged:
    """The stream stands at another version than the one that was read."""

    NAME: ClassVar[str] = "version-changed"

    stream: str
    version: int
    if_version: int

    def __str__(self) -> str:
        return (
            f"{self.stream} stands at version {self.version}, not {self.if_version}: "
            "read it again and decide again"
        )


@value
class CommandIdReused:
    """The id was used for another request; that one stands."""

    NAME: ClassVar[str] = "command-id-reused"

    id: str

    def __str__(self) -> str:
        return (
            f"the id {self.id!r} was used for a request with other content: "
            "give every request an id of its own"
        )


CONFLICTS = (VersionChanged, CommandIdReused)
"""Refusals that tell the client to look again (exit 4, HTTP 409 and 412)."""

REFUSALS: dict[str, type] = {
    refusal.NAME: refusal
    for refusals in (
        *(one.REFUSALS for one in SUBJECTS),
        roles.REFUSALS,
        bounds.REFUSALS,
        CONFLICTS,
    )
    for refusal in refusals
}
"""Refusal name -> its class, by subject in the order they are checked."""


def usual_day(command: Any, today: date) -> date:
    """The accounting date of a request that states none."""
    return HANDLES[command.NAME].dated(command, today)


def may_not(
    by: By, command: Any, asked: Asked, states: States
) -> roles.RoleMayNot | roles.NotYourBody | None:
    """Why a person may not give a command, or None if they may.

    A body acts for itself until it is succeeded; from that day its successor does,
    for every account of it. The day that counts is that of the decision.
    """
    handles = HANDLES[command.NAME]
    ask = {
        body: successions.succession(body, asked.decided_on, states)
        for body in concerned(command)
    }
    return roles.refuses(by, command.NAME, handles.by, ask)


def concerned(command: Any) -> tuple[BodyCode, ...]:
    """Every body for which a finance officer must act to give a command."""
    body = HANDLES[command.NAME].body(command)
    if body is None:
        return ()
    named = (getattr(command, field, None) for field in ("premium", "against"))
    others = (account_parts(account)[2] for account in named if account is not None)
    return tuple(dict.fromkeys((body, *others)))


def decide(request: Request, asked: Asked, states: States) -> Decision:
    """Decide one request: is the ledger open, may they, is it past, is it unchanged.

    Args:
        request: With the commitments of its texts and names in their place, and its
            parties as they were spelled first (`parties.spelled`).
        asked: Its dates, resolved.
        states: What stands in the log, earlier commands of the batch included.
    """
    command = request.command
    handles = HANDLES[command.NAME]
    ledger = states.records(LEDGER_STREAM)
    if not ledger and type(command) is not opening.OpenLedger:
        return opening.LedgerNotOpen()
    other = opening.other_ledger(request.origin, ledger) if ledger else None
    if other is not None:
        return other
    no = may_not(request.by, command, asked, states) or parties.amiss(request, states)
    if no is not None:
        return no
    if ahead := bounds.dated_ahead(request, asked):
        return ahead
    if request.if_version is not None:
        version = handles.version(command, states)
        if version != request.if_version:
            return VersionChanged(
                stream=handles.stream(command),
                version=version,
                if_version=request.if_version,
            )
    decision = handles.decide(command, asked, states)
    if not isinstance(decision, tuple) or not decision:
        return decision
    if beyond := bounds.beyond_limit(decision):
        return beyond
    return parties.along(request, decision, states)
