"""`premium assess`: measures, standards and gates are judged."""

from dataclasses import replace

from interfaces.cli import account_state, outcomes, printing
from interfaces.cli.bulk import only_all
from interfaces.cli.exits import Exit
from interfaces.cli.options import WRITE, YEAR, AnyAccount, Write, Year
from interfaces.cli.outcomes import fresh_id
from interfaces.cli.premium.award_rounds import assess_all
from interfaces.cli.session import Session
from ledger.decisions.assessments import judging
from ledger.decisions.assessments.judging import gate_tests
from ledger.request import Outcome, Request
from ledger.rules.stakes import judged


def assess(
    account: AnyAccount = None,
    measures: tuple[str, ...] = (),
    /,
    *,
    all: bool = False,
    year: Year = YEAR,
    write: Write = WRITE,
    session: Session,
) -> int:
    """Judge measures, standards and gates on the results recorded.

    Without names, all that can be judged are; what stays open is said, and why.

    Parameters
    ----------
    measures
        Ids of measures, reductions or gates.
    all
        Every account of the year, in place of one.
    """
    if account is None or all:
        only_all(account, "--all", given=all)
        return assess_all(session, year, write)

    account_id = year.account(account)
    rulebook = account_state.rules(session, account_id).rulebook
    gates = gate_tests(rulebook)
    names = measures or (*(one.id for one in judged(rulebook)), *gates)
    write = replace(write, id=write.id or fresh_id())
    requests = [
        _assess(session, account_id, name, name in gates, write) for name in names
    ]
    if not measures:
        requests = _judgeable(session, requests)
    replies: tuple[Outcome, ...] = ()
    if requests and write.dry_run:
        replies = tuple(session.writer().rehearse(requests))
    elif requests:
        replies = tuple(session.writer().give_each(requests))
    if write.json and len(replies) != 1:
        answers = [outcomes.outcome_json(one) for one in replies]
        printing.document(session, {"dry_run": write.dry_run, "outcomes": answers})
        return next((c for one in replies if (c := outcomes.code_of(one))), Exit.OK)
    code = outcomes.answered(session, replies, write) if replies else Exit.OK
    if not write.json:
        _still_open(session, account_id)
    return code


def _assess(
    session: Session, account: str, name: str, gate: bool, write: Write
) -> Request:
    command, field = (
        ("assess-gate", "gate") if gate else ("assess-indicator", "measure")
    )
    data = {"account": account, field: name}
    return outcomes.request(session, command, data, write, part=f"/{name}")


def _judgeable(session: Session, requests: list[Request]) -> list[Request]:
    """Those that would not be refused only because they must stay open.

    That is for want of a result, an agreement or a rule; or of a pick from a menu.
    """
    stays_open = (
        judging.NoResult
        | judging.TestNotAgreed
        | judging.TestNotKnown
        | judging.BaselineNotAboveZero
        | judging.NotInRulebook
    )
    replies = session.writer().rehearse(requests)
    return [
        request
        for request, outcome in zip(requests, replies, strict=True)
        if not isinstance(outcomes.refusal_of(outcome), stays_open)
    ]


def _still_open(session: Session, account_id: str) -> None:
    """Say what is not assessed yet, and why."""
    state = account_state.account(session, account_id)
    rulebook = account_state.rules(session, account_id).rulebook
    still = [
        one
        for one in account_state.clause_outcomes(session, state, rulebook)
        if one.outcome == "open"
    ]
    if still:
        title, columns = (
            session.titled("Still open"),
            "id as clause, kind, why_open as why",
        )
        printing.listing(session, title, columns, still)
    elif state.proposal is None:
        session.say(f"Next, by analyst: premium award propose {account_id}")
