"""One sentence a fact, in plain English, written at reading.

Texts and names are looked up beside the log each time; where a row is gone stands
"(forgotten)". Amounts are in pounds, years are the scheme year and the year it is
paid in, rules bear the name and the id of their clause.
"""

from collections.abc import Callable, Sequence
from typing import Any

from ledger import events
from ledger.calendar import both_years
from ledger.money import exact_text, pounds
from projections.story.sentences_of_money import MONEY
from projections.story.words import Told, both, sliced


def _rulebook(fact: events.RulebookPublished, told: Told) -> str:
    return (
        f"The rules of {fact.scheme} for {both_years(fact.scheme_year)} were published "
        f"as version {fact.rulebook_version}, for decisions from "
        f"{fact.applies_from} on."
    )


def _document(fact: events.DocumentRecorded, told: Told) -> str:
    publisher = f" of {fact.publisher}" if fact.publisher else ""
    published = f", published on {fact.published_on}" if fact.published_on else ""
    return f'The document "{fact.title}"{publisher} was recorded{published}.'


def _result(fact: events.ResultRecorded, told: Told) -> str:
    parts = ""
    if fact.numerator is not None and fact.denominator is not None:
        parts = f" ({exact_text(fact.numerator)} / {exact_text(fact.denominator)})"
    published = f", published on {fact.published_on}" if fact.published_on else ""
    derived = ", derived by us" if fact.status == "derived" else ""
    return (
        f"{fact.measure} of {told.body(fact.subject)} for {fact.period} was recorded "
        f"as {exact_text(fact.value)} {fact.unit}{parts}{published}{derived}."
    )


def _terms(fact: events.TermsAgreed, told: Told) -> str:
    agreed = [f'"{test.title}" for {test.measure}' for test in fact.tests]
    agreed += [f"{exact_text(one.target)} for {one.clause}" for one in fact.targets]
    agreed += [
        f"{one.measure} of {one.menu} at {exact_text(one.weight_percent)}%"
        for one in fact.picks
    ]
    by = both(told.party(party) for party in fact.agreed_by) if fact.agreed_by else "us"
    return f"Terms were agreed on {fact.agreed_on} by {by}: {both(agreed or ['none'])}."


def _opened(fact: events.AccountOpened, told: Told) -> str:
    return (
        f"The premium of {told.account(fact.account)} was opened: {fact.heads:,} heads "
        f"({fact.heads_basis} on {fact.heads_as_at}) at "
        f"{pounds(fact.value_per_head_pence)} a head are at most "
        f"{pounds(fact.maximum_pence)}: {sliced(fact.slices)}."
    )


def _indicator(fact: events.IndicatorAssessed, told: Told) -> str:
    earned = {"1": "met", "0": "not met"}.get(
        exact_text(fact.earned), f"judged to earn {exact_text(fact.earned)} of its part"
    )
    return (
        f"{told.clause(fact.rulebook, fact.measure)} was {earned}, "
        f"by {_clauses(fact.clauses)}."
    )


def _gate(fact: events.GateAssessed, told: Told) -> str:
    return (
        f"{told.clause(fact.rulebook, fact.gate)} was "
        f"{'passed' if fact.passed else 'not passed'}, by {_clauses(fact.clauses)}."
    )


def _clauses(clauses: Sequence[str]) -> str:
    if not clauses:
        return "no clause"
    return f"{'clause' if len(clauses) == 1 else 'clauses'} {both(clauses)}"


def _proposed(fact: events.AwardProposed, told: Told) -> str:
    earned = f"{pounds(fact.earned_pence)} of {pounds(fact.maximum_pence)} was earned"
    off = [
        f"{exact_text(one.percent)}% ({pounds(one.pence)}) goes off for "
        f"{told.clause(fact.rulebook, one.clause)}"
        for one in fact.reductions
    ]
    return (
        f"Determination {fact.determination} was proposed: {both((earned, *off))}, "
        f"which leaves {pounds(fact.total_pence)}."
    )


def _confirmed(fact: events.AwardConfirmed, told: Told) -> str:
    return (
        f"Determination {fact.determination} was confirmed: "
        f"{pounds(fact.total_pence)} became payable."
    )


def _requested(fact: events.DisbursementRequested, told: Told) -> str:
    return (
        f"{pounds(fact.amount_pence)} was requested as {fact.disbursement}: "
        f"{sliced(fact.slices)}."
    )


def _approved(fact: events.DisbursementApproved, told: Told) -> str:
    return f"{fact.disbursement}, {pounds(fact.amount_pence)}, was approved."


def _refused(fact: events.DisbursementRefused, told: Told) -> str:
    pence = sum(one.pence for one in fact.slices)
    return (
        f"{fact.disbursement} was refused, and {pounds(pence)} is payable again "
        f"from {fact.requested_effective_on} on: {told.text(fact.reason)}."
    )


def _paid(fact: events.DisbursementPaid, told: Told) -> str:
    kind = {
        "allocation-adjustment": "as an adjustment of the allocation",
        "cash": "in cash",
    }[fact.kind]
    return (
        f"{pounds(fact.amount_pence)} was paid for {fact.disbursement} {kind}, "
        f"reference {fact.reference}, value {fact.value_date}."
    )


def _reference(fact: events.PaymentReferenceTaken, told: Told) -> str:
    return (
        f"Payment reference {fact.reference} was taken for {fact.disbursement}; "
        "no other payment may use it."
    )


def _spent(fact: events.SpendingRecorded, told: Told) -> str:
    draws = both(
        f"{pounds(sum(one.pence for one in draw.slices))} of {draw.receipt}"
        for draw in fact.draws
    )
    number = f", transaction {fact.transaction}" if fact.transaction else ""
    return (
        f"{pounds(fact.amount_pence)} was spent with "
        f"{told.named(fact.payee, fact.payee_name)} for purpose {fact.purpose}, "
        f"{told.text(fact.service)}{number}: {draws}."
    )


SENTENCES: dict[type, Callable[[Any, Told], str]] = {
    events.RulebookPublished: _rulebook,
    events.DocumentRecorded: _document,
    events.ResultRecorded: _result,
    events.TermsAgreed: _terms,
    events.AccountOpened: _opened,
    events.IndicatorAssessed: _indicator,
    events.GateAssessed: _gate,
    events.AwardProposed: _proposed,
    events.AwardConfirmed: _confirmed,
    events.DisbursementRequested: _requested,
    events.DisbursementApproved: _approved,
    events.DisbursementRefused: _refused,
    events.DisbursementPaid: _paid,
    events.PaymentReferenceTaken: _reference,
    events.SpendingRecorded: _spent,
    **MONEY,
}
"""Every fact that can stand in an account's story."""

NOT_TOLD = frozenset(
    {
        events.LedgerOpened,
        events.BodyRegistered,  # Told by name, in other facts' sentences.
        events.BodySucceeded,
        events.PracticeJoined,
        events.PracticeLeft,
        events.ClaimRecorded,  # Never evidence.
        events.PaymentRunProposed,
        events.PaymentRunApproved,
        events.PaymentRunClosed,
        events.PeriodClosed,
        events.InterestDeclared,
        events.InterestEnded,
        events.ParticipationRecorded,
    }
)


def sentence(fact: events.Fact, told: Told) -> str:
    """A fact in one sentence.

    Raises:
        KeyError: For a fact that stands in no account's story.
    """
    return SENTENCES[type(fact)](fact, told)
