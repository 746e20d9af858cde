"""Adds up again what each proposed award states, and every line of its working."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from ledger.events import AccountOpened, AwardProposed, RulebookPublished, TermsAgreed
from ledger.money import pounds
from ledger.postings import PAYABLE
from ledger.recorded import Recorded
from ledger.rules.award import stated
from ledger.rules.lines import Line
from ledger.rules.rulebook import Rulebook, parse
from ledger.rules.working import Opening, award_working


@dataclass(slots=True)
class Readding:
    """What workings are made of, as far as the log was read."""

    rulebooks: dict[str, str | Rulebook] = field(default_factory=dict)
    """Record -> its content; parsed once it is needed."""
    opened: dict[str, AccountOpened] = field(default_factory=dict)
    terms: dict[str, TermsAgreed] = field(default_factory=dict)

    def apply(self, recorded: Recorded) -> Iterator[str]:
        """Apply one more record; a sentence for each sum of it that is wrong."""
        match recorded.fact:
            case RulebookPublished() as fact:
                self.rulebooks[recorded.id] = fact.content
            case AccountOpened() as fact:
                self.opened[fact.account] = fact
            case TermsAgreed() as fact:
                self.terms[fact.account] = fact
            case AwardProposed() as fact:
                yield from _sums(fact)
                yield from self._working(fact)

    def _working(self, fact: AwardProposed) -> Iterator[str]:
        opened = self.opened.get(fact.account)
        if opened is None or fact.rulebook not in self.rulebooks:
            yield "its working cannot be made: no account or rulebook stands before it"
            return
        opening = Opening(
            heads=opened.heads,
            basis=opened.heads_basis,
            as_at=opened.heads_as_at,
            value_per_head_pence=opened.value_per_head_pence,
            fact=opened.heads_result,
        )
        try:
            working = award_working(
                self._rulebook(fact.rulebook),
                opening,
                stated(fact),
                {},
                {},
                terms=self.terms.get(fact.account),
            )
        except (ValueError, LookupError) as reason:
            yield f"its working cannot be made: {reason}"
            return
        for line in unequal(working):
            yield f'in its working, the lines of "{line.says}" do not add up'

    def _rulebook(self, record: str) -> Rulebook:
        known = self.rulebooks[record]
        if isinstance(known, str):
            known = self.rulebooks[record] = parse(known)
        return known


def unequal(line: Line) -> Iterator[Line]:
    """Every line whose own lines bear pence that do not add up to its own."""
    parts = [inner.pence for inner in line.lines if inner.pence is not None]
    if parts and line.pence is not None and sum(parts) != line.pence:
        yield line
    for inner in line.lines:
        yield from unequal(inner)


def _sums(fact: AwardProposed) -> Iterator[str]:
    """What a proposal's own figures say against each other."""
    moved = sum(one.pence for move in fact.moves for one in move.slices)
    if moved != fact.maximum_pence:
        yield f"it moves {pounds(moved)} of a maximum of {pounds(fact.maximum_pence)}"
    payable = sum(
        one.pence
        for move in fact.moves
        if move.target == PAYABLE
        for one in move.slices
    )
    if payable != fact.total_pence:
        says = f"it makes {pounds(payable)} payable"
        yield f"{says}, and its total is {pounds(fact.total_pence)}"
