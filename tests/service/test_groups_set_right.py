"""A correction that decides many groups, given to a real ledger as one commit."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from ledger.decisions.assessments.attributing import PublishAttribution
from ledger.decisions.assessments.judging import AssessGate
from ledger.decisions.bodies import RegisterBody
from ledger.decisions.evidence import CorrectResult, RecordResult
from ledger.decisions.opening import OpenLedger
from ledger.decisions.rulebooks import PublishRulebook
from ledger.events import AccountId, BodyCode, GateAssessed
from ledger.money import exact
from ledger.recorded import account_id
from ledger.request import Appended, NotTried, Refused, Request
from ledger.service import Ledger
from tests.decisions.given import RULEBOOK, YEAR, usual
from tests.decisions.year import OPEN

CODES = [BodyCode(f"Y{number:02d}") for number in range(33)]
ACCOUNTS = [account_id("quality-premium", "2013-14", code) for code in CODES]
GATE = "constitution.red-1"


def request(id: str, command: Any) -> Request:
    day = date(2014, 10, 1)
    return Request(
        id=id, by=usual(command), command=command, effective_on=day, decided_on=day
    )


def result(subject: str, measure: str, value: str, period: str) -> RecordResult:
    return RecordResult(
        measure=measure,
        subject=BodyCode(subject),
        period=period,
        value=exact(value),
        unit="x",
    )


def judged(account: AccountId) -> AssessGate:
    return AssessGate(account=account, gate=GATE)


def ground(ledger: Ledger) -> None:
    """33 groups whose ambulances are one provider's, all judged on 75%."""
    heads = "population.registered.gp-list"
    commands: list[Any] = [
        OpenLedger(name="Many", origin="simulated"),
        PublishRulebook(rulebook=RULEBOOK),
        RegisterBody(body=BodyCode("P01"), kind="provider", name="Ambulances"),
        result("P01", "red-1", "75", YEAR),
    ]
    for code, account in zip(CODES, ACCOUNTS, strict=True):
        commands += [
            RegisterBody(body=code, kind="group", name=f"Group {code}"),
            result(code, heads, "1000", "2013-04-01"),
            replace(OPEN, account=account),
        ]
    commands.append(
        PublishAttribution(
            measure="red-1",
            period=YEAR,
            provider=BodyCode("P01"),
            bodies=tuple(CODES),
        )
    )
    commands += [judged(account) for account in ACCOUNTS]
    for number, command in enumerate(commands):
        outcome = ledger.give(request(f"g{number}", command))
        assert isinstance(outcome, Appended), outcome


def again(*more: Any) -> list[Request]:
    correction = CorrectResult(
        measure="red-1",
        subject=BodyCode("P01"),
        period=YEAR,
        value=exact("74.83"),
        unit="x",
        reason="recounted",
    )
    commands = [correction, *(judged(account) for account in ACCOUNTS), *more]
    return [request(f"again/{n}", command) for n, command in enumerate(commands)]


def test_one_corrected_result_decides_33_groups_in_one_commit(tmp_path: Path):
    with Ledger.open(tmp_path / "many.db", create=True) as ledger:
        ground(ledger)
        head = ledger.head()
        outcomes = ledger.give_all(again())
        assert ledger.head() == head + 1 + len(ACCOUNTS)
        records = [
            one for o in outcomes if isinstance(o, Appended) for one in o.records
        ]
        assert len({one.meta.recorded_at for one in records}) == 1
        gates = [one.fact for one in records if isinstance(one.fact, GateAssessed)]
        assert [fact.passed for fact in gates] == [False] * 33


def test_where_one_group_cannot_be_judged_the_correction_is_not_recorded(
    tmp_path: Path,
):
    nobody = AccountId("quality-premium/2013-14/Z99")
    with Ledger.open(tmp_path / "many.db", create=True) as ledger:
        ground(ledger)
        head = ledger.head()
        *before, last = ledger.give_all(again(judged(nobody)))
        assert isinstance(last, Refused)
        assert {type(outcome) for outcome in before} == {NotTried}
        assert ledger.head() == head
