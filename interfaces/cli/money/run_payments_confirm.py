"""`premium run-payments confirm` and `reconcile payments`: what of a run was paid.

Each payment is a command of its own, with an id that follows from run and request. So
the same file read again, or the rest of one that was stopped, pays nothing twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from interfaces.cli import account_state as states
from interfaces.cli import bulk
from interfaces.cli import printing as printed
from interfaces.cli.money.run_payments import proposed
from interfaces.cli.money.run_payments_files import Confirmed, confirmations
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
    from ledger.events import PaymentRunProposed, RunItem
    from ledger.request import Refusal


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One way in which a confirmation file and a payment run do not agree."""

    body: str
    disbursement: str
    line: int | None  # Of the file; None where the file does not have it.
    says: str


def confirm(
    run: int,
    file: Path,
    /,
    *,
    kind: Literal["allocation-adjustment", "cash"] = "allocation-adjustment",
    year: Years = YEAR,
    write: Writing = WRITE,
    here: Here,
) -> int:
    """Record what a confirmation file says was paid, and list where it differs.

    What differs from the run is not recorded and harms no other payment. The same file
    again pays nothing twice.

    Parameters
    ----------
    run
        The number of the run within the scheme year, such as 1.
    file
        CSV with the columns body, disbursement, reference, value_date and amount.
    kind
        How it was paid.
    """
    from ledger.events import BodyCode

    bulk.asked_year(year, write)
    rows = confirmations(file)
    fact = proposed(here, year, run)
    if fact is None:
        raise Stop(Exit.REFUSED, f"payment run {run} was not proposed: propose it")
    pay, paid, differences = _compared(here, fact, rows)
    stem = f"payment-run/{fact.scheme}/{fact.scheme_year}/{run}"
    asked = []
    for row, item in pay:
        data = {
            "account": item.account,
            "disbursement": item.disbursement,
            "reference": row.reference,
            "kind": kind,
            "value_date": row.value_date,
        }
        one = replace(write, id=f"{stem}/{row.body}/{row.disbursement}/pay")
        name = f"{row.line}/{row.disbursement}"
        body = BodyCode(row.body)
        asked.append((body, name, here.request("pay-disbursement", data, one)))
    refused: list[tuple[str, Refusal]] = []

    def noted(name: str, refusal: "Refusal") -> tuple[str, ...]:
        refused.append((name, refusal))
        return ()

    tally = bulk.give_each(here, asked, write, noted)
    tally.as_before += paid
    for (name, refusal), (body, _) in zip(refused, tally.refused, strict=True):
        line, _, named = name.partition("/")
        differences.append(
            Difference(body=body, disbursement=named, line=int(line), says=str(refusal))
        )
    differences.sort(key=_by_body)
    content = {"run": run, "differences": differences}
    says = f"payment run {run}, {len(rows):,} lines confirmed"
    code = tally.code() or (Exit.FOUND if differences else Exit.OK)
    tally.refused = [] if not write.json else tally.refused
    bulk.answered(here, year, write, tally, says=says, more=content)
    if differences and not write.json:
        _print_differences(here, differences)
    return code


def reconcile(
    run: int,
    file: Path,
    /,
    *,
    year: Years = YEAR,
    json: Json = False,
    here: Here,
) -> int:
    """Hold a confirmation file against what is recorded of a payment run.

    Nothing is recorded. Ends with exit code 1 if file and ledger disagree in anything.

    Parameters
    ----------
    run
        The number of the run within the scheme year, such as 1.
    file
        CSV with the columns body, disbursement, reference, value_date and amount.
    """
    from ledger.money import pounds

    rows = confirmations(file)
    fact = proposed(here, year, run)
    if fact is None:
        raise Stop(Exit.REFUSED, f"payment run {run} was not proposed: propose it")
    pay, paid, differences = _compared(here, fact, rows)
    differences += [
        Difference(
            body=row.body,
            disbursement=row.disbursement,
            line=row.line,
            says=f"{pounds(row.amount_pence)} is confirmed, and not recorded as paid",
        )
        for row, _ in pay
    ]
    differences.sort(key=_by_body)
    items = {(one.account, one.disbursement): one.amount_pence for one in fact.items}
    recorded_pence = sum(
        amount_pence
        for (account, disbursement), amount_pence in items.items()
        if states.account(here, account).disbursements[disbursement].paid is not None
    )
    confirmed_pence = sum(row.amount_pence for row in rows)
    if json:
        content: dict[str, Any] = {"position": here.ledger.head(), "run": run}
        content |= {"lines": len(rows), "agree": paid}
        content |= {"confirmed_pence": confirmed_pence}
        content |= {"recorded_pence": recorded_pence, "differences": differences}
        printed.document(here, content)
        return Exit.FOUND if differences else Exit.OK
    says = (
        f"Payment run {run}: {paid} payments agree, {len(differences)} differences; "
        f"{pounds(confirmed_pence)} confirmed, {pounds(recorded_pence)} recorded"
    )
    here.out.print(printed.titled(here, says), soft_wrap=True)
    if differences:
        _print_differences(here, differences)
    return Exit.FOUND if differences else Exit.OK


def _compared(
    here: Session, fact: "PaymentRunProposed", rows: Sequence[Confirmed]
) -> "tuple[list[tuple[Confirmed, RunItem]], int, list[Difference]]":
    """What is to be recorded as paid, how much is recorded already, what differs."""
    from ledger.money import pounds
    from ledger.recorded import account_parts

    items: dict[tuple[str, str], RunItem] = {
        (account_parts(one.account)[2], one.disbursement): one for one in fact.items
    }
    seen: dict[tuple[str, str], Confirmed] = {}
    pay, paid, differences = [], 0, []
    for row in rows:
        key = (row.body, row.disbursement)
        first, says = seen.setdefault(key, row), ""
        item = items.get(key)
        if first is not row:
            says = f"stands on line {first.line} already: one payment each"
        elif item is None:
            says = f"is not in payment run {fact.run}"
        elif item.amount_pence != row.amount_pence:
            says = (
                f"{pounds(row.amount_pence)} is confirmed and "
                f"{pounds(item.amount_pence)} was approved"
            )
        else:
            account = states.account(here, item.account)
            made = account.disbursements[item.disbursement].paid
            if made is None:
                pay.append((row, item))
            elif (made.reference, made.value_date) == (row.reference, row.value_date):
                paid += 1
            else:
                says = f"was paid on {made.value_date} as {made.reference}"
        if says:
            differences.append(
                Difference(body=key[0], disbursement=key[1], line=row.line, says=says)
            )
    for key, item in items.items():
        request = states.account(here, item.account).disbursements[item.disbursement]
        if key not in seen and request.paid is None:
            says = f"is {request.state}, and the file does not confirm it"
            differences.append(
                Difference(body=key[0], disbursement=key[1], line=None, says=says)
            )
    return pay, paid, differences


def _by_body(difference: Difference) -> tuple[str, str, int]:
    return difference.body, difference.disbursement, difference.line or 0


def _print_differences(here: Session, differences: Sequence[Difference]) -> None:
    rows = [
        (
            one.body,
            one.disbursement,
            "" if one.line is None else str(one.line),
            one.says,
        )
        for one in differences
    ]
    title = printed.titled(here, f"Differences: {len(rows)}")
    printed.table(here, title, ("body", "disbursement", "#line", "what"), rows)
