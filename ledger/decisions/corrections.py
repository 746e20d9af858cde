"""What was measured or agreed, set right: results, heads, targets."""

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import date
from fractions import Fraction
from typing import ClassVar

from ledger.decisions.accounts import (
    NoPopulation,
    NotPaidByHead,
    NotWholeHeads,
    ValueNotSet,
)
from ledger.decisions.awards.proposing import SlicesOfOtherRules
from ledger.decisions.evidence import Period
from ledger.decisions.menus import TermsNotAgreed, WeightsNotKnown, weights_unsettled
from ledger.decisions.preconditions import AccountNotOpen, DateRunsBackwards
from ledger.decisions.rulebooks import NoRulebook, Rules, no_rulebook
from ledger.events import (
    AccountId,
    AgreedTest,
    BodyCode,
    Commitment,
    DocumentId,
    Move,
    PartyId,
    PopulationCorrected,
    Result,
    ResultCorrected,
    Slices,
    TargetRebased,
)
from ledger.money import Rate
from ledger.postings import FUNDING, POTENTIAL
from ledger.premium.account import PremiumAccount, slices
from ledger.recorded import Recorded, account_parts
from ledger.request import Asked, Decision
from ledger.rules.rulebook import slices as shared
from ledger.rules.value import maximum
from ledger.values import Prose, value


@value
class CorrectResult:
    """Record that a result is another than was recorded."""

    NAME: ClassVar[str] = "correct-result"

    measure: str
    subject: BodyCode
    period: Period
    value: Rate
    unit: str
    reason: Prose
    numerator: Rate | None = None
    denominator: Rate | None = None
    published_on: date | None = None
    document: DocumentId | None = None
    row: int | None = None


@value
class CorrectPopulation:
    """Put an account on the population that is now recorded for its body."""

    NAME: ClassVar[str] = "correct-population"

    account: AccountId
    population: str
    as_at: date
    reason: Prose


@value
class RebaseTarget:
    """Set a threshold anew that was agreed with a body."""

    NAME: ClassVar[str] = "rebase-target"

    account: AccountId
    clause: str
    target: Rate
    agreed_on: date
    agreed_by: tuple[PartyId, ...]
    reason: Prose
    document: DocumentId | None = None


@value
class NothingToCorrect:
    """No result is recorded that could be corrected."""

    NAME: ClassVar[str] = "nothing-to-correct"

    measure: str
    subject: str
    period: str

    def __str__(self) -> str:
        return (
            f"no {self.measure} of {self.subject} for {self.period} is recorded: "
            "record it, there is nothing to correct"
        )


@value
class NotAgreed:
    """No threshold is agreed for the clause, so none can be set anew."""

    NAME: ClassVar[str] = "not-agreed"

    clause: str
    agreed: tuple[str, ...]

    def __str__(self) -> str:
        return (
            f"no threshold of {self.clause!r} is agreed: "
            f"agreed are {', '.join(self.agreed) or 'none'}"
        )


CorrectionRefusal = (
    NothingToCorrect
    | AccountNotOpen
    | NoRulebook
    | NoPopulation
    | NotWholeHeads
    | NotPaidByHead
    | ValueNotSet
    | WeightsNotKnown
    | TermsNotAgreed
    | SlicesOfOtherRules
    | DateRunsBackwards
    | NotAgreed
)


def correct_result(command: CorrectResult, stream: Sequence[Recorded]) -> Decision:
    """Decide whether a result is corrected; the value that counts adds nothing.

    Args:
        stream: The records of the result's stream.
    """
    if not stream:
        return NothingToCorrect(
            measure=command.measure, subject=command.subject, period=command.period
        )
    counts = stream[-1].fact
    assert isinstance(counts, Result)
    if (counts.value, counts.unit) == (command.value, command.unit):
        return ()
    given = {one.name: getattr(command, one.name) for one in fields(command)}
    given["reason"] = Commitment(command.reason)
    return (ResultCorrected(corrects=stream[-1].id, **given),)


def correct_population(
    command: CorrectPopulation,
    account: PremiumAccount,
    asked: Asked,
    *,
    rules: Rules | None,
    population: Sequence[Recorded],
) -> Decision:
    """Decide whether an account goes over to the population that now counts.

    Args:
        rules: The rulebook in force on the day of the decision.
        population: The records of the population result asked for.

    Returns:
        One correction with the new maximum and slices; nothing if the account is on
        that very record. While no award is confirmed it posts the difference.
    """
    opened = account.opened
    if opened is None or account.determined_on is None:
        return AccountNotOpen(account=command.account)
    if rules is None:
        return no_rulebook(command.account, asked)
    scheme, scheme_year, body = account_parts(command.account)
    if not population:
        return NoPopulation(
            body=body, population=command.population, as_at=command.as_at
        )
    if population[-1].id == opened.heads_result:
        return ()
    result = population[-1].fact
    assert isinstance(result, Result)
    if result.value.denominator != 1 or result.value <= 0:
        return NotWholeHeads(value=str(result.value))
    value, heads = rules.rulebook.value, result.value.numerator
    if value.kind != "per-head":
        return NotPaidByHead(scheme=scheme, scheme_year=scheme_year, kind=value.kind)
    maximum_pence = maximum(rules.rulebook, heads)
    if maximum_pence is None:
        return ValueNotSet(scheme=scheme, scheme_year=scheme_year)
    if unsettled := weights_unsettled(rules.rulebook, account.terms):
        return unsettled
    if asked.effective_on < account.determined_on:
        return DateRunsBackwards(
            what="a correction of the population",
            on=asked.effective_on,
            follows="what stands",
            followed_on=account.determined_on,
        )

    # From here on the correction must succeed.
    now = shared(rules.rulebook, maximum_pence, account.terms)
    return (
        PopulationCorrected(
            account=command.account,
            heads=heads,
            heads_basis=result.measure,
            heads_as_at=command.as_at,
            heads_result=population[-1].id,
            rulebook=rules.recorded.id,
            rulebook_hash=rules.published.content_hash,
            maximum_pence=maximum_pence,
            slices=now,
            moves=() if account.confirmed else _difference(account.funded, now),
            reason=Commitment(command.reason),
        ),
    )


def _difference(before: Slices, now: Slices) -> tuple[Move, ...]:
    """From one maximum to another, while all of it is potential."""
    change = {piece.measure: piece.pence for piece in now}
    for piece in before:
        change[piece.measure] = change.get(piece.measure, 0) - piece.pence
    more = slices({m: max(pence, 0) for m, pence in change.items()})
    less = slices({m: max(-pence, 0) for m, pence in change.items()})
    moves = (
        Move(source=FUNDING, target=POTENTIAL, slices=more),
        Move(source=POTENTIAL, target=FUNDING, slices=less),
    )
    return tuple(move for move in moves if move.slices)


def rebase_target(
    command: RebaseTarget, account: PremiumAccount, asked: Asked
) -> Decision:
    """Decide whether an agreed threshold is set anew, also after it was used.

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
