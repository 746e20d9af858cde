"""What the ledger now says of one account, gathered for reading."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from interfaces.cli.session import Exit, Session, Stop

if TYPE_CHECKING:
    from ledger.decisions.rulebooks import Rules
    from ledger.events import GateAssessed, IndicatorAssessed
    from ledger.premium.account import PremiumAccount
    from ledger.rules.award import AwardRange
    from ledger.rules.lines import Line
    from ledger.rules.readings import Heads
    from ledger.rules.rulebook import Rulebook


def account(here: Session, account_id: str) -> "PremiumAccount":
    """An account as it now stands; stops where it is not open."""
    from ledger.events import AccountId
    from ledger.premium.account import PremiumAccount
    from ledger.premium.evolve import evolve
    from ledger.recorded import account_stream

    state = PremiumAccount(account=AccountId(account_id))
    for recorded in here.ledger.stream(account_stream(account_id)):
        evolve(state, recorded)
    if state.opened is None:
        raise Stop(
            Exit.REFUSED,
            f"{account_id} is not open: open it first, with premium account open",
        )
    return state


def balances(
    here: Session, account_id: str, effective: date | None = None
) -> dict[str, int]:
    """Pence of each account of a premium, of what is effective by a day, or of all."""
    from ledger.postings import legs
    from ledger.recorded import account_stream

    sums: dict[str, int] = {}
    for recorded in here.ledger.stream(account_stream(account_id)):
        for leg in legs(recorded.fact, recorded.meta.effective_on):
            if effective is None or leg.effective_on <= effective:
                sums[leg.account] = sums.get(leg.account, 0) + leg.pence
    return sums


def rules(here: Session, account_id: str) -> "Rules":
    """The rules of an account's scheme year that apply to a decision of today."""
    from ledger.decisions.rulebooks import in_force
    from ledger.recorded import account_parts, rulebook_stream

    scheme, year, _ = account_parts(account_id)
    stream = here.ledger.stream(rulebook_stream(scheme, year))
    found = in_force(stream, here.today)
    if found is None:
        raise Stop(
            Exit.REFUSED,
            f"no rulebook of {scheme} {year} is published: publish one first, with "
            f"premium rulebook publish",
        )
    return found


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One measure, standard or gate of an account: how it was judged, or why not."""

    id: str
    name: str
    kind: str  # measure, reduction or gate
    outcome: str  # met, met in part, not met, open
    why_open: str | None


def standings(
    here: Session, state: "PremiumAccount", rulebook: "Rulebook"
) -> tuple[Standing, ...]:
    """Every measure, reduction and gate, in the order of the rules."""
    return tuple(_standings(here, state, rulebook))


def _standings(
    here: Session, state: "PremiumAccount", rulebook: "Rulebook"
) -> Iterator[Standing]:
    from ledger.rules.assess import measure_test
    from ledger.rules.stakes import stakes

    for kind, parts in (
        ("measure", stakes(rulebook, state.terms)),
        ("reduction", rulebook.reductions),
        ("gate", rulebook.gates),
    ):
        for part in parts:
            known = state.assessments.get(part.id)
            outcome, why = "open", None
            if known is not None:
                outcome = _outcome(known.fact)
            elif kind == "measure":
                why = _why(here, state, measure_test(rulebook, part.id, state.terms))
            else:
                why = _why(here, state, getattr(part, "test", None))
            yield Standing(
                id=part.id, name=part.name, kind=kind, outcome=outcome, why_open=why
            )


def _outcome(fact: "IndicatorAssessed | GateAssessed") -> str:
    from ledger.events import GateAssessed

    if isinstance(fact, GateAssessed):
        return "met" if fact.passed else "not met"
    if 0 < fact.earned < 1:
        return "met in part"
    return "met" if fact.earned else "not met"


def _why(here: Session, state: "PremiumAccount", test: Any) -> str:
    """Why something is not assessed, and what to do about it."""
    from ledger.decisions.assessments.attributing import counting
    from ledger.recorded import account_parts
    from ledger.rules.assess import needs

    if test is None:
        return "left to agreement, and no agreement is recorded"
    find = counting(here.ledger.stream, account_parts(state.account)[2])
    missing = [
        f"{indicator} for {period}"
        for indicator, period in needs(test, state.terms)
        if not find(indicator, period).stream
    ]
    if missing:
        return f"no result of {', '.join(missing)}"
    return "not assessed yet"


def span(state: "PremiumAccount", rulebook: "Rulebook") -> "AwardRange":
    """What of the maximum is certain, open and lost."""
    from ledger.events import GateAssessed, IndicatorAssessed
    from ledger.rules.award import award_range

    assert state.opened is not None
    earned: dict[str, Fraction | None] = {
        name: one.fact.earned
        for name, one in state.indicators.items()
        if isinstance(one.fact, IndicatorAssessed)
    }
    missed: dict[str, bool | None] = {
        name: not one.fact.passed
        for name, one in state.gates.items()
        if isinstance(one.fact, GateAssessed)
    }
    return award_range(rulebook, state.opened.slices, earned, missed, state.terms)


def working(here: Session, state: "PremiumAccount") -> "Line":
    """Why an account's award is what it is, or what it can still be."""
    from ledger.rules.award import stated
    from ledger.rules.rulebook import parse
    from ledger.rules.working import Opening, award_working, range_working

    opened = state.opened
    assert opened is not None
    opening = Opening(
        heads=opened.heads,
        basis=opened.heads_basis,
        as_at=opened.heads_as_at,
        value_per_head_pence=opened.value_per_head_pence,
        fact=opened.heads_result,
    )
    proposal = state.proposal
    if proposal is None:
        rulebook = rules(here, state.account).rulebook
    else:
        cited = here.ledger.record(proposal.fact.rulebook)
        assert cited is not None, "a proposal cites a rulebook of this ledger"
        rulebook = parse(getattr(cited.fact, "content", ""))
    judged, evidence = _judged(here, state, rulebook)
    if proposal is None:
        judged = {**_open(here, state, rulebook), **judged}
        reached = span(state, rulebook)
        return range_working(
            rulebook, opening, reached, judged, evidence, terms=state.terms
        )
    determination = stated(proposal.fact)
    return award_working(
        rulebook, opening, determination, judged, evidence, terms=state.terms
    )


def _open(
    here: Session, state: "PremiumAccount", rulebook: "Rulebook"
) -> dict[str, "Line"]:
    """What is not assessed, and why."""
    from ledger.rules.lines import Line

    return {
        one.id: Line(says=f"Open: {one.why_open}", result="open")
        for one in standings(here, state, rulebook)
        if one.why_open is not None
    }


def _judged(
    here: Session, state: "PremiumAccount", rulebook: "Rulebook"
) -> tuple[Mapping[str, "Line"], Mapping[str, tuple[str, ...]]]:
    """The working of every assessment from the very records it cites."""
    from ledger.decisions.assessments.judging import gate_tests
    from ledger.events import Result, TermsAgreed
    from ledger.rules.assess import judge, measure_test

    judged: dict[str, Line] = {}
    evidence: dict[str, tuple[str, ...]] = {}
    gates = gate_tests(rulebook)
    for name, assessment in state.assessments.items():
        cited = [here.ledger.record(one) for one in assessment.fact.evidence]
        facts = [one.fact for one in cited if one is not None]
        terms = next((f for f in facts if isinstance(f, TermsAgreed)), state.terms)
        test = gates.get(name) or measure_test(rulebook, name, terms)
        if test is None:
            continue
        values = {
            (fact.measure, fact.period): fact.value
            for fact in facts
            if isinstance(fact, Result)
        }
        judged[name] = judge(test, values, terms).working
        evidence[name] = tuple(assessment.fact.evidence)
    return judged, evidence


def populations(here: Session, body: str) -> tuple["Heads", ...]:
    """Every whole population held for a body: its measure, its day, its heads."""
    from ledger.events import Result
    from ledger.recorded import part

    found: list[Heads] = []
    for name in here.ledger.streams("result/population."):
        if name.split("/")[2] != part(body):
            continue
        fact = here.ledger.stream(name)[-1].fact
        assert isinstance(fact, Result)
        if fact.value.denominator == 1 and fact.value > 0:
            day = date.fromisoformat(fact.period[-10:])
            found.append((fact.measure, day, fact.value.numerator))
    return tuple(sorted(found))
