"""`premium reconcile`: files that others made, held against what is recorded."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import Parameter

from interfaces.cli import account_state, clocks, printing
from interfaces.cli.amounts import pence
from interfaces.cli.clocks import NOW, TwoClocks
from interfaces.cli.exits import Exit, Stop
from interfaces.cli.money import spending_list
from interfaces.cli.money.payment_run import run_of
from interfaces.cli.money.payment_run_differences import (
    Difference,
    by_body,
    compared,
    print_differences,
)
from interfaces.cli.money.payment_run_files import confirmations
from interfaces.cli.options import YEAR, Json, Run, Year
from interfaces.cli.session import Session
from ledger.claims.spending import (
    Held,
    Item,
    Pair,
    held,
    known_as,
    months_of,
    together,
)
from ledger.events import AccountId
from ledger.intake.spending import Line
from ledger.money import pounds
from ledger.premium.draws import pence_of
from ledger.recorded import account_parts
from ledger.wording import counted


def spending(
    file: Annotated[Path, Parameter(allow_leading_hyphen=True)],
    body: str,
    /,
    *,
    area: str = "quality premium",
    over: str = "25,000",
    dates: Literal["day-first", "month-first", "month-end"] | None = None,
    mapping: Path | None = None,
    year: Year = YEAR,
    when: TwoClocks = NOW,
    json: Json = False,
    session: Session,
) -> int:
    """Hold a published list of spending against what a body recorded.

    Nothing is recorded. Ends with exit code 1 if list and ledger disagree in anything.

    Parameters
    ----------
    file
        The published list, CSV.
    body
        Body code, such as 10C, or a whole account id.
    area
        Words of the expense area or type of the lines that are meant; "" for all lines.
    over
        Pounds that a payment comes to, or more, where it is published.
    dates
        Which stands first in the days of the list, where its days do not show it; or
        that a month without a day means its last day.
    mapping
        TOML that says which column of the list is what, where its headings do not.
    """
    from_pence = pence(over)
    listed = spending_list.listed(file, dates, mapping)
    session = clocks.at(session, when)
    accounts = _accounts(session, body, year)
    code = account_parts(accounts[0])[2]
    name = printing.body_name(session, code)
    lines, left_out, doubts = spending_list.of_body(listed, code, name)
    lines, notes = spending_list.meant(listed, lines, area, left_out)
    marks = [
        one
        for of in accounts
        for one in account_state.marks(session, of, when.effective, about="spending")
    ]
    recorded = together(_recorded(session, accounts, when))
    months = months_of(one.on for one in listed.lines)
    doubts += spending_list.of_another_year(listed.lines, recorded, accounts)
    notes += spending_list.strays(listed.lines, recorded, months)
    found = held(
        together(_of_lines(lines)), recorded, from_pence=from_pence, months=months
    )
    total_pence = sum(one.amount_pence for one in lines)
    counts = spending_list.counts(listed, left_out, found)
    if json:
        content = {"position": session.ledger.head(), **when.as_json()}
        content |= {"file": file.name, "lines": len(lines), "notes": notes}
        content |= {"doubts": doubts, "rows": listed.rows, "counts": counts}
        content |= {"understood": listed.understood, "columns": listed.columns}
        content |= {"aside": listed.aside, "prior_period": marks}
        printing.document(session, {**content, **_document(found, total_pence)})
    else:
        notes = [*doubts, *listed.understood, *notes]
        says = f"{file.name}: {counted(len(lines), 'line')}"
        _print(session, found, says, total_pence, notes)
        _print_rows(session, counts, listed.rows)
        printing.marks(session, marks)
    return Exit.FOUND if found.at_odds or doubts else Exit.OK


def _of_lines(lines: Iterable[Line]) -> Iterable[Item]:
    for one in lines:
        yield Item(
            names=(str(one.line),),
            payees=frozenset({known_as(one.supplier)} if one.supplier else ()),
            payee=one.supplier,
            transaction=one.transaction,
            on=one.on,
            pence=one.amount_pence,
        )


def _accounts(session: Session, body: str, year: Year) -> Sequence[AccountId]:
    """The premiums of the years that are meant."""
    if "/" in body or year.chosen() is not None:
        accounts = [year.account(body)]
    else:
        accounts = account_state.account_ids(session, body=body)
    if not accounts:
        raise Stop(Exit.REFUSED, f"{body} has no account: premium account open")
    return accounts


def _recorded(
    session: Session, accounts: Sequence[AccountId], when: TwoClocks
) -> Iterable[Item]:
    """Each spending and passing-on as it counts, and what came back of each."""
    for account in accounts:
        for name, one in account_state.account(session, account).spendings.items():
            fact = one.fact
            counts = when.effective is None or one.spent_on <= when.effective
            if not fact.amount_pence or not counts:
                continue
            called = session.ledger.name(fact.payee) or ""
            names = {known_as(fact.payee), known_as(called)} - {""}
            item = Item(
                names=(f"{account} {name}",),
                payees=frozenset(names),
                payee=called or fact.payee,
                transaction=fact.transaction or "",
                on=one.spent_on,
                pence=fact.amount_pence,
            )
            yield item
            for back in one.credits:
                if when.effective is None or back.credited_on <= when.effective:
                    yield replace(
                        item,
                        names=(f"{account} {name}/{back.credit}",),
                        on=back.credited_on,
                        pence=-pence_of(back.draws),
                        credit=True,
                    )


# What is said -------------------------------------------------------------------------


def _sums(found: Held) -> dict[str, tuple[int, int]]:
    """What each place of list and ledger comes to, pence; 0 where it has none."""

    def pairs(some: Sequence[Pair]) -> tuple[int, int]:
        listed = sum(one.listed.pence for one in some)
        return listed, sum(one.recorded.pence for one in some)

    def items(some: Sequence[Item]) -> int:
        return sum(one.pence for one in some)

    return {
        "agree": pairs(found.agree),
        "differ": pairs(found.differ),
        "in the list only": (items(found.listed_only), 0),
        "in the ledger only": (0, items(found.recorded_only)),
        "too small to be listed": (0, items(found.below)),
    }


def _document(found: Held, total_pence: int) -> dict[str, Any]:
    def pairs(some: Sequence[Pair]) -> list[dict[str, Any]]:
        return [
            {"listed": _item(one.listed), "recorded": _item(one.recorded)}
            | {"more_pence": one.more_pence}
            | {"differs": one.differs, "remarks": one.remarks}
            for one in some
        ]

    sums = _sums(found)
    return {
        "agree": pairs(found.agree),
        "differ": pairs(found.differ),
        "listed_only": [_item(one) for one in found.listed_only],
        "recorded_only": [_item(one) for one in found.recorded_only],
        "below": [_item(one) for one in found.below],
        "listed_pence": total_pence,
        "recorded_pence": sum(recorded for _, recorded in sums.values()),
        "difference_pence": total_pence - sum(listed for listed, _ in sums.values()),
    }


def _item(one: Item) -> dict[str, Any]:
    return {
        "names": one.names,
        "payee": one.payee,
        "transaction": one.transaction or None,
        "on": one.on,
        "pence": one.pence,
    }


def _print(
    session: Session, found: Held, says: str, total_pence: int, notes: Sequence[str]
) -> None:
    session.say(session.titled(says))
    for note in notes:
        session.say(f"  {note}")
    pairs = [("agrees", pair) for pair in found.agree]
    pairs += [
        (f"differs in {' and '.join(pair.differs)}", pair) for pair in found.differ
    ]
    rows = [
        (
            *(
                "; ".join((what, *pair.remarks)),
                ", ".join(pair.listed.names),
                _spendings(pair.recorded),
            ),
            *(pair.listed.payee or pair.recorded.payee, str(pair.recorded.on)),
            *map(pounds, (pair.listed.pence, pair.recorded.pence, pair.more_pence)),
        )
        for what, pair in pairs
    ]
    rows += [
        (
            *("not in the ledger", ", ".join(one.names), "", one.payee, str(one.on)),
            *(pounds(one.pence), "", pounds(one.pence)),
        )
        for one in found.listed_only
    ]
    rows += [
        (
            *("not in the list", "", _spendings(one), one.payee, str(one.on)),
            *("", pounds(one.pence), pounds(-one.pence)),
        )
        for one in found.recorded_only
    ]
    columns = ("what", "line", "spending", "payee", "on")
    figures = ("£ listed", "£ recorded", "£ more")
    printing.table(session, "List beside ledger", (*columns, *figures), rows)
    sums = _sums(found)
    lines = [(what, *map(pounds, both)) for what, both in sums.items()]
    listed = sum(one for one, _ in sums.values())
    recorded = sum(one for _, one in sums.values())
    lines.append(("together", pounds(listed), pounds(recorded)))
    lines.append(("lines of the list, added up", pounds(total_pence), ""))
    lines.append(("difference", pounds(total_pence - listed), ""))
    printing.table(session, "Added up", ("what", "£ listed", "£ recorded"), lines)


def _print_rows(session: Session, counts: Mapping[str, int], rows: int) -> None:
    lines = [(what, f"{count:,}") for what, count in counts.items()]
    lines.append(("rows of the file", f"{rows:,}"))
    printing.table(session, "Rows of the file", ("what", "rows"), lines)


def _spendings(one: Item) -> str:
    """Ids of spendings with their years, for people."""
    named = (name.partition(" ") for name in one.names)
    return ", ".join(f"{account_parts(account)[1]} {id}" for account, _, id in named)


def payments(
    run: Run,
    file: Path,
    /,
    *,
    year: Year = YEAR,
    json: Json = False,
    session: Session,
) -> int:
    """Hold a confirmation file against what is recorded of a payment run.

    Nothing is recorded. Ends with exit code 1 if file and ledger disagree in anything.

    Parameters
    ----------
    file
        CSV with the columns body, disbursement, reference, value_date and amount.
    """
    rows = confirmations(file)
    fact = run_of(session, year, run)
    pay, paid, differences = compared(session, fact, rows)
    differences += [
        Difference(
            body=row.body,
            disbursement=row.disbursement,
            line=row.line,
            says=f"{pounds(row.amount_pence)} is confirmed, and not recorded as paid",
        )
        for row, _ in pay
    ]
    differences.sort(key=by_body)
    items = {(one.account, one.disbursement): one.amount_pence for one in fact.items}
    recorded_pence = sum(
        amount_pence
        for (account, disbursement), amount_pence in items.items()
        if account_state.account(session, account).disbursements[disbursement].paid
        is not None
    )
    confirmed_pence = sum(row.amount_pence for row in rows)
    marks = [
        one
        for account in dict.fromkeys(account for account, _ in items)
        for one in account_state.marks(session, account, about="disbursement")
    ]
    if json:
        content: dict[str, Any] = {"position": session.ledger.head(), "run": run}
        content |= {"lines": len(rows), "agree": paid}
        content |= {"confirmed_pence": confirmed_pence}
        content |= {"recorded_pence": recorded_pence, "differences": differences}
        content |= {"prior_period": marks}
        printing.document(session, content)
        return Exit.FOUND if differences else Exit.OK
    says = (
        f"Payment run {run}: {counted(paid, 'payment')} "
        f"{'agrees' if paid == 1 else 'agree'}, "
        f"{counted(len(differences), 'difference')}; "
        f"{pounds(confirmed_pence)} confirmed, {pounds(recorded_pence)} recorded"
    )
    session.say(session.titled(says))
    if differences:
        print_differences(session, differences)
    printing.marks(session, marks)
    return Exit.FOUND if differences else Exit.OK
