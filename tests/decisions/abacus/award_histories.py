"""Random histories of two premiums of one body: their awards, and what is kept back."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from ledger.events import PartyId
from ledger.request import By
from tests.decisions.abacus.award import EIGHTHS, JUDGED, STANDARDS
from tests.decisions.abacus.award_steps import BASES
from tests.decisions.abacus.side_by_side import ACCOUNTS, START, Both
from tests.decisions.abacus.steps import Steps
from tests.decisions.given import APPROVER, OFFICER

HEADS = st.sampled_from([1, 7, 999, 87_999, 88_001]) | st.integers(1, 300_000)
When = tuple[int, int]
WHEN = st.tuples(
    st.sampled_from([0, 0, 0, 1]), st.sampled_from([0, 0, 0, 0, 3, -2, -9])
)
"""Which account, mostly the first; and by how many days a command's date is ahead of,
or behind, the day of its giving."""
PICK = st.sampled_from([0, 0, 0, 0, 1, 1, 2, 3, 9])
"""Which of the names that are there; 9: one that is not."""
PART = st.sampled_from([1, 3, 8, 8, 5, 2, 9, 0])
"""Eighths of what there is; 0: a penny, 9: a penny more than there is."""
APPROVERS = st.sampled_from(
    [
        APPROVER,
        APPROVER,
        APPROVER,
        By(role="approver", party=PartyId("ana")),
        By(role="approver", party=OFFICER.party),
    ]
)
MORE_APPROVERS = APPROVERS | st.just(By(role="approver", party=PartyId("ada")))
"""And who puts forward that more is kept back."""
MEASURES = sorted(EIGHTHS)


DECIDED = st.sampled_from(["", "confirm", "confirm", "as-was", "before", "refuse"])
"""What becomes of an award proposed again: nothing, confirmed, refused; or none is
proposed, and the one that waits, or the one before it, is confirmed."""


def part_of(pence: int, eighths: int) -> int:
    """So many eighths of an amount: above nothing, and for 9 a penny beyond it."""
    return max(1, pence + 1 if eighths == 9 else pence * eighths // 8)


def one_of(there: Mapping[str, Any], pick: int, *states: str) -> str:
    """One of what is there: what is in those states, then the rest, latest first."""
    names = list(there)[::-1]
    fit = [name for name in names if states and there[name].state in states]
    ordered = [*fit, *(name for name in names if name not in fit)]
    return "unknown" if pick == 9 or not ordered else ordered[pick % len(ordered)]


def has(what: str) -> Callable[["AwardHistories"], bool]:
    """Whether either account has something on the abacus."""
    return lambda self: any(getattr(one, what) for one in self.both.premiums.values())


class AwardHistories(RuleBasedStateMachine):
    """One day a step; what is asked of the ledger is asked of the abacus."""

    def __init__(self) -> None:
        super().__init__()
        self.day = START
        self.names = 0

    @initialize(
        heads=HEADS,
        seed=st.integers(0, 2**32),
        missed=st.sets(st.sampled_from(MEASURES), max_size=3),
        paid=st.lists(st.sampled_from([None, 0, 3, 8, 8]), min_size=2, max_size=2),
        days=st.sampled_from([(3, 6), (20, 4)]),
    )
    def begin(
        self,
        heads: int,
        seed: int,
        missed: set[str],
        paid: list[int | None],
        days: tuple[int, int],
    ) -> None:
        """Two accounts are open; each may have an award, of which eighths are paid.

        The first payment may be of a later day than the second.
        """
        self.both = Both(seed)
        self.both.count_heads(heads, START)
        for account in ACCOUNTS:
            self.both.open(account, heads)
            self.both.assess_all(account)
        self.both.compare()
        for which, eighths in enumerate(paid):
            steps = Steps(self.both, ACCOUNTS[which], START)
            for name in sorted(missed):
                steps.result(name, well=False)
            if eighths is not None:
                steps.propose()
                steps.confirm(APPROVER)
            for part, day in zip((eighths, 3), days, strict=True) if eighths else ():
                steps.on = START + timedelta(days=day)
                self.ask_for(steps, part, 3)

    def steps(self, when: When, needs: str = "judged") -> Steps:
        """One of the accounts, the other where only that has what is needed."""
        which, late = when
        if not getattr(self.both.premiums[ACCOUNTS[which]], needs):
            which = 1 - which
        self.day += timedelta(days=1)
        on = max(START, self.day + timedelta(days=late))
        return Steps(self.both, ACCOUNTS[which], on)

    def name_anew(self) -> str:
        """A name that nothing has."""
        self.names += 1
        return f"n{self.names}"

    def ask_for(self, steps: Steps, part: int, far: int) -> None:
        """Eighths of what is payable: asked for, with 2 approved, with 3 paid."""
        name = self.name_anew()
        payable = sum(steps.premium.payable(steps.on).values())
        steps.ask(name, part_of(payable, part))
        if far > 1:
            steps.approve(name)
        if far > 2:
            steps.pay(name, f"R{name.upper()}", steps.on)

    # Awards ---------------------------------------------------------------------------

    @rule(
        when=WHEN,
        changed=st.dictionaries(st.sampled_from(JUDGED), st.booleans(), max_size=5),
        decided=DECIDED,
        by=APPROVERS,
    )
    def award_again(
        self, when: When, changed: dict[str, bool], decided: str, by: By
    ) -> None:
        """Late or corrected results, and the award that follows of them."""
        steps = self.steps(when)
        for name, well in changed.items():
            steps.result(name, well)
        if decided not in {"as-was", "before"}:
            steps.propose()
        self._decide(steps, decided, by)

    def _decide(self, steps: Steps, decided: str, by: By) -> None:
        if decided == "refuse":
            steps.refuse_award(by)
        elif decided:
            steps.confirm(by, late=1 if decided == "before" else 0)

    @rule(
        when=WHEN,
        eighths=st.lists(st.integers(0, 8), min_size=7, max_size=7),
        clause=st.sampled_from(STANDARDS),
    )
    def award_anything(self, when: When, eighths: list[int], clause: str) -> None:
        """An award of any total."""
        steps = self.steps(when)
        steps.propose_any(eighths, clause)
        steps.confirm(APPROVER)

    @rule(when=WHEN, won=st.sampled_from(MEASURES), lost=st.sampled_from(MEASURES))
    def win_and_lose(self, when: When, won: str, lost: str) -> None:
        """One measure is won and asked for, then another lost; then it is approved."""
        steps = self.steps(when)
        for name, well in ((won, True), (lost, False)):
            steps.result(name, well)
            steps.propose()
            steps.confirm(APPROVER)
            if well:
                self.ask_for(steps, 8, 1)
        steps.approve(one_of(steps.premium.requests, 0, "requested"))

    @rule(
        when=WHEN,
        heads=HEADS,
        decided=DECIDED,
    )
    def count_again(self, when: When, heads: int, decided: str) -> None:
        """Corrected heads, and perhaps the award that follows of them."""
        steps = self.steps(when)
        steps.heads(heads)
        if decided not in {"as-was", "before"}:
            steps.propose()
        self._decide(steps, decided, APPROVER)

    # Withholding ----------------------------------------------------------------------

    @rule(
        when=WHEN,
        ground=st.sampled_from(sorted(BASES)),
        share=st.none()
        | st.sampled_from([Fraction(1, 4), Fraction(1, 3), Fraction(1)]),
        part=st.none() | PART,
        by=st.none() | APPROVERS,
    )
    def withhold(
        self,
        when: When,
        ground: str,
        share: Fraction | None,
        part: int | None,
        by: By | None,
    ) -> None:
        """A withholding is proposed, and perhaps decided at once."""
        steps, name = self.steps(when), self.name_anew()
        payable = sum(steps.premium.payable(steps.on).values())
        amount = None if part is None else part_of(payable, part)
        steps.propose_withholding(name, ground, share, amount)
        if by is not None:
            steps.withhold(name, by)

    @precondition(has("proposed"))
    @rule(when=WHEN, pick=PICK, refused=st.booleans(), by=APPROVERS)
    def decide_withholding(self, when: When, pick: int, refused: bool, by: By) -> None:
        """A withholding is decided or refused."""
        steps = self.steps(when, "proposed")
        name = one_of(steps.premium.kept, pick, "proposed")
        if refused:
            steps.refuse_withholding(name, by)
        else:
            steps.withhold(name, by)

    @precondition(has("decided"))
    @rule(when=WHEN, pick=PICK, part=PART, more=st.booleans(), by=APPROVERS)
    def vary(self, when: When, pick: int, part: int, more: bool, by: By) -> None:
        """More or less is kept back."""
        steps = self.steps(when, "decided")
        name = one_of(steps.premium.kept, pick, "decided")
        kept = steps.premium.kept.get(name)
        left = sum(kept.left.values()) if kept else 0
        payable = sum(steps.premium.payable(steps.on).values())
        amount = left + part_of(payable, part) if more else part_of(left, part)
        steps.vary(name, amount, by)

    @precondition(has("decided"))
    @rule(when=WHEN, pick=PICK, part=PART, by=st.none() | MORE_APPROVERS)
    def propose_more(self, when: When, pick: int, part: int, by: By | None) -> None:
        """More is put forward, and perhaps kept back at once."""
        steps = self.steps(when, "decided")
        name = one_of(steps.premium.kept, pick, "decided")
        kept = steps.premium.kept.get(name)
        left = sum(kept.left.values()) if kept else 0
        payable = sum(steps.premium.payable(steps.on).values())
        steps.propose_more(name, left + (0 if pick == 3 else part_of(payable, part)))
        if by is not None:
            steps.withhold_more(name, by)

    @precondition(has("decided"))
    @rule(when=WHEN, pick=PICK, refused=st.booleans(), by=MORE_APPROVERS)
    def decide_more(self, when: When, pick: int, refused: bool, by: By) -> None:
        """More is kept back, or refused."""
        steps = self.steps(when, "decided")
        name = one_of(steps.premium.kept, pick, "decided")
        if refused:
            steps.refuse_more(name, by)
        else:
            steps.withhold_more(name, by)

    @precondition(has("decided"))
    @rule(when=WHEN, pick=PICK, by=APPROVERS)
    def release(self, when: When, pick: int, by: By) -> None:
        """All of a withholding is let go."""
        steps = self.steps(when, "decided")
        steps.release(one_of(steps.premium.kept, pick, "decided"), by)
