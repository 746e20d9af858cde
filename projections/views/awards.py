"""How each premium account stands: a row an account."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ledger import events
from ledger.events import AccountId, BodyCode
from ledger.money import exact_text
from ledger.postings import HELD, legs
from ledger.recorded import Recorded, account_parts
from projections.views.view import Database, Plain, Row, Table, View, account_of

AWARDS = Table(
    "awards",
    {
        "account": "TEXT NOT NULL",
        "scheme": "TEXT NOT NULL",
        "scheme_year": "TEXT NOT NULL",
        "body": "TEXT NOT NULL",
        "maximum_pence": "INTEGER NOT NULL",
        "state": "TEXT NOT NULL",  # open, proposed, confirmed or refused.
        "determination": "INTEGER",
        "earned_pence": "INTEGER",
        "before_gates_pence": "INTEGER",
        "total_pence": "INTEGER",
        "paid_pence": "INTEGER NOT NULL",
        "spent_pence": "INTEGER NOT NULL",
        "position": "INTEGER NOT NULL",
    },
    keys=1,
)
ASSESSMENTS = Table(
    "assessments",
    {
        "account": "TEXT NOT NULL",
        "kind": "TEXT NOT NULL",  # indicator or gate.
        "item": "TEXT NOT NULL",  # The measure, or the gate's clause.
        "earned": "TEXT NOT NULL",  # Share of the weight; 1 or 0 for a gate.
        "position": "INTEGER NOT NULL",
    },
    keys=3,
)
BODIES = Table(
    "bodies",
    {
        "body": "TEXT NOT NULL",
        "name": "TEXT NOT NULL",
        "position": "INTEGER NOT NULL",
    },
    keys=1,
)


class Award(NamedTuple):
    """How one premium account stands. Amounts in pence."""

    account: AccountId
    scheme: str
    scheme_year: str
    body: BodyCode
    body_name: str | None
    maximum_pence: int
    state: str  # open, proposed, confirmed or refused: its latest determination.
    determination: int | None  # None, as the four below, until one is proposed.
    earned_pence: int | None  # Before reductions and gates.
    before_gates_pence: int | None
    total_pence: int | None
    paid_pence: int  # Less what came back of it: returned, lapsed, recovered.
    spent_pence: int  # Or passed on.
    unspent_pence: int
    assessed: int  # Measures, each counted once.
    met: int  # Of those, the ones that earned their whole weight.
    gates_assessed: int  # Gates, and standards whose miss reduces the award.
    gates_passed: int
    position: int  # The last record that concerned it.


@dataclass(slots=True)
class _Loaded:
    """Rows by key, each a mapping of its columns, as far as they are loaded."""

    awards: dict[str, dict[str, Any]] = field(default_factory=dict)
    assessments: dict[tuple[str, str, str], Row] = field(default_factory=dict)
    bodies: dict[str, Row] = field(default_factory=dict)

    def apply(self, recorded: Recorded) -> None:
        """Apply one more record, whose award is loaded."""
        fact, position = recorded.fact, recorded.position
        account = account_of(fact)
        match fact:
            case events.BodyRegistered(name=str(name)):
                self.bodies[fact.body] = (fact.body, name, position)
            case events.TermsAgreed() | events.PaymentReferenceTaken():
                return  # Terms count when they are assessed; a payment when it is paid.
            case events.AccountOpened():
                self.awards[fact.account] = _opened(fact)
            case events.IndicatorAssessed():
                key = (fact.account, "indicator", fact.measure)
                self.assessments[key] = (*key, exact_text(fact.earned), position)
            case events.GateAssessed():
                key = (fact.account, "gate", fact.gate)
                self.assessments[key] = (*key, "1" if fact.passed else "0", position)
            case _ if account is not None:
                self.awards[account] |= _changes(self.awards[account], recorded)
        if account is not None:
            self.awards[account]["position"] = position

    def rows(self) -> dict[str, list[Row]]:
        """The rows of each table."""
        return {
            AWARDS.name: [tuple(row.values()) for row in self.awards.values()],
            ASSESSMENTS.name: list(self.assessments.values()),
            BODIES.name: list(self.bodies.values()),
        }


def _opened(fact: events.AccountOpened) -> dict[str, Any]:
    scheme, scheme_year, body = account_parts(fact.account)
    return {
        **dict.fromkeys(AWARDS.columns),
        "account": fact.account,
        "scheme": scheme,
        "scheme_year": scheme_year,
        "body": body,
        "maximum_pence": fact.maximum_pence,
        "state": "open",
        "paid_pence": 0,
        "spent_pence": 0,
    }


def _changes(award: Mapping[str, Any], recorded: Recorded) -> dict[str, Any]:
    """The columns of an award that a fact of its account changes."""
    match fact := recorded.fact:
        case events.PopulationCorrected():
            return {"maximum_pence": fact.maximum_pence}
        case events.AwardProposed():
            return {
                "state": "proposed",
                "determination": fact.determination,
                "earned_pence": fact.earned_pence,
                "before_gates_pence": fact.before_gates_pence,
                "total_pence": fact.total_pence,
            }
        case events.AwardConfirmed():
            return {"state": "confirmed"}
        case events.AwardRefused():
            return {"state": "refused"}
        case (
            events.DisbursementPaid()
            | events.DisbursementReturned()
            | events.Lapsed()
            | events.RecoveryReceived()
        ):  # What came into the body's hands, or went back out of them.
            return {"paid_pence": award["paid_pence"] + _held_pence(recorded)}
        case (
            events.SpendingRecorded()
            | events.SpendingCorrected()
            | events.SpendingCredited()
            | events.PassedOn()
            | events.PassedOnCorrected()
            | events.PassedOnCredited()
        ):
            # What went out of the body's hands to others, less what came back.
            return {"spent_pence": award["spent_pence"] - _held_pence(recorded)}
        case _:
            return {}


def _held_pence(recorded: Recorded) -> int:
    """By how much a fact's legs change what is held."""
    posted = legs(recorded.fact, recorded.meta.effective_on)
    return sum(leg.pence for leg in posted if leg.account == HELD)


class _Awards(Plain):
    """How each premium account stands: a row an account."""

    def __init__(self) -> None:
        super().__init__()
        self._loaded = _Loaded()

    def _apply(self, recorded: Recorded) -> None:
        self._loaded.apply(recorded)

    def rows(self) -> Mapping[str, Iterable[Row]]:
        """Awards, assessments and bodies as their tables hold them."""
        return self._loaded.rows()


def _apply_batch(db: Database, batch: Sequence[Recorded]) -> None:
    """Load the awards that the batch concerns, change them, and save them."""
    loaded = _Loaded()
    for recorded in batch:
        account = account_of(recorded.fact)
        if account is not None and account not in loaded.awards:
            found = db.execute("SELECT * FROM awards WHERE account = ?", (account,))
            for row in found:
                loaded.awards[account] = dict(zip(AWARDS.columns, row, strict=True))
        loaded.apply(recorded)
    for table in (AWARDS, ASSESSMENTS, BODIES):
        db.executemany(table.replace(), loaded.rows()[table.name])


VIEW = View("awards", (AWARDS, ASSESSMENTS, BODIES), _Awards, _apply_batch)

_SELECT = """
SELECT account, scheme, scheme_year, awards.body, bodies.name, maximum_pence, state,
    determination, earned_pence, before_gates_pence, total_pence, paid_pence,
    spent_pence, paid_pence - spent_pence,
    COUNT(*) FILTER (WHERE kind = 'indicator'),
    COUNT(*) FILTER (WHERE kind = 'indicator' AND earned = '1'),
    COUNT(*) FILTER (WHERE kind = 'gate'),
    COUNT(*) FILTER (WHERE kind = 'gate' AND earned = '1'),
    awards.position
FROM awards LEFT JOIN assessments USING (account) LEFT JOIN bodies USING (body)
"""


def awards(
    db: Database,
    account: str | None = None,
    scheme_year: str | None = None,
) -> tuple[Award, ...]:
    """How accounts stand, in the order of their ids; empty if none is open.

    Args:
        account: This one alone.
        scheme_year: Those of one scheme year alone, such as `2013-14`.
    """
    rows = db.execute(
        f"{_SELECT} WHERE (? IS NULL OR account = ?) "
        "AND (? IS NULL OR scheme_year = ?) "
        "GROUP BY awards.account, bodies.name ORDER BY account",
        (account, account, scheme_year, scheme_year),
    )
    return tuple(Award(*row) for row in rows)
