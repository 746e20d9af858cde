"""Opening a body's premium for a scheme year, and what is agreed with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar

from pydantic import AfterValidator

from ledger.account import PremiumAccount
from ledger.decisions.bodies import UnknownBody, registered
from ledger.decisions.rulebooks import Rules
from ledger.events import (
    AccountId,
    AccountOpened,
    AgreedTarget,
    AgreedTest,
    Closed,
    MenuPick,
    PartyId,
    ResultRecorded,
    TermsAgreed,
)
from ledger.recorded import Recorded, account_parts
from ledger.request import Asked, Decision
from ledger.rules.clauses import leaves, period
from ledger.rules.rulebook import slices


def _well_formed(tests: tuple[AgreedTest, ...]) -> tuple[AgreedTest, ...]:
    for test in tests:
        period(test.period)
        if test.baseline_period is not None:
            period(test.baseline_period)
        if (test.baseline_period is None) is not (test.change is None):
            raise ValueError(
                f"the test of {test.measure} needs both baseline_period and change, "
                "or neither"
            )
    return tests


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAccount(Closed):
    """Open a body's premium on one population that is recorded for it."""

    NAME: ClassVar[str] = "open-account"
    TEXTS: ClassVar[tuple[str, ...]] = ()
    NAMES: ClassVar[dict[str, str]] = {}

    account: AccountId
    population: str  # The measure, such as `population.registered.gp-list`.
    as_at: date  # The day the population was counted for.


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreeTerms(Closed):
    """Record what was agreed where the rulebook leaves a measure to agreement."""

    NAME: ClassVar[str] = "agree-terms"
    TEXTS: ClassVar[tuple[str, ...]] = ()
    NAMES: ClassVar[dict[str, str]] = {}

    account: AccountId
    agreed_on: date
    agreed_by: tuple[PartyId, ...]
    tests: Annotated[tuple[AgreedTest, ...], AfterValidator(_well_formed)] = ()
    targets: tuple[AgreedTarget, ...] = ()
    picks: tuple[MenuPick, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NotAGroup:
    """Only a group has a premium."""

    NAME: ClassVar[str] = "not-a-group"

    body: str
    kind: str

    def __str__(self) -> str:
        return f"{self.body} is a {self.kind}: only a group has a premium"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoRulebook:
    """No rules are published for the scheme year that apply on the day."""

    NAME: ClassVar[str] = "no-rulebook"

    scheme: str
    scheme_year: str
    decided_on: date

    def __str__(self) -> str:
        return (
            f"no rulebook of {self.scheme} {self.scheme_year} applies on "
            f"{self.decided_on}: publish one first"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountAlreadyOpen:
    """The account is open on another population."""

    NAME: ClassVar[str] = "account-already-open"

    account: str
    heads: int
    heads_basis: str

    def __str__(self) -> str:
        return (
            f"{self.account} is open on {self.heads:,} heads ({self.heads_basis}): "
            "explain shows other bases without recording anything"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NoPopulation:
    """The population asked for is not recorded for the body."""

    NAME: ClassVar[str] = "no-population"

    body: str
    population: str
    as_at: date

    def __str__(self) -> str:
        return (
            f"no {self.population} of {self.body} as at {self.as_at} is recorded: "
            "import populations first"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NotWholeHeads:
    """A population must be a whole number of people above zero."""

    NAME: ClassVar[str] = "not-whole-heads"

    value: str

    def __str__(self) -> str:
        return f"{self.value} is no number of heads: it must be whole and above zero"


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueNotSet:
    """The rules do not say yet what a head is worth."""

    NAME: ClassVar[str] = "value-not-set"

    scheme: str
    scheme_year: str

    def __str__(self) -> str:
        return (
            f"the value per head of {self.scheme} {self.scheme_year} is not set yet: "
            "an account can be opened once a rulebook version states it"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NotLeftToAgreement:
    """The rulebook leaves nothing to agree under that name."""

    NAME: ClassVar[str] = "not-left-to-agreement"

    named: str
    open_to_agreement: tuple[str, ...]

    def __str__(self) -> str:
        return (
            f"the rules leave no {self.named!r} to agreement: "
            f"they leave {', '.join(self.open_to_agreement) or 'nothing'}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsInUse:
    """The terms were used: an assessment or award stands on them."""

    NAME: ClassVar[str] = "terms-in-use"

    named: str

    def __str__(self) -> str:
        return (
            f"{self.named} is assessed under the terms as they stand: "
            "agreeing on other terms now would change its meaning"
        )


AccountRefusal = (
    UnknownBody
    | NotAGroup
    | NoRulebook
    | AccountAlreadyOpen
    | NoPopulation
    | NotWholeHeads
    | ValueNotSet
    | NotLeftToAgreement
    | TermsInUse
)


def no_rulebook(account: AccountId, asked: Asked) -> NoRulebook:
    """The refusal where no rules of an account's scheme year apply on a day."""
    scheme, scheme_year, _ = account_parts(account)
    return NoRulebook(
        scheme=scheme, scheme_year=scheme_year, decided_on=asked.decided_on
    )


def open_account(
    command: OpenAccount,
    account: PremiumAccount,
    asked: Asked,
    *,
    body: Sequence[Recorded],
    rules: Rules | None,
    population: Sequence[Recorded],
) -> Decision:
    """Decide whether a body's premium for a scheme year may begin.

    Args:
        body: The records of the body's stream.
        rules: The rulebook in force on the day of the decision.
        population: The records of the population result asked for.

    Returns:
        One opening with the maximum and its slices; nothing if it is open on the
        same population; otherwise the first refusal that applies.

    Source: DESIGN 5 (slices are fixed at opening).
    """
    scheme, scheme_year, code = account_parts(command.account)
    known = registered(body)
    if known is None:
        return UnknownBody(body=code)
    if known.kind != "group":
        return NotAGroup(body=code, kind=known.kind)
    if rules is None:
        return no_rulebook(command.account, asked)
    if account.opened is not None:
        opened = account.opened
        same = (opened.heads_basis, opened.heads_as_at)
        if same == (command.population, command.as_at):
            return ()
        return AccountAlreadyOpen(
            account=command.account, heads=opened.heads, heads_basis=opened.heads_basis
        )
    if not population:
        return NoPopulation(
            body=code, population=command.population, as_at=command.as_at
        )
    result = population[-1].fact
    assert isinstance(result, ResultRecorded)
    if result.value.denominator != 1 or result.value <= 0:
        return NotWholeHeads(value=str(result.value))
    per_head_pence = rules.rulebook.value.pence_per_head
    if per_head_pence is None:
        return ValueNotSet(scheme=scheme, scheme_year=scheme_year)

    # From here on the opening must succeed.
    heads = result.value.numerator
    return (
        AccountOpened(
            account=command.account,
            heads=heads,
            heads_basis=result.measure,
            heads_as_at=command.as_at,
            heads_result=population[-1].id,
            rulebook=rules.recorded.id,
            rulebook_hash=rules.published.content_hash,
            value_per_head_pence=per_head_pence,
            maximum_pence=heads * per_head_pence,
            slices=slices(rules.rulebook, heads * per_head_pence),
        ),
    )


def agree_terms(
    command: AgreeTerms,
    account: PremiumAccount,
    asked: Asked,
    *,
    body: Sequence[Recorded],
    rules: Rules | None,
) -> Decision:
    """Decide whether an agreement is recorded; the same one again adds nothing.

    Terms may be agreed before the account is opened, and replaced until something
    was assessed under them. Each replaces the terms before it as a whole.
    """
    _, _, code = account_parts(command.account)
    if not body:
        return UnknownBody(body=code)
    if rules is None:
        return no_rulebook(command.account, asked)
    open_tests, open_targets = _left_to_agreement(rules)
    for named, allowed in (
        *((test.measure, open_tests) for test in command.tests),
        *((target.clause, open_targets) for target in command.targets),
        *((pick.measure, ()) for pick in command.picks),
    ):
        if named not in allowed:
            return NotLeftToAgreement(
                named=named, open_to_agreement=(*open_tests, *open_targets)
            )
    agreed = TermsAgreed(
        account=command.account,
        agreed_on=command.agreed_on,
        agreed_by=command.agreed_by,
        tests=command.tests,
        targets=command.targets,
        picks=command.picks,
    )
    if account.terms == agreed:
        return ()
    for measure in _changed(account, agreed):
        return TermsInUse(named=measure)
    return (agreed,)


def _left_to_agreement(rules: Rules) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Measures whose test, and test clauses whose threshold, is to be agreed."""
    measures = rules.rulebook.measures
    tests = [m.test for m in measures if m.test != "agreed"]
    tests += [reduction.test for reduction in rules.rulebook.reductions]
    tests += [gate.test for gate in rules.rulebook.gates]
    thresholds = tuple(
        leaf.id
        for test in tests
        for leaf in leaves(test)
        if getattr(leaf, "threshold", None) == "agreed"
    )
    return tuple(m.id for m in measures if m.test == "agreed"), thresholds


def _changed(account: PremiumAccount, agreed: TermsAgreed) -> list[str]:
    """Assessed measures whose agreed test or targets would be others."""
    before = account.terms
    tests_before = {t.measure: t for t in before.tests} if before else {}
    targets_before = {t.clause: t for t in before.targets} if before else {}
    tests = {t.measure: t for t in agreed.tests}
    targets = {t.clause: t for t in agreed.targets}
    changed_targets = {
        clause
        for clause in targets_before.keys() | targets.keys()
        if targets_before.get(clause) != targets.get(clause)
    }
    return [
        measure
        for measure, assessment in account.indicators.items()
        if tests_before.get(measure) != tests.get(measure)
        or changed_targets & set(assessment.fact.clauses)
    ]
