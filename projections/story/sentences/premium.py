"""Sentences about an account, its assessments and its award."""

from collections.abc import Callable, Sequence
from typing import Any

from ledger import events
from ledger.money import exact_text, pounds
from ledger.postings import POTENTIAL
from ledger.wording import counted
from projections.story.sentences.changes import changes
from projections.story.words import Lookup, both, sliced


def _clauses(clauses: Sequence[str]) -> str:
    if not clauses:
        return "no clause"
    return f"{'clause' if len(clauses) == 1 else 'clauses'} {both(clauses)}"


def _parties(parties: Sequence[str], lookup: Lookup) -> str:
    return both(map(lookup.party, parties)) if parties else "us"


def _terms(fact: events.TermsAgreed, lookup: Lookup) -> str:
    agreed = [f'"{test.title}" for {test.measure}' for test in fact.tests]
    agreed += [f"{exact_text(one.target)} for {one.clause}" for one in fact.targets]
    agreed += [
        f"{one.measure} of {one.menu} at {exact_text(one.weight_percent)}%"
        for one in fact.picks
    ]
    by = _parties(fact.agreed_by, lookup)
    return f"Terms were agreed on {fact.agreed_on} by {by}: {both(agreed or ['none'])}."


def _opened(fact: events.AccountOpened, lookup: Lookup) -> str:
    return (
        f"The premium of {lookup.account(fact.account)} was opened: {fact.heads:,} "
        f"heads ({fact.heads_basis} on {fact.heads_as_at}) at "
        f"{pounds(fact.value_per_head_pence)} a head are at most "
        f"{pounds(fact.maximum_pence)}: {sliced(fact.slices)}."
    )


def _population(fact: events.PopulationCorrected, lookup: Lookup) -> str:
    return (
        f"The population was corrected to {counted(fact.heads, 'head')} "
        f"({fact.heads_basis} on {fact.heads_as_at}), at most "
        f"{pounds(fact.maximum_pence)}: {lookup.text(fact.reason)}; "
        f"{changes(fact, POTENTIAL) or 'nothing moved'}."
    )


def _rebased(fact: events.TargetRebased, lookup: Lookup) -> str:
    by = _parties(fact.agreed_by, lookup)
    return (
        f"The target of {fact.clause} was set to {exact_text(fact.target)} instead of "
        f"{exact_text(fact.before)}, on {fact.agreed_on} by {by}: "
        f"{lookup.text(fact.reason)}."
    )


def _indicator(fact: events.IndicatorAssessed, lookup: Lookup) -> str:
    earned = {"1": "met", "0": "not met"}.get(
        exact_text(fact.earned), f"judged to earn {exact_text(fact.earned)} of its part"
    )
    return (
        f"{lookup.clause(fact.rulebook, fact.measure)} was {earned}, "
        f"by {_clauses(fact.clauses)}."
    )


def _gate(fact: events.GateAssessed, lookup: Lookup) -> str:
    return (
        f"{lookup.clause(fact.rulebook, fact.gate)} was "
        f"{'passed' if fact.passed else 'not passed'}, by {_clauses(fact.clauses)}."
    )


def _superseded(fact: events.AssessmentSuperseded, lookup: Lookup) -> str:
    return (
        f"The judgement of {fact.item} that determination {fact.determination} rests "
        "on no longer counts."
    )


def _proposed(fact: events.AwardProposed, lookup: Lookup) -> str:
    earned = f"{pounds(fact.earned_pence)} of {pounds(fact.maximum_pence)} was earned"
    off = [
        f"{exact_text(one.percent)}% ({pounds(one.pence)}) goes off for "
        f"{lookup.clause(fact.rulebook, one.clause)}"
        for one in fact.reductions
    ]
    return (
        f"Determination {fact.determination} was proposed: {both((earned, *off))}, "
        f"which leaves {pounds(fact.total_pence)}."
    )


def _confirmed(fact: events.AwardConfirmed, lookup: Lookup) -> str:
    """What its legs did, each account's sum; the total is what was decided."""
    return (
        f"Determination {fact.determination} was confirmed at "
        f"{pounds(fact.total_pence)}: {changes(fact) or 'nothing moved'}."
    )


def _refused(fact: events.AwardRefused, lookup: Lookup) -> str:
    reason = lookup.text(fact.reason)
    return f"Determination {fact.determination} was refused: {reason}."


def _made(fact: events.RepresentationMade, lookup: Lookup) -> str:
    about = "determination " if fact.about == "award" else "withholding "
    return (
        f"The body made representation {fact.representation} against "
        f"{about}{fact.subject}: {lookup.text(fact.grounds)}."
    )


def _decided(fact: events.RepresentationDecided, lookup: Lookup) -> str:
    outcome = fact.outcome.replace("-", " ")
    reason = lookup.text(fact.reason)
    return f"Representation {fact.representation} was {outcome}: {reason}."


SENTENCES: dict[type, Callable[[Any, Lookup], str]] = {
    events.TermsAgreed: _terms,
    events.AccountOpened: _opened,
    events.PopulationCorrected: _population,
    events.TargetRebased: _rebased,
    events.IndicatorAssessed: _indicator,
    events.GateAssessed: _gate,
    events.AssessmentSuperseded: _superseded,
    events.AwardProposed: _proposed,
    events.AwardConfirmed: _confirmed,
    events.AwardRefused: _refused,
    events.RepresentationMade: _made,
    events.RepresentationDecided: _decided,
}
