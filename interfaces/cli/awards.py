"""`premium award`: calculating, confirming, and what is certain, open or lost."""

from interfaces.cli import show as printed
from interfaces.cli import state as states
from interfaces.cli.session import WRITE, YEAR, Exit, Here, Json, Writing, Years


def propose(
    account: str, /, *, year: Years = YEAR, write: Writing = WRITE, here: Here
) -> int:
    """Calculate the award and put it forward; another person confirms it.

    Parameters
    ----------
    account
        Body code, such as 10C, or a whole account id.
    """
    data = {"account": year.account(account)}
    request = here.request("propose-award", data, write)
    return printed.answered(here, (here.give(request, write),), write)


def confirm(
    account: str,
    /,
    *,
    determination: int,
    year: Years = YEAR,
    write: Writing = WRITE,
    here: Here,
) -> int:
    """Confirm an award that another person put forward: it becomes payable.

    Parameters
    ----------
    account
        Body code, such as 10C, or a whole account id.
    determination
        Number of the calculation, as propose printed it.
    """
    data = {"account": year.account(account), "determination": determination}
    request = here.request("confirm-award", data, write)
    return printed.answered(here, (here.give(request, write),), write)


def show(account: str, /, *, year: Years = YEAR, json: Json = False, here: Here) -> int:
    """Show the award: what of the maximum is certain, open and lost, and why.

    Parameters
    ----------
    account
        Body code, such as 10C, or a whole account id.
    """
    from ledger.money import pounds

    state = states.account(here, year.account(account))
    opened, proposal, confirmed = state.opened, state.proposal, state.confirmed
    assert opened is not None
    rulebook = states.rules(here, state.account).rulebook
    span = states.span(state, rulebook)
    standings = states.standings(here, state, rulebook)
    stands = "confirmed" if confirmed else "proposed" if proposal else "open"
    if json:
        printed.document(
            here,
            {
                "position": here.ledger.head(),
                **printed.years(state.account),
                "state": stands,
                "maximum_pence": opened.maximum_pence,
                "certain_pence": span.certain_pence,
                "open_pence": span.open_pence,
                "lost_pence": span.lost_pence,
                "determination": proposal.fact.determination if proposal else None,
                "total_pence": proposal.fact.total_pence if proposal else None,
                "standings": standings,
            },
        )
        return Exit.OK
    here.out.print(printed.account_title(here, state.account))
    here.out.print(f"  The award is {stands}.")
    printed.table(
        here,
        printed.titled(here, "Award"),
        ("of the maximum", "£"),
        [
            ("certain: payable whatever is still open", pounds(span.certain_pence)),
            ("open: payable if all of it turns out well", pounds(span.open_pence)),
            ("lost: payable in no case", pounds(span.lost_pence)),
            ("maximum", pounds(opened.maximum_pence)),
        ],
    )
    if proposal is not None:
        fact = proposal.fact
        rows: list[tuple[str, ...]] = [
            (line.measure, pounds(line.maximum_pence), pounds(line.earned_pence),
             pounds(line.payable_pence))
            for line in fact.lines
        ]  # fmt: skip
        total = (fact.maximum_pence, fact.earned_pence, fact.total_pence)
        rows.append(("total", *(pounds(pence) for pence in total)))
        columns = ("measure", "£ maximum", "£ earned", "£ payable")
        title = f"Determination {fact.determination}, {stands}"
        printed.table(here, title, columns, rows)
        taken = [(one.clause, pounds(-one.pence)) for one in fact.reductions]
        if taken:
            printed.table(here, "Reductions", ("clause", "£"), taken)
    printed.table(
        here,
        "Measures, standards and gates",
        ("clause", "kind", "outcome", "why open"),
        [(one.id, one.kind, one.outcome, one.why_open or "") for one in standings],
    )
    return Exit.OK
