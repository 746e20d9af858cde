"""`premium award`: calculating, confirming, and what is certain, open or lost."""

from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from interfaces.cli import account_state as states
from interfaces.cli import clocks
from interfaces.cli import printing as printed
from interfaces.cli.bulk import only_all
from interfaces.cli.clocks import BOTH, Both
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
)

if TYPE_CHECKING:
    from ledger.events import AwardProposed
    from ledger.premium.account import PremiumAccount
    from ledger.rules.award import AwardRange


def propose(
    account: str | None = None,
    /,
    *,
    all: Annotated[bool, Parameter(negative="")] = False,
    year: Years = YEAR,
    write: Writing = WRITE,
    here: Here,
) -> int:
    """Calculate the award and put it forward; another person confirms it.

    Parameters
    ----------
    account
        Body code, such as 10C, or a whole account id.
    all
        Every account of the year, in place of one; a range is listed, not proposed.
    """
    if account is None or all:
        from interfaces.cli.premium.award_rounds import propose_all

        only_all(account, "--all", given=all)
        return propose_all(here, year, write)
    data = {"account": year.account(account)}
    request = here.request("propose-award", data, write)
    return printed.answered(here, (here.give(request, write),), write)


def confirm(
    account: str | None = None,
    /,
    *,
    determination: int | None = None,
    round: int | None = None,  # noqa: A002
    control_total: int | None = None,
    except_: Annotated[tuple[str, ...], Parameter(name="--except", negative="")] = (),
    year: Years = YEAR,
    write: Writing = WRITE,
    here: Here,
) -> int:
    """Confirm what another person put forward: one award, or a whole round of them.

    Parameters
    ----------
    account
        Body code, such as 10C, or a whole account id.
    determination
        Number of the calculation, as propose printed it.
    round
        Every account whose calculation of this number waits, in place of one.
    control_total
        Pence that the round must come to; otherwise nothing is recorded.
    except_
        Codes of bodies to leave out of the round; may be repeated.
    """
    if account is None or round is not None:
        from interfaces.cli.premium.award_rounds import confirm_round

        only_all(account, "--round", given=round is not None)
        assert round is not None
        return confirm_round(
            *(here, year, write),
            number=round,
            control_total=control_total,
            excepted=except_,
        )
    if determination is None or control_total is not None or except_:
        raise Stop(
            Exit.USAGE,
            "one award is confirmed by its --determination; --control-total and "
            "--except are for a --round",
        )
    data = {"account": year.account(account), "determination": determination}
    request = here.request("confirm-award", data, write)
    return printed.answered(here, (here.give(request, write),), write)


def refuse(
    account: str,
    /,
    *,
    determination: int,
    reason: str,
    year: Years = YEAR,
    write: Writing = WRITE,
    here: Here,
) -> int:
    """Refuse what another person put forward; the award before it stands.

    Parameters
    ----------
    account
        Body code, such as 10C, or a whole account id.
    determination
        Number of the calculation, as propose printed it.
    reason
        Why, in words; kept beside the log.
    """
    data = {
        "account": year.account(account),
        "determination": determination,
        "reason": reason,
    }
    request = here.request("refuse-award", data, write)
    return printed.answered(here, (here.give(request, write),), write)


def show(
    account: str,
    /,
    *,
    year: Years = YEAR,
    both: Both = BOTH,
    json: Json = False,
    here: Here,
) -> int:
    """Show the award: what of the maximum is certain, open and lost, and why.

    Parameters
    ----------
    account
        Body code, such as 10C, or a whole account id.
    """
    from ledger.money import pounds

    here = clocks.at(here, both)
    state = states.account(here, year.account(account))
    opened, proposal, confirmed = state.opened, state.proposal, state.confirmed
    assert opened is not None
    rulebook = states.rules(here, state.account).rulebook
    span = states.span(state, rulebook)
    standings = states.standings(here, state, rulebook)
    stood = states.balances(here, state.account, both.effective)
    stands = _stands(state)
    if json:
        printed.document(
            here,
            {
                "position": here.ledger.head(),
                **clocks.said(both),
                **printed.years(state.account),
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
                "standings": standings,
            },
        )
        return Exit.OK
    here.out.print(printed.account_title(here, state.account))
    here.out.print(f"  The award is {stands}{_before(state, stands)}.")
    _span(here, span, opened.maximum_pence)
    if proposal is not None:
        _determination(here, proposal.fact, stands)
    printed.table(
        here,
        f"Where it stands{clocks.told(both)}",
        ("account", "£"),
        [(name, pounds(pence)) for name, pence in sorted(stood.items()) if pence],
    )
    printed.table(
        here,
        "Measures, standards and gates",
        ("clause", "kind", "outcome", "why open"),
        [(one.id, one.kind, one.outcome, one.why_open or "") for one in standings],
    )
    return Exit.OK


def _stands(state: "PremiumAccount") -> str:
    """How far the latest determination has got; open where there is none."""
    if state.proposal is None:
        return "open"
    latest = state.proposal.fact.determination
    if state.confirmed is not None and state.confirmed.determination == latest:
        return "confirmed"
    return "refused" if state.refused == latest else "proposed"


def _before(state: "PremiumAccount", stands: str) -> str:
    """What an award that was put forward since has not taken the place of."""
    from ledger.money import pounds

    if state.confirmed is None or stands == "confirmed":
        return ""
    return (
        f"; determination {state.confirmed.determination}, confirmed, stands at "
        f"{pounds(state.confirmed.total_pence)}"
    )


def _determination(here: Session, fact: "AwardProposed", stands: str) -> None:
    """A calculation of the award, measure by measure, and what was taken off."""
    from ledger.money import pounds

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
    columns = ("measure", "£ maximum", "£ earned", "£ payable")
    title = f"Determination {fact.determination}, {stands}"
    printed.table(here, title, columns, rows)
    taken = [(one.clause, pounds(-one.pence)) for one in fact.reductions]
    if taken:
        printed.table(here, "Reductions", ("clause", "£"), taken)


def _span(here: Session, span: "AwardRange", maximum_pence: int) -> None:
    """What of the maximum is certain, open and lost."""
    from ledger.money import pounds

    printed.table(
        here,
        printed.titled(here, "Award"),
        ("of the maximum", "£"),
        [
            ("certain: payable whatever is still open", pounds(span.certain_pence)),
            ("open: payable if all of it turns out well", pounds(span.open_pence)),
            ("lost: payable in no case", pounds(span.lost_pence)),
            ("maximum", pounds(maximum_pence)),
        ],
    )
