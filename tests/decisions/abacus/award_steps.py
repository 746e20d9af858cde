"""Commands on awards in random histories, given to the ledger and the abacus."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from ledger.decisions.accounts import CorrectPopulation
from ledger.decisions.awards.confirming import ConfirmAward, RefuseAward
from ledger.decisions.awards.proposing import ProposeAward
from ledger.decisions.withholdings.keeping import (
    DecideWithholding,
    ProposeWithholding,
    RefuseWithholding,
)
from ledger.decisions.withholdings.letting_go import ReleaseWithholding, VaryWithholding
from ledger.decisions.withholdings.varying import (
    DecideVariation,
    ProposeVariation,
    RefuseVariation,
)
from ledger.events import (
    AccountId,
    AwardLine,
    AwardProposed,
    AwardReduction,
    Move,
    PartyId,
    Slice,
)
from ledger.request import By
from tests.decisions.abacus.awarded import Kept, Told
from tests.decisions.abacus.side_by_side import Both
from tests.decisions.abacus.spent import Premium
from tests.decisions.given import ANALYST
from tests.decisions.right import correct

TEXT = "0" * 64
RESULTS = {
    "pyll": ("pyll", "1936", "1937"),
    "emergency-admissions": ("admissions-2014", "1500", "1501"),
    "friends-and-family": ("fft", "1", "0"),
    "infection": ("c-difficile", "30", "31"),
    "local-1": ("readmissions", "11.9", "12"),
    "local-2": ("dementia", "67", "66.9"),
    "local-3": ("carers", "1200", "1199"),
    "constitution.rtt": ("rtt", "92", "91.99"),
    "constitution.a-and-e": ("a-and-e", "95", "94"),
    "constitution.cancer-62-day": ("cancer", "85", "84.9"),
    "constitution.red-1": ("red-1", "75", "74.83"),
    "gate.financial": ("finance", "1", "0"),
    "gate.quality": ("quality", "1", "0"),
}
"""What is judged -> its result: the last value that is well, the first that is not."""

BASES: dict[str, Any] = {
    "quality-indicators": "assessment",
    "financial-requirements": "4(1)(a)",
    "constitution-standards": "4(1)(g)",
    "serious-quality-failure": "assessment",
}


@dataclass
class AwardSteps:
    """What can be decided of the award of one of the two accounts on a day."""

    both: Both
    account: AccountId
    on: date

    @property
    def premium(self) -> Premium:
        """The account on the abacus."""
        return self.both.premiums[self.account]

    # Awards ---------------------------------------------------------------------------

    def result(self, name: str, well: bool) -> None:
        """A result is corrected, and judged again in this account."""
        result, good, bad = RESULTS[name]
        self.both.book.do(correct(result, good if well else bad), on=self.on)
        self.both.assess(self.account, name, self.on, well=well)

    def heads(self, heads: int) -> None:
        """Heads are corrected, and the account with them."""
        self.both.count_heads(heads, self.on)
        command = CorrectPopulation(
            account=self.account,
            population="population.registered.gp-list",
            as_at=date(2013, 4, 1),
            reason=TEXT,
        )
        if self.both.book.ask(command, on=self.on) != ():
            self.both.give(
                command, self.on, lambda told: self.premium.correct_heads(told, heads)
            )

    def propose(self) -> None:
        """The award that the rules say is put forward."""
        decision = self.both.book.do(ProposeAward(account=self.account), on=self.on)
        for fact in decision:
            assert isinstance(fact, AwardProposed)
            told = Told(self.on, ANALYST.party, ())
            self.both.proposed(self.account, fact, told, by_the_rules=True)

    def propose_any(self, eighths: list[int], clause: str) -> None:
        """An award of any total is put forward, whatever the rules say of it."""
        state: Any = self.both.book.account(self.account)
        maximum = self.premium.maximum
        parts = dict(zip(maximum, eighths, strict=True))
        payable = {m: p * parts[m] // 8 for m, p in maximum.items()}
        lost = {m: p - payable[m] for m, p in maximum.items()}
        reduced = {m: p // 3 for m, p in lost.items()}
        lost = {m: p - reduced[m] for m, p in lost.items()}
        lines = tuple(
            AwardLine(
                measure=m,
                earned=Fraction(parts[m], 8),
                maximum_pence=p,
                earned_pence=p - lost[m],
                payable_pence=payable[m],
            )
            for m, p in maximum.items()
        )
        took = AwardReduction(
            clause=clause, percent=Fraction(25), pence=sum(reduced.values())
        )
        fact = AwardProposed(
            account=self.account,
            determination=1
            + (state.proposal.fact.determination if state.proposal else 0),
            maximum_pence=sum(maximum.values()),
            earned_pence=sum(payable.values()) + sum(reduced.values()),
            before_gates_pence=sum(payable.values()),
            total_pence=sum(payable.values()),
            lines=lines,
            reductions=(took,),
            moves=_moves(
                {
                    "premium:not-earned": lost,
                    f"premium:reduced:{clause}": reduced,
                    "premium:payable": payable,
                }
            ),
            assessments=tuple(one.record for one in state.assessments.values()),
            clauses=(),
            rulebook=state.opened.rulebook,
            rulebook_hash=state.opened.rulebook_hash,
            engine="1",
        )
        self.both.book.tell(fact, ANALYST, self.on)
        told = Told(self.on, ANALYST.party, ())
        self.both.proposed(self.account, fact, told, by_the_rules=False)

    def confirm(self, by: By, late: int = 0) -> None:
        """The latest proposal, or one before it, is confirmed."""
        number = self._latest(late)
        command = ConfirmAward(account=self.account, determination=number)
        self._give(command, lambda told: self.premium.confirm(told, number), by)

    def refuse_award(self, by: By) -> None:
        """The latest proposal is refused."""
        number = self._latest()
        command = RefuseAward(account=self.account, determination=number, reason=TEXT)
        self._give(command, lambda told: self.premium.refuse_award(told, number), by)

    def _latest(self, before: int = 0) -> int:
        waiting = self.premium.waiting
        return max(1, waiting.award.number - before) if waiting else 1

    # Withholding ----------------------------------------------------------------------

    def propose_withholding(
        self, name: str, ground: Any, share: Fraction | None, amount: int | None
    ) -> None:
        """A share, an amount or all is to be kept back."""
        command = ProposeWithholding(
            account=self.account,
            withholding=name,
            ground=ground,
            legal_basis=BASES[ground],
            discretion=TEXT,
            share=share,
            amount_pence=amount,
        )
        kept = Kept(ground, ANALYST.party, self.on, amount, share)
        self._give(
            command, lambda told: self.premium.propose_withholding(told, name, kept)
        )

    def withhold(self, name: str, by: By) -> None:
        """What was proposed is kept back."""
        command = DecideWithholding(account=self.account, withholding=name)
        self._give(command, lambda told: self.premium.withhold(told, name), by)

    def refuse_withholding(self, name: str, by: By) -> None:
        """What was proposed is not kept back."""
        command = RefuseWithholding(account=self.account, withholding=name, reason=TEXT)
        self._give(
            command, lambda told: self.premium.refuse_withholding(told, name), by
        )

    def vary(self, name: str, amount: int, by: By) -> None:
        """Another amount is kept back."""
        command = VaryWithholding(
            account=self.account, withholding=name, amount_pence=amount, reason=TEXT
        )
        self._give(command, lambda told: self.premium.vary(told, name, amount), by)

    def propose_more(self, name: str, amount: int) -> None:
        """More is put forward to be kept back, by another analyst."""
        command = ProposeVariation(
            account=self.account, withholding=name, amount_pence=amount, reason=TEXT
        )
        by = By(role="analyst", party=PartyId("ada"))
        self._give(
            command, lambda told: self.premium.propose_more(told, name, amount), by
        )

    def withhold_more(self, name: str, by: By) -> None:
        """What was put forward is kept back."""
        command = DecideVariation(account=self.account, withholding=name)
        self._give(command, lambda told: self.premium.withhold_more(told, name), by)

    def refuse_more(self, name: str, by: By) -> None:
        """What was put forward is not kept back."""
        command = RefuseVariation(account=self.account, withholding=name, reason=TEXT)
        self._give(command, lambda told: self.premium.refuse_more(told, name), by)

    def release(self, name: str, by: By) -> None:
        """All of it is let go."""
        command = ReleaseWithholding(
            account=self.account, withholding=name, reason=TEXT
        )
        self._give(command, lambda told: self.premium.release(told, name), by)

    def _give(self, command: Any, expected: Any, by: By | None = None) -> None:
        self.both.give(command, self.on, expected, by)


def _moves(pots: dict[str, dict[str, int]]) -> tuple[Move, ...]:
    """Out of potential, slices of nothing left out."""
    moves = (
        Move(
            source="premium:potential",
            target=pot,
            slices=tuple(Slice(measure=m, pence=p) for m, p in pence.items() if p),
        )
        for pot, pence in pots.items()
    )
    return tuple(move for move in moves if move.slices)
