"""Calculating what was earned, putting it forward, confirming it."""

from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar

from ledger.account import PremiumAccount
from ledger.decisions.accounts import NoRulebook, no_rulebook
from ledger.decisions.assessments import (
    AccountNotOpen,
    AwardAlreadyConfirmed,
    gate_tests,
)
from ledger.decisions.menus import (
    TermsNotAgreed,
    WeightsNotKnown,
    weights_unsettled,
)
from ledger.decisions.rulebooks import Rules
from ledger.events import (
    AccountId,
    AwardConfirmed,
    AwardProposed,
    Closed,
    PartyId,
)
from ledger.request import Asked, Decision
from ledger.rules.award import ENGINE, Determination, determine
from ledger.rules.book import Rulebook
from ledger.rules.percent import unknown_percents
from ledger.rules.stakes import Stake, stakes


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeAward(Closed):
    """Calculate the award of an account and put it forward."""

    NAME: ClassVar[str] = "propose-award"
    TEXTS: ClassVar[tuple[str, ...]] = ()
    NAMES: ClassVar[dict[str, str]] = {}

    account: AccountId


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmAward(Closed):
    """Confirm an award that another person put forward."""

    NAME: ClassVar[str] = "confirm-award"
    TEXTS: ClassVar[tuple[str, ...]] = ()
    NAMES: ClassVar[dict[str, str]] = {}

    account: AccountId
    determination: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NotAllAssessed:
    """Measures or gates are open, so the award is a range, not a figure."""

    NAME: ClassVar[str] = "not-all-assessed"

    open: tuple[str, ...]

    def __str__(self) -> str:
        return f"the award is still a range: not assessed are {', '.join(self.open)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesChanged:
    """The rules in force are not those that something was assessed under."""

    NAME: ClassVar[str] = "rules-changed"

    named: str

    def __str__(self) -> str:
        return (
            f"{self.named} was assessed under another version of the rules: "
            "assess it again"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SlicesOfOtherRules:
    """The account was opened on measures that the rules in force do not have."""

    NAME: ClassVar[str] = "slices-of-other-rules"

    named: tuple[str, ...]

    def __str__(self) -> str:
        return (
            f"the account has slices for {', '.join(self.named)}, which the rules in "
            "force do not have: no award follows from them"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PercentNotKnown:
    """Something was missed, and no source says what that takes off."""

    NAME: ClassVar[str] = "percent-not-known"

    named: tuple[str, ...]

    def __str__(self) -> str:
        return (
            f"the award is still a range: {', '.join(self.named)} was missed, and no "
            "source says what that takes off"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NoSuchProposal:
    """No award with that number is waiting to be confirmed."""

    NAME: ClassVar[str] = "no-such-proposal"

    account: str
    determination: int
    proposed: int | None  # The number that is waiting, if any.

    def __str__(self) -> str:
        waiting = (
            "no award is proposed"
            if self.proposed is None
            else f"determination {self.proposed} is proposed"
        )
        return f"determination {self.determination} of {self.account}: {waiting}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SamePerson:
    """Whoever put something forward cannot also decide it."""

    NAME: ClassVar[str] = "same-person"

    person: PartyId
    what: str

    def __str__(self) -> str:
        return f"{self.person} {self.what}: another person must decide"


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessedSince:
    """Something was assessed again after the award was put forward."""

    NAME: ClassVar[str] = "assessed-since"

    determination: int
    named: tuple[str, ...]

    def __str__(self) -> str:
        return (
            f"{', '.join(self.named)} was assessed again after determination "
            f"{self.determination} was proposed: propose again"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DateRunsBackwards:
    """An accounting date lies before that of what it follows from."""

    NAME: ClassVar[str] = "date-runs-backwards"

    what: str
    on: date
    follows: str
    followed_on: date

    def __str__(self) -> str:
        return (
            f"{self.what} on {self.on} would come before {self.follows} "
            f"on {self.followed_on}"
        )


AwardRefusal = (
    AccountNotOpen
    | NoRulebook
    | WeightsNotKnown
    | TermsNotAgreed
    | SlicesOfOtherRules
    | NotAllAssessed
    | RulesChanged
    | PercentNotKnown
    | AwardAlreadyConfirmed
    | NoSuchProposal
    | SamePerson
    | AssessedSince
    | DateRunsBackwards
)


def propose_award(
    command: ProposeAward, account: PremiumAccount, rules: Rules | None, asked: Asked
) -> Decision:
    """Calculate the award from the assessments that count, and put it forward.

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
    if account.confirmed is not None:
        return AwardAlreadyConfirmed(
            account=command.account, determination=account.confirmed.determination
        )
    unsettled = weights_unsettled(rules.rulebook, account.terms)
    if unsettled is not None:
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
    unknown = unknown_percents(rules.rulebook, missed)
    if unknown:
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
    if before.fact == proposed:
        return ()
    return (replace(proposed, determination=before.fact.determination + 1),)


def confirm_award(
    command: ConfirmAward, account: PremiumAccount, asked: Asked
) -> Decision:
    """Decide whether an award is confirmed: by another person, and posted.

    Returns:
        One confirmation with the moves of the proposal; nothing if that very
        determination is confirmed already; otherwise a refusal.
    """
    if account.opened is None:
        return AccountNotOpen(account=command.account)
    if account.confirmed is not None:
        if account.confirmed.determination == command.determination:
            return ()
        return AwardAlreadyConfirmed(
            account=command.account, determination=account.confirmed.determination
        )
    proposal = account.proposal
    if proposal is None or proposal.fact.determination != command.determination:
        return NoSuchProposal(
            account=command.account,
            determination=command.determination,
            proposed=proposal.fact.determination if proposal else None,
        )
    if asked.by.party == proposal.proposed_by:
        return SamePerson(
            person=asked.by.party,
            what=f"proposed determination {command.determination}",
        )
    rests_on = proposal.fact.assessments
    since = [n for n, a in account.assessments.items() if a.record not in rests_on]
    if since:
        return AssessedSince(determination=command.determination, named=tuple(since))
    follows = max(proposal.effective_on, account.opened_on or proposal.effective_on)
    if asked.effective_on < follows:
        return DateRunsBackwards(
            what="a confirmation",
            on=asked.effective_on,
            follows="its proposal",
            followed_on=follows,
        )
    return (
        AwardConfirmed(
            account=command.account,
            determination=command.determination,
            proposal=proposal.record,
            total_pence=proposal.fact.total_pence,
            moves=proposal.fact.moves,
        ),
    )


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
