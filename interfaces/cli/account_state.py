"""What the ledger now says of one account, gathered for reading."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from interfaces.cli.clocks import SessionAt
from interfaces.cli.exits import Exit, Misused, Stop
from interfaces.cli.session import Session
from ledger.decisions.assessments.attributing import counting
from ledger.decisions.assessments.judging import gate_tests
from ledger.decisions.rulebooks import Rules, in_force
from ledger.events import (
    AccountId,
    GateAssessed,
    IndicatorAssessed,
    Result,
    TermsAgreed,
)
from ledger.periods import Mark, closes
from ledger.periods import marks as found_marks
from ledger.postings import legs
from ledger.premium.account import PremiumAccount
from ledger.premium.evolve import folded
from ledger.recorded import (
    LEDGER_STREAM,
    account_parts,
    account_stream,
    part,
    rulebook_stream,
)
from ledger.rules.assess import judge, measure_test, needs
from ledger.rules.award import AwardRange, award_range, stated
from ledger.rules.lines import Line
from ledger.rules.readings import Heads
from ledger.rules.rulebook import Rulebook, parse
from ledger.rules.stakes import stakes
from ledger.rules.working import Opening, award_working, range_working


def account_ids(session: Session, body: str) -> list[AccountId]:
    """The accounts of a body, in order."""
    start = account_stream("")
    ids = (name.removeprefix(start) for name in session.ledger.streams(start))
    return [AccountId(one) for one in ids if account_parts(one)[2] == body]


def account(session: Session, account_id: str) -> PremiumAccount:
    """An account as it now stands; stops where it is not open."""
    stream = session.ledger.stream(account_stream(account_id))
    state = folded(AccountId(account_id), stream)
    if state.opened is None and isinstance(session, SessionAt):
        raise Misused(f"{account_id} was not open then: leave the clocks out")
    if state.opened is None:
        raise Stop(
            Exit.REFUSED,
            f"{account_id} is not open: open it first, with premium account open",
        )
    return state


def balances(
    session: Session, account_id: str, effective: date | None = None
) -> dict[str, int]:
    """Pence of each account of a premium, of what is effective by a day, or of all."""
    sums: dict[str, int] = {}
    for recorded in session.ledger.stream(account_stream(account_id)):
        for leg in legs(recorded.fact, recorded.meta.effective_on):
            if effective is None or leg.effective_on <= effective:
                sums[leg.account] = sums.get(leg.account, 0) + leg.pence
    return sums


def marks(
    session: Session,
    account_id: str,
    effective: date | None = None,
    about: str | None = None,
) -> tuple[Mark, ...]:
    """The prior-period adjustments of a premium, of what is effective by a day.

    Args:
        about: Of facts with this field alone, such as `spending`; None: of all.
    """
    closed = closes(session.ledger.stream(LEDGER_STREAM))
    stream = session.ledger.stream(account_stream(account_id)) if closed else ()
    meant = (one for one in stream if about is None or hasattr(one.fact, about))
    return tuple(found_marks(meant, closed, effective))


def rules(session: Session, account_id: str) -> Rules:
    """The rules of an account's scheme year that apply to a decision of today."""
    scheme, year, _ = account_parts(account_id)
    stream = session.ledger.stream(rulebook_stream(scheme, year))
    found = in_force(stream, session.today)
    if found is None:
        raise Stop(
            Exit.REFUSED,
            f"no rulebook of {scheme} {year} is published: publish one first, with "
            f"premium rulebook publish",
        )
    return found


@dataclass(frozen=True, kw_only=True)
class ClauseOutcome:
    """One measure, standard or gate of an account: how it was judged, or why not."""

    id: str
    name: str
    kind: str  # measure, reduction or gate
    outcome: str  # met, met in part, not met, open
    why_open: str | None


def clause_outcomes(
    session: Session, state: PremiumAccount, rulebook: Rulebook
) -> tuple[ClauseOutcome, ...]:
    """Every measure, reduction and gate, in the order of the rules."""
    return tuple(_clause_outcomes(session, state, rulebook))


def _clause_outcomes(
    session: Session, state: PremiumAccount, rulebook: Rulebook
) -> Iterator[ClauseOutcome]:
    for kind, clauses in (
        ("measure", stakes(rulebook, state.terms)),
        ("reduction", rulebook.reductions),
        ("gate", rulebook.gates),
    ):
        for clause in clauses:
            known = state.assessments.get(clause.id)
            came_out, why = "open", None
            if known is not None:
                came_out = outcome(known.fact)
            elif kind == "measure":
                why = _why(
                    session, state, measure_test(rulebook, clause.id, state.terms)
                )
            else:
                why = _why(session, state, getattr(clause, "test", None))
            yield ClauseOutcome(
                id=clause.id,
                name=clause.name,
                kind=kind,
                outcome=came_out,
                why_open=why,
            )


def outcome(fact: IndicatorAssessed | GateAssessed) -> str:
    """How something was judged, in words."""
    if isinstance(fact, GateAssessed):
        return "met" if fact.passed else "not met"
    if 0 < fact.earned < 1:
        return "met in part"
    return "met" if fact.earned else "not met"


def _why(session: Session, state: PremiumAccount, test: Any) -> str:
    """Why something is not assessed, and what to do about it."""
    if test is None:
        return "left to agreement, and no agreement is recorded"
    find = counting(session.ledger.stream, account_parts(state.account)[2])
    missing = [
        f"{indicator} for {period}"
        for indicator, period in needs(test, state.terms)
        if not find(indicator, period).stream
    ]
    if missing:
        return f"no result of {', '.join(missing)}"
    return "not assessed yet"


def span(state: PremiumAccount, rulebook: Rulebook) -> AwardRange:
    """What of the maximum is certain, open and lost."""
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


def working(session: Session, state: PremiumAccount) -> Line:
    """Why an account's award is what it is, or what it can still be."""
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
        rulebook = rules(session, state.account).rulebook
    else:
        cited = session.ledger.record(proposal.fact.rulebook)
        assert cited is not None, "a proposal cites a rulebook of this ledger"
        rulebook = parse(getattr(cited.fact, "content", ""))
    judged, evidence = _judged(session, state, rulebook)
    if proposal is None:
        judged = {**_open(session, state, rulebook), **judged}
        reached = span(state, rulebook)
        return range_working(
            rulebook, opening, reached, judged, evidence, terms=state.terms
        )
    determination = stated(proposal.fact)
    return award_working(
        rulebook, opening, determination, judged, evidence, terms=state.terms
    )


def _open(
    session: Session, state: PremiumAccount, rulebook: Rulebook
) -> dict[str, Line]:
    """What is not assessed, and why."""
    return {
        one.id: Line(says=f"Open: {one.why_open}", result="open")
        for one in clause_outcomes(session, state, rulebook)
        if one.why_open is not None
    }


def _judged(
    session: Session, state: PremiumAccount, rulebook: Rulebook
) -> tuple[Mapping[str, Line], Mapping[str, tuple[str, ...]]]:
    """The working of every assessment from the very records it cites."""
    judged: dict[str, Line] = {}
    evidence: dict[str, tuple[str, ...]] = {}
    gates = gate_tests(rulebook)
    for name, assessment in state.assessments.items():
        cited = [session.ledger.record(one) for one in assessment.fact.evidence]
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


def populations(session: Session, body: str) -> tuple[Heads, ...]:
    """Every whole population held for a body: its measure, its day, its heads."""
    found: list[Heads] = []
    for name in session.ledger.streams("result/population."):
        if name.split("/")[2] != part(body):
            continue
        fact = session.ledger.stream(name)[-1].fact
        assert isinstance(fact, Result)
        if fact.value.denominator == 1 and fact.value > 0:
            day = date.fromisoformat(fact.period[-10:])
            found.append((fact.measure, day, fact.value.numerator))
    return tuple(sorted(found))
