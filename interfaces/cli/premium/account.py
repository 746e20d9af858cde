"""`premium account` and `premium assess`: opening, terms, judging."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from interfaces.cli import account_state as states
from interfaces.cli import printing as printed
from interfaces.cli.bulk import only_all
from interfaces.cli.session import (
    WRITE,
    YEAR,
    Exit,
    Here,
    Json,
    Session,
    Stop,
    Writing,
    Years,
    fresh_id,
)

if TYPE_CHECKING:
    from ledger.request import Outcome, Request


def open_(
    account: str,
    /,
    *,
    population: str,
    as_at: date,
    year: Years = YEAR,
    write: Writing = WRITE,
    here: Here,
) -> int:
    """Open a body's premium for a scheme year on a population recorded for it.

    Parameters
    ----------
    account
        Body code, such as 10C, or a whole account id.
    population
        Measure of the population, such as population.registered.gp-list.
    as_at
        Day the population was counted for.
    """
    data = {
        "account": year.account(account),
        "population": population,
        "as_at": as_at,
    }
    request = here.request("open-account", data, write)
    return printed.answered(here, (here.give(request, write),), write)


def show(account: str, /, *, year: Years = YEAR, json: Json = False, here: Here) -> int:
    """Show an account: its maximum, its slices and what stands where.

    Parameters
    ----------
    account
        Body code, such as 10C, or a whole account id.
    """
    from ledger.money import pounds

    state = states.account(here, year.account(account))
    opened = state.opened
    assert opened is not None
    if json:
        printed.document(
            here,
            {
                "position": here.ledger.head(),
                "version": state.version,
                **printed.years(state.account),
                "opened_on": state.opened_on,
                "opening": opened,
                "terms": state.terms,
                "confirmed_pence": state.confirmed.total_pence
                if state.confirmed
                else None,
                "disbursements": [
                    {
                        "disbursement": name,
                        "state": one.state,
                        "amount_pence": one.fact.amount_pence,
                    }
                    for name, one in state.disbursements.items()
                ],
                "balances_pence": state.balances,
            },
        )
        return Exit.OK
    here.out.print(printed.account_title(here, state.account))
    here.out.print(
        f"  {opened.heads:,} heads ({opened.heads_basis}, {opened.heads_as_at}) at "
        f"{pounds(opened.value_per_head_pence)}: maximum "
        f"{pounds(opened.maximum_pence)}; version {state.version}"
    )
    rows = [(piece.measure, pounds(piece.pence)) for piece in opened.slices]
    printed.table(here, "Slices of the maximum", ("measure", "£"), rows)
    rows = [(name, pounds(pence)) for name, pence in state.balances.items() if pence]
    printed.table(here, "Where it stands", ("account", "£"), rows)
    if state.disbursements:
        printed.table(
            here,
            "Disbursements",
            ("disbursement", "state", "£"),
            [
                (name, one.state, pounds(one.fact.amount_pence))
                for name, one in state.disbursements.items()
            ],
        )
    return Exit.OK


def terms(
    account: str,
    file: Path | None = None,
    /,
    *,
    year: Years = YEAR,
    write: Writing = WRITE,
    here: Here,
) -> int:
    """Record what was agreed with a body, from a TOML file; without one, show it.

    Parameters
    ----------
    account
        Body code, such as 10C, or a whole account id.
    file
        TOML with agreed_on, agreed_by, and tables tests and targets.
    """
    account_id = year.account(account)
    if file is None:
        return _agreed(here, account_id, write.json)
    request = here.request("agree-terms", {"account": account_id, **_toml(file)}, write)
    return printed.answered(here, (here.give(request, write),), write)


def assess(
    account: str | None = None,
    measures: tuple[str, ...] = (),
    /,
    *,
    all: Annotated[bool, Parameter(negative="")] = False,
    year: Years = YEAR,
    write: Writing = WRITE,
    here: Here,
) -> int:
    """Judge measures, standards and gates on the results recorded.

    Without names, all that can be judged are; what stays open is said, and why.

    Parameters
    ----------
    account
        Body code, such as 10C, or a whole account id.
    measures
        Ids of measures, reductions or gates.
    all
        Every account of the year, in place of one.
    """
    if account is None or all:
        from interfaces.cli.premium.award_rounds import assess_all

        only_all(account, "--all", given=all)
        return assess_all(here, year, write)
    from ledger.decisions.assessments.judging import gate_tests
    from ledger.rules.stakes import judged

    account_id = year.account(account)
    rulebook = states.rules(here, account_id).rulebook
    gates = gate_tests(rulebook)
    names = measures or (*(one.id for one in judged(rulebook)), *gates)
    write = replace(write, id=write.id or fresh_id())
    requests = [_assess(here, account_id, name, name in gates, write) for name in names]
    if not measures:
        requests = _judgeable(here, requests)
    outcomes: tuple[Outcome, ...] = ()
    if requests and write.dry_run:
        outcomes = tuple(here.ledger.rehearse(requests))
    elif requests:
        outcomes = tuple(here.ledger.give_each(requests))
    if write.json and len(outcomes) != 1:
        answers = [printed.outcome_json(one) for one in outcomes]
        printed.document(here, {"dry_run": write.dry_run, "outcomes": answers})
        return next((c for one in outcomes if (c := printed.code_of(one))), Exit.OK)
    code = printed.answered(here, outcomes, write) if outcomes else Exit.OK
    if not write.json:
        _still_open(here, account_id)
    return code


def _assess(
    here: Session, account: str, name: str, gate: bool, write: Writing
) -> "Request":
    command, field = (
        ("assess-gate", "gate") if gate else ("assess-indicator", "measure")
    )
    data = {"account": account, field: name}
    return here.request(command, data, write, part=f"/{name}")


def _judgeable(here: Session, requests: list["Request"]) -> list["Request"]:
    """Those that would not be refused only because they must stay open.

    That is for want of a result, an agreement or a rule; or of a pick from a menu.
    """
    from ledger.decisions.assessments import judging

    stays_open = (
        judging.NoResult
        | judging.TestNotAgreed
        | judging.TestNotKnown
        | judging.BaselineNotAboveZero
        | judging.NotInRulebook
    )
    outcomes = here.ledger.rehearse(requests)
    return [
        request
        for request, outcome in zip(requests, outcomes, strict=True)
        if not isinstance(printed.refusal_of(outcome), stays_open)
    ]


def _still_open(here: Session, account_id: str) -> None:
    """Say what is not assessed yet, and why."""
    state = states.account(here, account_id)
    rulebook = states.rules(here, account_id).rulebook
    rows = [
        (one.id, one.kind, one.why_open or "")
        for one in states.standings(here, state, rulebook)
        if one.outcome == "open"
    ]
    if rows:
        title = printed.titled(here, "Still open")
        printed.table(here, title, ("clause", "kind", "why"), rows)


def _agreed(here: Session, account_id: str, json: bool) -> int:
    from ledger.money import exact_text

    state = states.account(here, account_id)
    agreed = state.terms
    if json:
        content = {"position": here.ledger.head(), **printed.years(account_id)}
        printed.document(here, {**content, "terms": agreed})
        return Exit.OK
    here.out.print(printed.account_title(here, account_id))
    if agreed is None:
        here.out.print("  No terms are agreed.")
        return Exit.OK
    here.out.print(
        f"  Agreed on {agreed.agreed_on} by {', '.join(agreed.agreed_by)} "
        f"({state.terms_record})"
    )
    rows = [
        (
            test.measure,
            test.title,
            f"{test.indicator}, {test.period}",
            f"{test.comparison} {exact_text(test.threshold)}",
        )
        for test in agreed.tests
    ]
    rows += [
        (target.clause, "agreed threshold", "", exact_text(target.target))
        for target in agreed.targets
    ]
    printed.table(here, "Terms", ("clause", "title", "indicator", "test"), rows)
    return Exit.OK


def _toml(file: Path) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(file.read_text("utf-8"), parse_float=str)
    except OSError as reason:
        says = f"{file} cannot be read ({reason.strerror}): name a TOML file"
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as reason:
        says = f"{file} is no TOML ({reason}): correct it"
    raise Stop(Exit.USAGE, says)
