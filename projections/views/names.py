"""The names of records: awards, requests, receipts, spendings.

A trace asks for records by name, and so need not read an account's whole stream. The
log holds the records themselves; this view says only where they are.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple, Protocol

from ledger import events
from ledger.events import AccountId, Draw, Fact, RecordId
from ledger.postings import legs, moves_money
from ledger.recorded import Recorded, account_stream
from projections.views.view import Database, Kept, KeptRow, Table, View, account_of

NAMED = Kept(
    Table(
        "named",
        {
            "premium": "TEXT NOT NULL",
            "position": "INTEGER NOT NULL",
            "n": "INTEGER NOT NULL",  # The first of its legs of this receipt, from 1.
            "version": "INTEGER NOT NULL",  # In the account's stream.
            "kind": "TEXT NOT NULL",
            "name": "TEXT NOT NULL",
            "receipt": "TEXT NOT NULL",  # What the legs from there on draw or bring.
        },
        keys=3,
    )
)
"""Every record that moves money, once for each receipt that its legs concern."""

AWARD, REQUEST, PAYMENT, SPENDING, OTHER = "award", "request", "payment", "spending", ""


class Step(NamedTuple):
    """One leg of a measure, with the names that tell which way its pence went."""

    record: RecordId
    account: str
    pence: int
    effective_on: date
    name: str  # Of the request or the spending; empty if there is none.
    receipt: str  # Empty where it concerns none.


class RecordNames(Protocol):
    """Finds the records of an account, as far as they are known.

    What a known fact rests on is there, otherwise LookupError is raised.
    """

    def asked(self, account: AccountId, disbursement: str) -> RecordId:
        """The record that asked for a disbursement."""
        ...

    def paid(self, account: AccountId, receipt: str) -> RecordId:
        """The record of the payment that gave a receipt."""
        ...

    def award(self, account: AccountId, before: int) -> RecordId:
        """The last award that was confirmed before a position."""
        ...

    def payment(self, account: AccountId, disbursement: str) -> RecordId | None:
        """The record of a disbursement's payment, or None if it was not paid."""
        ...

    def spending(self, account: AccountId, spending: str) -> RecordId | None:
        """The last record of a spending or passing-on, or None if there is none."""
        ...

    def steps(self, account: AccountId, measure: str) -> Iterator[Step]:
        """Every leg of a measure, of any day, in the order of the ledger."""
        ...


def _kind_and_name(fact: Fact) -> tuple[str, str] | None:
    """A fact's kind and name, or None if it is not a fact that moves money."""
    match fact:
        case events.AwardConfirmed():
            return AWARD, ""
        case events.DisbursementRequested():
            return REQUEST, fact.disbursement
        case events.DisbursementPaid():
            return PAYMENT, fact.disbursement
        case (
            events.DisbursementRefused()
            | events.DisbursementWithdrawn()
            | events.DisbursementExpired()
            | events.DisbursementCancelled()
            | events.DisbursementReturned()
        ):
            return OTHER, fact.disbursement
        case (
            events.SpendingRecorded()
            | events.SpendingCorrected()
            | events.PassedOn()
            | events.PassedOnCorrected()
        ):
            return SPENDING, fact.spending
        case events.SpendingCredited() | events.PassedOnCredited():
            return OTHER, fact.spending
        case _:
            return (OTHER, "") if moves_money(fact) else None


def _draws(fact: Fact) -> tuple[Draw, ...]:
    """The draws whose slices a fact posts, in the order of its legs."""
    match fact:
        case events.SpendingCorrected() | events.PassedOnCorrected():
            carried = (draw for credit in fact.credits for draw in credit.draws)
            return (*fact.undone, *fact.draws, *carried)
        case (
            events.SpendingRecorded()
            | events.SpendingCredited()
            | events.PassedOn()
            | events.PassedOnCredited()
            | events.Lapsed()
            | events.RecoveryReceived()
        ):
            return fact.draws
        case _:
            return ()


def _spans(fact: Fact) -> list[tuple[int, str]]:
    """From which leg, counted from 1, a fact concerns which receipt."""
    if isinstance(fact, events.DisbursementPaid | events.DisbursementReturned):
        return [(1, fact.receipt)]
    # Legs come in pairs, out of one account and into another, as many as slices.
    found, n = [], 1
    for draw in _draws(fact):
        found.append((n, draw.receipt))
        n += 2 * len(draw.slices)
    if not found or isinstance(fact, events.RecoveryReceived):
        found.append((n, ""))
    return found


def rows(recorded: Recorded) -> Iterator[KeptRow]:
    """A row for each receipt that the legs of a record concern, or one for none."""
    fact, at = recorded.fact, recorded.position
    account, named = account_of(fact), _kind_and_name(fact)
    if account is None or named is None:
        return
    for n, receipt in _spans(fact):
        yield NAMED(account, at, n, recorded.version, *named, receipt)


VIEW = View.of_rows(
    "named",
    (NAMED,),
    rows,
    ("CREATE INDEX named_by_name ON named (premium, kind, name, position)",),
)


# Reading ------------------------------------------------------------------------------


class NamesFromTables:
    """Names as far as they were known at a position, from the tables of the views."""

    def __init__(self, db: Database, known: int) -> None:
        self._db = db
        self._known = known

    def asked(self, account: AccountId, disbursement: str) -> RecordId:
        """The record that asked for a disbursement."""
        return _required(self._last(account, REQUEST, "name = ?", disbursement))

    def paid(self, account: AccountId, receipt: str) -> RecordId:
        """The record of the payment that gave a receipt."""
        return _required(self._last(account, PAYMENT, "receipt = ?", receipt))

    def award(self, account: AccountId, before: int) -> RecordId:
        """The last award that was confirmed before a position."""
        return _required(self._last(account, AWARD, "position < ?", before))

    def payment(self, account: AccountId, disbursement: str) -> RecordId | None:
        """The record of a disbursement's payment, or None if it was not paid."""
        return self._last(account, PAYMENT, "name = ?", disbursement)

    def spending(self, account: AccountId, spending: str) -> RecordId | None:
        """The last record of a spending or passing-on, or None if there is none."""
        return self._last(account, SPENDING, "name = ?", spending)

    def _last(
        self, account: AccountId, kind: str, condition: str, value: str | int
    ) -> RecordId | None:
        found = self._db.execute(
            "SELECT version FROM named WHERE premium = ? AND kind = ? "
            f"AND {condition} AND position <= ? ORDER BY position DESC LIMIT 1",
            (account, kind, value, self._known),
        ).fetchone()
        return None if found is None else _id(account, found[0])

    def steps(self, account: AccountId, measure: str) -> Iterator[Step]:
        """Every leg of a measure, of any day, in the order of the ledger."""
        named = self._db.execute(
            "SELECT position, n, version, name, receipt FROM named WHERE premium = ? "
            "AND position <= ? ORDER BY position, n",
            (account, self._known),
        ).fetchall()
        posted = self._db.execute(
            "SELECT position, n, account, pence, effective_on FROM legs "
            "WHERE premium = ? AND slice = ? AND position <= ? ORDER BY position, n",
            (account, measure, self._known),
        )
        at, stream = 0, account_stream(account)
        for position, n, name, pence, day in posted.fetchall():
            # The last row of names that begins with this leg, or before it.
            while at + 1 < len(named) and named[at + 1][:2] <= (position, n):
                at += 1
            _, _, version, of, receipt = named[at]
            record = RecordId(f"{stream}@{version}")
            yield Step(record, name, pence, date.fromisoformat(day), of, receipt)


def _id(account: AccountId, version: int) -> RecordId:
    return RecordId(f"{account_stream(account)}@{version}")


def _required(found: RecordId | None) -> RecordId:
    if found is None:
        raise LookupError("a record that a known fact rests on has no name")
    return found


class Streams(Protocol):
    """A log, as far as it is known."""

    def stream(self, name: str) -> Sequence[Recorded]:
        """A stream's records in order of version; empty if there is none."""
        ...


class NamesFromStreams:
    """The plain form: names looked for in an account's whole stream."""

    def __init__(self, log: Streams) -> None:
        self._log = log

    def asked(self, account: AccountId, disbursement: str) -> RecordId:
        """The record that asked for a disbursement."""
        return _required(self._last(account, REQUEST, disbursement))

    def paid(self, account: AccountId, receipt: str) -> RecordId:
        """The record of the payment that gave a receipt."""
        payments = self._of(account, PAYMENT)
        return [one.id for one in payments if _spans(one.fact)[0][1] == receipt][-1]

    def award(self, account: AccountId, before: int) -> RecordId:
        """The last award that was confirmed before a position."""
        awards = self._of(account, AWARD)
        return [one.id for one in awards if one.position < before][-1]

    def payment(self, account: AccountId, disbursement: str) -> RecordId | None:
        """The record of a disbursement's payment, or None if it was not paid."""
        return self._last(account, PAYMENT, disbursement)

    def spending(self, account: AccountId, spending: str) -> RecordId | None:
        """The last record of a spending or passing-on, or None if there is none."""
        return self._last(account, SPENDING, spending)

    def _last(self, account: AccountId, kind: str, name: str) -> RecordId | None:
        found = self._of(account, kind)
        named = [one.id for one in found if _kind_and_name(one.fact) == (kind, name)]
        return named[-1] if named else None

    def _of(self, account: AccountId, kind: str) -> list[Recorded]:
        return [
            one
            for one in self._log.stream(account_stream(account))
            if (_kind_and_name(one.fact) or ("none",))[0] == kind
        ]

    def steps(self, account: AccountId, measure: str) -> Iterator[Step]:
        """Every leg of a measure, of any day, in the order of the ledger."""
        for one in self._log.stream(account_stream(account)):
            _, of_what = _kind_and_name(one.fact) or (OTHER, "")
            receipts, receipt = dict(_spans(one.fact)), ""
            posted = legs(one.fact, one.meta.effective_on)
            for n, (_, name, of, pence, day) in enumerate(posted, start=1):
                receipt = receipts.get(n, receipt)
                if of == measure:
                    yield Step(one.id, name, pence, day, of_what, receipt)
