"""How each premium account stands: a row an account."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ledger import events
from ledger.events import AccountId, BodyCode
from ledger.money import exact_text
from ledger.postings import HELD, legs
from ledger.recorded import Recorded, account_parts
from projections.views.view import Database, Row, Table, View

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
class Standing:
    """Rows by key, each a mapping of its columns, as far as they are loaded."""

    awards: dict[str, dict[str, Any]] = field(default_factory=dict)
    assessments: dict[tuple[str, str, str], Row] = field(default_factory=dict)
    bodies: dict[str, Row] = field(default_factory=dict)


def _registered(standing: Standing, recorded: Recorded, fact: Any) -> None:
    if fact.name is not None:
        standing.bodies[fact.body] = (fact.body, fact.name, recorded.position)


def _opened(standing: Standing, recorded: Recorded, fact: Any) -> None:
    scheme, scheme_year, body = account_parts(fact.account)
    standing.awards[fact.account] = {
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


def _population(standing: Standing, recorded: Recorded, fact: Any) -> None:
    standing.awards[fact.account]["maximum_pence"] = fact.maximum_pence


def _indicator(standing: Standing, recorded: Recorded, fact: Any) -> None:
    key = (fact.account, "indicator", fact.measure)
    standing.assessments[key] = (*key, exact_text(fact.earned), recorded.position)


def _gate(standing: Standing, recorded: Recorded, fact: Any) -> None:
    key = (fact.account, "gate", fact.gate)
    standing.assessments[key] = (*key, "1" if fact.passed else "0", recorded.position)


def _proposed(standing: Standing, recorded: Recorded, fact: Any) -> None:
    standing.awards[fact.account] |= {
        "state": "proposed",
        "determination": fact.determination,
        "earned_pence": fact.earned_pence,
        "before_gates_pence": fact.before_gates_pence,
        "total_pence": fact.total_pence,
    }


def _confirmed(standing: Standing, recorded: Recorded, fact: Any) -> None:
    standing.awards[fact.account]["state"] = "confirmed"


def _refused(standing: Standing, recorded: Recorded, fact: Any) -> None:
    standing.awards[fact.account]["state"] = "refused"


def _held(recorded: Recorded) -> int:
    """By how much a fact's legs change what is held, in pence."""
    posted = legs(recorded.fact, recorded.meta.effective_on)
    return sum(leg.pence for leg in posted if leg.account == HELD)


def _paid(standing: Standing, recorded: Recorded, fact: Any) -> None:
    """What came into the body's hands, or went back out of them, by its own legs."""
    standing.awards[fact.account]["paid_pence"] += _held(recorded)


def _spent(standing: Standing, recorded: Recorded, fact: Any) -> None:
    """What went out of the body's hands to others, by the fact's own legs."""
    standing.awards[fact.account]["spent_pence"] -= _held(recorded)


def _nothing_more(standing: Standing, recorded: Recorded, fact: Any) -> None:
    """The award stands as before; only its position is taken on."""


HANDLED: dict[type, Callable[[Standing, Recorded, Any], None]] = {
    events.BodyRegistered: _registered,
    events.AccountOpened: _opened,
    events.PopulationCorrected: _population,
    events.TargetRebased: _nothing_more,
    events.IndicatorAssessed: _indicator,
    events.GateAssessed: _gate,
    events.AwardProposed: _proposed,
    events.AwardConfirmed: _confirmed,
    events.AwardRefused: _refused,
    events.DisbursementPaid: _paid,
    events.DisbursementReturned: _paid,
    events.Lapsed: _paid,
    events.RecoveryReceived: _paid,
    events.SpendingRecorded: _spent,
    events.SpendingCorrected: _spent,
    events.PassedOn: _spent,
    **dict.fromkeys(
        (
            events.AssessmentSuperseded,  # The assessment that follows it counts.
            events.RepresentationMade,
            events.RepresentationDecided,
            events.WithholdingProposed,
            events.WithholdingDecided,
            events.WithholdingVaried,
            events.WithholdingReleased,
            events.WithholdingRefused,
            events.WithholdingForgone,
            events.RecoveryOrdered,
            events.DebtSetOff,
            events.PayableSetOff,
            events.DisbursementRequested,
            events.DisbursementApproved,
            events.DisbursementRefused,
            events.DisbursementWithdrawn,
            events.DisbursementExpired,
            events.DisbursementCancelled,
            events.ReceiptConfirmed,
            events.ReceiptDisputed,
            events.UnspentDeclared,
            events.BalanceAsserted,
        ),
        _nothing_more,
    ),
}
IGNORED = frozenset(
    {
        events.LedgerOpened,
        events.RulebookPublished,
        events.BodySucceeded,
        events.PracticeJoined,
        events.PracticeLeft,
        events.DocumentRecorded,
        events.ResultRecorded,
        events.ResultCorrected,
        events.AttributionPublished,
        events.ClaimRecorded,
        events.TermsAgreed,  # What was agreed counts when it is assessed.
        events.PaymentReferenceTaken,
        events.PaymentRunProposed,
        events.PaymentRunApproved,  # Each of its approvals stands in its account.
        events.PaymentRunClosed,
        events.PeriodClosed,
        events.InterestDeclared,
        events.InterestEnded,
        events.ParticipationRecorded,
    }
)


def _apply(standing: Standing, recorded: Recorded) -> None:
    fact = recorded.fact
    handle = HANDLED.get(type(fact))
    if handle is None:
        return
    handle(standing, recorded, fact)
    account = getattr(fact, "account", None)
    if account is not None:
        standing.awards[account]["position"] = recorded.position


class Awards:
    """How each premium account stands: a row an account."""

    def __init__(self) -> None:
        self.position = 0
        self._standing = Standing()

    def apply(self, recorded: Recorded) -> None:
        """Take in one more record; one applied before changes nothing."""
        if recorded.position <= self.position:
            return
        self.position = recorded.position
        _apply(self._standing, recorded)

    def rows(self) -> Mapping[str, Iterable[Row]]:
        """Awards, assessments and bodies as their tables hold them."""
        return _rows(self._standing)


def _rows(standing: Standing) -> dict[str, list[Row]]:
    return {
        AWARDS.name: [tuple(row.values()) for row in standing.awards.values()],
        ASSESSMENTS.name: list(standing.assessments.values()),
        BODIES.name: list(standing.bodies.values()),
    }


def take(db: Database, batch: Sequence[Recorded]) -> None:
    """Bring the rows up to date with records that follow the saved position."""
    standing = Standing()
    for recorded in batch:
        account = getattr(recorded.fact, "account", None)
        if account is not None and account not in standing.awards:
            found = db.execute("SELECT * FROM awards WHERE account = ?", (account,))
            for row in found:
                standing.awards[account] = dict(zip(AWARDS.columns, row, strict=True))
        _apply(standing, recorded)
    for table in (AWARDS, ASSESSMENTS, BODIES):
        db.executemany(table.replace(), _rows(standing)[table.name])


VIEW = View("awards", (AWARDS, ASSESSMENTS, BODIES), (), Awards, take)

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
    """How accounts stand, in the order of their ids; empty where none is open.

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
