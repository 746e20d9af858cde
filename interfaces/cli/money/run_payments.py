"""`premium run-payments`: many requests under one approval, and their end."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from interfaces.cli import account_state as states
from interfaces.cli import printing as printed
from interfaces.cli.bulk import accounts_of
from interfaces.cli.session import (
    WRITE,
    YEAR,
    Exit,
    Here,
    Session,
    Stop,
    Write,
    Writing,
    Year,
    Years,
)

if TYPE_CHECKING:
    from ledger.events import PaymentRunProposed, RunExclusion
    from ledger.request import Outcome

HASH_SHOWN = 12
"""Characters of a list's hash that are printed, and suffice to name it."""


def propose(
    run: int, /, *, year: Years = YEAR, write: Writing = WRITE, here: Here
) -> int:
    """Put every request that waits in a scheme year forward, to be paid together.

    Who owes is left out, and so is what was excluded from this run before. Put forward
    again, the list takes the place of the one before.

    Parameters
    ----------
    run
        The number of the run within the scheme year, such as 1.
    """
    from ledger.events import RunExclusion

    before = proposed(here, year, run)
    excluded = {
        (one.account, one.disbursement): one
        for one in (before.excluded if before is not None else ())
        if one.reason != "debt"
    }
    wanted = []
    for account in accounts_of(here, year):
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
    return _put_forward(here, year, write, data)


def exclude(
    run: int,
    account: str,
    disbursement: str,
    /,
    *,
    reason: Literal["debt", "dispute", "details-not-checked", "asked-for", "other"],
    year: Years = YEAR,
    write: Writing = WRITE,
    here: Here,
) -> int:
    """Leave one request out of a list that waits; it stays asked for.

    Parameters
    ----------
    run
        The number of the run within the scheme year, such as 1.
    account
        Body code, such as 10C, or a whole account id.
    disbursement
        The id of the request.
    reason
        Why it is left out.
    """
    from ledger.events import RunExclusion

    before = proposed(here, year, run)
    key = (year.account(account), disbursement)
    if before is None:
        raise Stop(Exit.REFUSED, f"payment run {run} was not proposed: propose it")
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
        here, year, write, _list(year, run, wanted, tuple(out.values()))
    )


def approve(
    run: int,
    /,
    *,
    control_total: int | None = None,
    list_hash: str | None = None,
    year: Years = YEAR,
    write: Writing = WRITE,
    here: Here,
) -> int:
    """Approve a whole list that another person put forward, or none of it.

    Parameters
    ----------
    run
        The number of the run within the scheme year, such as 1.
    control_total
        Pence that the list must come to, as looked at; another total is refused.
    list_hash
        The list's hash as looked at, its first 12 characters or more; another list
        is refused.
    """
    before = proposed(here, year, run)
    total_pence, whole = 0, ""
    if before is not None:
        total_pence, whole = before.total_pence, before.list_hash
    if list_hash is not None and not (
        len(list_hash) >= HASH_SHOWN and whole.startswith(list_hash)
    ):
        whole = list_hash
    data = {
        "scheme": year.scheme,
        "scheme_year": year.needed(),
        "run": run,
        "list_hash": whole,
        "total_pence": total_pence if control_total is None else control_total,
    }
    asked = here.request("approve-payment-run", data, write)
    return printed.answered(here, (here.give(asked, write),), write)


def export(
    run: int, /, *, output: Path | None = None, year: Years = YEAR, here: Here
) -> int:
    """Write the approved payments that are still to be made as a CSV file.

    Parameters
    ----------
    run
        The number of the run within the scheme year, such as 1.
    output
        The file; otherwise standard output.
    """
    from interfaces.cli.money.run_payments_files import instructions
    from ledger.recorded import payment_run_stream

    fact = proposed(here, year, run)
    if fact is None:
        raise Stop(Exit.REFUSED, f"payment run {run} was not proposed: propose it")
    stream = payment_run_stream(fact.scheme, fact.scheme_year, run)
    due = []
    for item in fact.items:
        request = states.account(here, item.account).disbursements[item.disbursement]
        if request.state == "approved" and request.run == stream:
            due.append(item)
    if not due:
        raise Stop(
            Exit.REFUSED,
            f"nothing of payment run {run} is approved and still to be paid",
        )
    text = instructions(fact, due, here.ledger.origin() or "")
    if output is None:
        print(text, end="")
        return Exit.OK
    output.write_text(text, encoding="utf-8")
    left = len(fact.items) - len(due)
    here.out.print(
        printed.titled(here, f"{output}: {len(due):,} payments, {left:,} left out.")
    )
    return Exit.OK


def close(
    run: int, /, *, year: Years = YEAR, write: Writing = WRITE, here: Here
) -> int:
    """End a run; what was not paid is listed, and stays approved.

    Parameters
    ----------
    run
        The number of the run within the scheme year, such as 1.
    """
    data = {"scheme": year.scheme, "scheme_year": year.needed(), "run": run}
    asked = here.request("close-payment-run", data, write)
    outcome = here.give(asked, write)
    code = printed.answered(here, (outcome,), write)
    if not write.json:
        _print_unpaid(here, outcome)
    return code


def proposed(here: Session, year: Year, run: int) -> "PaymentRunProposed | None":
    """The list that counts: the latest put forward; None where none was."""
    from ledger.events import PaymentRunProposed
    from ledger.recorded import payment_run_stream

    found = None
    for one in here.ledger.stream(payment_run_stream(year.scheme, year.needed(), run)):
        if isinstance(one.fact, PaymentRunProposed):
            found = one.fact
    return found


def _list(
    year: Year,
    run: int,
    wanted: Sequence[tuple[str, str]],
    excluded: "Sequence[RunExclusion]",
) -> dict[str, Any]:
    """A list of requests, by account and id, as the command takes it."""
    return {
        "scheme": year.scheme,
        "scheme_year": year.needed(),
        "run": run,
        "requests": [{"account": a, "disbursement": d} for a, d in wanted],
        "excluded": [printed.plain(one) for one in excluded],
    }


def _put_forward(here: Session, year: Year, write: Write, data: dict[str, Any]) -> int:
    asked = here.request("propose-payment-run", data, write)
    outcome = here.give(asked, write)
    code = printed.answered(here, (outcome,), write)
    if not write.json and code == Exit.OK:
        _print_list(here, _fact_of(outcome) or proposed(here, year, data["run"]))
    return code


def _fact_of(outcome: "Outcome") -> "PaymentRunProposed | None":
    """The list as it was, or would be, put forward; None where it stands already."""
    from ledger.events import PaymentRunProposed
    from ledger.request import Repeated

    first = outcome.first if isinstance(outcome, Repeated) else outcome
    for one in getattr(first, "records", ()):
        if isinstance(one.fact, PaymentRunProposed):
            return one.fact
    return None


def _print_list(here: Session, fact: "PaymentRunProposed | None") -> None:
    from ledger.money import pounds

    assert fact is not None, "it is put forward, now or before"
    rows = [(one.account, one.disbursement, pounds(one.amount_pence), "")
            for one in fact.items]  # fmt: skip
    rows += [(one.account, one.disbursement, "", one.reason) for one in fact.excluded]
    title = printed.titled(here, f"Payment run {fact.run}")
    columns = ("account", "disbursement", "£", "left out")
    printed.table(here, title, columns, rows)
    here.out.print(
        f"  {len(fact.items):,} payments, control total {pounds(fact.total_pence)} "
        f"(--control-total {fact.total_pence} --list-hash "
        f"{fact.list_hash[:HASH_SHOWN]}).",
        soft_wrap=True,
    )


def _print_unpaid(here: Session, outcome: "Outcome") -> None:
    from ledger.events import PaymentRunClosed
    from ledger.money import pounds
    from ledger.request import Repeated

    first = outcome.first if isinstance(outcome, Repeated) else outcome
    for one in getattr(first, "records", ()):
        if isinstance(one.fact, PaymentRunClosed) and one.fact.unpaid:
            rows = [
                (item.account, item.disbursement, pounds(item.amount_pence))
                for item in one.fact.unpaid
            ]
            title = printed.titled(here, "Not paid")
            printed.table(here, title, ("account", "disbursement", "£"), rows)
