"""The ledger in memory and the abacus side by side, compared after every command."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache
from random import Random
from typing import Any

from ledger.decisions.assessments.judging import AssessGate, AssessIndicator
from ledger.decisions.evidence import CorrectResult
from ledger.events import (
    AccountId,
    AwardProposed,
    BodyCode,
    Fact,
    RulebookPublished,
)
from ledger.money import exact
from ledger.postings import legs
from ledger.recorded import Recorded, account_id, account_stream
from ledger.request import By
from tests.decisions.abacus.accounts import (
    COMMITTED,
    FUNDING,
    IN_TRANSIT,
    OVERPAID,
    OWN_FUNDS,
    PAYABLE,
    RECOVERED,
    RETURNED,
    SET_OFF,
    SETTLED,
    Hand,
    pence_of,
)
from tests.decisions.abacus.award import EIGHTHS, JUDGED, Award
from tests.decisions.abacus.awarded import ALREADY, RECORDED, Told
from tests.decisions.abacus.paid import Bounced
from tests.decisions.abacus.spent import Premium
from tests.decisions.given import ACCOUNT, GROUND, RULES, Book, besides, results, usual
from tests.decisions.year import OPEN, TERMS

NEXT_YEAR = account_id("quality-premium", "2014-15", "X01")
ACCOUNTS = (ACCOUNT, NEXT_YEAR)
START = date(2014, 10, 1)

Key = tuple[str, str]
"""Pot and measure."""


def _ground() -> tuple[Fact, ...]:
    """What comes before an account: both years have the rules of 2013/14."""
    assert isinstance(RULES, RulebookPublished)
    return (*GROUND, replace(RULES, scheme_year="2014-15"), *results())


@cache
def _begun() -> Book:
    book = Book()
    for fact in _ground():
        book.tell(fact)
    return book


class Both:
    """Two premiums of one body, in the ledger and on the abacus."""

    def __init__(self, seed: int) -> None:
        begun = _begun()
        self.book = Book(
            streams={name: list(one) for name, one in begun.streams.items()},
            position=begun.position,
        )
        self.hand = Hand()
        self.premiums: dict[AccountId, Premium] = {}
        self.references: set[str] = set()
        self.heads = 88_000
        self.random = Random(seed)
        self.seen = dict.fromkeys(ACCOUNTS, 0)  # Records compared.
        self.counted = dict.fromkeys(ACCOUNTS, 0)  # Entries compared.
        self.legs: dict[AccountId, list[Any]] = {account: [] for account in ACCOUNTS}

    # Beginning ------------------------------------------------------------------------

    def count_heads(self, heads: int, on: date) -> None:
        """Another number of heads is recorded for the body."""
        command = CorrectResult(
            measure="population.registered.gp-list",
            subject=BodyCode("X01"),
            period="2013-04-01",
            value=exact(heads),
            unit="heads",
            reason="0" * 64,
        )
        self.book.do(command, on=on)
        self.heads = heads

    def open(self, account: AccountId, heads: int) -> None:
        """An account on heads recorded before, its terms agreed."""
        on = date(2013, 4, 1)
        self.hand.position = self.book.position
        opened: Any = self.book.do(replace(OPEN, account=account), on=on)[0]
        slices = pence_of(opened.slices)
        self.premiums[account] = Premium(self.hand, heads, on, slices)
        assert self.hand.position == self.book.position
        self.book.do(replace(TERMS, account=account), on=date(2013, 6, 1))

    def assess(self, account: AccountId, name: str, on: date, *, well: bool) -> None:
        """Judge a measure, standard or gate on the results that count."""
        command: Any = (
            AssessIndicator(account=account, measure=name)
            if name in EIGHTHS
            else AssessGate(account=account, gate=name)
        )
        if self.book.do(command, on=on):
            self.premiums[account].judge(name, well)

    def assess_all(self, account: AccountId) -> None:
        """Judge everything, all of it well."""
        for name in JUDGED:
            self.assess(account, name, START, well=True)

    # Step by step ---------------------------------------------------------------------

    def give(
        self,
        command: Any,
        on: date,
        expected: Callable[[Told], str],
        by: By | None = None,
    ) -> None:
        """Give a command to both, and compare what they say and where pence are."""
        by = by or usual(command)
        decision = self.book.ask(command, by, on)
        facts = besides(decision) if isinstance(decision, tuple) else ()
        self.hand.position = self.book.position
        wanted = expected(Told(on, by.party, facts))
        if isinstance(decision, tuple):
            found = RECORDED if decision else ALREADY
        else:
            found = decision.NAME
        assert found == wanted, f"{command}: {decision}, and not {wanted}"
        for fact in facts:
            self.book.tell(fact, by, on)
        assert self.hand.position == self.book.position or not facts
        self.compare()

    def proposed(
        self, account: AccountId, fact: AwardProposed, told: Told, by_the_rules: bool
    ) -> None:
        """An award was proposed: the abacus reads where each slice is to go."""
        moves = {move.target: pence_of(move.slices) for move in fact.moves}
        clauses = [pot for pot in moves if pot.startswith("premium:reduced:")]
        award = Award(
            number=fact.determination,
            not_earned=moves.get("premium:not-earned", {}),
            reduced={pot.split(":", 2)[2]: moves[pot] for pot in clauses},
            payable=moves.get("premium:payable", {}),
        )
        assert award.total == fact.total_pence
        self.premiums[account].propose(award, told, by_the_rules=by_the_rules)

    # Comparing ------------------------------------------------------------------------

    def compare(self) -> None:
        """Everything that is new, and all that stands now, in both accounts.

        What is new is compared by position, day, pot and measure. Two ledgers that
        agree on that for each record agree at any two clocks; two of them, at random,
        are still added up from nothing.
        """
        for account in ACCOUNTS:
            if self._new(account):
                self._standing_now(account)
                self._in_all(account)
                self._whole(account)
            self._at_random_clocks(account)

    def _new(self, account: AccountId) -> bool:
        records = self.book.records(account_stream(account))[self.seen[account] :]
        self.seen[account] += len(records)
        posted: dict[Any, int] = defaultdict(int)
        for one in records:
            for leg in legs(one.fact, one.meta.effective_on):
                assert leg.premium == account
                key = (one.position, leg.effective_on, leg.account, leg.slice)
                posted[key] += leg.pence
        entries = self.premiums[account].board.entries[self.counted[account] :]
        self.counted[account] += len(entries)
        counted: dict[Any, int] = defaultdict(int)
        for entry in entries:
            counted[entry[:4]] += entry.pence
        found = {key: pence for key, pence in posted.items() if pence}
        assert found == {key: pence for key, pence in counted.items() if pence}
        self.legs[account] += [(*key, pence) for key, pence in found.items()]
        return bool(records)

    def _standing_now(self, account: AccountId) -> None:
        """What deciders read, against the abacus."""
        state, premium = self.book.account(account), self.premiums[account]
        sums: dict[str, int] = defaultdict(int)
        for entry in premium.board.entries:
            sums[entry.pot] += entry.pence
        assert _kept(state.balances) == _kept(sums)
        assert state.debt_pence == premium.debt
        assert {name: one.state for name, one in state.disbursements.items()} == {
            name: one.state for name, one in premium.requests.items()
        }
        received = [one for one in state.receipts.values() if one.state != "returned"]
        assert [one.receipt for one in received] == premium.receipts
        for one in received:
            some_day = self._some_day(account)
            left = premium.left(one.receipt, some_day)
            assert _kept(one.lowest(some_day)) == left
        for name, kept in premium.kept.items():
            assert state.withholdings[name].state == kept.state
            waits = state.withholdings[name].variation
            assert (waits and waits.fact.amount_pence) == (
                kept.more and kept.more.amount
            )
            assert _kept(state.withholdings[name].left) == _kept(kept.left)
        day = self._some_day(account)
        assert _kept(state.lowest_payable(day)) == _kept(premium.payable(day))
        assert _kept(state.lowest_debt(day)) == _kept(premium.owed(day))
        assert state.held_pence(day) == premium.held(day)

    def _in_all(self, account: AccountId) -> None:
        """What lapsed is not paid again, whatever measures awards take and give.

        What a body has, can get and has kept back is its award, less what lapsed and
        settled nothing, with what it owes; and never does it owe beside the first.
        """
        state = self.book.account(account)
        if state.confirmed is None:
            return
        sums: dict[str, int] = defaultdict(int, state.balances)
        its_own = (PAYABLE, COMMITTED, IN_TRANSIT, SET_OFF)
        found = sum(
            pence
            for pot, pence in sums.items()
            if pot in its_own or pot.startswith(("group:", "premium:withheld:"))
        )
        unused = sums[RETURNED] + sums[RECOVERED] + sums[SETTLED]
        assert found == state.confirmed.total_pence - unused + state.debt_pence
        assert unused == 0 or state.debt_pence == 0

    def _whole(self, account: AccountId) -> None:
        """The invariants of DESIGN 5, on the ledger's own legs alone.

        Slice by slice the maximum is where it is said to be, and what was paid is in
        transit, held, spent, passed on or came back; on any day no pot but those of
        ADR 0023 is below zero, and those of them but the set-off never above.
        """
        premium = self.premiums[account]
        days: dict[Key, dict[date, int]] = defaultdict(lambda: defaultdict(int))
        for _, on, pot, measure, pence in self.legs[account]:
            days[pot, measure][on] += pence
        for (pot, measure), by_day in days.items():
            running = 0
            for on in sorted(by_day):
                running += by_day[on]
                if pot in (FUNDING, OVERPAID, SETTLED, OWN_FUNDS):
                    assert running <= 0, (pot, measure, on)
                elif pot != SET_OFF:
                    assert running >= 0, (pot, measure, on)
        some_day = self._some_day(account)
        for last in (date.max, some_day):
            for measure in EIGHTHS:
                self._slice_is_whole(premium, days, measure, last)

    def _slice_is_whole(
        self,
        premium: Premium,
        days: dict[Key, dict[date, int]],
        measure: str,
        last: date,
    ) -> None:
        """The two identities of DESIGN 5 for one slice, on legs up to a day."""
        mine: dict[str, int] = defaultdict(int)
        for (pot, of), by_day in days.items():
            if of == measure:
                mine[pot] += sum(p for on, p in by_day.items() if on <= last)
        came_back = mine[RETURNED] + mine[RECOVERED]
        used = sum(p for pot, p in mine.items() if pot.startswith("group:"))
        placed = sum(p for pot, p in mine.items() if pot.startswith("premium:"))
        paid = mine[IN_TRANSIT] + used + came_back
        assert -mine[FUNDING] == placed + mine[SET_OFF] + paid, measure
        out = sum(
            request.slices.get(measure, 0)
            for request in premium.requests.values()
            if request.state == "paid" and (request.paid_on or last) <= last
        )
        bounced = sum(self._out_and_back(one, measure, last) for one in premium.bounced)
        assert paid == out + bounced, measure
        if last == date.max:
            assert -mine[FUNDING] == premium.funded.get(measure, 0)

    def _out_and_back(self, bounced: Bounced, measure: str, last: date) -> int:
        """What the bank had and gave back: out from its payment to its return."""
        out = bounced.paid_on <= last < bounced.returned_on
        return bounced.slices.get(measure, 0) if out else 0

    def _at_random_clocks(self, account: AccountId) -> None:
        known = self.random.randint(0, self.book.position)
        effective = self._some_day(account)
        sums: dict[Key, int] = defaultdict(int)
        for position, on, pot, measure, pence in self.legs[account]:
            if position <= known and on <= effective:
                sums[pot, measure] += pence
        found = {key: pence for key, pence in sums.items() if pence}
        assert found == self.premiums[account].board.standing(effective, known)

    def _some_day(self, account: AccountId) -> date:
        entries = self.premiums[account].board.entries
        return self.random.choice(entries).on

    def records(self) -> list[Recorded]:
        """Everything recorded, in the order of the ledger."""
        told = (one for stream in self.book.streams.values() for one in stream)
        return sorted(told, key=lambda one: one.position)


def _kept(pence: dict[str, int]) -> dict[str, int]:
    return {name: amount for name, amount in pence.items() if amount}
