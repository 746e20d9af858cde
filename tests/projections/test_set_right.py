"""A year set right in every way: decided again, told, and followed by every view."""

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from ledger.decisions.accounts import CorrectPopulation
from ledger.decisions.assessments.judging import AssessGate
from ledger.decisions.awards.confirming import ConfirmAward, RefuseAward
from ledger.decisions.awards.proposing import ProposeAward
from ledger.decisions.closing import AssertBalance
from ledger.decisions.disbursements.endings import (
    ExpireDisbursement,
    ReturnDisbursement,
    WithdrawDisbursement,
)
from ledger.decisions.disbursements.receipts import ConfirmReceipt, DisputeReceipt
from ledger.decisions.disbursements.requests import ApproveDisbursement, PayDisbursement
from ledger.decisions.disbursements.runs import (
    ApprovePaymentRun,
    ProposePaymentRun,
    RunRequest,
)
from ledger.decisions.recoveries import ReceiveRecovery
from ledger.decisions.replay import Replay
from ledger.decisions.representations import DecideRepresentation, MakeRepresentation
from ledger.decisions.spending.correcting import CorrectPassedOn, CorrectSpending
from ledger.decisions.spending.crediting import CreditPassedOn, CreditSpending
from ledger.decisions.spending.leftover import DeclareUnspent
from ledger.decisions.spending.recording import PassOn
from ledger.decisions.terms import RebaseTarget
from ledger.decisions.withholdings.keeping import RefuseWithholding
from ledger.events import AccountFact, PartyId, PaymentRunProposed
from ledger.money import exact
from ledger.postings import HELD
from ledger.recorded import Recorded
from ledger.request import By
from projections.story.sentences.every import SENTENCES, sentence
from projections.story.words import Lookup
from projections.verify.verify import verify
from projections.views.awards import awards
from projections.views.trail import record_ids
from tests.decisions.given import ACCOUNT, usual
from tests.decisions.right import (
    DECIDE,
    DECIDE_MORE,
    LAPSE,
    ORDER,
    REFUSE_LAPSE,
    REFUSE_MORE,
    REFUSE_ORDER,
    RELEASE,
    correct,
    keep_back,
    more,
    to_lapse,
    to_recover,
    vary,
)
from tests.decisions.year import ask_for, awarded
from tests.projections.histories import MemoryLog, followed, history, spend
from tests.projections.test_trail import Beside
from tests.test_golden_facts import EXAMPLES

TEXT = "0" * 64
RUN: dict[str, Any] = {
    "scheme": "quality-premium",
    "scheme_year": "2013-14",
    "run": 1,
}


JUDGE = By(role="approver", party=PartyId("jo"))
"""Who decides a representation: another person than withheld."""


class Doing:
    """Commands carried out one after another, and the records of each together."""

    def __init__(self) -> None:
        self.book = awarded()
        self.groups: list[tuple[Recorded, ...]] = []
        self.on = date(2014, 11, 3)

    def do(self, *commands: Any) -> None:
        for command in commands:
            by = JUDGE if isinstance(command, DecideRepresentation) else usual(command)
            decision = self.book.ask(command, by, self.on)
            assert isinstance(decision, tuple), str(decision)
            told = [self.book.tell(fact, by, self.on) for fact in decision]
            self.groups.append(tuple(told))


def again(doing: Doing, number: int, *before: Any) -> None:
    """An award that follows from what comes before it."""
    doing.do(*before, ProposeAward(account=ACCOUNT))
    doing.do(ConfirmAward(account=ACCOUNT, determination=number))


@cache
def set_right() -> Doing:
    doing = Doing()
    made: dict[str, Any] = {"account": ACCOUNT, "representation": "r1"}
    doing.do(keep_back(40_000_00), DECIDE, vary(30_000_00))
    doing.do(more(36_000_00), REFUSE_MORE, more(35_000_00), DECIDE_MORE)
    doing.do(
        MakeRepresentation(**made, about="withholding", subject="w1", grounds=TEXT),
        DecideRepresentation(**made, outcome="upheld-in-part", reason=TEXT),
        RELEASE,
        keep_back(5, name="w2"),
        RefuseWithholding(account=ACCOUNT, withholding="w2", reason=TEXT),
    )
    for name in ("d1", "d2", "d3", "d4"):
        doing.do(ask_for(100_000_00, name))
    doing.do(
        WithdrawDisbursement(account=ACCOUNT, disbursement="d3", reason=TEXT),
        ExpireDisbursement(account=ACCOUNT, disbursement="d4"),
        ask_for(40_000_00, "d5"),
        ProposePaymentRun(
            **RUN,
            requests=tuple(
                RunRequest(account=ACCOUNT, disbursement=d) for d in ("d1", "d2")
            ),
        ),
    )
    run = doing.book.records("payment-run/quality-premium/2013-14/1")[-1].fact
    assert isinstance(run, PaymentRunProposed)
    doing.do(
        ApprovePaymentRun(**RUN, list_hash=run.list_hash, total_pence=run.total_pence)
    )
    for name in ("d1", "d2"):
        doing.do(*_payment(name))
    doing.do(
        DisputeReceipt(account=ACCOUNT, receipt="d2", reason=TEXT),
        ReturnDisbursement(account=ACCOUNT, disbursement="d2", reason=TEXT),
        ConfirmReceipt(account=ACCOUNT, receipt="d1", received_on=doing.on),
        ask_for(260_000_00, "d6"),
        ask_for(40_000_00, "d7"),
        ApproveDisbursement(account=ACCOUNT, disbursement="d6"),
        *_payment("d6"),
        spend(60_000_00, "s1"),
        CorrectSpending(
            account=ACCOUNT,
            spending="s1",
            payee=PartyId("q"),
            purpose="b",
            service=TEXT,
            amount_pence=50_000_00,
            reason=TEXT,
        ),
    )
    passing: dict[str, Any] = {
        "account": ACCOUNT,
        "spending": "s2",
        "payee": PartyId("council"),
        "purpose": "c",
        "service": TEXT,
        "amount_pence": 10_000_00,
    }
    unspent = DeclareUnspent(account=ACCOUNT, on=doing.on, amount_pence=1)
    held = AssertBalance(account=ACCOUNT, of=HELD, on=doing.on, pence=1, says="bank")
    doing.do(
        PassOn(**passing),
        CorrectPassedOn(
            **passing | {"purpose": "b", "amount_pence": 12_000_00}, reason=TEXT
        ),
        CreditPassedOn(
            account=ACCOUNT, spending="s2", credit="c1", amount_pence=2_000_00
        ),
        CreditSpending(
            account=ACCOUNT,
            spending="s1",
            credit="c1",
            amount_pence=5_000_00,
            reason=TEXT,
        ),
        to_lapse(5_00),
        LAPSE,
        to_lapse(6_00, "l2"),
        replace(REFUSE_LAPSE, lapse="l2"),
        unspent,
        held,
    )
    again(
        doing,
        2,
        correct("red-1", "74.83"),
        AssessGate(account=ACCOUNT, gate="constitution.red-1"),
    )
    doing.do(
        to_recover(20_000_00),
        ORDER,
        to_recover(1, "v2"),
        replace(REFUSE_ORDER, recovery="v2"),
        ReceiveRecovery(
            account=ACCOUNT,
            recovery="v1",
            payment="p1",
            reference="BACS 1",
            amount_pence=10_000_00,
        ),
    )
    heads = replace(
        correct("pyll", "87999"),
        measure="population.registered.gp-list",
        period="2013-04-01",
        unit="heads",
    )
    corrected = CorrectPopulation(
        account=ACCOUNT,
        population="population.registered.gp-list",
        as_at=date(2013, 4, 1),
        reason=TEXT,
    )
    doing.do(heads, corrected, ProposeAward(account=ACCOUNT))
    doing.do(RefuseAward(account=ACCOUNT, determination=3, reason=TEXT))
    target = RebaseTarget(
        account=ACCOUNT,
        clause="infection.c-difficile",
        target=exact("31"),
        agreed_on=date(2014, 10, 1),
        agreed_by=(),
        reason=TEXT,
    )
    again(doing, 4, target)
    return doing


def test_every_decision_comes_out_as_it_is_recorded():
    replay = Replay()
    given = history(awarded())
    for recorded in given:
        replay.known.take(recorded)
    for group in set_right().groups:
        if group:
            replay.apply(group)
    assert [(d.decision, d.why, d.says) for d in replay.differences] == []
    assert replay.decisions["award-confirmed.v1"] == 2
    assert replay.decisions["payment-run-approved.v1"] == 1


def test_the_history_holds_nearly_every_fact_of_an_account():
    book = set_right().book
    kinds = {type(one.fact) for one in book.records(f"account/{ACCOUNT}")}
    missing = {fact.__name__ for fact in AccountFact.__args__} - {
        kind.__name__ for kind in kinds
    }
    assert missing == {
        "DisbursementRefused",
        "DebtSetOff",  # Of two accounts: tests/decisions.
        "PayableSetOff",
        "WithholdingForgone",
    }


def test_every_fact_of_a_story_has_a_sentence():
    lookup = Lookup(Beside([]))
    for fact in EXAMPLES:
        if type(fact) in SENTENCES:
            said = sentence(fact, lookup)
            assert said.endswith(".")
            assert "None" not in said


def test_the_views_follow_it_and_agree_with_the_state(tmp_path: Path):
    book = set_right().book
    with followed(MemoryLog(history(book)), tmp_path) as views:
        assert verify(views) == ()
        [award] = awards(views.db, ACCOUNT)
        [steps] = [record_ids(views.db, ACCOUNT)]
    state = book.account(ACCOUNT)
    assert award.unspent_pence == state.balances[HELD]
    # £50,000 corrected, £5,000 of it credited; £12,000 passed on, £2,000 of it back.
    assert award.spent_pence == 55_000_00
    assert award.state == "confirmed"
    assert award.determination == 4
    assert award.maximum_pence == 87_999 * 5_00
    own = {one.id for one in book.records(f"account/{ACCOUNT}")}
    assert own <= set(steps)


def _payment(name: str) -> tuple[Any, ...]:
    return (
        PayDisbursement(
            account=ACCOUNT,
            disbursement=name,
            reference=f"REF {name}",
            kind="cash",
            value_date=date(2014, 11, 3),
        ),
    )
