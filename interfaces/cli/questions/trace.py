"""`premium trace`: where pence came from and where they went, to the penny."""

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from typing import NamedTuple

from interfaces.cli import clocks, known, printing
from interfaces.cli.clocks import NOW, TwoClocks
from interfaces.cli.exits import Exit, Misused
from interfaces.cli.options import YEAR, Json, Year
from interfaces.cli.session import Session
from ledger.events import AccountId, PaymentReferenceTaken, RecordId
from ledger.limits import normal_reference
from ledger.periods import closes, prior_period
from ledger.recorded import (
    LEDGER_STREAM,
    Recorded,
    account_stream,
    payment_reference_stream,
)
from ledger.rules.lines import Line, render_text, to_json
from ledger.store.reader import LedgerReader
from projections.questions.provenance import NoProvenance, backwards
from projections.questions.uses import forwards
from projections.views.names import NamesFromTables, RecordNames


def trace(
    what: str,
    /,
    *,
    spending: str | None = None,
    measure: str | None = None,
    year: Year = YEAR,
    when: TwoClocks = NOW,
    json: Json = False,
    session: Session,
) -> int:
    """Trace pence back to receipts, awards, results and documents; or to their use.

    Backwards from a record, a payment reference, or an account's --spending; forwards
    from an account's --measure. Records of it that moved money for a day that was
    closed before them are listed as prior-period adjustments.

    Parameters
    ----------
    what
        Id of a record, a payment reference, or an account.
    spending
        Id of a spending of the account.
    measure
        A measure of the account: where its slice of the maximum went.
    """
    of_account = None
    if measure is not None or spending is not None:
        of_account = known.account(session, year, what)
    session = clocks.at(session, when)
    with closing(session.views()) as views, views.reading() as db:
        at = clocks.clocks(session, when, views.position).known
        where = _Where(session.ledger.known_at(at), NamesFromTables(db, at))
        if of_account is not None and measure is not None:
            account = of_account
            line = _forwards(where, account, measure, when)
        else:
            recorded = _record(where, what, of_account, spending)
            account, line = _backwards(where, recorded, when)
        marks = dict(_marks(where, line))
    if json:
        content = {"position": at, **when.as_json()}
        content |= {**printing.years(account), "trace": to_json(line)}
        content["prior_period"] = [
            {"record": record, "closed_through": through}
            for record, through in marks.items()
        ]
        printing.document(session, content)
        return Exit.OK

    session.say(printing.account_title(session, account))
    session.say(render_text(line))
    for record, through in marks.items():
        session.say(f"{record}: {printing.mark(through)}")
    return Exit.OK


class _Where(NamedTuple):
    """Where traces are read: records as far as they are known, and their names."""

    log: LedgerReader
    names: RecordNames

    def record(self, record_id: RecordId | None) -> Recorded | None:
        """The record of an id that was found, if one was."""
        return None if record_id is None else self.log.record(record_id)


def _marks(where: _Where, line: Line) -> Iterator[tuple[RecordId, date]]:
    """The records of a trace that moved money for a closed day, as it names them."""
    closed = closes(where.log.stream(LEDGER_STREAM))
    for record in line.facts if closed else ():
        recorded = where.log.record(record)
        through = None if recorded is None else prior_period(recorded, closed)
        if through is not None:
            yield RecordId(record), through
    for inner in line.lines:
        yield from _marks(where, inner)


def _forwards(where: _Where, account: AccountId, measure: str, when: TwoClocks) -> Line:
    line = forwards(where.names, account, measure, when.effective)
    if line is None:
        opened = where.log.stream(account_stream(account))[:1]
        slices = [piece.measure for one in opened for piece in one.fact.slices]  # type: ignore[union-attr]
        raise known.none(
            f"{account} has no slice for {measure!r}",
            measure,
            slices,
            f"its measures are {', '.join(slices)}",
        )
    return line


def _backwards(
    where: _Where, recorded: Recorded, when: TwoClocks
) -> tuple[AccountId, Line]:
    effective_on = recorded.meta.effective_on
    if when.effective is not None and effective_on > when.effective:
        raise Misused(
            f"{recorded.id} counts only from {effective_on}: nothing had gone that "
            f"way by {when.effective}"
        )
    try:
        line = backwards(where.log, where.names, recorded)
    except NoProvenance as reason:
        raise Misused(str(reason)) from None
    return recorded.fact.account, line  # type: ignore[union-attr]


def _record(
    where: _Where, what: str, account: AccountId | None, spending: str | None
) -> Recorded:
    """The record that is meant: itself, a spending as it now counts, or a payment."""
    if account is not None and spending is not None:
        found = where.record(where.names.spending(account, spending))
        if found is None:
            stream = where.log.stream(account_stream(account))
            names = {getattr(one.fact, "spending", "") for one in stream} - {""}
            what = f"{account} has no spending {spending!r}"
            there = f"it has {', '.join(sorted(names)) or 'none yet'}"
            raise known.none(what, spending, names, there)
        return found
    if "@" in what:
        try:
            found = where.log.record(what)
        except ValueError as reason:
            raise Misused(str(reason)) from None
    else:
        found = _payment(where, what)
    if found is None:
        start = payment_reference_stream("")
        taken = [name.removeprefix(start) for name in where.log.streams(start)]
        raise known.none(
            f"no record and no payment reference {what!r} is known",
            normal_reference(what) or what,
            taken,
            "give the id of a record, a reference, or an account with --spending or "
            "--measure",
        )
    return found


def _payment(where: _Where, reference: str) -> Recorded | None:
    normal = normal_reference(reference)
    taken = (
        where.log.record(f"{payment_reference_stream(normal)}@1") if normal else None
    )
    if taken is None:
        return None
    fact = taken.fact
    assert isinstance(fact, PaymentReferenceTaken)
    if len(fact.parts) > 1:
        says = ", ".join(f"{one.what} of {one.account}" for one in fact.parts)
        raise Misused(
            f"{reference!r} is one movement of the bank for {says}: give the id of a "
            "record of one of them"
        )
    [part] = fact.parts
    kind, _, name = part.what.partition("/")
    if kind == "disbursement":
        return where.record(where.names.payment(part.account, name))
    field = "payment" if kind == "recovery" else "lapse"
    for one in where.log.stream(account_stream(part.account)):
        if getattr(one.fact, field, None) == name:
            return one
    return None
