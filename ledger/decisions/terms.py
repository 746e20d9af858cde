"""Agreeing with a body on what the rules leave to agreement."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Annotated, ClassVar

from pydantic import AfterValidator

from ledger.calendar import HappenedOn
from ledger.decisions.bodies import UnknownBody, body_of
from ledger.decisions.fields import Account, Agreeing, Document, Label
from ledger.decisions.handling import on_account
from ledger.decisions.menus import (
    NotOnMenu,
    PicksInUse,
    WeightsNotKnown,
    WrongNumberOfPicks,
    WrongSplit,
    menus,
    picks_amiss,
)
from ledger.decisions.preconditions import AccountNotOpen
from ledger.decisions.rulebooks import NoRulebook, Rules, no_rulebook, rules_of
from ledger.events import (
    AgreedTarget,
    AgreedTest,
    Commitment,
    MenuPick,
    TargetRebased,
    TermsAgreed,
)
from ledger.money import GivenRate
from ledger.premium.account import PremiumAccount
from ledger.recorded import Recorded, account_parts
from ledger.request import Asked, Decision
from ledger.rules.assess import asked as asks
from ledger.rules.book import Rulebook, consequences
from ledger.rules.catalogue import of_finance
from ledger.rules.clauses import leaves
from ledger.rules.stakes import judged
from ledger.values import Prose, value


def _well_formed(tests: tuple[AgreedTest, ...]) -> tuple[AgreedTest, ...]:
    for test in tests:
        if (test.baseline_period is None) is not (test.change is None):
            raise ValueError(
                f"the test of {test.measure} needs both baseline_period and change, "
                "or neither"
            )
        if len(test.title.split()) < 2:
            raise ValueError(
                f"the title {test.title!r} does not say what is measured: "
                "write it in words, such as 'Dementia: more people diagnosed'"
            )
    return tests


@value
class AgreeTerms:
    """Record what was agreed where the rulebook leaves a measure to agreement."""

    NAME: ClassVar[str] = "agree-terms"

    account: Account
    agreed_on: HappenedOn
    """The day it was agreed."""
    agreed_by: Agreeing
    tests: Annotated[tuple[AgreedTest, ...], AfterValidator(_well_formed)] = ()
    """The tests that the rules leave to agreement."""
    targets: tuple[AgreedTarget, ...] = ()
    """The thresholds that the rules leave to agreement."""
    picks: tuple[MenuPick, ...] = ()
    """The parts picked from the menus of the rules."""


@value
class RebaseTarget:
    """Set again a threshold that was agreed with a body."""

    NAME: ClassVar[str] = "rebase-target"

    account: Account
    clause: Label
    """The clause of the threshold, or the measure whose test was agreed."""
    target: GivenRate
    """The new threshold, exact, such as 3.2."""
    agreed_on: HappenedOn
    """The day it was agreed."""
    agreed_by: Agreeing
    reason: Prose
    """Why it is set again."""
    document: Document = None


@value
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


@value
class FinanceMeasure:
    """A body would be rewarded for saving money, not for quality."""

    NAME: ClassVar[str] = "finance-measure"

    measure: str
    indicator: str

    def __str__(self) -> str:
        return (
            f"{self.measure} would be earned by {self.indicator}, which is about "
            "money: the reward is for quality, not for saving money"
        )


@value
class TermsInUse:
    """The terms were used: an assessment or award stands on them."""

    NAME: ClassVar[str] = "terms-in-use"

    named: str

    def __str__(self) -> str:
        return (
            f"{self.named} is assessed under the terms as they stand: "
            "agreeing on other terms now would change its meaning"
        )


@value
class NotAgreed:
    """No threshold is agreed for the clause, so none can be set again."""

    NAME: ClassVar[str] = "not-agreed"

    clause: str
    agreed: tuple[str, ...]

    def __str__(self) -> str:
        return (
            f"no threshold of {self.clause!r} is agreed: "
            f"agreed are {', '.join(self.agreed) or 'none'}"
        )


REFUSALS = (
    UnknownBody,
    NoRulebook,
    AccountNotOpen,
    NotLeftToAgreement,
    FinanceMeasure,
    NotOnMenu,
    WrongNumberOfPicks,
    WeightsNotKnown,
    WrongSplit,
    PicksInUse,
    TermsInUse,
    NotAgreed,
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
    open_tests, open_targets = left_to_agreement(rules.rulebook)
    open_picks = tuple(menus(rules.rulebook))
    for named, allowed in (
        *((test.measure, open_tests) for test in command.tests),
        *((target.clause, open_targets) for target in command.targets),
        *((pick.menu, open_picks) for pick in command.picks),
    ):
        if named not in allowed:
            return NotLeftToAgreement(
                named=named,
                open_to_agreement=(*open_tests, *open_targets, *open_picks),
            )
    for test in command.tests:
        if of_finance(test.indicator):
            return FinanceMeasure(measure=test.measure, indicator=test.indicator)
    amiss = picks_amiss(rules.rulebook, command.picks, account)
    if amiss is not None:
        return amiss
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


def left_to_agreement(rulebook: Rulebook) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Measures whose test, and test clauses whose threshold, is to be agreed."""
    earning = tuple(judged(rulebook))
    tests = [one.test for one in earning if one.test is not None]
    tests += [one.test for one in consequences(rulebook)]
    targets = tuple(
        leaf.id for test in tests for leaf in leaves(test) if asks(leaf) == "agreed"
    )
    return tuple(one.id for one in earning if one.test == "agreed"), targets


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


def rebase_target(
    command: RebaseTarget, account: PremiumAccount, asked: Asked
) -> Decision:
    """Decide whether an agreed threshold is set again, also after it was used.

    Returns:
        That it was rebased, and the terms with it; the same threshold adds nothing.
        What was judged on the one before stands until it is judged again.

    Source: dossier section 2 (targets re-issued after the year began).
    """
    if account.opened is None:
        return AccountNotOpen(account=command.account)
    terms = account.terms
    agreed: dict[str, Fraction] = {}
    if terms is not None:
        agreed |= {one.clause: one.target for one in terms.targets}
        agreed |= {one.measure: one.threshold for one in terms.tests}
    if terms is None or account.terms_record is None or command.clause not in agreed:
        return NotAgreed(clause=command.clause, agreed=tuple(agreed))
    if agreed[command.clause] == command.target:
        return ()
    tests: tuple[AgreedTest, ...] = tuple(
        replace(one, threshold=command.target) if one.measure == command.clause else one
        for one in terms.tests
    )
    targets = tuple(
        replace(one, target=command.target) if one.clause == command.clause else one
        for one in terms.targets
    )
    return (
        TargetRebased(
            account=command.account,
            clause=command.clause,
            before=agreed[command.clause],
            target=command.target,
            terms=account.terms_record,
            agreed_on=command.agreed_on,
            agreed_by=command.agreed_by,
            reason=Commitment(command.reason),
            document=command.document,
        ),
        replace(
            terms,
            agreed_on=command.agreed_on,
            agreed_by=command.agreed_by,
            tests=tests,
            targets=targets,
        ),
    )


HANDLES = (
    on_account(
        AgreeTerms,
        agree_terms,
        by="analyst",
        records=TermsAgreed,
        body=body_of,
        rules=rules_of,
    ),
    on_account(RebaseTarget, rebase_target, by="analyst", records=TargetRebased),
)
