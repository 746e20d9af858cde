"""An account's story: cause before effect, in sentences, from what it rests on."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ledger.events import (
    AccountOpened,
    Commitment,
    DocumentId,
    DocumentRecorded,
    PartyId,
    PartyRegistered,
    RecordId,
    ResultRecorded,
)
from ledger.recorded import Recorded
from projections.story.story import Step, story
from projections.story.words import Lookup
from projections.views.trail import record_ids
from tests.decisions.given import ACCOUNT, Book
from tests.projections.histories import MemoryLog, followed, history, moved_to, year

OTHER = "quality-premium/2014-15/X02"


class Beside:
    """Records, and the texts and names that lie beside them."""

    def __init__(
        self,
        records: Sequence[Recorded],
        texts: dict[str, str] | None = None,
        names: dict[str, str] | None = None,
    ) -> None:
        self.records = {one.id: one for one in records}
        self.texts = texts or {}
        self.names = names or {}

    def record(self, record_id: str) -> Recorded | None:
        return self.records.get(RecordId(record_id))

    def stream(self, name: str) -> Sequence[Recorded]:
        return [one for one in self.records.values() if one.stream == name]

    def text(self, commitment: str) -> str | None:
        return self.texts.get(commitment)

    def name(self, party: str) -> str | None:
        return self.names.get(party)


def told(
    folder: Path, records: Sequence[Recorded], account: str = ACCOUNT, **beside: Any
) -> tuple[Step, ...]:
    with followed(MemoryLog(records), folder) as views:
        return story(Beside(records, **beside), views.db, account)


def sentences(steps: Sequence[Step]) -> dict[int, str]:
    return {step.position: step.sentence for step in steps}


def test_a_story_holds_the_accounts_records_and_all_that_they_rest_on(tmp_path: Path):
    """All of the year but how the ledger and the body came to be known."""
    steps = told(tmp_path, year())
    assert [step.position for step in steps] == [*range(3, 23), *range(28, 57)]


def test_each_cause_is_an_earlier_step_and_each_effect_has_one(tmp_path: Path):
    steps = told(tmp_path, year())
    seen: set[str] = set()
    without = []
    for step in steps:
        assert set(step.because) <= seen, step
        seen.add(step.record_id)
        if not step.because:
            without.append(step.record_id.split("/")[0].split("@")[0])
    # Rules, results and the terms are where a story begins.
    assert set(without) == {"rulebook", "result", "account"}
    assert without.count("account") == 1


def test_money_is_told_from_request_to_spending_and_why(tmp_path: Path):
    steps = {step.position: step for step in told(tmp_path, year())}
    assert (steps[51].sentence, steps[51].because) == (
        "£165,293.22 was requested as d2, and is committed: £47,226.63 of "
        "emergency-admissions, £23,613.31 of friends-and-family, £23,613.32 of "
        "infection, £23,613.32 of local-1, £23,613.32 of local-2 and £23,613.32 of "
        "local-3.",
        (steps[44].record_id,),
    )
    assert (steps[53].sentence, steps[53].because) == (
        "£165,293.22 was paid for d2 as an adjustment of the allocation, "
        "reference REF d2, value 2014-11-03.",
        (steps[52].record_id,),
    )
    assert steps[54].because == (steps[53].record_id,)
    assert steps[55].because == (steps[49].record_id, steps[53].record_id)
    assert steps[56].because == (steps[53].record_id,)


def test_an_award_is_told_with_each_reduction_its_clause_and_both_years(
    tmp_path: Path,
):
    said = sentences(told(tmp_path, year()))
    assert said[43] == (
        "Determination 1 was proposed: £385,000.00 of £440,000.00 was earned and 25% "
        "(£96,250.00) goes off for Category A Red 1 ambulance calls within eight "
        "minutes (constitution.red-1), which leaves £288,750.00."
    )
    assert said[28].startswith(
        "The premium of Example Group (X01), quality-premium 2013/14, paid in "
        "2014/15 was opened: 88,000 heads (population.registered.gp-list on "
        "2013-04-01) at £5.00 a head are at most £440,000.00: £55,000.00 of pyll,"
    )
    assert said[30] == (
        "Potential years of life lost from causes amenable to healthcare (pyll) was "
        "not met, by clauses pyll and pyll.fall."
    )
    assert said[40].endswith(
        "was not passed, by clauses constitution.red-1 and constitution.red-1.standard."
    )


def test_texts_and_names_are_told_while_they_are_there(tmp_path: Path):
    records = []
    for one in year():
        if isinstance(one.fact, PartyRegistered) and one.fact.party == "p":
            fact = replace(one.fact, name=Commitment("1" * 64))
            one = replace(one, fact=fact)
        records.append(one)
    gone = sentences(told(tmp_path, records))
    assert gone[46].endswith("is payable again from 2014-10-02: (forgotten).")
    assert "spent with (forgotten) (p) for purpose a, (forgotten): " in gone[55]
    beside: dict[str, Any] = {
        "texts": {"0" * 64: "a nurse for asthma"},
        "names": {"p": "Pat Payee", "bob": "Bob Approver"},
    }
    steps = told(tmp_path, records, **beside)
    there = sentences(steps)
    assert there[46].endswith('from 2014-10-02: "a nurse for asthma".')
    assert 'with Pat Payee (p) for purpose a, "a nurse for asthma": ' in there[55]
    assert {step.who for step in steps} == {
        "analyst ana",
        "approver Bob Approver (bob)",
        "finance-officer cleo for X01",
    }


def test_a_document_and_what_a_result_was_derived_from_are_part_of_the_story(
    tmp_path: Path,
):
    book = Book()
    document = DocumentId("d" * 64)
    book.tell(
        DocumentRecorded(
            document=document,
            title="Allowances",
            publisher="NHS Commissioning Board",
            published_on=date(2012, 11, 1),
        )
    )
    allowance = {"subject": "X01", "period": "2013-04-01", "document": document}
    book.tell(_result("running-cost-allowance", "2200000", "pounds", **allowance))
    heads = book.tell(
        _result(
            "population.derived",
            "88000",
            "heads",
            subject="X01",
            period="2013-04-01",
            status="derived",
            derived_from=(RecordId("result/running-cost-allowance/X01/2013-04-01@1"),),
        )
    )
    for one in year():
        fact: Any = one.fact
        if isinstance(fact, AccountOpened):
            fact = replace(fact, heads_result=heads.id)
        book.tell(fact, on=one.meta.effective_on)
    steps = told(tmp_path, history(book))
    assert [step.position for step in steps[:4]] == [1, 2, 3, 6]
    assert steps[0].sentence == (
        'The document "Allowances" of NHS Commissioning Board was recorded, '
        "published on 2012-11-01."
    )
    assert steps[1].because == (steps[0].record_id,)
    assert steps[2].because == (steps[1].record_id,)
    assert "88000 heads, derived by us." in steps[2].sentence


def _result(measure: str, value: str, unit: str, **more: Any) -> ResultRecorded:
    from ledger.money import exact

    return ResultRecorded(measure=measure, value=exact(value), unit=unit, **more)


def test_two_accounts_have_stories_of_their_own(tmp_path: Path):
    both = (*year(), *moved_to(OTHER, year()))
    with followed(MemoryLog(both), tmp_path) as views:
        ours = set(record_ids(views.db, ACCOUNT))
        theirs = set(record_ids(views.db, OTHER))
    assert {one for one in ours & theirs if one.startswith("account/")} == {
        one for one in theirs if one.startswith(f"account/{ACCOUNT}@")
    }
    assert not {one for one in ours if OTHER in one}


def test_there_is_no_story_of_an_account_that_is_not_there(tmp_path: Path):
    assert told(tmp_path, year(), account=OTHER) == ()


def test_a_story_whose_evidence_is_gone_is_not_told_without_it(tmp_path: Path):
    with followed(MemoryLog(year()), tmp_path) as views:
        beside = Beside([one for one in year() if one.position != 4])
        with pytest.raises(LookupError, match=r"rests on result/population.*not there"):
            story(beside, views.db, ACCOUNT)


def test_a_step_bears_both_clocks_and_the_day_it_was_decided(tmp_path: Path):
    decided = date(2014, 9, 15)
    records = [
        replace(one, meta=replace(one.meta, decided_on=decided, actor=PartyId("x")))
        for one in year()
    ]
    steps = told(tmp_path, records)
    by_position = {one.position: one for one in records}
    assert [
        (step.record_id, step.recorded_at, step.effective_on, step.decided_on)
        for step in steps
    ] == [
        (one.id, one.meta.recorded_at, one.meta.effective_on, decided)
        for one in (by_position[step.position] for step in steps)
    ]


def test_what_had_been_decided_is_told_with_all_that_it_rests_on(tmp_path: Path):
    """A ground is told though the fact that cited it first was decided later."""
    opening = next(one for one in year() if isinstance(one.fact, AccountOpened))
    opened = opening.fact
    assert isinstance(opened, AccountOpened)
    early, late = date(2014, 9, 15), date(2014, 12, 1)
    records = [
        replace(
            one, meta=replace(one.meta, decided_on=late if one == opening else early)
        )
        for one in year()
    ]
    with followed(MemoryLog(records), tmp_path) as views:
        all_ = [step.record_id for step in story(Beside(records), views.db, ACCOUNT)]
        whole, then, before = (
            [
                step.record_id
                for step in story(Beside(records), views.db, ACCOUNT, by=day)
            ]
            for day in (late, early, date(2014, 9, 14))
        )
    assert whole == all_
    assert opened.rulebook in then
    assert then == [one for one in whole if one in then]
    # Only the opening, and the population that it alone rests on, are not told.
    assert set(whole) - set(then) == {opening.id, opened.heads_result}
    assert before == []


def test_a_text_of_several_lines_is_told_on_one_so_that_it_forges_no_row():
    prose = "It is so.\n    99  2014-10-01  approver eve\n        All was paid."
    lookup = Lookup(Beside([], texts={"c": prose}))
    assert lookup.text("c") == (
        '"It is so.\\n    99  2014-10-01  approver eve\\n        All was paid."'
    )
