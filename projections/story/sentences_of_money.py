"""One sentence a fact: what was corrected, kept back, paid back, returned, checked."""

from collections.abc import Callable, Iterable
from typing import Any

from ledger import events
from ledger.events import Draw, Move, Slices
from ledger.money import exact_text, pounds
from projections.story.words import Told, both, sliced

_GROUNDS = {
    "quality-indicators": "its quality indicators",
    "financial-requirements": "the financial requirements",
    "constitution-standards": "the standards of the NHS Constitution",
    "serious-quality-failure": "a serious quality failure",
}


def _sum(slices: Slices) -> str:
    return pounds(sum(piece.pence for piece in slices))


def _drawn(draws: Iterable[Draw]) -> str:
    return both(f"{_sum(draw.slices)} of {draw.receipt}" for draw in draws)


def _moved(moves: Iterable[Move]) -> str:
    told = [f"{_sum(one.slices)} from {one.source} to {one.target}" for one in moves]
    return both(told or ["nothing moved"])


def _basis(basis: str) -> str:
    if basis == "assessment":
        return "resting on the assessment itself"
    return f"under regulation {basis} of SI 2013/474"


def _result(fact: events.ResultCorrected, told: Told) -> str:
    published = f", published on {fact.published_on}" if fact.published_on else ""
    return (
        f"{fact.measure} of {told.body(fact.subject)} for {fact.period} was corrected "
        f"to {exact_text(fact.value)} {fact.unit}{published}: {told.text(fact.reason)}."
    )


def _attribution(fact: events.AttributionPublished, told: Told) -> str:
    count = len(fact.bodies)
    return (
        f"{fact.measure} of {told.body(fact.provider)} for {fact.period} was "
        f"attributed to {count} {'body' if count == 1 else 'bodies'}."
    )


def _population(fact: events.PopulationCorrected, told: Told) -> str:
    return (
        f"The population was corrected to {fact.heads:,} heads ({fact.heads_basis} on "
        f"{fact.heads_as_at}), at most {pounds(fact.maximum_pence)}: "
        f"{told.text(fact.reason)}; {_moved(fact.moves)}."
    )


def _rebased(fact: events.TargetRebased, told: Told) -> str:
    by = both(told.party(one) for one in fact.agreed_by) if fact.agreed_by else "us"
    return (
        f"The target of {fact.clause} was set to {exact_text(fact.target)} instead of "
        f"{exact_text(fact.before)}, on {fact.agreed_on} by {by}: "
        f"{told.text(fact.reason)}."
    )


def _superseded(fact: events.AssessmentSuperseded, told: Told) -> str:
    return (
        f"The judgement of {fact.item} that determination {fact.determination} rests "
        "on no longer counts."
    )


def _award_refused(fact: events.AwardRefused, told: Told) -> str:
    return f"Determination {fact.determination} was refused: {told.text(fact.reason)}."


def _represented(fact: events.RepresentationMade, told: Told) -> str:
    about = "determination " if fact.about == "award" else "withholding "
    return (
        f"The body made representation {fact.representation} against "
        f"{about}{fact.subject}: {told.text(fact.grounds)}."
    )


def _answered(fact: events.RepresentationDecided, told: Told) -> str:
    outcome = fact.outcome.replace("-", " ")
    return (
        f"Representation {fact.representation} was {outcome}: {told.text(fact.reason)}."
    )


def _proposed(fact: events.WithholdingProposed, told: Told) -> str:
    if fact.amount_pence is not None:
        extent = pounds(fact.amount_pence)
    elif fact.share is not None:
        extent = f"{exact_text(100 * fact.share)}% of the award"
    else:
        extent = "all that is payable"
    return (
        f"Withholding {fact.withholding} was proposed: {extent} for "
        f"{_GROUNDS[fact.ground]}, {_basis(fact.legal_basis)}: "
        f"{told.text(fact.discretion)}."
    )


def _withheld(fact: events.WithholdingDecided, told: Told) -> str:
    return (
        f"{pounds(fact.amount_pence)} was withheld as {fact.withholding}, of an award "
        f"of {pounds(fact.award_pence)} of which {pounds(fact.payable_pence)} was "
        f"payable, for {_GROUNDS[fact.ground]}, {_basis(fact.legal_basis)}: "
        f"{sliced(fact.slices)}."
    )


def _varied(fact: events.WithholdingVaried, told: Told) -> str:
    return (
        f"Withholding {fact.withholding} was varied from {pounds(fact.before_pence)} "
        f"to {pounds(fact.amount_pence)}: {told.text(fact.reason)}."
    )


def _released(fact: events.WithholdingReleased, told: Told) -> str:
    return (
        f"Withholding {fact.withholding} was released, and {_sum(fact.slices)} is "
        f"payable: {told.text(fact.reason)}."
    )


def _not_withheld(fact: events.WithholdingRefused, told: Told) -> str:
    return f"Withholding {fact.withholding} was refused: {told.text(fact.reason)}."


def _forgone(fact: events.WithholdingForgone, told: Told) -> str:
    return (
        f"{_sum(fact.slices)} is no longer withheld as {fact.withholding}: "
        f"determination {fact.determination} takes it."
    )


def _ordered(fact: events.RecoveryOrdered, told: Told) -> str:
    due = f" by {fact.due_on}" if fact.due_on else ""
    return (
        f"{pounds(fact.amount_pence)} was ordered to be paid back{due} as "
        f"{fact.recovery}: {told.text(fact.reason)}."
    )


def _recovered(fact: events.RecoveryReceived, told: Told) -> str:
    source = _drawn(fact.draws) if fact.draws else "none of it from what was held"
    return (
        f"{pounds(fact.amount_pence)} was paid back for {fact.recovery}, reference "
        f"{fact.reference}: {source}."
    )


def _debt(fact: events.DebtSetOff, told: Told) -> str:
    return (
        f"A debt of {pounds(fact.amount_pence)} was set off against the premium of "
        f"{told.account(fact.against)}: {sliced(fact.slices)}."
    )


def _payable(fact: events.PayableSetOff, told: Told) -> str:
    return (
        f"{pounds(fact.amount_pence)} that was payable went to settle a debt of the "
        f"premium of {told.account(fact.debtor)}: {sliced(fact.slices)}."
    )


def _withdrawn(fact: events.DisbursementWithdrawn, told: Told) -> str:
    return (
        f"{fact.disbursement} was withdrawn, and {_sum(fact.slices)} is payable again "
        f"from {fact.requested_effective_on} on: {told.text(fact.reason)}."
    )


def _expired(fact: events.DisbursementExpired, told: Told) -> str:
    return (
        f"{fact.disbursement} expired unpaid, and {_sum(fact.slices)} is payable again "
        f"from {fact.requested_effective_on} on."
    )


def _cancelled(fact: events.DisbursementCancelled, told: Told) -> str:
    return (
        f"{fact.disbursement} was cancelled for determination {fact.determination}, "
        f"and {_sum(fact.slices)} counts as never requested."
    )


def _returned(fact: events.DisbursementReturned, told: Told) -> str:
    return (
        f"{pounds(fact.amount_pence)} paid for {fact.disbursement} came back from the "
        f"bank and is payable again: {told.text(fact.reason)}."
    )


def _received(fact: events.ReceiptConfirmed, told: Told) -> str:
    return (
        f"The body confirmed that {pounds(fact.amount_pence)} of {fact.receipt} "
        f"arrived on {fact.received_on}."
    )


def _disputed(fact: events.ReceiptDisputed, told: Told) -> str:
    return f"The body disputed the receipt {fact.receipt}: {told.text(fact.reason)}."


def _corrected(fact: events.SpendingCorrected, told: Told) -> str:
    if not fact.draws:
        now = "it was never spent"
    else:
        now = (
            f"{pounds(fact.amount_pence)} was spent with "
            f"{told.named(fact.payee, fact.payee_name)} for purpose {fact.purpose}, "
            f"{told.text(fact.service)}: {_drawn(fact.draws)}"
        )
    return (
        f"The spending {fact.spending} was corrected: {now}, instead of "
        f"{_drawn(fact.undone) if fact.undone else 'nothing'}; "
        f"{told.text(fact.reason)}."
    )


def _passed_on(fact: events.PassedOn, told: Told) -> str:
    return (
        f"{pounds(fact.amount_pence)} was passed on to "
        f"{told.named(fact.payee, fact.payee_name)} for purpose {fact.purpose}, "
        f"{told.text(fact.service)}: {_drawn(fact.draws)}."
    )


def _unspent(fact: events.UnspentDeclared, told: Told) -> str:
    return f"The body declared {pounds(fact.amount_pence)} as unspent on {fact.on}."


def _lapsed(fact: events.Lapsed, told: Told) -> str:
    return (
        f"{pounds(fact.amount_pence)} was not spent in time and was handed back: "
        f"{_drawn(fact.draws)}."
    )


def _asserted(fact: events.BalanceAsserted, told: Told) -> str:
    who = {"bank": "The bank", "ledger": "Another ledger"}[fact.says]
    return f"{who} says that {fact.of} held {pounds(fact.pence)} on {fact.on}."


MONEY: dict[type, Callable[[Any, Told], str]] = {
    events.ResultCorrected: _result,
    events.AttributionPublished: _attribution,
    events.PopulationCorrected: _population,
    events.TargetRebased: _rebased,
    events.AssessmentSuperseded: _superseded,
    events.AwardRefused: _award_refused,
    events.RepresentationMade: _represented,
    events.RepresentationDecided: _answered,
    events.WithholdingProposed: _proposed,
    events.WithholdingDecided: _withheld,
    events.WithholdingVaried: _varied,
    events.WithholdingReleased: _released,
    events.WithholdingRefused: _not_withheld,
    events.WithholdingForgone: _forgone,
    events.RecoveryOrdered: _ordered,
    events.RecoveryReceived: _recovered,
    events.DebtSetOff: _debt,
    events.PayableSetOff: _payable,
    events.DisbursementWithdrawn: _withdrawn,
    events.DisbursementExpired: _expired,
    events.DisbursementCancelled: _cancelled,
    events.DisbursementReturned: _returned,
    events.ReceiptConfirmed: _received,
    events.ReceiptDisputed: _disputed,
    events.SpendingCorrected: _corrected,
    events.PassedOn: _passed_on,
    events.UnspentDeclared: _unspent,
    events.Lapsed: _lapsed,
    events.BalanceAsserted: _asserted,
}
"""The facts of money that stays right, as they stand in an account's story."""
