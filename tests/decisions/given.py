"""Given facts, when a command, then facts, nothing, or a refusal."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

from ledger.decisions.every import HANDLES, decide
from ledger.decisions.parties import spelled
from ledger.events import (
    AccountFact,
    BodyCode,
    BodyRegistered,
    Fact,
    LedgerOpened,
    PartyId,
    PartyRegistered,
    ResultRecorded,
    RulebookPublished,
)
from ledger.money import exact
from ledger.premium.account import PremiumAccount
from ledger.premium.evolve import evolve
from ledger.recorded import Meta, Recorded, account_id, stream_of
from ledger.request import Asked, By, Decision, Refusal, Request
from ledger.rules.rulebook import canonical, content_hash, packaged

ACCOUNT = account_id("quality-premium", "2013-14", "X01")
ANALYST = By(role="analyst", party=PartyId("ana"))
APPROVER = By(role="approver", party=PartyId("bob"))
OFFICER = By(
    role="finance-officer", party=PartyId("cleo"), on_behalf_of=BodyCode("X01")
)
OPERATOR = By(role="operator", party=PartyId("otto"))
_USUAL = {"operator": OPERATOR, "analyst": ANALYST, "approver": APPROVER}
DAY = date(2014, 10, 1)


@dataclass(frozen=True, kw_only=True)
class Told:
    """A given fact with a meta of its own."""

    fact: Fact
    by: By = ANALYST
    on: date = DAY


@dataclass
class Book:
    """A ledger in memory: streams, and accounts folded from them."""

    streams: dict[str, list[Recorded]] = field(default_factory=dict)
    accounts: dict[str, PremiumAccount] = field(default_factory=dict)
    position: int = 0

    def records(self, stream: str) -> Sequence[Recorded]:
        return self.streams.get(stream, ())

    def account(self, account: str) -> PremiumAccount:
        return self.accounts.setdefault(account, PremiumAccount(account=account))  # type: ignore[arg-type]

    def tell(
        self, fact: Fact, by: By = ANALYST, on: date = DAY, command: str | None = None
    ) -> Recorded:
        stream = self.streams.setdefault(stream_of(fact), [])
        self.position += 1
        command = command or f"c{self.position}"
        recorded = Recorded(
            position=self.position,
            stream=stream_of(fact),
            version=len(stream) + 1,
            meta=Meta(
                recorded_at=datetime(2015, 12, 31, 12, tzinfo=UTC),
                effective_on=on,
                actor=by.party,
                role=by.role,
                on_behalf_of=by.on_behalf_of,
                command_id=command,
                request_hash="0" * 64,
                correlation_id=command,
            ),
            fact=fact,
        )
        stream.append(recorded)
        if isinstance(fact, AccountFact):
            evolve(self.account(fact.account), recorded)
        return recorded

    def ask(
        self, command: Any, by: By | None = None, on: date = DAY, **envelope: Any
    ) -> Decision:
        by = by or usual(command)
        decided_on = envelope.pop("decided_on", None) or DAY
        recorded_on = envelope.pop("recorded_on", None) or date(2030, 1, 1)
        request = Request(id="asked", by=by, command=command, **envelope)
        request = spelled(request, self)
        asked = Asked(
            by=request.by,
            effective_on=on,
            decided_on=decided_on,
            recorded_on=recorded_on,
        )
        return decide(request, asked, self)

    def do(
        self, command: Any, by: By | None = None, on: date = DAY
    ) -> tuple[Fact, ...]:
        decision = self.ask(command, by, on)
        assert isinstance(decision, tuple), str(decision)
        asked = f"c{self.position + 1}"
        for fact in decision:
            self.tell(fact, by or usual(command), on, asked)
        return besides(decision)


def besides(decision: tuple[Fact, ...]) -> tuple[Fact, ...]:
    """What a command itself records, without the parties that it makes known."""
    if len(decision) == 1:
        return decision
    return tuple(one for one in decision if not isinstance(one, PartyRegistered))


def usual(command: Any) -> By:
    """Who usually gives a command."""
    role = HANDLES[command.NAME].by[0]
    return OFFICER if role == "finance-officer" else _USUAL[role]


class Given:
    """What was recorded before; `when` asks, `then...` compares."""

    def __init__(self, *told: Fact | Told, book: Book | None = None) -> None:
        self.book = book or Book()
        for one in told:
            if isinstance(one, Told):
                self.book.tell(one.fact, one.by, one.on)
            else:
                self.book.tell(one)
        self.decision: Decision | None = None

    def when(
        self, command: Any, by: By | None = None, on: date = DAY, **envelope: Any
    ) -> "Given":
        self.decision = self.book.ask(command, by, on, **envelope)
        return self

    def then(self, *facts: Fact) -> None:
        assert isinstance(self.decision, tuple), str(self.decision)
        assert besides(self.decision) == facts

    def then_nothing(self) -> None:
        assert self.decision == ()

    def then_refused(self, refusal: Refusal) -> None:
        assert self.decision == refusal

    def then_recorded(self) -> tuple[Fact, ...]:
        assert isinstance(self.decision, tuple), str(self.decision)
        assert self.decision, "nothing was recorded"
        return besides(self.decision)


def given(*told: Fact | Told) -> Given:
    return Given(*told)


# A group's year, as far as each subject needs it --------------------------------------

OPENED = LedgerOpened(name="Spec", origin="simulated")
GROUP = BodyRegistered(body=BodyCode("X01"), kind="group", name="Example Group")
RULEBOOK = packaged("quality-premium-2013-14")
_CONTENT = canonical(RULEBOOK)
RULES = RulebookPublished(
    scheme="quality-premium",
    scheme_year="2013-14",
    rulebook_version=1,
    applies_from=date(2013, 4, 1),
    content=_CONTENT,
    content_hash=content_hash(_CONTENT),
)
YEAR = "2013-04-01..2014-03-31"


def result(measure: str, value: str, period: str = YEAR, unit: str = "x") -> Fact:
    return ResultRecorded(
        measure=measure,
        subject=BodyCode("X01"),
        period=period,
        value=exact(value),
        unit=unit,
    )


HEADS = result("population.registered.gp-list", "88000", "2013-04-01", "heads")
GROUND = (OPENED, GROUP, RULES, HEADS)

RESULTS = {
    "pyll-2013": result("pyll-amenable", "2000", "2013-01-01..2013-12-31"),
    "pyll": result("pyll-amenable", "1936", "2014-01-01..2014-12-31"),
    "admissions-2013": result("avoidable-emergency-admissions", "1500", YEAR),
    "admissions-2014": result(
        "avoidable-emergency-admissions", "1500", "2014-04-01..2015-03-31"
    ),
    "fft": result("fft-rollout-assured", "1"),
    "score-2013": result("fft-score", "60", "2013-04-01..2013-06-30"),
    "score-2014": result("fft-score", "61", "2014-04-01..2014-06-30"),
    "mrsa": result("mrsa-bacteraemia", "0"),
    "c-difficile": result("c-difficile", "30"),
    "readmissions": result("readmissions", "11.9"),
    "dementia": result("dementia-diagnosis", "67"),
    "carers": result("carers-registered", "1200"),
    "rtt": result("rtt-incomplete", "92"),
    "a-and-e": result("a-and-e-4-hours", "95"),
    "cancer": result("cancer-62-day", "85"),
    "red-1": result("red-1", "75"),
    "finance": result("finance.within-resource-limit", "1"),
    "quality": result("quality.no-serious-failure", "1"),
}
"""Results that meet every test exactly: the last value allowed, each time."""


def results(**changed: str) -> tuple[Fact, ...]:
    """All of RESULTS, some with another value (`red_1="74.83"`)."""
    told = dict(RESULTS)
    for name, value in changed.items():
        key = name.replace("_", "-")
        fact = told[key]
        assert isinstance(fact, ResultRecorded)
        told[key] = replace(fact, value=exact(value))
    return tuple(told.values())
