"""Random histories of awards set right: every pot agrees with a ledger without legs."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ledger.decisions.accounts import CorrectPopulation
from ledger.decisions.assessments.judging import AssessGate, AssessIndicator
from ledger.decisions.awards.confirming import ConfirmAward
from ledger.decisions.awards.proposing import ProposeAward
from ledger.decisions.disbursements.endings import (
    ExpireDisbursement,
    ReturnDisbursement,
    WithdrawDisbursement,
)
from ledger.decisions.disbursements.requests import (
    ApproveDisbursement,
    PayDisbursement,
    RefuseDisbursement,
)
from ledger.decisions.evidence import CorrectResult
from ledger.decisions.recoveries import ReceiveRecovery, SetOffDebt
from ledger.decisions.repayments import (
    OrderRecovery,
    ProposeRecovery,
    RefuseRecovery,
)
from ledger.decisions.spending.correcting import CorrectPassedOn, CorrectSpending
from ledger.decisions.spending.crediting import CreditPassedOn, CreditSpending
from ledger.decisions.spending.leftover import Lapse, ProposeLapse, RefuseLapse
from ledger.decisions.spending.recording import PassOn, RecordSpending
from ledger.decisions.withholdings.keeping import DecideWithholding, ProposeWithholding
from ledger.decisions.withholdings.letting_go import ReleaseWithholding, VaryWithholding
from ledger.decisions.withholdings.varying import (
    DecideVariation,
    ProposeVariation,
    RefuseVariation,
)
from ledger.events import AccountFact, AccountId, BodyCode, PartyId
from ledger.money import exact
from ledger.postings import (
    MAY_BE_NEGATIVE,
    RECOVERED,
    RETURNED,
    SET_OFF,
    SETTLED,
    legs,
)
from ledger.premium.evolve import evolve, folded
from ledger.recorded import Recorded
from tests.decisions.brute import standing
from tests.decisions.given import ACCOUNT, Book, usual
from tests.decisions.right import correct
from tests.decisions.year import ask_for, awarded

NEXT_YEAR = AccountId("quality-premium/2014-15/X01")
START = date(2014, 10, 1)
TEXT = "0" * 64
PENCE = st.one_of(
    st.integers(1, 99),
    st.sampled_from([10_000_01, 55_000_00, 110_000_00, 330_000_00]),
)
IDS = st.sampled_from(["1", "2"])
AWARDS = st.sampled_from(
    [
        ("red-1", "constitution.red-1", ("75", "74.83")),
        ("rtt", "constitution.rtt", ("92", "91.99")),
        ("finance", "gate.financial", ("1", "0")),
        ("pyll", "pyll", ("1936", "1937")),
        ("carers", "local-3", ("1200", "1199")),
    ]
)
Step = tuple[tuple[Any, ...], int]
"""Commands that follow each other, and by how many days they are late or early."""


@cache
def _start() -> tuple[Recorded, ...]:
    book = awarded(red_1="74.83")
    told = (one for stream in book.streams.values() for one in stream)
    return tuple(sorted(told, key=lambda one: one.position))


def start() -> Book:
    """A reduced award of one year, and the same as another year's of the same body."""
    book = Book()
    for recorded in _start():
        book.tell(recorded.fact, on=recorded.meta.effective_on)
    for recorded in _start():
        fact: Any = recorded.fact
        if isinstance(fact, AccountFact):
            book.tell(replace(fact, account=NEXT_YEAR), on=recorded.meta.effective_on)
    return book


@st.composite
def awards_again(draw: st.DrawFn) -> tuple[Any, ...]:
    """A corrected result, or corrected heads, and the award that follows."""
    again: tuple[Any, ...]
    if draw(st.integers(0, 4)) == 0:
        heads = CorrectResult(
            measure="population.registered.gp-list",
            subject=BodyCode("X01"),
            period="2013-04-01",
            value=exact(draw(st.sampled_from(["88001", "87999", "80000", "88000"]))),
            unit="heads",
            reason=TEXT,
        )
        corrected = CorrectPopulation(
            account=ACCOUNT,
            population="population.registered.gp-list",
            as_at=date(2013, 4, 1),
            reason=TEXT,
        )
        again = (heads, corrected)
    else:
        name, judged, values = draw(AWARDS)
        assess: Any = (
            AssessGate(account=ACCOUNT, gate=judged)
            if "." in judged
            else AssessIndicator(account=ACCOUNT, measure=judged)
        )
        again = (correct(name, draw(st.sampled_from(values))), assess)
    return (*again, ProposeAward(account=ACCOUNT), "confirm")


@st.composite
def requests(draw: st.DrawFn, account: AccountId) -> tuple[Any, ...]:
    """Asking for money, and often at once what follows."""
    name = f"d{draw(IDS)}"
    ask = replace(ask_for(draw(PENCE), name), account=account)
    approve = ApproveDisbursement(account=account, disbursement=name)
    pay = PayDisbursement(
        account=account,
        disbursement=name,
        reference=f"R{account[-8:]}{name}{draw(IDS)}",
        kind="cash",
        value_date=START + timedelta(days=40),
    )
    return (ask, approve, pay)[: draw(st.integers(1, 3))]


@st.composite
def steps(draw: st.DrawFn) -> Step:
    late = draw(st.sampled_from([0, 0, 4, -6, 9]))
    account = draw(st.sampled_from([ACCOUNT, ACCOUNT, ACCOUNT, NEXT_YEAR]))
    pence, number = draw(PENCE), draw(IDS)
    name: Any = {
        "account": account,
        "disbursement": draw(st.sampled_from(["d0", "d0", "d1", "d2"])),
    }
    held: Any = {"account": account, "withholding": f"w{number}"}
    spends: Any = {
        "account": account,
        "spending": f"s{number}",
        "payee": PartyId(draw(st.sampled_from(["p", "q"]))),
        "purpose": draw(st.sampled_from(["a", "b"])),
        "service": TEXT,
        "amount_pence": pence,
    }
    moved = draw(st.sampled_from([None, START + timedelta(days=45)]))
    credit: Any = {
        "account": account,
        "spending": f"s{number}",
        "credit": f"c{draw(IDS)}",
        "amount_pence": pence,
    }
    keep = ProposeWithholding(
        **held,
        ground="quality-indicators",
        legal_basis="assessment",
        discretion=TEXT,
        amount_pence=draw(st.sampled_from([None, pence])),
    )
    more = ProposeVariation(**held, amount_pence=pence, reason=TEXT)
    recovery: Any = {"account": account, "recovery": f"v{number}"}
    recover = ProposeRecovery(**recovery, amount_pence=pence, reason=TEXT)
    order = OrderRecovery(**recovery)
    unspent: Any = {"account": account, "lapse": f"l{number}"}
    hand_back = ProposeLapse(
        **unspent,
        reference=f"L{account[-8:]}{number}",
        amount_pence=pence,
        reason=TEXT,
    )
    back = ReceiveRecovery(
        account=account,
        recovery=f"v{number}",
        payment=f"p{draw(IDS)}",
        reference=f"B{account[-8:]}{draw(IDS)}",
        amount_pence=pence,
    )
    commands: Any = draw(
        st.sampled_from(
            [
                (RefuseDisbursement(**name, reason=TEXT),),
                (ApproveDisbursement(**name),),
                (WithdrawDisbursement(**name, reason=TEXT),),
                (ExpireDisbursement(**name),),
                (ReturnDisbursement(**name, reason=TEXT),),
                (keep, DecideWithholding(**held)),
                (VaryWithholding(**held, amount_pence=pence, reason=TEXT),),
                (more, DecideVariation(**held)),
                (more, RefuseVariation(**held, reason=TEXT)),
                (ReleaseWithholding(**held, reason=TEXT),),
                (recover, order, back),
                (recover, RefuseRecovery(**recovery, reason=TEXT)),
                (back,),
                (
                    SetOffDebt(
                        account=ACCOUNT,
                        set_off=f"o{number}",
                        against=draw(st.sampled_from([NEXT_YEAR, ACCOUNT])),
                        amount_pence=pence,
                    ),
                ),
                (RecordSpending(**spends),),
                (PassOn(**spends),),
                (CorrectSpending(**spends, reason=TEXT),),
                (CorrectSpending(**spends | {"amount_pence": 7}, reason=TEXT),),
                (CorrectPassedOn(**spends, reason=TEXT, spent_on=moved),),
                (CreditSpending(**credit),),
                (CreditPassedOn(**credit),),
                (RecordSpending(**spends | {"amount_pence": 99}),),
                (hand_back, Lapse(**unspent)),
                (hand_back, RefuseLapse(**unspent, reason=TEXT)),
                "ask",
                "ask",
                "award",
                "award",
                "award",
            ]
        )
    )
    if commands == "ask":
        commands = draw(requests(account))
    elif commands == "award":
        commands = draw(awards_again())
    return commands, late


def paid_out(pence: int) -> list[Step]:
    """A request of the first day, paid; none where nothing is asked for."""
    approve = ApproveDisbursement(account=ACCOUNT, disbursement="d0")
    pay = PayDisbursement(
        account=ACCOUNT,
        disbursement="d0",
        reference="R0",
        kind="cash",
        value_date=START + timedelta(days=40),
    )
    return [((ask_for(pence, "d0"), approve, pay), 0)] if pence else []


HISTORIES = st.builds(
    lambda paid, then: paid_out(paid) + then,
    st.sampled_from([0, 110_000_00, 300_000_00, 330_000_00]),
    st.lists(steps(), min_size=12, max_size=30),
)


def dated(asked: Sequence[Step]) -> list[tuple[date, tuple[Any, ...]]]:
    """Steps with their dates: one a day, some out of turn."""
    return [
        (START + timedelta(days=max(0, turn + late)), commands)
        for turn, (commands, late) in enumerate(asked)
    ]


def carried_out(asked: Sequence[Step]) -> Book:
    """What the steps come to; a command that is refused adds nothing."""
    book = start()
    for on, commands in dated(asked):
        for command in commands:
            if command == "confirm":
                proposal = book.account(ACCOUNT).proposal
                assert proposal is not None
                number = proposal.fact.determination
                command = ConfirmAward(account=ACCOUNT, determination=number)
            by = usual(command)
            decision = book.ask(command, by, on)
            if isinstance(decision, tuple):
                for fact in decision:
                    book.tell(fact, by, on)
    return book


def summed(records: Sequence[Recorded], effective: date, known: int) -> dict[Any, int]:
    """What the legs add up to, in the pots of the ledger without legs."""
    pots: dict[tuple[str, str], int] = defaultdict(int)
    for recorded in records:
        if recorded.position > known:
            continue
        for leg in legs(recorded.fact, recorded.meta.effective_on):
            if leg.effective_on <= effective:
                pots[_pot(leg.account), leg.slice] += leg.pence
    return {key: pence for key, pence in pots.items() if pence}


def _pot(account: str) -> str:
    for prefix, pot in (
        ("premium:reduced:", "reduced"),
        ("group:spent:", "spent"),
        ("group:passed-on:", "passed-on"),
    ):
        if account.startswith(prefix):
            return pot
    return account


@given(HISTORIES, st.data())
def test_every_pot_agrees_with_a_ledger_without_legs_at_any_two_clocks(
    asked: list[Step], data: st.DataObject
):
    book = carried_out(asked)
    positions = st.integers(0, book.position)
    for account in (ACCOUNT, NEXT_YEAR):
        records = book.records(f"account/{account}")
        days = {one.meta.effective_on for one in records}
        for known in (book.position, data.draw(positions), data.draw(positions)):
            for effective in days:
                assert summed(records, effective, known) == standing(
                    records, effective, known
                )


@given(HISTORIES)
def test_at_every_position_and_date_only_a_debt_is_below_zero(asked: list[Step]):
    book = carried_out(asked)
    for account in (ACCOUNT, NEXT_YEAR):
        days: dict[tuple[str, str], dict[date, int]] = defaultdict(dict)
        for recorded in book.records(f"account/{account}"):
            moved = set()
            for leg in legs(recorded.fact, recorded.meta.effective_on):
                by_day = days[leg.account, leg.slice]
                by_day[leg.effective_on] = by_day.get(leg.effective_on, 0) + leg.pence
                moved.add((leg.account, leg.slice))
            for name, measure in moved:
                running = 0
                for day in sorted(days[name, measure]):
                    running += days[name, measure][day]
                    owed = name == "premium:overpaid"
                    assert running <= 0 if owed else (
                        running >= 0 or name in MAY_BE_NEGATIVE
                    ), (name, measure, day, recorded.fact)  # fmt: skip


@given(HISTORIES)
def test_each_slice_stays_whole_at_every_position(asked: list[Step]):
    """Opening is what was lost, kept back, payable, set aside, and paid net of debt;
    and what was paid was spent, passed on, is held, or came back."""
    book = carried_out(asked)
    for account in (ACCOUNT, NEXT_YEAR):
        sums: dict[tuple[str, str], int] = defaultdict(int)
        for recorded in book.records(f"account/{account}"):
            for leg in legs(recorded.fact, recorded.meta.effective_on):
                sums[_pot(leg.account), leg.slice] += leg.pence
            measures = {measure for _, measure in sums}
            for measure in measures:
                assert sum(p for (_, m), p in sums.items() if m == measure) == 0
        state = book.account(account)
        funded = {piece.measure: piece.pence for piece in state.funded}
        for measure, pence in funded.items():
            assert sums["board:funding", measure] == -pence


@given(HISTORIES)
def test_both_years_together_lose_nothing_by_a_set_off(asked: list[Step]):
    """Set-offs cancel out; and debts are paid off by what came back, and no more."""
    book = carried_out(asked)
    sums: dict[str, int] = defaultdict(int)
    for account in (ACCOUNT, NEXT_YEAR):
        balances = book.account(account).balances
        for name, pence in balances.items():
            sums[name] += pence
        came_back = sum(balances.get(name, 0) for name in (RETURNED, RECOVERED))
        unused = came_back + balances.get(SETTLED, 0)
        assert unused >= 0
        assert unused == 0 or book.account(account).debt_pence == 0
    assert sums[SET_OFF] == 0


@given(HISTORIES, st.data())
def test_folding_anew_from_a_copy_half_way_comes_to_the_same_state(
    asked: list[Step], data: st.DataObject
):
    book = carried_out(asked)
    records = book.records(f"account/{ACCOUNT}")
    half = data.draw(st.integers(0, len(records)))
    account, before = folded(ACCOUNT, records[:half]), folded(ACCOUNT, records[:half])
    twin = account.copied()
    for recorded in records[half:]:
        evolve(twin, recorded)
    assert twin == book.account(ACCOUNT)
    assert account == before


@given(HISTORIES)
def test_a_step_repeated_adds_nothing_or_is_refused(asked: list[Step]):
    book = start()
    for on, commands in dated(asked):
        for command in commands:
            if command == "confirm":
                proposal = book.account(ACCOUNT).proposal
                assert proposal is not None
                number = proposal.fact.determination
                command = ConfirmAward(account=ACCOUNT, determination=number)
            if isinstance(book.ask(command, on=on), tuple):
                book.do(command, on=on)
                again = book.ask(command, on=on)
                assert again == () or not isinstance(again, tuple), command
