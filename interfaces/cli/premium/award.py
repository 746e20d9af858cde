"""`premium award`: calculating, confirming, and what is certain, open or lost."""

from typing import Annotated

from cyclopts import Parameter

from interfaces.cli import account_state, clocks, decided, known, outcomes, printing
from interfaces.cli.amounts import pence
from interfaces.cli.bulk import only_all
from interfaces.cli.clocks import WHOLE, History
from interfaces.cli.exits import Exit, Misused
from interfaces.cli.lists import written
from interfaces.cli.lists.asked import SHAPE, Shape
from interfaces.cli.lists.columns import key, money
from interfaces.cli.options import WRITE, YEAR, Account, AnyAccount, Write, Year
from interfaces.cli.premium.award_rounds import confirm_round, propose_all
from interfaces.cli.questions import standing
from interfaces.cli.session import Session
from ledger.events import AwardProposed
from ledger.money import pounds
from ledger.premium.account import PremiumAccount
from ledger.rules.award import AwardRange
from projections.questions.breakdown import parts_at


def propose(
    account: AnyAccount = None,
    /,
    *,
    all: bool = False,
    year: Year = YEAR,
    write: Write = WRITE,
    session: Session,
) -> int:
    """Calculate the award and put it forward; another person confirms it.

    Parameters
    ----------
    all
        Every account of the year, in place of one; a range is listed, not proposed.
    """
    if account is None or all:
        only_all(account, "--all", given=all)
        return propose_all(session, year, write)
    data = {"account": year.account(account)}
    return outcomes.given(session, "propose-award", data, write)


def confirm(
    account: AnyAccount = None,
    /,
    *,
    determination: int | None = None,
    round: int | None = None,  # noqa: A002
    control_total: str | None = None,
    except_: Annotated[tuple[str, ...], Parameter(name="--except")] = (),
    year: Year = YEAR,
    write: Write = WRITE,
    session: Session,
) -> int:
    """Confirm what another person put forward: one award, or a whole round of them.

    Parameters
    ----------
    determination
        Number of the calculation, as propose printed it.
    round
        Every account whose calculation of this number waits, in place of one.
    control_total
        Pounds that the round must come to; otherwise nothing is recorded.
    except_
        Codes of bodies to leave out of the round; may be repeated.
    """
    if account is None or round is not None:
        only_all(account, "--round", given=round is not None)
        assert round is not None
        return confirm_round(
            *(session, year, write),
            number=round,
            control_total=None if control_total is None else pence(control_total),
            excepted=except_,
        )
    if determination is None or control_total is not None or except_:
        raise Misused(
            "one award is confirmed by its --determination; --control-total and "
            "--except are for a --round"
        )
    data = {"account": year.account(account), "determination": determination}
    return outcomes.given(session, "confirm-award", data, write)


_LINES = (
    key("measure"),
    money("maximum_pence", "maximum"),
    money("earned_pence", "earned"),
    money("payable_pence", "awarded"),
)


def show(
    account: Account,
    /,
    *,
    year: Year = YEAR,
    when: History = WHOLE,
    shape: Shape = SHAPE,
    session: Session,
) -> int:
    """Show the award: what of the maximum is certain, open and lost, and why.

    Its list is of the measures of the latest determination.
    """
    account_id = known.account(session, year, account)
    session = clocks.at(session, when)
    state = account_state.account(session, account_id)
    opened, proposal, confirmed = state.opened, state.proposal, state.confirmed
    assert opened is not None
    rulebook = account_state.rules(session, state.account).rulebook
    span = account_state.span(state, rulebook)
    standings = account_state.clause_outcomes(session, state, rulebook)
    stood = account_state.balances(session, state.account, when.effective)
    parts = parts_at(stood, state.balances, opened.maximum_pence)
    marks = account_state.marks(session, state.account, when.effective)
    stands = _stands(state)
    if not shape.plain:
        about = {
            "position": session.ledger.head(),
            **when.as_json(),
            **decided.said(session, when, state.account),
            **printing.years(state.account),
            "state": stands,
            "maximum_pence": opened.maximum_pence,
            "certain_pence": span.certain_pence,
            "open_pence": span.open_pence,
            "lost_pence": span.lost_pence,
            "determination": proposal.fact.determination if proposal else None,
            "total_pence": proposal.fact.total_pence if proposal else None,
            "confirmed_determination": confirmed and confirmed.determination,
            "confirmed_pence": confirmed and confirmed.total_pence,
            "balances_pence": stood,
            "parts": {f"{name}_pence": pence for name, pence in parts.items()},
            "prior_period": marks,
            "standings": standings,
            "reductions": proposal.fact.reductions if proposal else (),
        }
        lines = proposal.fact.lines if proposal else ()
        rows = [printing.plain(one) for one in lines]
        of = printing.account_name(session, state.account)
        empty = "no award is proposed yet"
        made = written.List("lines", of, _LINES, rows, about, empty)
        written.write(session, shape, made)
        return Exit.OK
    session.say(printing.account_title(session, state.account))
    session.say(f"  The award is {stands}{_before(state, stands)}.")
    _span(session, span, opened.maximum_pence)
    if proposal is not None:
        _determination(session, proposal.fact, stands)
    standing.print_parts(session, f"Where it stands{when.heading()}", parts, stood)
    printing.marks(session, marks)
    title = "Measures, standards and gates"
    columns = "id as clause, kind, outcome, why_open as why open"
    printing.listing(session, title, columns, standings)
    decided.say(session, when, state.account)
    return Exit.OK


def _stands(state: PremiumAccount) -> str:
    """How far the latest determination has got; open where there is none."""
    if state.proposal is None:
        return "open"
    latest = state.proposal.fact.determination
    if state.confirmed is not None and state.confirmed.determination == latest:
        return "confirmed"
    return "refused" if state.refused == latest else "proposed"


def _before(state: PremiumAccount, stands: str) -> str:
    """What an award that was put forward since has not taken the place of."""
    if state.confirmed is None or stands == "confirmed":
        return ""
    return (
        f"; determination {state.confirmed.determination}, confirmed, stands at "
        f"{pounds(state.confirmed.total_pence)}"
    )


def _determination(session: Session, fact: AwardProposed, stands: str) -> None:
    """A calculation of the award, measure by measure, and what was taken off."""
    rows: list[tuple[str, ...]] = [
        (
            line.measure,
            *(pounds(line.maximum_pence), pounds(line.earned_pence)),
            pounds(line.payable_pence),
        )
        for line in fact.lines
    ]
    total = (fact.maximum_pence, fact.earned_pence, fact.total_pence)
    rows.append(("total", *(pounds(pence) for pence in total)))
    columns = ("measure", "£ maximum", "£ earned", "£ awarded")
    title = f"Determination {fact.determination}, {stands}"
    printing.table(session, title, columns, rows)
    taken = [(one.clause, pounds(-one.pence)) for one in fact.reductions]
    if taken:
        printing.table(session, "Reductions", ("clause", "£"), taken)


def _span(session: Session, span: AwardRange, maximum_pence: int) -> None:
    """What of the maximum is certain, open and lost."""
    rows = [
        ("certain: payable whatever is still open", pounds(span.certain_pence)),
        ("open: payable if all of it turns out well", pounds(span.open_pence)),
        ("lost: payable in no case", pounds(span.lost_pence)),
        ("maximum", pounds(maximum_pence)),
    ]
    printing.table(session, session.titled("Award"), ("of the maximum", "£"), rows)
