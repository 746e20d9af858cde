"""Calculating what was earned, and putting it forward."""

from dataclasses import replace
from typing import ClassVar

from ledger.decisions.assessments.judging import gate_tests
from ledger.decisions.fields import Account
from ledger.decisions.handling import on_account
from ledger.decisions.menus import (
    TermsNotAgreed,
    WeightsNotKnown,
    weights_unsettled,
)
from ledger.decisions.preconditions import AccountNotOpen
from ledger.decisions.rulebooks import NoRulebook, Rules, no_rulebook, rules_of
from ledger.events import (
    AwardProposed,
)
from ledger.premium.account import PremiumAccount
from ledger.request import Asked, Decision
from ledger.rules.award import ENGINE, Determination, determine
from ledger.rules.book import Rulebook
from ledger.rules.percent import unknown_percents
from ledger.rules.stakes import Stake, stakes
from ledger.values import value


@value
class ProposeAward:
    """Calculate the award of an account and put it forward."""

    NAME: ClassVar[str] = "propose-award"

    account: Account


@value
class NotAllAssessed:
    """Measures or gates are open, so the award is a range, not a figure."""

    NAME: ClassVar[str] = "not-all-assessed"

    open: tuple[str, ...]

    def __str__(self) -> str:
        return f"the award is still a range: not assessed are {', '.join(self.open)}"


@value
class RulesChanged:
    """The rules in force are not those that something was assessed under."""

    NAME: ClassVar[str] = "rules-changed"

    named: str

    def __str__(self) -> str:
        return (
            f"{self.named} was assessed under another version of the rules: "
            "assess it again"
        )


@value
class SlicesOfOtherRules:
    """The account was opened on measures that the rules in force do not have."""

    NAME: ClassVar[str] = "slices-of-other-rules"

    named: tuple[str, ...]

    def __str__(self) -> str:
        return (
            f"the account has slices for {', '.join(self.named)}, which the rules in "
            "force do not have: no award follows from them"
        )


@value
class PercentNotKnown:
    """Something was missed, and no source says what that takes off."""

    NAME: ClassVar[str] = "percent-not-known"

    named: tuple[str, ...]

    def __str__(self) -> str:
        return (
            f"the award is still a range: {', '.join(self.named)} was missed, and no "
            "source says what that takes off"
        )


REFUSALS = (
    AccountNotOpen,
    NoRulebook,
    WeightsNotKnown,
    TermsNotAgreed,
    SlicesOfOtherRules,
    NotAllAssessed,
    RulesChanged,
    PercentNotKnown,
)


def propose_award(
    command: ProposeAward,
    account: PremiumAccount,
    asked: Asked,
    *,
    rules: Rules | None,
) -> Decision:
    """Calculate the award from the assessments that count, and put it forward.

    After one was confirmed this is a re-determination: the next number, calculated as
    though nothing had been posted.

    Returns:
        One proposal with its lines, reductions and the moves that confirming it
        will post; nothing if the same one is waiting; otherwise a refusal.

    Source: DESIGN 5 (rounded once), dossier sections 3 and 4 (order of reductions).
    """
    opened = account.opened
    if opened is None:
        return AccountNotOpen(account=command.account)
    if rules is None:
        return no_rulebook(command.account, asked)
    if unsettled := weights_unsettled(rules.rulebook, account.terms):
        return unsettled
    at_stake = stakes(rules.rulebook, account.terms)
    measures = [stake.id for stake in at_stake]
    strange = {one.measure for one in opened.slices}.difference(measures)
    if strange:
        return SlicesOfOtherRules(named=tuple(sorted(strange)))
    gates = list(gate_tests(rules.rulebook))
    assessed = account.assessments
    still_open = tuple(named for named in (*measures, *gates) if named not in assessed)
    if still_open:
        return NotAllAssessed(open=still_open)
    digest = rules.published.content_hash
    for named in (*measures, *gates):
        if assessed[named].fact.rulebook_hash != digest:
            return RulesChanged(named=named)
    earned = {m: account.indicators[m].fact.earned for m in measures}
    missed = {g: not account.gates[g].fact.passed for g in gates}
    if unknown := unknown_percents(rules.rulebook, missed):
        return PercentNotKnown(named=unknown)

    # From here on the proposal must succeed.
    award = determine(
        rules.rulebook, opened.slices, earned, missed, terms=account.terms
    )
    before = account.proposal
    proposed = AwardProposed(
        account=command.account,
        determination=before.fact.determination if before else 1,
        maximum_pence=opened.maximum_pence,
        earned_pence=award.earned_pence,
        before_gates_pence=award.before_gates_pence,
        total_pence=award.total_pence,
        lines=award.lines,
        reductions=award.reductions,
        moves=award.moves,
        assessments=tuple(assessed[named].record for named in (*measures, *gates)),
        clauses=_clauses(rules.rulebook, at_stake, award),
        rulebook=rules.recorded.id,
        rulebook_hash=digest,
        engine=ENGINE,
    )
    if before is None:
        return (proposed,)
    if before.fact == proposed and account.refused != proposed.determination:
        return ()
    return (replace(proposed, determination=before.fact.determination + 1),)


def _clauses(
    rulebook: Rulebook, at_stake: tuple[Stake, ...], award: Determination
) -> tuple[str, ...]:
    """Every clause that the figure rests on, in the order it is worked out."""
    readings = (rulebook.reduction_base, rulebook.reduction_combination)
    weights = dict.fromkeys(clause for stake in at_stake for clause in stake.clauses)
    return (
        rulebook.value.id,
        rulebook.population.id,
        *weights,
        *(reduction.clause for reduction in award.reductions),
        *(reading.id for reading in readings if award.reductions),
        rulebook.rounding.id,
    )


HANDLES = (
    on_account(
        ProposeAward, propose_award, by="analyst", records=AwardProposed, rules=rules_of
    ),
)
