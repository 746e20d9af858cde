"""Assessing, proposing and confirming every account of a scheme year at once."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from interfaces.cli import account_state as states
from interfaces.cli import printing as printed
from interfaces.cli.bulk import (
    accounts_of,
    answered,
    asked_year,
    body_of,
    give_each,
    request_of,
    rules_of,
)
from interfaces.cli.session import Exit, Session, Stop, Write, Year

if TYPE_CHECKING:
    from interfaces.cli.bulk import Tally
    from ledger.events import BodyCode
    from ledger.premium.account import PremiumAccount
    from ledger.recorded import Recorded
    from ledger.request import Refusal, Request
    from ledger.rules.award import AwardRange
    from ledger.rules.clauses import Judged
    from ledger.rules.rulebook import Rulebook


def assess_all(here: Session, year: Year, write: Write) -> int:
    """Judge everything that can be judged, of every account not yet confirmed.

    What was not judged before and has all its results is given without a rehearsal:
    deciding everything twice would take twice as long.
    """
    from ledger.decisions.assessments.judging import gate_tests
    from ledger.decisions.every import COMMANDS

    scheme_year = asked_year(year, write)
    rulebook = rules_of(here, year, write).rulebook
    gates = gate_tests(rulebook)
    results = frozenset(here.ledger.streams("result/"))
    attributions = {
        name: here.ledger.stream(name) for name in here.ledger.streams("attribution/")
    }
    stem = f"assess/{year.scheme}/{scheme_year}/{here.ledger.head()}"
    asked: list[tuple[BodyCode, str, Request]] = []
    sure: set[str] = set()
    found = [one for one in accounts_of(here, year) if one.confirmed is None]
    for state in found:
        body = body_of(state)
        for name, test in _tests(rulebook, state):
            command, about = "assess-indicator", "measure"
            if name in gates:
                command, about = "assess-gate", "gate"
            given = COMMANDS[command](**{"account": state.account, about: name})
            id = f"{stem}/{body}/{name}"
            asked.append((body, name, request_of(here, id, given, write)))
            if name not in state.assessments and _ready(
                test, state, results, attributions
            ):
                sure.add(id)
    tally = give_each(here, asked, write, _stays_open, sure)
    return answered(here, year, write, tally, says=f"{len(found):,} accounts")


def _tests(
    rulebook: "Rulebook", state: "PremiumAccount"
) -> "list[tuple[str, Judged | None]]":
    """Everything judged of an account; None for a test that is not agreed."""
    from ledger.decisions.assessments.judging import gate_tests
    from ledger.rules.outlook import tests
    from ledger.rules.stakes import judged, unsettled

    if not unsettled(rulebook, state.terms):
        return list(tests(rulebook, state.terms))
    names = (*(one.id for one in judged(rulebook)), *gate_tests(rulebook))
    return [(name, None) for name in names]


def _ready(
    test: "Judged | None",
    state: "PremiumAccount",
    results: frozenset[str],
    attributions: "Mapping[str, Sequence[Recorded]]",
) -> bool:
    """Whether a test has its thresholds and every result it reads."""
    from ledger.decisions.assessments.attributing import subject_for
    from ledger.recorded import attribution_stream, result_stream
    from ledger.rules.assess import asked, needs
    from ledger.rules.clauses import leaves

    if test is None or test == "unknown":
        return False
    if any(asked(leaf) == "unknown" for leaf in leaves(test)):
        return False
    body = body_of(state)

    def subject(indicator: str, period: str) -> "BodyCode":
        published = attributions.get(attribution_stream(indicator, period), ())
        return subject_for(published, body)

    return all(
        result_stream(indicator, subject(indicator, period), period) in results
        for indicator, period in needs(test, state.terms)
    )


def propose_all(here: Session, year: Year, write: Write) -> int:
    """Propose every award that is a figure; list those that are still a range."""
    from ledger.decisions.every import COMMANDS

    scheme_year = asked_year(year, write)
    rules = rules_of(here, year, write)
    found = {
        body_of(one): one for one in accounts_of(here, year) if one.confirmed is None
    }
    asked = []
    for body, state in found.items():
        command = COMMANDS["propose-award"](account=state.account)
        id = f"propose/{year.scheme}/{scheme_year}/{body}/{state.version}"
        asked.append((body, "", request_of(here, id, command, write)))
    tally = give_each(here, asked, write, _is_range)
    spans = {body: states.span(found[body], rules.rulebook) for body in tally.open}
    rounds: dict[int, list[int]] = {}
    for state in found.values() if write.dry_run else accounts_of(here, year):
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
        return answered(here, year, write, tally, says="", more=content)
    code = answered(here, year, write, tally, says=f"{len(found):,} accounts")
    _print_ranges(here, spans, tally)
    _print_rounds(here, rounds)
    return code


def confirm_round(
    here: Session,
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
    from ledger.decisions.every import COMMANDS
    from ledger.money import pounds
    from ledger.recorded import stream_and_version

    scheme_year = asked_year(year, write)
    found = {body_of(one): one for one in _in_round(here, year, number)}
    strange = [body for body in excepted if body not in found]
    if strange:
        raise Stop(Exit.USAGE, f"{', '.join(strange)} is not in round {number}")
    chosen = {body: one for body, one in found.items() if body not in excepted}
    total = sum(_total_pence(one) for one in chosen.values())
    if not chosen:
        raise Stop(Exit.REFUSED, f"no award of round {number} is proposed")
    if control_total is not None and control_total != total:
        raise Stop(
            Exit.REFUSED,
            f"the control total is given as {pounds(control_total)}, and the "
            f"{len(chosen)} awards of round {number} come to {pounds(total)}: nothing "
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
            id = f"round/{year.scheme}/{scheme_year}/{number}/{body}/{version}"
            asked.append((body, "", request_of(here, id, command, write)))
    tally = give_each(here, asked, write, _never_open)
    tally.as_before += len(chosen) - len(asked)
    content = {
        "round": number,
        "count": len(chosen),
        "control_total_pence": total,
        "excepted": excepted,
    }
    says = f"round {number}, {len(chosen):,} awards, control total {pounds(total)}"
    return answered(here, year, write, tally, says=says, more=content)


def _in_round(here: Session, year: Year, number: int) -> "tuple[PremiumAccount, ...]":
    return tuple(
        one
        for one in accounts_of(here, year)
        if one.proposal is not None
        and one.proposal.fact.determination == number
        and one.refused != number
    )


def _total_pence(state: "PremiumAccount") -> int:
    assert state.proposal is not None, "it is in the round"
    return state.proposal.fact.total_pence


def _never_open(_name: str, _refusal: "Refusal") -> tuple[str, ...]:
    return ()


def _stays_open(name: str, refusal: "Refusal") -> tuple[str, ...]:
    from ledger.decisions.assessments.judging import (
        BaselineNotAboveZero,
        NoResult,
        TestNotAgreed,
        TestNotKnown,
    )
    from ledger.decisions.menus import TermsNotAgreed, WeightsNotKnown

    still = (NoResult, TestNotAgreed, TestNotKnown, BaselineNotAboveZero)
    if isinstance(refusal, (*still, TermsNotAgreed, WeightsNotKnown)):
        return (name,)
    return ()


def _is_range(_name: str, refusal: "Refusal") -> tuple[str, ...]:
    from ledger.decisions.awards.proposing import NotAllAssessed, PercentNotKnown

    match refusal:
        case NotAllAssessed(open=clauses):
            return clauses
        case PercentNotKnown(named=clauses):
            return clauses
        case _:
            return ()


def _print_ranges(
    here: Session, spans: "dict[BodyCode, AwardRange]", tally: "Tally"
) -> None:
    from ledger.money import pounds

    if spans:
        rows = [
            (
                body,
                pounds(span.certain_pence),
                pounds(span.open_pence),
                pounds(span.lost_pence),
                ", ".join(tally.open[body]),
            )
            for body, span in spans.items()
        ]
        title = printed.titled(here, f"Not proposed, still a range: {len(spans)}")
        columns = ("body", "£ certain", "£ open", "£ lost", "not assessed")
        printed.table(here, title, columns, rows)


def _print_rounds(here: Session, rounds: dict[int, list[int]]) -> None:
    from ledger.money import pounds

    for number, pence in sorted(rounds.items()):
        here.out.print(
            f"  Round {number}: {len(pence):,} waiting, control total "
            f"{pounds(sum(pence))} (--control-total {sum(pence)})."
        )


def _span_json(span: "AwardRange") -> dict[str, int]:
    return {
        "certain_pence": span.certain_pence,
        "open_pence": span.open_pence,
        "lost_pence": span.lost_pence,
    }
