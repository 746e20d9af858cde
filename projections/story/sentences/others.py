"""Sentences about bodies, people, claims, payment runs and closed books."""

from collections.abc import Callable
from typing import Any

from ledger import events
from ledger.calendar import both_years
from ledger.money import pounds
from ledger.wording import counted
from projections.story.words import Lookup


def _ledger(fact: events.LedgerOpened, lookup: Lookup) -> str:
    return f'The ledger "{fact.name}" was opened; all that it holds is {fact.origin}.'


def _body(fact: events.BodyRegistered, lookup: Lookup) -> str:
    return f"The {fact.kind} {lookup.body(fact.body)} was registered."


def _succeeded(fact: events.BodySucceeded, lookup: Lookup) -> str:
    successor = lookup.body(fact.successor)
    return f"{successor} succeeded {lookup.body(fact.body)} on {fact.on}."


def _seen(fact: events.PracticeSeen, lookup: Lookup) -> str:
    group = "in no group"
    if fact.group is not None:
        group = f"as a member of {lookup.body(fact.group)}"
    return f"Practice {fact.practice} was seen {group} on {fact.observed_on}."


_KINDS: dict[events.PartyKind, str] = {
    "person": "a person",
    "organisation": "an organisation",
}


def _party(fact: events.PartyRegistered, lookup: Lookup) -> str:
    return f"{lookup.party(fact.party)} was registered, as {_KINDS[fact.kind]}."


def _claim(fact: events.ClaimRecorded, lookup: Lookup) -> str:
    return (
        f"{fact.as_published} was published as {fact.quantity} of "
        f"{lookup.body(fact.about)} for {fact.scheme} {both_years(fact.scheme_year)}, "
        f"a claim ({fact.claim}) and never evidence."
    )


def _run(
    fact: events.PaymentRunProposed
    | events.PaymentRunApproved
    | events.PaymentRunClosed,
) -> str:
    return f"Payment run {fact.run} of {fact.scheme} {both_years(fact.scheme_year)}"


def _run_proposed(fact: events.PaymentRunProposed, lookup: Lookup) -> str:
    return (
        f"{_run(fact)} was proposed: {counted(len(fact.items), 'request')}, "
        f"{pounds(fact.total_pence)}."
    )


def _run_approved(fact: events.PaymentRunApproved, lookup: Lookup) -> str:
    return f"{_run(fact)} was approved: {pounds(fact.total_pence)}."


def _run_closed(fact: events.PaymentRunClosed, lookup: Lookup) -> str:
    return f"{_run(fact)} was closed: {pounds(fact.paid_pence)} was paid."


def _closed(fact: events.PeriodClosed, lookup: Lookup) -> str:
    return f"The books were closed through {fact.through}."


def _certificate(
    fact: events.CertificatePrepared | events.CertificateApproved, lookup: Lookup
) -> str:
    return (
        f"Preparation {fact.preparation} of the certificate of "
        f"{lookup.body(fact.body)} for payment year {fact.payment_year}"
    )


def _prepared(fact: events.CertificatePrepared, lookup: Lookup) -> str:
    return f"{_certificate(fact, lookup)} was put forward."


def _certified(fact: events.CertificateApproved, lookup: Lookup) -> str:
    return f"{_certificate(fact, lookup)} was approved."


def _interest(fact: events.InterestDeclared, lookup: Lookup) -> str:
    return (
        f"{lookup.party(fact.person)} declared a {fact.kind} interest in "
        f"{lookup.party(fact.payee)}, held since {fact.since}: "
        f"{lookup.text(fact.nature)}."
    )


def _ended(fact: events.InterestEnded, lookup: Lookup) -> str:
    return f"Interest {fact.interest} ended on {fact.ended_on}."


def _part(fact: events.ParticipationRecorded, lookup: Lookup) -> str:
    return (
        f"What {lookup.party(fact.person)} did when {fact.use} was decided on, on "
        f"{fact.on}: {fact.part}; {lookup.text(fact.reason)}."
    )


SENTENCES: dict[type, Callable[[Any, Lookup], str]] = {
    events.LedgerOpened: _ledger,
    events.BodyRegistered: _body,
    events.BodySucceeded: _succeeded,
    events.PracticeSeen: _seen,
    events.PartyRegistered: _party,
    events.ClaimRecorded: _claim,
    events.PaymentRunProposed: _run_proposed,
    events.PaymentRunApproved: _run_approved,
    events.PaymentRunClosed: _run_closed,
    events.PeriodClosed: _closed,
    events.CertificatePrepared: _prepared,
    events.CertificateApproved: _certified,
    events.InterestDeclared: _interest,
    events.InterestEnded: _ended,
    events.ParticipationRecorded: _part,
}
