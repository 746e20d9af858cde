"""Judging measures, standards and gates against their tests, unrounded."""

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from typing import ClassVar

from ledger.decisions.assessments.attributing import Found, results_of
from ledger.decisions.fields import Account, Label
from ledger.decisions.handling import on_account
from ledger.decisions.menus import (
    TermsNotAgreed,
    WeightsNotKnown,
    weights_unsettled,
)
from ledger.decisions.preconditions import AccountNotOpen
from ledger.decisions.rulebooks import NoRulebook, Rules, no_rulebook, rules_of
from ledger.events import (
    AssessmentSuperseded,
    Fact,
    GateAssessed,
    IndicatorAssessed,
    RecordId,
    Result,
)
from ledger.money import exact_text
from ledger.premium.account import Assessment, PremiumAccount
from ledger.recorded import Recorded
from ledger.request import Asked, Decision
from ledger.rules.assess import (
    Judgement,
    Key,
    judge,
    measure_test,
    needs,
    percentage_baselines,
)
from ledger.rules.assess import (
    asked as asks,
)
from ledger.rules.award import ENGINE
from ledger.rules.book import Rulebook, consequences
from ledger.rules.clauses import Judged as Test
from ledger.rules.clauses import leaves
from ledger.rules.stakes import stakes
from ledger.values import value

Results = Callable[[str, str], Found]
"""The result of an indicator for a period that counts for the account's body."""


@value
class AssessIndicator:
    """Judge one measure of an account on the results recorded."""

    NAME: ClassVar[str] = "assess-indicator"

    account: Account
    measure: Label
    """The measure of the rules, such as pyll."""


@value
class AssessGate:
    """Judge one gate, or one standard whose miss reduces the award."""

    NAME: ClassVar[str] = "assess-gate"

    account: Account
    gate: Label
    """The clause of a gate or reduction, such as constitution.rtt."""


@value
class NotInRulebook:
    """The rules know nothing under that name."""

    NAME: ClassVar[str] = "not-in-rulebook"

    named: str
    known: tuple[str, ...]

    def __str__(self) -> str:
        return f"the rules have no {self.named!r}; they have {', '.join(self.known)}"


@value
class TestNotAgreed:
    """The test, or its threshold, is left to an agreement that is not recorded."""

    NAME: ClassVar[str] = "test-not-agreed"
    __test__: ClassVar[bool] = False  # Not a test of ours: pytest, leave it.

    measure: str

    def __str__(self) -> str:
        return (
            f"{self.measure} is left to agreement and no agreement is recorded: "
            "record the terms first"
        )


@value
class NoResult:
    """Results that the test needs are not recorded: the measure stays open."""

    NAME: ClassVar[str] = "no-result"

    named: str
    missing: tuple[str, ...]  # `indicator for period`.

    def __str__(self) -> str:
        return f"{self.named} stays open: no result of {', '.join(self.missing)}"


@value
class TestNotKnown:
    """No source says how it is tested, so it can be neither met nor missed."""

    NAME: ClassVar[str] = "test-not-known"
    __test__: ClassVar[bool] = False  # Not a test of ours: pytest, leave it.

    named: str
    clauses: tuple[str, ...]  # Whose test or threshold is not known.

    def __str__(self) -> str:
        return (
            f"{self.named} stays open: no source says what {', '.join(self.clauses)} "
            "asks for"
        )


@value
class BaselineNotAboveZero:
    """A percentage cannot be taken of a baseline of zero or below."""

    NAME: ClassVar[str] = "baseline-not-above-zero"

    named: str
    baselines: tuple[str, ...]  # `value of indicator for period`.

    def __str__(self) -> str:
        return (
            f"{self.named} stays open: no percentage can be taken of a baseline that "
            f"is {', or '.join(self.baselines)}"
        )


@value
class EvidencePublishedLater:
    """A result that decides was published only after the day of the decision."""

    NAME: ClassVar[str] = "evidence-published-later"

    result: RecordId
    published_on: date
    decided_on: date

    def __str__(self) -> str:
        return (
            f"{self.result} was published on {self.published_on}: a decision of "
            f"{self.decided_on} cannot rest on it"
        )


REFUSALS = (
    AccountNotOpen,
    NoRulebook,
    WeightsNotKnown,
    TermsNotAgreed,
    NotInRulebook,
    TestNotAgreed,
    NoResult,
    TestNotKnown,
    BaselineNotAboveZero,
    EvidencePublishedLater,
)


@value
class Judged:
    """A test applied to an account's results: what came out and what it rests on."""

    judgement: Judgement
    earned: Fraction  # From 0 to 1.
    evidence: tuple[RecordId, ...]


def assess_indicator(
    command: AssessIndicator,
    account: PremiumAccount,
    asked: Asked,
    *,
    rules: Rules | None,
    results: Results,
) -> Decision:
    """Decide whether a measure was met; the same judgement again adds nothing.

    Args:
        rules: The rulebook in force on the day of the decision.
        results: Where the results of the account's body are found.
    """
    if account.opened is None:
        return AccountNotOpen(account=command.account)
    if rules is None:
        return no_rulebook(command.account, asked)
    if unsettled := weights_unsettled(rules.rulebook, account.terms):
        return unsettled
    at_stake = {one.id: one for one in stakes(rules.rulebook, account.terms)}
    known = tuple(at_stake)
    if command.measure not in known:
        return NotInRulebook(named=command.measure, known=known)
    test = measure_test(rules.rulebook, command.measure, account.terms)
    if test is None:
        return TestNotAgreed(measure=command.measure)
    judged = _judged(command.measure, test, account, results, asked)
    if not isinstance(judged, Judged):
        return judged
    before = account.indicators.get(command.measure)
    assessed = IndicatorAssessed(
        account=command.account,
        measure=command.measure,
        earned=judged.earned,
        evidence=judged.evidence,
        clauses=_clauses(at_stake[command.measure].clauses, judged),
        rulebook=rules.recorded.id,
        rulebook_hash=rules.published.content_hash,
        engine=ENGINE,
    )
    if before and before.fact == assessed:
        return ()
    return (*_superseded(command.measure, before, account), assessed)


def assess_gate(
    command: AssessGate,
    account: PremiumAccount,
    asked: Asked,
    *,
    rules: Rules | None,
    results: Results,
) -> Decision:
    """Decide whether a gate was passed; the same judgement again adds nothing."""
    if account.opened is None:
        return AccountNotOpen(account=command.account)
    if rules is None:
        return no_rulebook(command.account, asked)
    tests = gate_tests(rules.rulebook)
    if command.gate not in tests:
        return NotInRulebook(named=command.gate, known=tuple(tests))
    judged = _judged(command.gate, tests[command.gate], account, results, asked)
    if not isinstance(judged, Judged):
        return judged
    before = account.gates.get(command.gate)
    assessed = GateAssessed(
        account=command.account,
        gate=command.gate,
        passed=bool(judged.judgement.met),
        evidence=judged.evidence,
        clauses=_clauses((command.gate,), judged),
        rulebook=rules.recorded.id,
        rulebook_hash=rules.published.content_hash,
        engine=ENGINE,
    )
    if before and before.fact == assessed:
        return ()
    return (*_superseded(command.gate, before, account), assessed)


def _superseded(
    item: str,
    before: Assessment[IndicatorAssessed] | Assessment[GateAssessed] | None,
    account: PremiumAccount,
) -> tuple[Fact, ...]:
    """That the confirmed award's judgement no longer counts, where it rests on it."""
    if before is None or account.confirmed is None:
        return ()
    if before.record not in account.assessed:
        return ()
    return (
        AssessmentSuperseded(
            account=account.account,
            item=item,
            assessment=before.record,
            determination=account.confirmed.determination,
        ),
    )


def gate_tests(rulebook: Rulebook) -> Mapping[str, Test]:
    """Every reduction and gate with its test, in the order they bite."""
    return {one.id: one.test for one in consequences(rulebook)}


def _clauses(named: tuple[str, ...], judged: Judged) -> tuple[str, ...]:
    """The clauses judged and those the test used, each once."""
    return tuple(dict.fromkeys((*named, *judged.judgement.clauses)))


def _open(
    named: str, test: Test, account: PremiumAccount, values: Mapping[Key, Fraction]
) -> NoResult | TestNotKnown | BaselineNotAboveZero:
    """Why a test is neither met nor missed, the first reason that applies."""
    keys = needs(test, account.terms)
    missing = tuple(
        f"{name} for {when}" for name, when in keys if (name, when) not in values
    )
    if missing:
        return NoResult(named=named, missing=missing)
    unknown = tuple(leaf.id for leaf in leaves(test) if asks(leaf) == "unknown")
    if unknown or test == "unknown":
        return TestNotKnown(named=named, clauses=unknown or (named,))
    baselines = tuple(
        f"{exact_text(values[key])} ({key[0]} for {key[1]})"
        for key in percentage_baselines(test)
        if values[key] <= 0
    )
    return BaselineNotAboveZero(named=named, baselines=baselines)


def _judged(
    named: str, test: Test, account: PremiumAccount, results: Results, asked: Asked
) -> Judged | NoResult | TestNotKnown | BaselineNotAboveZero | EvidencePublishedLater:
    """Apply a test to what is recorded, latest correction first."""
    keys = needs(test, account.terms)
    found: dict[Key, Recorded] = {}
    attributions: dict[Key, RecordId] = {}
    values: dict[Key, Fraction] = {}
    for key in keys:
        stream, attributed = results(*key)
        if stream:
            fact = stream[-1].fact
            assert isinstance(fact, Result)
            found[key] = stream[-1]
            values[key] = fact.value
            if attributed is not None:
                attributions[key] = attributed
    judgement = judge(test, values, account.terms, asked.decided_on)
    if judgement.earned is None:
        return _open(named, test, account, values)
    evidence = [found[key] for key in judgement.used]
    for recorded in evidence:
        fact = recorded.fact
        assert isinstance(fact, Result)
        if fact.published_on is not None and fact.published_on > asked.decided_on:
            return EvidencePublishedLater(
                result=recorded.id,
                published_on=fact.published_on,
                decided_on=asked.decided_on,
            )
    ids = [recorded.id for recorded in evidence]
    used = (attributions[key] for key in judgement.used if key in attributions)
    ids += dict.fromkeys(used)
    if account.terms_record is not None and _rests_on_terms(judgement, account):
        ids.append(account.terms_record)
    return Judged(judgement=judgement, earned=judgement.earned, evidence=tuple(ids))


def _rests_on_terms(judgement: Judgement, account: PremiumAccount) -> bool:
    """Whether the test itself, or a threshold it used, was agreed with the body."""
    assert account.terms is not None
    targets = {target.clause for target in account.terms.targets}
    tests = {agreed.measure for agreed in account.terms.tests}
    return bool((targets | tests) & set(judgement.clauses))


HANDLES = (
    on_account(
        AssessIndicator,
        assess_indicator,
        by="analyst",
        records=IndicatorAssessed,
        rules=rules_of,
        results=results_of,
    ),
    on_account(
        AssessGate,
        assess_gate,
        by="analyst",
        records=GateAssessed,
        rules=rules_of,
        results=results_of,
    ),
)
