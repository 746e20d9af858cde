"""`premium trace`: where pence came from and where they went, to the penny."""

from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple

from interfaces.cli import clocks
from interfaces.cli import printing as printed
from interfaces.cli.clocks import BOTH, Both
from interfaces.cli.session import YEAR, Exit, Here, Json, Stop, Years

if TYPE_CHECKING:
    from ledger.events import AccountId, RecordId
    from ledger.recorded import Recorded
    from ledger.rules.lines import Line
    from ledger.store.reader import LedgerReader
    from projections.views.names import Names


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
    from projections.views.names import InTables

    here = clocks.at(here, both)
    with closing(here.views()) as views, views.reading() as db:
        known = clocks.clocks(here, both, views.position).known
        where = _Where(here.ledger.known_at(known), InTables(db, known))
        if measure is not None:
            account = year.account(what)
            line = _forwards(where, account, measure, both)
        else:
            recorded = _record(where, what, spending, year)
            account, line = _backwards(where, recorded, both)
    if json:
        from ledger.rules.lines import to_json

        content = {"position": known, **clocks.said(both)}
        content |= {**printed.years(account), "trace": to_json(line)}
        printed.document(here, content)
        return Exit.OK
    from ledger.rules.lines import render_text

    here.out.print(printed.account_title(here, account))
    here.out.print(render_text(line), soft_wrap=True)
    return Exit.OK


class _Where(NamedTuple):
    """Where traces are read: records as far as they are known, and their names."""

    log: "LedgerReader"
    names: "Names"

    def record(self, record_id: "RecordId | None") -> "Recorded | None":
        """The record of an id that was found, if one was."""
        return None if record_id is None else self.log.record(record_id)


def _forwards(
    where: _Where, account: "AccountId", measure: str, both: clocks.TwoClocks
) -> "Line":
    from projections.questions.uses import forwards

    line = forwards(where.names, account, measure, both.effective)
    if line is None:
        raise Stop(
            Exit.REFUSED,
            f"{account} has no slice for {measure!r}: premium account show lists its "
            "measures",
        )
    return line


def _backwards(
    where: _Where, recorded: "Recorded", both: clocks.TwoClocks
) -> tuple["AccountId", "Line"]:
    from projections.questions.provenance import NoProvenance, backwards

    effective_on = recorded.meta.effective_on
    if both.effective is not None and effective_on > both.effective:
        raise Stop(
            Exit.REFUSED,
            f"{recorded.id} counts only from {effective_on}: nothing had gone that "
            f"way by {both.effective}",
        )
    try:
        line = backwards(where.log, where.names, recorded)
    except NoProvenance as reason:
        raise Stop(Exit.REFUSED, str(reason)) from None
    return recorded.fact.account, line  # type: ignore[union-attr]


def _record(where: _Where, what: str, spending: str | None, year: Years) -> "Recorded":
    """The record that is meant: itself, a spending as it now counts, or a payment."""
    if spending is not None:
        account = year.account(what)
        found = where.record(where.names.spending(account, spending))
        if found is None:
            raise Stop(Exit.REFUSED, f"{account} has no spending {spending!r}")
        return found
    if "@" in what:
        try:
            found = where.log.record(what)
        except ValueError as reason:
            raise Stop(Exit.USAGE, str(reason)) from None
    else:
        found = _payment(where, what)
    if found is None:
        raise Stop(
            Exit.REFUSED,
            f"no record and no payment reference {what!r} is known: give the id of a "
            "record, a reference, or an account with --spending or --measure",
        )
    return found


def _payment(where: _Where, reference: str) -> "Recorded | None":
    from ledger.decisions.disbursements.requests import normal_reference
    from ledger.events import PaymentReferenceTaken
    from ledger.recorded import payment_reference_stream

    normal = normal_reference(reference)
    taken = (
        where.log.record(f"{payment_reference_stream(normal)}@1") if normal else None
    )
    if taken is None:
        return None
    fact = taken.fact
    assert isinstance(fact, PaymentReferenceTaken)
    return where.record(where.names.payment(fact.account, fact.disbursement))
