"""Every command: what it reads, who decides it, and every refusal there is.

`decide` runs the checks that come before every decision, then the pure decider,
on states that the one writer brings up to date.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from ledger import roles
from ledger.decisions import (
    accounts,
    assessments,
    awards,
    bodies,
    disbursements,
    evidence,
    opening,
    rulebooks,
    spending,
    terms,
)
from ledger.decisions.rulebooks import Rules
from ledger.events import AccountId
from ledger.recorded import (
    LEDGER_STREAM,
    account_parts,
    account_stream,
    body_stream,
    claim_stream,
    document_stream,
    payment_reference_stream,
    result_stream,
    rulebook_stream,
)
from ledger.request import Asked, Decision, Request, States

# What each command reads, and who decides it ------------------------------------------


def _rules(states: States, account: AccountId, asked: Asked) -> Rules | None:
    scheme, scheme_year, _ = account_parts(account)
    stream = states.records(rulebook_stream(scheme, scheme_year))
    return rulebooks.in_force(stream, asked.decided_on)


def _known(states: States) -> bodies.Known:
    return lambda code: states.records(body_stream(code))


def _body(states: States, account: AccountId) -> Any:
    return states.records(body_stream(account_parts(account)[2]))


def _results(states: States, account: AccountId) -> assessments.Results:
    body = account_parts(account)[2]
    return lambda indicator, period: states.records(
        result_stream(indicator, body, period)
    )


def _open_ledger(c: opening.OpenLedger, a: Asked, s: States) -> Decision:
    return opening.open_ledger(c, s.records(LEDGER_STREAM))


def _publish_rulebook(c: rulebooks.PublishRulebook, a: Asked, s: States) -> Decision:
    stream = s.records(rulebook_stream(c.rulebook.scheme, c.rulebook.scheme_year))
    return rulebooks.publish_rulebook(c, stream)


def _register_body(c: bodies.RegisterBody, a: Asked, s: States) -> Decision:
    return bodies.register_body(c, s.records(body_stream(c.body)))


def _register_practice(c: bodies.RegisterPractice, a: Asked, s: States) -> Decision:
    return bodies.register_practice(c, s.records(body_stream(c.practice)), _known(s))


def _succeed_body(c: bodies.SucceedBody, a: Asked, s: States) -> Decision:
    return bodies.succeed_body(c, s.records(body_stream(c.body)), _known(s))


def _record_document(c: evidence.RecordDocument, a: Asked, s: States) -> Decision:
    return evidence.record_document(c, s.records(document_stream(c.document)))


def _record_result(c: evidence.RecordResult, a: Asked, s: States) -> Decision:
    stream = s.records(result_stream(c.measure, c.subject, c.period))
    return evidence.record_result(c, stream, s.records(body_stream(c.subject)))


def _record_claim(c: evidence.RecordClaim, a: Asked, s: States) -> Decision:
    return evidence.record_claim(c, s.records(claim_stream(c.claim)))


def _open_account(c: accounts.OpenAccount, a: Asked, s: States) -> Decision:
    body = account_parts(c.account)[2]
    population = s.records(result_stream(c.population, body, c.as_at.isoformat()))
    rules = _rules(s, c.account, a)
    return accounts.open_account(
        c,
        s.account(c.account),
        a,
        body=_body(s, c.account),
        rules=rules,
        population=population,
    )


def _agree_terms(c: terms.AgreeTerms, a: Asked, s: States) -> Decision:
    rules = _rules(s, c.account, a)
    return terms.agree_terms(
        c, s.account(c.account), a, body=_body(s, c.account), rules=rules
    )


def _assess_indicator(c: assessments.AssessIndicator, a: Asked, s: States) -> Decision:
    rules, results = _rules(s, c.account, a), _results(s, c.account)
    return assessments.assess_indicator(c, s.account(c.account), rules, results, a)


def _assess_gate(c: assessments.AssessGate, a: Asked, s: States) -> Decision:
    rules, results = _rules(s, c.account, a), _results(s, c.account)
    return assessments.assess_gate(c, s.account(c.account), rules, results, a)


def _propose_award(c: awards.ProposeAward, a: Asked, s: States) -> Decision:
    return awards.propose_award(c, s.account(c.account), _rules(s, c.account, a), a)


def _confirm_award(c: awards.ConfirmAward, a: Asked, s: States) -> Decision:
    return awards.confirm_award(c, s.account(c.account), a)


def _request(c: disbursements.RequestDisbursement, a: Asked, s: States) -> Decision:
    return disbursements.request_disbursement(c, s.account(c.account), a)


def _approve(c: disbursements.ApproveDisbursement, a: Asked, s: States) -> Decision:
    return disbursements.approve_disbursement(c, s.account(c.account), a)


def _refuse(c: disbursements.RefuseDisbursement, a: Asked, s: States) -> Decision:
    return disbursements.refuse_disbursement(c, s.account(c.account), a)


def _pay(c: disbursements.PayDisbursement, a: Asked, s: States) -> Decision:
    normal = disbursements.normal_reference(c.reference)
    taken = s.records(payment_reference_stream(normal))
    return disbursements.pay_disbursement(c, s.account(c.account), taken, a)


def _record_spending(c: spending.RecordSpending, a: Asked, s: States) -> Decision:
    return spending.record_spending(c, s.account(c.account), _rules(s, c.account, a), a)


@dataclass(frozen=True, slots=True)
class Handling:
    """One command: its class, the stream `if_version` speaks of, its decider."""

    command: type
    stream: Callable[[Any], str]
    decide: Callable[[Any, Asked, States], Decision]


def _of_account(command: Any) -> str:
    return account_stream(command.account)


HANDLINGS: tuple[Handling, ...] = (
    Handling(opening.OpenLedger, lambda c: LEDGER_STREAM, _open_ledger),
    Handling(
        rulebooks.PublishRulebook,
        lambda c: rulebook_stream(c.rulebook.scheme, c.rulebook.scheme_year),
        _publish_rulebook,
    ),
    Handling(bodies.RegisterBody, lambda c: body_stream(c.body), _register_body),
    Handling(
        bodies.RegisterPractice, lambda c: body_stream(c.practice), _register_practice
    ),
    Handling(bodies.SucceedBody, lambda c: body_stream(c.body), _succeed_body),
    Handling(
        evidence.RecordDocument,
        lambda c: document_stream(c.document),
        _record_document,
    ),
    Handling(
        evidence.RecordResult,
        lambda c: result_stream(c.measure, c.subject, c.period),
        _record_result,
    ),
    Handling(evidence.RecordClaim, lambda c: claim_stream(c.claim), _record_claim),
    Handling(accounts.OpenAccount, _of_account, _open_account),
    Handling(terms.AgreeTerms, _of_account, _agree_terms),
    Handling(assessments.AssessIndicator, _of_account, _assess_indicator),
    Handling(assessments.AssessGate, _of_account, _assess_gate),
    Handling(awards.ProposeAward, _of_account, _propose_award),
    Handling(awards.ConfirmAward, _of_account, _confirm_award),
    Handling(disbursements.RequestDisbursement, _of_account, _request),
    Handling(disbursements.ApproveDisbursement, _of_account, _approve),
    Handling(disbursements.RefuseDisbursement, _of_account, _refuse),
    Handling(disbursements.PayDisbursement, _of_account, _pay),
    Handling(spending.RecordSpending, _of_account, _record_spending),
)
"""Every command, in the order of an account's life."""

_BY_CLASS = {handling.command: handling for handling in HANDLINGS}
COMMANDS: dict[str, type] = {h.command.NAME: h.command for h in HANDLINGS}  # type: ignore[attr-defined]
"""Command name -> its class."""


@dataclass(frozen=True, slots=True, kw_only=True)
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


@dataclass(frozen=True, slots=True, kw_only=True)
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
    assessments.AssessmentRefusal,
    awards.AwardRefusal,
    disbursements.DisbursementRefusal,
    spending.SpendingRefusal,
    roles.RoleRefusal,
    VersionChanged | CommandIdReused,
)
REFUSALS: dict[str, type] = {
    refusal.NAME: refusal for union in _UNIONS for refusal in union.__args__
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
    if not states.records(LEDGER_STREAM) and type(command) is not opening.OpenLedger:
        return opening.LedgerNotOpen()
    account = getattr(command, "account", None)
    body = account_parts(account)[2] if account is not None else None
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
