"""`premium payment-run`: many requests under one approval, and their end."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from interfaces.cli import account_state, bulk, outcomes, outputs, printing
from interfaces.cli.amounts import as_option, pence
from interfaces.cli.bulk import accounts_of
from interfaces.cli.exits import Exit, Stop
from interfaces.cli.money.payment_run_differences import (
    Difference,
    by_body,
    compared,
    print_differences,
)
from interfaces.cli.money.payment_run_files import (
    confirmations,
    instructions,
)
from interfaces.cli.options import WRITE, YEAR, Account, Run, Write, Year
from interfaces.cli.session import Session
from ledger.events import (
    BodyCode,
    PaymentRunClosed,
    PaymentRunProposed,
    RunExclusion,
)
from ledger.money import pounds
from ledger.recorded import payment_run_stream
from ledger.request import Outcome, Refusal
from ledger.wording import counted

HASH_SHOWN = 12
"""Characters of a list's hash that are printed, and suffice to name it."""


def propose(
    run: Run, /, *, year: Year = YEAR, write: Write = WRITE, session: Session
) -> int:
    """Put every request that waits in a scheme year forward, to be paid together.

    Who owes is left out, and so is what was excluded from this run before. Put forward
    again, the list takes the place of the one before.
    """
    before = proposed(session, year, run)
    excluded = {
        (one.account, one.disbursement): one
        for one in (before.excluded if before is not None else ())
        if one.reason != "debt"
    }
    wanted = []
    for account in accounts_of(session, year):
        for name, request in account.disbursements.items():
            key = (account.account, name)
            if request.state != "requested" or key in excluded:
                continue
            if account.debt_pence:
                excluded[key] = RunExclusion(
                    account=account.account, disbursement=name, reason="debt"
                )
            else:
                wanted.append(key)
    data = _list(year, run, wanted, tuple(excluded.values()))
    return _put_forward(session, year, write, data)


def exclude(
    run: Run,
    account: Account,
    disbursement: str,
    /,
    *,
    reason: Literal["debt", "dispute", "details-not-checked", "asked-for", "other"],
    year: Year = YEAR,
    write: Write = WRITE,
    session: Session,
) -> int:
    """Leave one request out of a list that waits; it stays asked for.

    Parameters
    ----------
    disbursement
        The id of the request.
    reason
        Why it is left out.
    """
    before = run_of(session, year, run)
    key = (year.account(account), disbursement)
    listed = [(one.account, one.disbursement) for one in before.items]
    out = {(one.account, one.disbursement): one for one in before.excluded}
    if key not in listed and key not in out:
        raise Stop(
            Exit.REFUSED, f"{disbursement} of {key[0]} is not in payment run {run}"
        )
    if key in listed:
        out[key] = RunExclusion(account=key[0], disbursement=key[1], reason=reason)
    wanted = [one for one in listed if one != key]
    return _put_forward(
        session, year, write, _list(year, run, wanted, tuple(out.values()))
    )


def approve(
    run: Run,
    /,
    *,
    control_total: str | None = None,
    list_hash: str | None = None,
    year: Year = YEAR,
    write: Write = WRITE,
    session: Session,
) -> int:
    """Approve a whole list that another person put forward, or none of it.

    Parameters
    ----------
    control_total
        Pounds that the list must come to, as looked at; another total is refused.
    list_hash
        The list's hash as looked at, its first 12 characters or more; another list
        is refused.
    """
    before = proposed(session, year, run)
    total_pence, whole = 0, ""
    if before is not None:
        total_pence, whole = before.total_pence, before.list_hash
    if list_hash is not None and not (
        len(list_hash) >= HASH_SHOWN and whole.startswith(list_hash)
    ):
        whole = list_hash.ljust(len(whole), "0")  # Another list's.
    data = {
        "scheme": year.scheme_meant,
        "scheme_year": year.needed(),
        "run": run,
        "list_hash": whole,
        "total_pence": total_pence if control_total is None else pence(control_total),
    }
    return outcomes.given(session, "approve-payment-run", data, write)


def export(
    run: Run, /, *, output: Path | None = None, year: Year = YEAR, session: Session
) -> int:
    """Write the approved payments that are still to be made as a CSV file.

    Parameters
    ----------
    output
        The file; otherwise standard output.
    """
    fact = run_of(session, year, run)
    stream = payment_run_stream(fact.scheme, fact.scheme_year, run)
    due = []
    for item in fact.items:
        request = account_state.account(session, item.account).disbursements[
            item.disbursement
        ]
        if request.state == "approved" and request.run == stream:
            due.append(item)
    if not due:
        raise Stop(
            Exit.REFUSED,
            f"nothing of payment run {run} is approved and still to be paid",
        )
    text = instructions(fact, due, session.ledger.origin() or "")
    with outputs.output(session, output) as file:
        file.write(text.encode())
    if output is None:
        return Exit.OK
    left = len(fact.items) - len(due)
    session.say(
        session.titled(f"{output}: {counted(len(due), 'payment')}, {left:,} left out.")
    )
    return Exit.OK


def confirm(
    run: Run,
    file: Path,
    /,
    *,
    kind: Literal["allocation-adjustment", "cash"] = "allocation-adjustment",
    year: Year = YEAR,
    write: Write = WRITE,
    session: Session,
) -> int:
    """Record what a confirmation file says was paid, and list where it differs.

    What differs from the run is not recorded and harms no other payment. The same file
    again pays nothing twice. A line is paid by its value date, or on --effective-on.

    Parameters
    ----------
    file
        CSV with the columns body, disbursement, reference, value_date and amount.
    kind
        How it was paid.
    """
    bulk.asked_year(year, write)
    rows = confirmations(file)
    fact = run_of(session, year, run)
    pay, paid, differences = compared(session, fact, rows)
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
        one = replace(
            write,
            id=f"{stem}/{row.body}/{row.disbursement}/pay",
            effective_on=write.effective_on and min(write.effective_on, row.value_date),
        )
        name = f"{row.line}/{row.disbursement}"
        body = BodyCode(row.body)
        asked.append(
            (body, name, outcomes.request(session, "pay-disbursement", data, one))
        )
    refused: list[tuple[str, Refusal]] = []

    def noted(name: str, refusal: Refusal) -> tuple[str, ...]:
        refused.append((name, refusal))
        return ()

    tally = bulk.give_each(session, asked, write, noted)
    tally.as_before += paid
    for (name, refusal), (body, _) in zip(refused, tally.refused, strict=True):
        line, _, named = name.partition("/")
        differences.append(
            Difference(body=body, disbursement=named, line=int(line), says=str(refusal))
        )
    differences.sort(key=by_body)
    content = {"run": run, "differences": differences}
    says = f"payment run {run}, {counted(len(rows), 'line')} confirmed"
    code = tally.code() or (Exit.FOUND if differences else Exit.OK)
    tally.refused = [] if not write.json else tally.refused
    bulk.answered(session, year, write, tally, says=says, more=content)
    if differences and not write.json:
        print_differences(session, differences)
    return code


def close(
    run: Run, /, *, year: Year = YEAR, write: Write = WRITE, session: Session
) -> int:
    """End a run; what was not paid is listed, and stays approved."""
    data = {"scheme": year.scheme_meant, "scheme_year": year.needed(), "run": run}
    asked = outcomes.request(session, "close-payment-run", data, write)
    outcome = outcomes.give(session, asked, write)
    code = outcomes.answered(session, (outcome,), write)
    if not write.json:
        _print_unpaid(session, outcome)
    return code


def proposed(session: Session, year: Year, run: int) -> PaymentRunProposed | None:
    """The list that counts: the latest put forward; None where none was."""
    found = None
    for one in session.ledger.stream(
        payment_run_stream(year.scheme_meant, year.needed(), run)
    ):
        if isinstance(one.fact, PaymentRunProposed):
            found = one.fact
    return found


def run_of(session: Session, year: Year, run: int) -> PaymentRunProposed:
    """The list that counts; stops where none was put forward."""
    fact = proposed(session, year, run)
    if fact is None:
        raise Stop(Exit.REFUSED, f"payment run {run} was not proposed: propose it")
    return fact


def _list(
    year: Year,
    run: int,
    wanted: Sequence[tuple[str, str]],
    excluded: Sequence[RunExclusion],
) -> dict[str, Any]:
    """A list of requests, by account and id, as the command takes it."""
    return {
        "scheme": year.scheme_meant,
        "scheme_year": year.needed(),
        "run": run,
        "requests": [{"account": a, "disbursement": d} for a, d in wanted],
        "excluded": [printing.plain(one) for one in excluded],
    }


def _put_forward(
    session: Session, year: Year, write: Write, data: dict[str, Any]
) -> int:
    asked = outcomes.request(session, "propose-payment-run", data, write)
    outcome = outcomes.give(session, asked, write)
    code = outcomes.answered(session, (outcome,), write)
    if not write.json and code == Exit.OK:
        _print_list(session, _fact_of(outcome) or proposed(session, year, data["run"]))
    return code


def _fact_of(outcome: Outcome) -> PaymentRunProposed | None:
    """The list as it was, or would be, put forward; None where it stands already."""
    for one in outcomes.records_of(outcome):
        if isinstance(one.fact, PaymentRunProposed):
            return one.fact
    return None


def _print_list(session: Session, fact: PaymentRunProposed | None) -> None:
    assert fact is not None, "it is put forward, now or before"
    rows = [
        (one.account, one.disbursement, pounds(one.amount_pence), "")
        for one in fact.items
    ]
    rows += [(one.account, one.disbursement, "", one.reason) for one in fact.excluded]
    title = session.titled(f"Payment run {fact.run}")
    columns = ("account", "disbursement", "£", "left out")
    printing.table(session, title, columns, rows)
    session.say(
        f"  {counted(len(fact.items), 'payment')}, control total "
        f"{pounds(fact.total_pence)} (--control-total {as_option(fact.total_pence)} "
        f"--list-hash {fact.list_hash[:HASH_SHOWN]})."
    )


def _print_unpaid(session: Session, outcome: Outcome) -> None:
    for one in outcomes.records_of(outcome):
        if isinstance(one.fact, PaymentRunClosed) and one.fact.unpaid:
            columns = "account, disbursement, amount_pence as £"
            title = session.titled("Not paid")
            printing.listing(session, title, columns, one.fact.unpaid)
