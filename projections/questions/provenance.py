"""Where pence came from, slice by slice, to the penny.

Backwards from a spending or payment: the receipts it draws on, the award that stood
when they were asked for, and what that rests on. Lines with pence add up to the line
above them. The way forwards is in uses.py.
"""

from collections.abc import Iterator
from typing import Protocol

from ledger import events
from ledger.events import RecordId, Slices
from ledger.money import exact_text, pounds
from ledger.recorded import Recorded, document_stream
from ledger.rules.lines import Line
from projections.views.names import RecordNames


class Sources(Protocol):
    """The log, as far as it is known."""

    def record(self, record_id: str) -> Recorded | None:
        """One record by its id, or None if there is none."""
        ...


Drawing = (
    events.SpendingRecorded
    | events.SpendingCorrected
    | events.SpendingCredited
    | events.PassedOn
    | events.PassedOnCorrected
    | events.PassedOnCredited
    | events.Lapsed
    | events.RecoveryReceived
)
"""What uses what was received, or gives back what was used."""


class NoProvenance(ValueError):
    """The record neither spends, pays nor awards anything."""


# Backwards ----------------------------------------------------------------------------


def backwards(sources: Sources, names: RecordNames, recorded: Recorded) -> Line:
    """What the pence of a spending, payment or award rest on.

    Raises:
        NoProvenance: If the record is of another kind.
    """
    fact = recorded.fact
    if isinstance(fact, Drawing):
        return _drawing(sources, names, recorded, fact)
    match fact:
        case events.DisbursementRequested() | events.DisbursementPaid():
            says = "Paid" if isinstance(fact, events.DisbursementPaid) else "Asked for"
            return _payment(
                sources, names, fact, fact.slices, record=recorded.id, says=says
            )
        case events.AwardConfirmed(total_pence=total):
            pieces = _payable(sources, fact)
            return _award(sources, recorded, pieces, total)
        case _:
            raise NoProvenance(
                f"{recorded.id} is {fact.TOPIC}: name a spending, a payment, or an "
                "award that was confirmed"
            )


def _drawing(
    sources: Sources, names: RecordNames, recorded: Recorded, fact: Drawing
) -> Line:
    """A use of what was received: receipt by receipt, in the order drawn."""
    lines = []
    for draw in fact.draws:
        paid = _found(sources, names.paid(fact.account, draw.receipt))
        assert isinstance(paid.fact, events.DisbursementPaid)
        says = f"Receipt {draw.receipt}"
        lines.append(
            _payment(sources, names, paid.fact, draw.slices, record=paid.id, says=says)
        )
    drawn_pence = sum(piece.pence for draw in fact.draws for piece in draw.slices)
    if drawn_pence < fact.amount_pence:
        lines.append(line_of("The body's own money", fact.amount_pence - drawn_pence))
    return line_of(
        _use(fact), fact.amount_pence, facts=(recorded.id,), lines=tuple(lines)
    )


def _use(fact: Drawing) -> str:
    match fact:
        case events.SpendingRecorded() | events.SpendingCorrected():
            return f"Spending {fact.spending}: purpose {fact.purpose}, to {fact.payee}"
        case events.PassedOn() | events.PassedOnCorrected():
            return f"Passing-on {fact.spending}, to {fact.payee}"
        case events.SpendingCredited() | events.PassedOnCredited():
            return f"Credit {fact.credit} of {fact.spending}, from {fact.payee}"
        case events.Lapsed():
            return f"Lapse {fact.lapse}: handed back"
        case events.RecoveryReceived():
            return f"Payment {fact.payment} of recovery {fact.recovery}"


def _payment(
    sources: Sources,
    names: RecordNames,
    fact: events.DisbursementRequested | events.DisbursementPaid,
    slices: Slices,
    *,
    record: str,
    says: str,
) -> Line:
    """Pence of one request, under the award that stood when it was made."""
    asked = _found(sources, names.asked(fact.account, fact.disbursement))
    award = _found(sources, names.award(fact.account, before=asked.position))
    pence = sum(piece.pence for piece in slices)
    line = _award(sources, award, slices, pence)
    more = ""
    if isinstance(fact, events.DisbursementPaid):
        more = f", reference {fact.reference}"
    return line_of(
        f"{says}, request {fact.disbursement}{more}",
        pence,
        facts=tuple(dict.fromkeys((record, asked.id))),
        lines=(line,),
    )


def _payable(sources: Sources, fact: events.AwardConfirmed) -> Slices:
    """What an award makes payable, measure by measure."""
    proposal = _proposal(sources, fact)
    return tuple(
        events.Slice(measure=line.measure, pence=line.payable_pence)
        for line in proposal.lines
        if line.payable_pence
    )


def _proposal(sources: Sources, fact: events.AwardConfirmed) -> events.AwardProposed:
    found = _found(sources, fact.proposal).fact
    assert isinstance(found, events.AwardProposed)
    return found


def _found(sources: Sources, record_id: RecordId) -> Recorded:
    """A record that a known fact rests on."""
    found = sources.record(record_id)
    assert found is not None
    return found


def _award(sources: Sources, award: Recorded, slices: Slices, pence: int) -> Line:
    """Slices of an award, each with the assessment that its measure was given."""
    fact = award.fact
    assert isinstance(fact, events.AwardConfirmed)
    assessed: dict[str, Recorded] = {}
    for record_id in _proposal(sources, fact).assessments:
        found = sources.record(record_id)
        if found is not None and isinstance(found.fact, events.IndicatorAssessed):
            assessed[found.fact.measure] = found
    return line_of(
        f"Determination {fact.determination}",
        pence,
        facts=(award.id, fact.proposal),
        lines=tuple(_slice(sources, piece, assessed) for piece in slices),
    )


def _slice(
    sources: Sources, piece: events.Slice, assessed: dict[str, Recorded]
) -> Line:
    found = assessed.get(piece.measure)
    if found is None:
        return line_of(piece.measure, piece.pence)
    fact = found.fact
    assert isinstance(fact, events.IndicatorAssessed)
    return line_of(
        f"{piece.measure}: earned {exact_text(fact.earned)} of its weight",
        piece.pence,
        facts=(found.id,),
        lines=tuple(line for one in fact.evidence for line in _evidence(sources, one)),
    )


def _evidence(sources: Sources, record_id: str) -> Iterator[Line]:
    """A result or agreement and its document: all of the pence rest on each."""
    found = sources.record(record_id)
    if found is None:
        return
    fact = found.fact
    if not isinstance(fact, events.Result):
        yield Line(says="As agreed", result="", facts=(found.id,))
        return
    titles = tuple(_titles(sources, fact.document))
    yield Line(
        says=f"{fact.measure} of {fact.subject}, {fact.period}: "
        f"{exact_text(fact.value)} {fact.unit}",
        result="",
        facts=(found.id,),
        lines=titles,
    )


def _titles(sources: Sources, document: str | None) -> Iterator[Line]:
    """The title of a document that is recorded."""
    if document is None:
        return
    one = sources.record(f"{document_stream(document)}@1")
    if one is not None and isinstance(one.fact, events.DocumentRecorded):
        yield Line(says=one.fact.title, result="", facts=(one.id,))


def line_of(
    says: str, pence: int, *, facts: tuple[str, ...] = (), lines: tuple[Line, ...] = ()
) -> Line:
    """A line whose result is its pence."""
    return Line(says=says, result=pounds(pence), facts=facts, pence=pence, lines=lines)
