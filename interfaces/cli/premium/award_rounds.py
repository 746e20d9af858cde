"""Assessing, proposing and confirming every account of a scheme year at once."""

from collections.abc import Mapping, Sequence

from interfaces.cli import account_state, outcomes, printing
from interfaces.cli.amounts import as_option
from interfaces.cli.bulk import (
    Tally,
    accounts_of,
    answered,
    asked_year,
    body_of,
    give_each,
    rules_of,
)
from interfaces.cli.exits import Exit, Misused, Stop
from interfaces.cli.options import Write, Year
from interfaces.cli.session import Session
from ledger.decisions.assessments.attributing import subject_for
from ledger.decisions.assessments.judging import (
    BaselineNotAboveZero,
    NoResult,
    TestNotAgreed,
    TestNotKnown,
    gate_tests,
)
from ledger.decisions.awards.proposing import NotAllAssessed, PercentNotKnown
from ledger.decisions.every import COMMANDS
from ledger.decisions.menus import TermsNotAgreed, WeightsNotKnown
from ledger.events import BodyCode
from ledger.money import pounds
from ledger.premium.account import PremiumAccount
from ledger.recorded import (
    Recorded,
    attribution_stream,
    result_stream,
    stream_and_version,
)
from ledger.request import Refusal, Request
from ledger.rules.assess import asked, needs
from ledger.rules.award import AwardRange
from ledger.rules.clauses import Judged, leaves
from ledger.rules.outlook import tests
from ledger.rules.rulebook import Rulebook
from ledger.rules.stakes import judged, unsettled
from ledger.wording import counted


def assess_all(session: Session, year: Year, write: Write) -> int:
    """Judge everything that can be judged, of every account not yet confirmed.

    What was not judged before and has all its results is given without a rehearsal:
    deciding everything twice would take twice as long.
    """
    scheme_year = asked_year(year, write)
    rulebook = rules_of(session, year, write).rulebook
    gates = gate_tests(rulebook)
    results = frozenset(session.ledger.streams("result/"))
    attributions = {
        name: session.ledger.stream(name)
        for name in session.ledger.streams("attribution/")
    }
    stem = f"assess/{year.scheme_meant}/{scheme_year}/{session.ledger.head()}"
    asked: list[tuple[BodyCode, str, Request]] = []
    sure: set[str] = set()
    found = [one for one in accounts_of(session, year) if one.confirmed is None]
    for state in found:
        body = body_of(state)
        for name, test in _tests(rulebook, state):
            command, about = "assess-indicator", "measure"
            if name in gates:
                command, about = "assess-gate", "gate"
            given = COMMANDS[command](**{"account": state.account, about: name})
            id = f"{stem}/{body}/{name}"
            asked.append((body, name, outcomes.request_of(session, id, given, write)))
            if name not in state.assessments and _ready(
                test, state, results, attributions
            ):
                sure.add(id)
    tally = give_each(session, asked, write, _stays_open, sure)
    return answered(session, year, write, tally, says=counted(len(found), "account"))


def _tests(
    rulebook: Rulebook, state: PremiumAccount
) -> list[tuple[str, Judged | None]]:
    """Everything judged of an account; None for a test that is not agreed."""
    if not unsettled(rulebook, state.terms):
        return list(tests(rulebook, state.terms))
    names = (*(one.id for one in judged(rulebook)), *gate_tests(rulebook))
    return [(name, None) for name in names]


def _ready(
    test: Judged | None,
    state: PremiumAccount,
    results: frozenset[str],
    attributions: Mapping[str, Sequence[Recorded]],
) -> bool:
    """Whether a test has its thresholds and every result it reads."""
    if test is None or test == "unknown":
        return False
    if any(asked(leaf) == "unknown" for leaf in leaves(test)):
        return False
    body = body_of(state)

    def subject(indicator: str, period: str) -> BodyCode:
        published = attributions.get(attribution_stream(indicator, period), ())
        return subject_for(published, body)

    return all(
        result_stream(indicator, subject(indicator, period), period) in results
        for indicator, period in needs(test, state.terms)
    )


def propose_all(session: Session, year: Year, write: Write) -> int:
    """Propose every award that is a figure; list those that are still a range."""
    scheme_year = asked_year(year, write)
    rules = rules_of(session, year, write)
    found = {
        body_of(one): one for one in accounts_of(session, year) if one.confirmed is None
    }
    asked = []
    for body, state in found.items():
        command = COMMANDS["propose-award"](account=state.account)
        id = f"propose/{year.scheme_meant}/{scheme_year}/{body}/{state.version}"
        asked.append((body, "", outcomes.request_of(session, id, command, write)))
    tally = give_each(session, asked, write, _is_range)
    spans = {
        body: account_state.span(found[body], rules.rulebook) for body in tally.open
    }
    rounds: dict[int, list[int]] = {}
    for state in found.values() if write.dry_run else accounts_of(session, year):
        if state.proposal is not None and state.confirmed is None:
            fact = state.proposal.fact
            rounds.setdefault(fact.determination, []).append(fact.total_pence)
    content = {
        "ranges": [
            {"body": body, "open": tally.open[body], **_span_json(span)}
            for body, span in spans.items()
        ],
        "rounds": [
            {"round": n, "count": len(pence), "control_total_pence": sum(pence)}
            for n, pence in sorted(rounds.items())
        ],
    }
    if write.json:
        return answered(session, year, write, tally, says="", more=content)
    code = answered(session, year, write, tally, says=counted(len(found), "account"))
    _print_ranges(session, spans, tally)
    _print_rounds(session, rounds)
    return code


def confirm_round(
    session: Session,
    year: Year,
    write: Write,
    *,
    number: int,
    control_total: int | None,
    excepted: tuple[str, ...],
) -> int:
    """Confirm every award of a round but those excepted, under one control total.

    The round is every account whose determination has the number, those that were
    confirmed before included: so the same call with the same control total finishes
    what a stopped one began.

    Args:
        control_total: Pence that the round must come to; another total is refused,
            and nothing is recorded.
        excepted: Codes of bodies that are left out.
    """
    scheme_year = asked_year(year, write)
    found = {body_of(one): one for one in _in_round(session, year, number)}
    strange = [body for body in excepted if body not in found]
    if strange:
        raise Misused(f"{', '.join(strange)} is not in round {number}")
    chosen = {body: one for body, one in found.items() if body not in excepted}
    total = sum(_total_pence(one) for one in chosen.values())
    if not chosen:
        raise Stop(Exit.REFUSED, f"no award of round {number} is proposed")
    if control_total is not None and control_total != total:
        raise Stop(
            Exit.REFUSED,
            f"the control total is given as {pounds(control_total)}, and the "
            f"{counted(len(chosen), 'award')} of round {number} "
            f"{'comes' if len(chosen) == 1 else 'come'} to {pounds(total)}: nothing "
            "was recorded",
        )
    asked = []
    for body, state in chosen.items():
        assert state.proposal is not None, "it is in the round"
        if state.confirmed is None or state.confirmed.determination != number:
            _, version = stream_and_version(state.proposal.record)
            command = COMMANDS["confirm-award"](
                account=state.account, determination=number
            )
            id = f"round/{year.scheme_meant}/{scheme_year}/{number}/{body}/{version}"
            asked.append((body, "", outcomes.request_of(session, id, command, write)))
    tally = give_each(session, asked, write, _never_open)
    tally.as_before += len(chosen) - len(asked)
    content = {
        "round": number,
        "count": len(chosen),
        "control_total_pence": total,
        "excepted": excepted,
    }
    awards = counted(len(chosen), "award")
    says = f"round {number}, {awards}, control total {pounds(total)}"
    return answered(session, year, write, tally, says=says, more=content)


def _in_round(session: Session, year: Year, number: int) -> tuple[PremiumAccount, ...]:
    return tuple(
        one
        for one in accounts_of(session, year)
        if one.proposal is not None
        and one.proposal.fact.determination == number
        and one.refused != number
    )


def _total_pence(state: PremiumAccount) -> int:
    assert state.proposal is not None, "it is in the round"
    return state.proposal.fact.total_pence


def _never_open(_name: str, _refusal: Refusal) -> tuple[str, ...]:
    return ()


def _stays_open(name: str, refusal: Refusal) -> tuple[str, ...]:
    still = (NoResult, TestNotAgreed, TestNotKnown, BaselineNotAboveZero)
    if isinstance(refusal, (*still, TermsNotAgreed, WeightsNotKnown)):
        return (name,)
    return ()


def _is_range(_name: str, refusal: Refusal) -> tuple[str, ...]:
    match refusal:
        case NotAllAssessed(open=clauses):
            return clauses
        case PercentNotKnown(named=clauses):
            return clauses
        case _:
            return ()


def _print_ranges(
    session: Session, spans: dict[BodyCode, AwardRange], tally: Tally
) -> None:
    if spans:
        rows = [
            {"body": body, "open": tally.open[body], **_span_json(span)}
            for body, span in spans.items()
        ]
        columns = (
            "body, certain_pence as £ certain, open_pence as £ open,"
            "lost_pence as £ lost, open as not assessed"
        )
        title = session.titled(f"Not proposed, still a range: {len(spans)}")
        printing.listing(session, title, columns, rows)


def _print_rounds(session: Session, rounds: dict[int, list[int]]) -> None:
    for number, pence in sorted(rounds.items()):
        session.say(
            f"  Round {number}: {len(pence):,} waiting, control total "
            f"{pounds(sum(pence))} (--control-total {as_option(sum(pence))})."
        )


def _span_json(span: AwardRange) -> dict[str, int]:
    return {
        "certain_pence": span.certain_pence,
        "open_pence": span.open_pence,
        "lost_pence": span.lost_pence,
    }
