"""Sentences about money: withheld, paid, paid back, spent, checked."""

from collections.abc import Callable, Iterable
from typing import Any

from ledger import events
from ledger.events import Draw, Slices
from ledger.money import exact_text, pounds
from ledger.postings import HELD
from projections.story.sentences.changes import changes
from projections.story.words import Lookup, both, sliced, total

_GROUNDS = {
    "quality-indicators": "its quality indicators",
    "financial-requirements": "the financial requirements",
    "constitution-standards": "the standards of the NHS Constitution",
    "serious-quality-failure": "a serious quality failure",
}


def _ends_debt(slices: Slices) -> str:
    """What of pence that return ends a debt instead; nothing where none does."""
    return f", of which {total(slices)} ends a debt" if slices else ""


def _drawn(draws: Iterable[Draw]) -> str:
    return both(f"{total(draw.slices)} of {draw.receipt}" for draw in draws)


def _basis(basis: str) -> str:
    if basis == "assessment":
        return "resting on the assessment itself"
    return f"under regulation {basis} of SI 2013/474"


def _proposed(fact: events.WithholdingProposed, lookup: Lookup) -> str:
    if fact.amount_pence is not None:
        extent = pounds(fact.amount_pence)
    elif fact.share is not None:
        extent = f"{exact_text(100 * fact.share)}% of the award"
    else:
        extent = "all that is payable"
    return (
        f"Withholding {fact.withholding} was proposed: {extent} for "
        f"{_GROUNDS[fact.ground]}, {_basis(fact.legal_basis)}: "
        f"{lookup.text(fact.discretion)}."
    )


def _withheld(fact: events.WithholdingDecided, lookup: Lookup) -> str:
    return (
        f"{pounds(fact.amount_pence)} was withheld as {fact.withholding}, of an award "
        f"of {pounds(fact.award_pence)} of which {pounds(fact.payable_pence)} was "
        f"payable, for {_GROUNDS[fact.ground]}, {_basis(fact.legal_basis)}: "
        f"{sliced(fact.slices)}."
    )


def _more_proposed(fact: events.VariationProposed, lookup: Lookup) -> str:
    return (
        f"To vary withholding {fact.withholding} from {pounds(fact.before_pence)} to "
        f"{pounds(fact.amount_pence)} was proposed: {lookup.text(fact.reason)}."
    )


def _no_more(fact: events.VariationRefused, lookup: Lookup) -> str:
    return (
        f"To keep back more by withholding {fact.withholding} was refused: "
        f"{lookup.text(fact.reason)}."
    )


def _varied(fact: events.WithholdingVaried, lookup: Lookup) -> str:
    return (
        f"Withholding {fact.withholding} was varied from {pounds(fact.before_pence)} "
        f"to {pounds(fact.amount_pence)}: {changes(fact)}; {lookup.text(fact.reason)}."
    )


def _released(fact: events.WithholdingReleased, lookup: Lookup) -> str:
    return (
        f"Withholding {fact.withholding} was released: {changes(fact)}; "
        f"{lookup.text(fact.reason)}."
    )


def _not_withheld(fact: events.WithholdingRefused, lookup: Lookup) -> str:
    return f"Withholding {fact.withholding} was refused: {lookup.text(fact.reason)}."


def _forgone(fact: events.WithholdingForgone, lookup: Lookup) -> str:
    return (
        f"{total(fact.slices)} is no longer withheld as {fact.withholding}: "
        f"determination {fact.determination} takes it."
    )


def _requested(fact: events.DisbursementRequested, lookup: Lookup) -> str:
    return (
        f"{pounds(fact.amount_pence)} was requested as {fact.disbursement}, and is "
        f"committed: "
        f"{sliced(fact.slices)}."
    )


def _approved(fact: events.DisbursementApproved, lookup: Lookup) -> str:
    return f"{fact.disbursement}, {pounds(fact.amount_pence)}, was approved."


def _refused(fact: events.DisbursementRefused, lookup: Lookup) -> str:
    return (
        f"{fact.disbursement} was refused, and {total(fact.slices)} is payable again "
        f"from {fact.requested_effective_on}{_ends_debt(fact.ends_debt)}: "
        f"{lookup.text(fact.reason)}."
    )


def _withdrawn(fact: events.DisbursementWithdrawn, lookup: Lookup) -> str:
    return (
        f"{fact.disbursement} was withdrawn, and {total(fact.slices)} is payable again "
        f"from {fact.requested_effective_on}{_ends_debt(fact.ends_debt)}: "
        f"{lookup.text(fact.reason)}."
    )


def _expired(fact: events.DisbursementExpired, lookup: Lookup) -> str:
    return (
        f"{fact.disbursement} expired unpaid, and {total(fact.slices)} is payable "
        f"again from {fact.requested_effective_on}{_ends_debt(fact.ends_debt)}."
    )


def _cancelled(fact: events.DisbursementCancelled, lookup: Lookup) -> str:
    return (
        f"{fact.disbursement} was cancelled for determination {fact.determination}, "
        f"and {total(fact.slices)} counts as never requested."
    )


def _paid(fact: events.DisbursementPaid, lookup: Lookup) -> str:
    kind = {
        "allocation-adjustment": "as an adjustment of the allocation",
        "cash": "in cash",
    }[fact.kind]
    return (
        f"{pounds(fact.amount_pence)} was paid for {fact.disbursement} {kind}, "
        f"reference {fact.reference}, value {fact.value_date}."
    )


def _reference(fact: events.PaymentReferenceTaken, lookup: Lookup) -> str:
    parts = both(
        f"{one.what} of {lookup.account(one.account)}, {pounds(one.pence)}"
        for one in fact.parts
    )
    went = "went out" if fact.direction == "out" else "came in"
    return (
        f"Payment reference {fact.reference} stands for {pounds(fact.total_pence)} "
        f"that {went}: {parts}. Nothing else may use it."
    )


def _returned(fact: events.DisbursementReturned, lookup: Lookup) -> str:
    return (
        f"{pounds(fact.amount_pence)} paid for {fact.disbursement} came back from the "
        f"bank: {changes(fact, HELD)}; {lookup.text(fact.reason)}."
    )


def _received(fact: events.ReceiptConfirmed, lookup: Lookup) -> str:
    return (
        f"The body confirmed that {pounds(fact.amount_pence)} of {fact.receipt} "
        f"arrived on {fact.received_on}."
    )


def _disputed(fact: events.ReceiptDisputed, lookup: Lookup) -> str:
    return f"The body disputed the receipt {fact.receipt}: {lookup.text(fact.reason)}."


def _to_come_back(
    fact: events.RecoveryProposed | events.RecoveryOrdered, lookup: Lookup
) -> str:
    due = f" by {fact.due_on}" if fact.due_on else ""
    proposed = isinstance(fact, events.RecoveryProposed)
    did = "proposed to be ordered" if proposed else "ordered to be paid"
    return (
        f"{pounds(fact.amount_pence)} was {did} back{due} as "
        f"{fact.recovery}: {lookup.text(fact.reason)}."
    )


def _not_ordered(fact: events.RecoveryRefused, lookup: Lookup) -> str:
    return f"To order recovery {fact.recovery} was refused: {lookup.text(fact.reason)}."


def _recovered(fact: events.RecoveryReceived, lookup: Lookup) -> str:
    sources = [f"{total(draw.slices)} of {draw.receipt}" for draw in fact.draws]
    if fact.own_funds:
        sources.append(f"{total(fact.own_funds)} of the body's own money")
    return (
        f"{pounds(fact.amount_pence)} was paid back for {fact.recovery}, reference "
        f"{fact.reference}: {both(sources)}."
    )


def _settled(fact: events.DebtSettled, lookup: Lookup) -> str:
    if fact.reverses:
        return (
            f"{pounds(fact.amount_pence)} that was handed back settles no debt from "
            f"{fact.settled_on}, because the award is higher: {sliced(fact.slices)}."
        )
    return (
        f"{pounds(fact.amount_pence)} that was handed back settled a debt on "
        f"{fact.settled_on}: {sliced(fact.slices)}."
    )


def _debt(fact: events.DebtSetOff, lookup: Lookup) -> str:
    return (
        f"A debt of {pounds(fact.amount_pence)} was set off against the premium of "
        f"{lookup.account(fact.against)}: {sliced(fact.slices)}."
    )


def _payable(fact: events.PayableSetOff, lookup: Lookup) -> str:
    return (
        f"{pounds(fact.amount_pence)} that was payable went to settle a debt of the "
        f"premium of {lookup.account(fact.debtor)}: {sliced(fact.slices)}."
    )


def _spent(fact: events.SpendingRecorded, lookup: Lookup) -> str:
    number = f", transaction {fact.transaction}" if fact.transaction else ""
    return (
        f"{pounds(fact.amount_pence)} was spent with "
        f"{lookup.party(fact.payee)} for purpose {fact.purpose}, "
        f"{lookup.text(fact.service)}{number}: {_drawn(fact.draws)}."
    )


def _corrected(
    fact: events.SpendingCorrected | events.PassedOnCorrected, lookup: Lookup
) -> str:
    what, did = "passing-on", "passed on to"
    if isinstance(fact, events.SpendingCorrected):
        what, did = "spending", "spent with"
    if not fact.draws:
        now = "it never was"
    else:
        now = (
            f"on {fact.stands_on} {pounds(fact.amount_pence)} was {did} "
            f"{lookup.party(fact.payee)} for purpose {fact.purpose}, "
            f"{lookup.text(fact.service)}: {_drawn(fact.draws)}"
        )
    came_back = [draw for credit in fact.credits for draw in credit.draws]
    stands = f", with its credits of {_drawn(came_back)}" if came_back else ""
    return (
        f"The {what} {fact.spending} was corrected: {now}, instead of "
        f"{_drawn(fact.undone) if fact.undone else 'nothing'}{stands}; "
        f"{lookup.text(fact.reason)}."
    )


def _credited(
    fact: events.SpendingCredited | events.PassedOnCredited, lookup: Lookup
) -> str:
    why = f": {lookup.text(fact.reason)}" if fact.reason else ""
    return (
        f"{pounds(fact.amount_pence)} of {fact.spending} came back from "
        f"{lookup.party(fact.payee)} as {fact.credit}, and is held again, "
        f"{_drawn(fact.draws)}{why}."
    )


def _passed_on(fact: events.PassedOn, lookup: Lookup) -> str:
    return (
        f"{pounds(fact.amount_pence)} was passed on to "
        f"{lookup.party(fact.payee)} for purpose {fact.purpose}, "
        f"{lookup.text(fact.service)}: {_drawn(fact.draws)}."
    )


def _unspent(fact: events.UnspentDeclared, lookup: Lookup) -> str:
    return f"The body declared {pounds(fact.amount_pence)} as unspent on {fact.on}."


def _lapse_proposed(fact: events.LapseProposed, lookup: Lookup) -> str:
    return (
        f"Lapse {fact.lapse} was proposed: {pounds(fact.amount_pence)} handed back, "
        f"reference {fact.reference}: {lookup.text(fact.reason)}."
    )


def _not_lapsed(fact: events.LapseRefused, lookup: Lookup) -> str:
    return f"Lapse {fact.lapse} was refused: {lookup.text(fact.reason)}."


def _lapsed(fact: events.Lapsed, lookup: Lookup) -> str:
    return (
        f"{pounds(fact.amount_pence)} was not spent in time and was handed back, "
        f"reference {fact.reference}: {_drawn(fact.draws)}."
    )


def _asserted(fact: events.BalanceAsserted, lookup: Lookup) -> str:
    who = {"bank": "The bank", "ledger": "Another ledger"}[fact.says]
    return f"{who} says that {fact.of} held {pounds(fact.pence)} on {fact.on}."


SENTENCES: dict[type, Callable[[Any, Lookup], str]] = {
    events.WithholdingProposed: _proposed,
    events.WithholdingDecided: _withheld,
    events.VariationProposed: _more_proposed,
    events.VariationRefused: _no_more,
    events.WithholdingVaried: _varied,
    events.WithholdingReleased: _released,
    events.WithholdingRefused: _not_withheld,
    events.WithholdingForgone: _forgone,
    events.DisbursementRequested: _requested,
    events.DisbursementApproved: _approved,
    events.DisbursementRefused: _refused,
    events.DisbursementWithdrawn: _withdrawn,
    events.DisbursementExpired: _expired,
    events.DisbursementCancelled: _cancelled,
    events.DisbursementPaid: _paid,
    events.PaymentReferenceTaken: _reference,
    events.DisbursementReturned: _returned,
    events.ReceiptConfirmed: _received,
    events.ReceiptDisputed: _disputed,
    events.RecoveryProposed: _to_come_back,
    events.RecoveryOrdered: _to_come_back,
    events.RecoveryRefused: _not_ordered,
    events.RecoveryReceived: _recovered,
    events.DebtSettled: _settled,
    events.DebtSetOff: _debt,
    events.PayableSetOff: _payable,
    events.SpendingRecorded: _spent,
    events.SpendingCorrected: _corrected,
    events.SpendingCredited: _credited,
    events.PassedOn: _passed_on,
    events.PassedOnCorrected: _corrected,
    events.PassedOnCredited: _credited,
    events.UnspentDeclared: _unspent,
    events.LapseProposed: _lapse_proposed,
    events.LapseRefused: _not_lapsed,
    events.Lapsed: _lapsed,
    events.BalanceAsserted: _asserted,
}
