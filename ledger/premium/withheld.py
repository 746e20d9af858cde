"""How an account changes by withholdings and by what is said against decisions."""

from collections.abc import Callable
from typing import Any

from ledger import events
from ledger.postings import PAYABLE
from ledger.premium.account import (
    PremiumAccount,
    Representation,
    Variation,
    Withholding,
)
from ledger.recorded import Recorded


def hand(account: PremiumAccount, recorded: Recorded, about: str, subject: str) -> None:
    """Remember who proposed or decided something: they do not hear objections."""
    people = account.hands.get((about, subject), ())
    if recorded.meta.actor not in people:
        account.hands[about, subject] = (*people, recorded.meta.actor)


def _withholding(
    account: PremiumAccount, recorded: Recorded, fact: events.WithholdingProposed
) -> None:
    hand(account, recorded, "withholding", fact.withholding)
    account.withholdings[fact.withholding] = Withholding(
        record=recorded.id,
        fact=fact,
        proposed_by=recorded.meta.actor,
        changed_on=recorded.meta.effective_on,
    )


def _withheld(
    account: PremiumAccount, recorded: Recorded, fact: events.WithholdingDecided
) -> None:
    hand(account, recorded, "withholding", fact.withholding)
    withholding = account.withholdings[fact.withholding]
    withholding.state = "decided"
    withholding.decided = fact
    withholding.changed_on = recorded.meta.effective_on
    withholding.left = {piece.measure: piece.pence for piece in fact.slices}


def _varied(
    account: PremiumAccount, recorded: Recorded, fact: events.WithholdingVaried
) -> None:
    hand(account, recorded, "withholding", fact.withholding)
    withholding = account.withholdings[fact.withholding]
    withholding.changed_on = recorded.meta.effective_on
    left = withholding.left
    for move in fact.moves:
        sign = 1 if move.source == PAYABLE else -1
        for piece in move.slices:
            left[piece.measure] = left.get(piece.measure, 0) + sign * piece.pence
    if fact.proposal is not None:
        withholding.variation = None


def _variation(
    account: PremiumAccount, recorded: Recorded, fact: events.VariationProposed
) -> None:
    hand(account, recorded, "withholding", fact.withholding)
    account.withholdings[fact.withholding].variation = Variation(
        record=recorded.id,
        fact=fact,
        proposed_by=recorded.meta.actor,
        proposed_on=recorded.meta.effective_on,
    )


def _not_varied(
    account: PremiumAccount, recorded: Recorded, fact: events.VariationRefused
) -> None:
    hand(account, recorded, "withholding", fact.withholding)
    account.withholdings[fact.withholding].variation = None


def _released(
    account: PremiumAccount, recorded: Recorded, fact: events.WithholdingReleased
) -> None:
    hand(account, recorded, "withholding", fact.withholding)
    withholding = account.withholdings[fact.withholding]
    withholding.state = "released"
    withholding.changed_on = recorded.meta.effective_on
    withholding.left = {}
    withholding.variation = None


def _not_withheld(
    account: PremiumAccount, recorded: Recorded, fact: events.WithholdingRefused
) -> None:
    hand(account, recorded, "withholding", fact.withholding)
    account.withholdings[fact.withholding].state = "refused"


def _forgone(
    account: PremiumAccount, recorded: Recorded, fact: events.WithholdingForgone
) -> None:
    withholding = account.withholdings[fact.withholding]
    withholding.changed_on = recorded.meta.effective_on
    for piece in fact.slices:
        withholding.left[piece.measure] -= piece.pence


def _represented(
    account: PremiumAccount, recorded: Recorded, fact: events.RepresentationMade
) -> None:
    account.representations[fact.representation] = Representation(
        fact=fact,
        made_by=recorded.meta.actor,
        made_on=recorded.meta.effective_on,
    )


def _answered(
    account: PremiumAccount, recorded: Recorded, fact: events.RepresentationDecided
) -> None:
    account.representations[fact.representation].decided = fact


FOLDS: dict[type, Callable[[PremiumAccount, Recorded, Any], None]] = {
    events.RepresentationMade: _represented,
    events.RepresentationDecided: _answered,
    events.WithholdingProposed: _withholding,
    events.WithholdingDecided: _withheld,
    events.VariationProposed: _variation,
    events.VariationRefused: _not_varied,
    events.WithholdingVaried: _varied,
    events.WithholdingReleased: _released,
    events.WithholdingRefused: _not_withheld,
    events.WithholdingForgone: _forgone,
}
"""Every fact about withholdings and representations."""
