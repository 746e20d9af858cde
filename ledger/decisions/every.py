"""Every command, the checks that come before each, and every refusal there is.

`decide` runs those checks, then the pure decider, on states that the one writer
brings up to date. How each command is handled stands in the handling modules.
"""

from typing import Any, ClassVar, get_args

from ledger.decisions import (
    accounts,
    bodies,
    closing,
    corrections,
    evidence,
    handling_account,
    handling_ground,
    interests,
    opening,
    recoveries,
    representations,
    roles,
    rulebooks,
    terms,
)
from ledger.decisions.assessments import attributing, judging
from ledger.decisions.awards import proposing
from ledger.decisions.disbursements import endings, requests, runs
from ledger.decisions.handling import Handling
from ledger.decisions.spending import leftover, recording
from ledger.decisions.withholdings import keeping
from ledger.recorded import LEDGER_STREAM, account_parts
from ledger.request import Asked, Decision, Request, States
from ledger.values import value

HANDLINGS: tuple[Handling, ...] = (
    *handling_ground.HANDLINGS,
    *handling_account.HANDLINGS,
)
"""Every command, in the order of a ledger's life."""

_BY_CLASS = {handling.command: handling for handling in HANDLINGS}
COMMANDS: dict[str, type] = {h.command.NAME: h.command for h in HANDLINGS}  # type: ignore[attr-defined]
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
            "read it again and decide anew"
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

_UNIONS: tuple[Any, ...] = (
    opening.OpeningRefusal,
    rulebooks.RulebookRefusal,
    bodies.BodyRefusal,
    evidence.EvidenceRefusal,
    accounts.AccountRefusal,
    terms.TermsRefusal,
    judging.AssessmentRefusal,
    attributing.AttributionRefusal,
    proposing.AwardRefusal,
    corrections.CorrectionRefusal,
    requests.DisbursementRefusal,
    keeping.WithholdingRefusal,
    representations.RepresentationRefusal,
    recoveries.RecoveryRefusal,
    endings.EndRefusal,
    runs.PaymentRunRefusal,
    recording.SpendingRefusal,
    leftover.UnspentRefusal,
    closing.PeriodRefusal,
    interests.InterestRefusal,
    roles.RoleRefusal,
    VersionChanged | CommandIdReused,
)
REFUSALS: dict[str, type] = {
    refusal.NAME: refusal
    for union in _UNIONS
    for refusal in get_args(union) or (union,)
}
"""Refusal name -> its class, by subject in the order they are checked."""


def stream_of_command(command: Any) -> str:
    """The stream a command mainly concerns, of which `if_version` speaks."""
    return _BY_CLASS[type(command)].stream(command)


def decide(request: Request, asked: Asked, states: States) -> Decision:
    """Decide one request: is the ledger open, may they, is it unchanged, is it so.

    Args:
        request: With the commitments of its texts and names in their place.
        asked: Its dates, resolved.
        states: What stands in the log, earlier commands of the batch included.
    """
    command = request.command
    handling = _BY_CLASS[type(command)]
    ledger = states.records(LEDGER_STREAM)
    if not ledger and type(command) is not opening.OpenLedger:
        return opening.LedgerNotOpen()
    other = opening.other_ledger(request.origin, ledger) if ledger else None
    if other is not None:
        return other
    account = getattr(command, "account", None)
    body = (
        account_parts(account)[2]
        if account is not None
        else getattr(command, "body", None)
    )
    may_not = roles.refuses(request.by, command.NAME, body)
    if may_not is not None:
        return may_not
    if request.if_version is not None:
        stream = handling.stream(command)
        version = (
            len(states.records(stream))
            if account is None
            else states.account(account).version
        )
        if version != request.if_version:
            return VersionChanged(
                stream=stream, version=version, if_version=request.if_version
            )
    return handling.decide(command, asked, states)
