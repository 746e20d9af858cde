"""`premium trace`: where pence came from and where they went, to the penny."""

from typing import TYPE_CHECKING

from interfaces.cli import clocks
from interfaces.cli import show as printed
from interfaces.cli.clocks import BOTH, Both
from interfaces.cli.session import YEAR, Exit, Here, Json, Session, Stop, Years

if TYPE_CHECKING:
    from ledger.events import AccountId
    from ledger.recorded import Recorded
    from ledger.rules.lines import Line


def trace(
    what: str,
    /,
    *,
    spending: str | None = None,
    measure: str | None = None,
    year: Years = YEAR,
    both: Both = BOTH,
    json: Json = False,
    here: Here,
) -> int:
    """Trace pence back to receipts, awards, results and documents; or to their use.

    Backwards from a record, a payment reference, or an account's --spending; forwards
    from an account's --measure.

    Parameters
    ----------
    what
        Id of a record, a payment reference, or an account.
    spending
        Id of a spending of the account.
    measure
        A measure of the account: where its slice of the maximum went.
    """
    here = clocks.at(here, both)
    if measure is not None:
        account = year.account(what)
        line = _forwards(here, account, measure, both)
    else:
        recorded = _record(here, what, spending, year)
        account, line = _backwards(here, recorded, both)
    if json:
        from ledger.rules.lines import to_json

        content = {"position": here.ledger.head(), **clocks.said(both)}
        content |= {**printed.years(account), "trace": to_json(line)}
        printed.document(here, content)
        return Exit.OK
    from ledger.rules.lines import render_text

    here.out.print(printed.account_title(here, account))
    here.out.print(render_text(line), soft_wrap=True)
    return Exit.OK


def _forwards(
    here: Session, account: "AccountId", measure: str, both: clocks.TwoClocks
) -> "Line":
    from projections.uses import forwards

    line = forwards(here.ledger, account, measure, both.effective)
    if line is None:
        raise Stop(
            Exit.REFUSED,
            f"{account} has no slice for {measure!r}: premium account show lists its "
            "measures",
        )
    return line


def _backwards(
    here: Session, recorded: "Recorded", both: clocks.TwoClocks
) -> tuple["AccountId", "Line"]:
    from projections.provenance import NoProvenance, backwards

    effective_on = recorded.meta.effective_on
    if both.effective is not None and effective_on > both.effective:
        raise Stop(
            Exit.REFUSED,
            f"{recorded.id} counts only from {effective_on}: nothing had gone that "
            f"way by {both.effective}",
        )
    try:
        line = backwards(here.ledger, recorded)
    except NoProvenance as reason:
        raise Stop(Exit.REFUSED, str(reason)) from None
    return recorded.fact.account, line  # type: ignore[union-attr]


def _record(here: Session, what: str, spending: str | None, year: Years) -> "Recorded":
    """The record that is meant: itself, a spending as it now counts, or a payment."""
    from ledger.recorded import account_stream

    if spending is not None:
        account = year.account(what)
        known = [
            one
            for one in here.ledger.stream(account_stream(account))
            if getattr(one.fact, "spending", None) == spending
        ]
        if not known:
            raise Stop(Exit.REFUSED, f"{account} has no spending {spending!r}")
        return known[-1]
    if "@" in what:
        try:
            found = here.ledger.record(what)
        except ValueError as reason:
            raise Stop(Exit.USAGE, str(reason)) from None
    else:
        found = _payment(here, what)
    if found is None:
        raise Stop(
            Exit.REFUSED,
            f"no record and no payment reference {what!r} is known: give the id of a "
            "record, a reference, or an account with --spending or --measure",
        )
    return found


def _payment(here: Session, reference: str) -> "Recorded | None":
    from ledger.decisions.disbursements import normal_reference
    from ledger.events import DisbursementPaid, PaymentReferenceTaken
    from ledger.recorded import account_stream, payment_reference_stream

    normal = normal_reference(reference)
    if not normal:
        return None
    for taken in here.ledger.stream(payment_reference_stream(normal)):
        assert isinstance(taken.fact, PaymentReferenceTaken)
        for one in here.ledger.stream(account_stream(taken.fact.account)):
            fact = one.fact
            if (
                isinstance(fact, DisbursementPaid)
                and fact.disbursement == taken.fact.disbursement
            ):
                return one
    return None
