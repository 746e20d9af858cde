"""Handlings of what comes before any account: ledger, rules, bodies, evidence."""

from ledger.decisions import (
    bodies,
    closing,
    corrections,
    evidence,
    interests,
    opening,
    rulebooks,
)
from ledger.decisions.assessments import attributing
from ledger.decisions.handling import Handling, known_bodies
from ledger.recorded import (
    LEDGER_STREAM,
    attribution_stream,
    body_stream,
    claim_stream,
    document_stream,
    interests_stream,
    result_stream,
    rulebook_stream,
)
from ledger.request import Asked, Decision, States


def _open_ledger(c: opening.OpenLedger, a: Asked, s: States) -> Decision:
    return opening.open_ledger(c, s.records(LEDGER_STREAM))


def _publish_rulebook(c: rulebooks.PublishRulebook, a: Asked, s: States) -> Decision:
    stream = s.records(rulebook_stream(c.rulebook.scheme, c.rulebook.scheme_year))
    return rulebooks.publish_rulebook(c, stream)


def _register_body(c: bodies.RegisterBody, a: Asked, s: States) -> Decision:
    return bodies.register_body(c, s.records(body_stream(c.body)))


def _register_practice(c: bodies.RegisterPractice, a: Asked, s: States) -> Decision:
    return bodies.register_practice(
        c, s.records(body_stream(c.practice)), known_bodies(s)
    )


def _succeed_body(c: bodies.SucceedBody, a: Asked, s: States) -> Decision:
    return bodies.succeed_body(c, s.records(body_stream(c.body)), known_bodies(s))


def _record_document(c: evidence.RecordDocument, a: Asked, s: States) -> Decision:
    return evidence.record_document(c, s.records(document_stream(c.document)))


def _record_result(c: evidence.RecordResult, a: Asked, s: States) -> Decision:
    stream = s.records(result_stream(c.measure, c.subject, c.period))
    return evidence.record_result(c, stream, s.records(body_stream(c.subject)))


def _record_claim(c: evidence.RecordClaim, a: Asked, s: States) -> Decision:
    return evidence.record_claim(c, s.records(claim_stream(c.claim)))


def _correct_result(c: corrections.CorrectResult, a: Asked, s: States) -> Decision:
    stream = s.records(result_stream(c.measure, c.subject, c.period))
    return corrections.correct_result(c, stream)


def _publish_attribution(
    c: attributing.PublishAttribution, a: Asked, s: States
) -> Decision:
    published = s.records(attribution_stream(c.measure, c.period))
    return attributing.publish_attribution(c, published, known_bodies(s))


def _declare_interest(c: interests.DeclareInterest, a: Asked, s: States) -> Decision:
    declared = s.records(interests_stream(c.body))
    return interests.declare_interest(c, declared, known_bodies(s))


def _end_interest(c: interests.EndInterest, a: Asked, s: States) -> Decision:
    return interests.end_interest(c, s.records(interests_stream(c.body)))


def _record_participation(
    c: interests.RecordParticipation, a: Asked, s: States
) -> Decision:
    declared = s.records(interests_stream(c.body))
    return interests.record_participation(c, declared, known_bodies(s))


def _close_period(c: closing.ClosePeriod, a: Asked, s: States) -> Decision:
    return closing.close_period(c, s.records(LEDGER_STREAM))


HANDLINGS: tuple[Handling, ...] = (
    Handling(opening.OpenLedger, lambda c: LEDGER_STREAM, _open_ledger),
    Handling(closing.ClosePeriod, lambda c: LEDGER_STREAM, _close_period),
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
    Handling(
        corrections.CorrectResult,
        lambda c: result_stream(c.measure, c.subject, c.period),
        _correct_result,
    ),
    Handling(
        attributing.PublishAttribution,
        lambda c: attribution_stream(c.measure, c.period),
        _publish_attribution,
    ),
    Handling(evidence.RecordClaim, lambda c: claim_stream(c.claim), _record_claim),
    Handling(
        interests.DeclareInterest, lambda c: interests_stream(c.body), _declare_interest
    ),
    Handling(interests.EndInterest, lambda c: interests_stream(c.body), _end_interest),
    Handling(
        interests.RecordParticipation,
        lambda c: interests_stream(c.body),
        _record_participation,
    ),
)
"""Commands on no account, in the order in which a ledger needs them."""
