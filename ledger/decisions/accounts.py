"""A body's premium for a scheme year: opened on a population, and put on another."""

from collections.abc import Sequence
from datetime import date
from typing import ClassVar

from ledger.calendar import HappenedOn
from ledger.decisions.bodies import UnknownBody, body_of, registered
from ledger.decisions.fields import Account, Label
from ledger.decisions.handling import on_account
from ledger.decisions.menus import (
    TermsNotAgreed,
    WeightsNotKnown,
    weights_unsettled,
)
from ledger.decisions.preconditions import AccountNotOpen, DateRunsBackwards, before
from ledger.decisions.rulebooks import NoRulebook, Rules, no_rulebook, rules_of
from ledger.events import (
    AccountOpened,
    Commitment,
    Move,
    PopulationCorrected,
    Result,
    Slices,
)
from ledger.postings import FUNDING, POTENTIAL
from ledger.premium.account import PremiumAccount, slices
from ledger.recorded import Recorded, account_parts, result_stream
from ledger.request import Asked, Decision, States
from ledger.rules.rulebook import slices as shares
from ledger.rules.value import maximum
from ledger.values import Prose, value


@value
class OpenAccount:
    """Open a body's premium on one population that is recorded for it."""

    NAME: ClassVar[str] = "open-account"

    account: Account
    population: Label
    """The measure of the population, such as population.registered.gp-list."""
    as_at: HappenedOn
    """The day the population was counted for."""


@value
class CorrectPopulation:
    """Put an account on the population that is now recorded for its body."""

    NAME: ClassVar[str] = "correct-population"

    account: Account
    population: Label
    """The measure of the population, such as population.registered.gp-list."""
    as_at: HappenedOn
    """The day the population was counted for."""
    reason: Prose
    """Why the account goes over to it."""


@value
class NotAGroup:
    """Only a group has a premium."""

    NAME: ClassVar[str] = "not-a-group"

    body: str
    kind: str

    def __str__(self) -> str:
        return f"{self.body} is a {self.kind}: only a group has a premium"


@value
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


@value
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


@value
class NotWholeHeads:
    """A population must be a whole number of people above zero."""

    NAME: ClassVar[str] = "not-whole-heads"

    value: str

    def __str__(self) -> str:
        return f"{self.value} is not a number of heads: it must be whole and above zero"


@value
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


@value
class NotPaidByHead:
    """The maximum of this scheme does not follow from heads alone."""

    NAME: ClassVar[str] = "not-paid-by-head"

    scheme: str
    scheme_year: str
    kind: str  # contract-share, points or outcomes

    def __str__(self) -> str:
        return (
            f"the maximum of {self.scheme} {self.scheme_year} is reckoned by "
            f"{self.kind}: accounts can be opened on heads only"
        )


REFUSALS = (
    UnknownBody,
    NotAGroup,
    NoRulebook,
    AccountNotOpen,
    AccountAlreadyOpen,
    NoPopulation,
    NotWholeHeads,
    NotPaidByHead,
    ValueNotSet,
    WeightsNotKnown,
    TermsNotAgreed,
    DateRunsBackwards,
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

    Source: DESIGN 5 (slices are fixed at opening; where the rulebook has a menu, only
        after terms are agreed).
    """
    scheme, scheme_year, code = account_parts(command.account)
    if (known := registered(body)) is None:
        return UnknownBody(body=code)
    if known.kind != "group":
        return NotAGroup(body=code, kind=known.kind)
    if rules is None:
        return no_rulebook(command.account, asked)
    opened = account.opened
    if opened is not None:
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
    assert isinstance(result, Result)
    if result.value.denominator != 1 or result.value <= 0:
        return NotWholeHeads(value=str(result.value))
    value, heads = rules.rulebook.value, result.value.numerator
    if value.kind != "per-head":
        return NotPaidByHead(scheme=scheme, scheme_year=scheme_year, kind=value.kind)
    maximum_pence = maximum(rules.rulebook, heads)
    if value.pence_per_head is None or maximum_pence is None:
        return ValueNotSet(scheme=scheme, scheme_year=scheme_year)
    if unsettled := weights_unsettled(rules.rulebook, account.terms):
        return unsettled

    # From here on the opening must succeed.
    return (
        AccountOpened(
            account=command.account,
            heads=heads,
            heads_basis=result.measure,
            heads_as_at=command.as_at,
            heads_result=population[-1].id,
            rulebook=rules.recorded.id,
            rulebook_hash=rules.published.content_hash,
            value_per_head_pence=value.pence_per_head,
            maximum_pence=maximum_pence,
            slices=shares(rules.rulebook, maximum_pence, account.terms),
        ),
    )


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
    if early := before(
        asked.effective_on,
        account.determined_on,
        "a correction of the population",
        "what stands",
    ):
        return early

    # From here on the correction must succeed.
    now = shares(rules.rulebook, maximum_pence, account.terms)
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


def _difference(was: Slices, now: Slices) -> tuple[Move, ...]:
    """From one maximum to another, while all of it is potential."""
    change = {piece.measure: piece.pence for piece in now}
    for piece in was:
        change[piece.measure] = change.get(piece.measure, 0) - piece.pence
    more = slices({m: max(pence, 0) for m, pence in change.items()})
    less = slices({m: max(-pence, 0) for m, pence in change.items()})
    moves = (
        Move(source=FUNDING, target=POTENTIAL, slices=more),
        Move(source=POTENTIAL, target=FUNDING, slices=less),
    )
    return tuple(move for move in moves if move.slices)


def _population(
    command: OpenAccount | CorrectPopulation, asked: Asked, states: States
) -> Sequence[Recorded]:
    body = account_parts(command.account)[2]
    as_at = command.as_at.isoformat()
    return states.records(result_stream(command.population, body, as_at))


_NAMED = {"population": "heads_basis", "as_at": "heads_as_at"}
HANDLES = (
    on_account(
        OpenAccount,
        open_account,
        by="analyst",
        records=AccountOpened,
        renamed=_NAMED,
        body=body_of,
        rules=rules_of,
        population=_population,
    ),
    on_account(
        CorrectPopulation,
        correct_population,
        by="analyst",
        records=PopulationCorrected,
        renamed=_NAMED,
        rules=rules_of,
        population=_population,
    ),
)
