"""`premium account`: one body's premium for one scheme year."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from interfaces.cli import account_state, clocks, decided, known, outcomes, printing
from interfaces.cli.clocks import WHOLE, History
from interfaces.cli.exits import Exit, Misused
from interfaces.cli.lists import columns, written
from interfaces.cli.lists.asked import SHAPE, Shape
from interfaces.cli.lists.columns import day, flag, key, number, text
from interfaces.cli.options import (
    WRITE,
    YEAR,
    Account,
    AnyAccount,
    Json,
    Write,
    Year,
)
from interfaces.cli.questions import standing
from interfaces.cli.session import Session
from ledger.calendar import first_day
from ledger.money import exact_text, pounds
from ledger.recorded import account_parts
from ledger.request import Malformed
from ledger.strict_toml import NotToml, parse_toml
from ledger.wording import counted
from projections.questions.breakdown import parts_at


def show(
    account: Account, /, *, year: Year = YEAR, json: Json = False, session: Session
) -> int:
    """Show an account: its maximum, its slices and what stands where."""
    state = account_state.account(session, known.account(session, year, account))
    opened = state.opened
    assert opened is not None
    disbursements = [
        {
            "disbursement": name,
            "state": one.state,
            "amount_pence": one.fact.amount_pence,
        }
        for name, one in state.disbursements.items()
    ]
    stood = state.balances
    parts = parts_at(stood, stood, opened.maximum_pence)
    marks = account_state.marks(session, state.account)
    if json:
        content = {
            "position": session.ledger.head(),
            "version": state.version,
            **printing.years(state.account),
            "opened_on": state.opened_on,
            "opening": opened,
            "terms": state.terms,
            "confirmed_pence": state.confirmed and state.confirmed.total_pence,
            "disbursements": disbursements,
            "balances_pence": stood,
            "parts": {f"{name}_pence": pence for name, pence in parts.items()},
            "prior_period": marks,
        }
        printing.document(session, content)
        return Exit.OK
    session.say(printing.account_title(session, state.account))
    session.say(
        f"  {counted(opened.heads, 'head')} ({opened.heads_basis}, "
        f"{opened.heads_as_at}) at {pounds(opened.value_per_head_pence)}: maximum "
        f"{pounds(opened.maximum_pence)}; version {state.version}"
    )
    title = "Slices of the maximum"
    printing.listing(session, title, "measure, pence as £", opened.slices)
    standing.print_parts(session, "Where it stands", parts, stood)
    printing.marks(session, marks)
    if disbursements:
        columns = "disbursement, state, amount_pence as £"
        printing.listing(session, "Disbursements", columns, disbursements)
    return Exit.OK


def terms(
    account: Account,
    file: Path | None = None,
    /,
    *,
    year: Year = YEAR,
    write: Write = WRITE,
    session: Session,
) -> int:
    """Record what was agreed with a body, from a TOML file; without one, show it.

    Parameters
    ----------
    file
        TOML with agreed_on, agreed_by, and tables tests and targets.
    """
    if file is None:
        return _agreed(session, known.account(session, year, account), write.json)
    account_id = year.account(account)
    data = {**_toml(file), "account": account_id}
    try:
        asked = outcomes.request(session, "agree-terms", data, write)
    except Malformed as malformed:
        raise _in_file(file, malformed) from None
    return outcomes.answer(session, asked, write)


def _agreed(session: Session, account_id: str, json: bool) -> int:
    state = account_state.account(session, account_id)
    agreed = state.terms
    if json:
        content = {"position": session.ledger.head(), **printing.years(account_id)}
        printing.document(session, {**content, "terms": agreed})
        return Exit.OK
    session.say(printing.account_title(session, account_id))
    if agreed is None:
        session.say("  No terms are agreed.")
        return Exit.OK
    session.say(
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
    printing.table(session, "Terms", ("clause", "title", "indicator", "test"), rows)
    return Exit.OK


_AGREED = (
    *columns.PREMIUM,
    key("clause"),
    text("title", "measure"),
    text("indicator"),
    text("period", shown=False),
    text("change"),
    text("comparison"),
    number("threshold"),
    day("agreed_on", "agreed on"),
    flag("after_year_began", "after it began"),
    text("agreed_by", "agreed by"),
    text("outcome"),
    text("record", shown=False),
)


def agreed(
    account: AnyAccount = None,
    /,
    *,
    year: Year = YEAR,
    when: History = WHOLE,
    shape: Shape = SHAPE,
    session: Session,
) -> int:
    """List each test and threshold that was agreed, of one account, a year or all.

    When, by whom, whether the scheme year had begun by then, and how it came out. An
    account of which nothing is agreed has one row that says so.
    """
    if when.effective is not None:
        raise Misused("terms have a day of their own: leave --effective out")
    then = clocks.at(session, when)
    chosen = known.accounts_meant(then, year, account)
    rows = [row for one in chosen for row in _agreed_rows(then, one)]
    title = f"What was agreed{when.heading()}"
    about = {"position": then.ledger.head(), **when.as_json()}
    about |= decided.said(session, when)
    empty = clocks.why_empty(session, when) or "no account is open"
    made = written.List("agreed", title, _AGREED, rows, about, empty)
    written.write(then, shape, made)
    if shape.form == "table":
        decided.say(session, when)
    return Exit.OK


def _agreed_rows(session: Session, account_id: str) -> Iterator[dict[str, Any]]:
    state = account_state.account(session, account_id)
    terms = state.terms
    about: dict[str, Any] = dict.fromkeys(one.field for one in _AGREED)
    about |= printing.years(account_id)
    _, scheme_year, _ = account_parts(account_id)
    if terms is None:
        yield about | {"title": "nothing is agreed"}
        return
    about["agreed_on"] = terms.agreed_on
    about["after_year_began"] = terms.agreed_on > first_day(scheme_year)
    about["agreed_by"] = ", ".join(terms.agreed_by)
    about["record"] = state.terms_record
    for test in terms.tests:
        judged = state.assessments.get(test.measure)
        yield about | {
            "clause": test.measure,
            "title": test.title,
            "indicator": test.indicator,
            "period": test.period,
            "comparison": test.comparison,
            "change": test.change,
            "threshold": test.threshold,
            "outcome": judged and account_state.outcome(judged.fact),
        }
    for target in terms.targets:
        yield about | {
            "clause": target.clause,
            "title": "agreed threshold",
            "threshold": target.target,
        }
    for pick in terms.picks:
        says = f"picked from {pick.menu}, {exact_text(pick.weight_percent)}%"
        yield about | {"clause": pick.measure, "title": says}


def _toml(file: Path) -> dict[str, Any]:
    try:
        given = parse_toml(file.read_bytes(), str)
        if "account" not in given:
            return given
        says = f"{file}, account: the call names the account, so take it out"
    except OSError as reason:
        says = f"{file} cannot be read ({reason.strerror}): name a TOML file"
    except NotToml as reason:
        says = f"{file} is not TOML ({reason}): correct it"
    raise Misused(says)


def _in_file(file: Path, malformed: Malformed) -> Malformed:
    """What is wrong with a command, where its fields stand in a file."""
    faults = (
        replace(one, where=str(file)) if one.field.startswith("data.") else one
        for one in malformed.faults
    )
    return Malformed(tuple(faults), malformed.request_id)
