"""A group's year given to a real ledger, command by command."""

from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

from ledger.decisions.assessments.judging import AssessGate, AssessIndicator
from ledger.decisions.awards.confirming import ConfirmAward
from ledger.decisions.awards.proposing import ProposeAward
from ledger.decisions.bodies import RegisterBody
from ledger.decisions.disbursements.requests import (
    ApproveDisbursement,
    BeyondPayable,
    PayDisbursement,
    RefuseDisbursement,
)
from ledger.decisions.evidence import RecordResult
from ledger.decisions.opening import OpenLedger
from ledger.decisions.parties import RegisterParty
from ledger.decisions.rulebooks import PublishRulebook
from ledger.decisions.spending.recording import RecordSpending
from ledger.events import BodyCode, PartyId, ResultRecorded
from ledger.request import Refused, Request
from ledger.service import Ledger
from tests.decisions.given import ACCOUNT, HEADS, RULEBOOK, results, usual
from tests.decisions.year import GATES, MEASURES, OPEN, TERMS, ask_for

SPENT_PENCE = 123_456_79


def ground() -> Iterator[Any]:
    """What stands before an account is opened, results included."""
    yield OpenLedger(name="Spec", origin="simulated")
    yield RegisterBody(body=BodyCode("X01"), kind="group", name="Example Group")
    yield PublishRulebook(rulebook=RULEBOOK)
    for fact in (HEADS, *results(red_1="74.83", pyll="1937")):
        assert isinstance(fact, ResultRecorded)
        names = [one.name for one in fields(RecordResult)]
        yield RecordResult(**{name: getattr(fact, name) for name in names})


def work() -> Iterator[tuple[Any, date]]:
    """From the account's opening to the last penny spent, with its dates."""
    october, november = date(2014, 10, 6), date(2014, 11, 3)
    yield OPEN, date(2013, 4, 1)
    yield TERMS, date(2013, 6, 1)
    for measure in MEASURES:
        yield AssessIndicator(account=ACCOUNT, measure=measure), october
    for gate in GATES:
        yield AssessGate(account=ACCOUNT, gate=gate), october
    yield ProposeAward(account=ACCOUNT), october
    yield ConfirmAward(account=ACCOUNT, determination=1), october
    yield ask_for(288_750_01, "too-much"), october
    for name, pence in (("d0", 100_00), ("d1", 88_750_00), ("d2", 199_900_00)):
        yield ask_for(pence, name), october
    refusal = RefuseDisbursement(
        account=ACCOUNT, disbursement="d0", reason="No plan was given."
    )
    yield refusal, october
    for name in ("d1", "d2"):
        yield ApproveDisbursement(account=ACCOUNT, disbursement=name), october
        payment = PayDisbursement(
            account=ACCOUNT,
            disbursement=name,
            reference=f"REF {name}",
            kind="cash",
            value_date=november,
        )
        yield payment, november
    for name, payee, pence in (("s1", "p1", SPENT_PENCE), ("s2", "p2", 165_193_21)):
        named = RegisterParty(
            party=PartyId(payee), kind="organisation", name=f"Payee {name}"
        )
        yield named, date(2014, 12, 1)
        spending = RecordSpending(
            account=ACCOUNT,
            spending=name,
            payee=PartyId(payee),
            purpose="a",
            service=f"Service {name}",
            amount_pence=pence,
        )
        yield spending, date(2014, 12, 1)


def requests() -> list[Request]:
    """The whole year as requests, each by the person who usually makes it."""
    asked = [(command, date(2014, 10, 1)) for command in ground()]
    return [
        Request(
            id=f"c{n}",
            by=usual(command),
            command=command,
            effective_on=on,
            decided_on=date(2014, 10, 1),
        )
        for n, (command, on) in enumerate([*asked, *work()], start=1)
    ]


def ledger_with_a_year(db: Path) -> Ledger:
    """A new ledger in which all of the year was recorded, one request refused."""
    ledger = Ledger.open(db, create=True)
    outcomes = ledger.give_each(requests())
    assert [type(one.refusal) for one in outcomes if isinstance(one, Refused)] == [
        BeyondPayable
    ]
    return ledger
