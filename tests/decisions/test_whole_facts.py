"""A fact says all that was asked, field by field, and not a field less."""

from dataclasses import fields, replace
from datetime import date

import pytest
from pydantic import TypeAdapter, ValidationError

from ledger.decisions.bodies import (
    RegisterBody,
    RegisterPractice,
    Sighting,
)
from ledger.decisions.evidence import RecordDocument
from ledger.decisions.rulebooks import PublishRulebook
from ledger.decisions.spending.recording import RecordSpending
from ledger.decisions.successions import SucceedBody
from ledger.decisions.terms import AgreeTerms
from ledger.events import (
    BodyCode,
    BodyRegistered,
    BodySucceeded,
    Commitment,
    DocumentId,
    DocumentRecorded,
    PracticeSeen,
    SpendingRecorded,
)
from tests.decisions.given import GROUP, OPENED, RULEBOOK, RULES, Given, given
from tests.decisions.test_bodies import OTHER
from tests.decisions.test_spending import LATER, SPEND, pence
from tests.decisions.year import TERMS, ask_for, paid, pay

DOCUMENT = DocumentId("d" * 64)


def copied(source: object, target: type) -> dict[str, object]:
    """The fields that a fact shares with its command."""
    names = {one.name for one in fields(target)}
    return {
        one.name: getattr(source, one.name)
        for one in fields(source)  # type: ignore[arg-type]
        if one.name in names
    }


def test_a_registration_keeps_every_field():
    command = RegisterBody(
        body=BodyCode("X07"),
        kind="group",
        name="Whole Group",
        opened_on=date(2013, 4, 1),
        closed_on=date(2018, 3, 31),
        ons_code="E38000001",
        area_team="Q45",
        region="Y54",
        document=DOCUMENT,
    )
    fact = BodyRegistered(**copied(command, BodyRegistered))  # type: ignore[arg-type]
    assert fact.region == "Y54"
    given(OPENED).when(command).then(fact)


def test_a_practices_registration_and_sightings_keep_every_field():
    command = RegisterPractice(
        practice=BodyCode("Z90007"),
        name="cd" * 32,
        opened_on=date(1974, 4, 1),
        closed_on=date(2016, 9, 30),
        sightings=(
            Sighting(observed_on=date(2013, 4, 1), group=BodyCode("X01")),
            Sighting(observed_on=date(2014, 4, 1), group=BodyCode("X02")),
            Sighting(observed_on=date(2016, 9, 30), group=None),
        ),
        document=DOCUMENT,
    )
    practice = BodyCode("Z90007")

    def seen(group: str | None, on: date) -> PracticeSeen:
        return PracticeSeen(
            practice=practice,
            group=None if group is None else BodyCode(group),
            observed_on=on,
            document=DOCUMENT,
        )

    given(OPENED, GROUP, OTHER).when(command).then(
        BodyRegistered(
            body=practice,
            kind="practice",
            name=None,
            name_commitment=Commitment("cd" * 32),
            opened_on=date(1974, 4, 1),
            closed_on=date(2016, 9, 30),
            document=DOCUMENT,
        ),
        seen("X01", date(2013, 4, 1)),
        seen("X02", date(2014, 4, 1)),
        seen(None, date(2016, 9, 30)),
    )


def test_a_succession_keeps_its_document():
    command = SucceedBody(
        body=BodyCode("X01"),
        successor=BodyCode("X02"),
        on=date(2015, 4, 1),
        document=DOCUMENT,
    )
    given(OPENED, GROUP, OTHER).when(command).then(
        BodySucceeded(**copied(command, BodySucceeded))  # type: ignore[arg-type]
    )


def test_a_document_keeps_every_field():
    command = RecordDocument(
        document=DOCUMENT,
        title="Guidance",
        publisher="NHS England",
        url="https://example.org",
        published_on=date(2015, 4, 27),
        licence="OGL",
    )
    fact = DocumentRecorded(**copied(command, DocumentRecorded))  # type: ignore[arg-type]
    assert fact.licence == "OGL"
    given(OPENED).when(command).then(fact)


def test_a_published_rulebook_names_the_file_it_was_read_from():
    given(OPENED).when(PublishRulebook(rulebook=RULEBOOK, document=DOCUMENT)).then(
        replace(RULES, document=DOCUMENT)
    )


def test_a_spending_keeps_its_transaction():
    command = replace(SPEND, transaction="T-7")
    (fact,) = Given(book=paid(16_00)).when(command, on=LATER).then_recorded()
    assert isinstance(fact, SpendingRecorded)
    assert fact.transaction == "T-7"


def test_the_last_penny_of_a_receipt_is_drawn_and_then_the_next_ones():
    book = paid(1_00)
    book.do(ask_for(1_00, "d2"), on=date(2014, 12, 1))
    pay(book, "d2", "REF 2", date(2014, 12, 1))
    first: RecordSpending = replace(SPEND, amount_pence=99)
    book.do(first, on=LATER)
    (fact,) = book.do(replace(SPEND, spending="s2", amount_pence=2), on=LATER)
    assert isinstance(fact, SpendingRecorded)
    assert [(one.receipt, pence(one)) for one in fact.draws] == [("d1", 1), ("d2", 1)]
    (fact,) = book.do(replace(SPEND, spending="s3", amount_pence=1), on=LATER)
    assert isinstance(fact, SpendingRecorded)
    assert [(one.receipt, pence(one)) for one in fact.draws] == [("d2", 1)]


def test_a_receipt_is_drawn_on_the_very_day_that_it_arrives():
    told = Given(book=paid(8_00, on=date(2014, 11, 3)))
    (fact,) = told.when(SPEND, on=date(2014, 11, 3)).then_recorded()
    assert isinstance(fact, SpendingRecorded)
    assert sum(pence(one) for one in fact.draws) == 8_00


ADAPTER: TypeAdapter[AgreeTerms] = TypeAdapter(AgreeTerms)
PLAIN = {
    "measure": "local-1",
    "title": "Dementia: more people diagnosed",
    "indicator": "i",
    "period": "2013-04-01..2014-03-31",
    "comparison": "at-least",
    "threshold": "1",
}


def terms(**changes: str) -> dict[str, object]:
    return {
        "account": TERMS.account,
        "agreed_on": "2013-06-01",
        "agreed_by": ["X01"],
        "tests": [{**PLAIN, **changes}],
    }


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"period": "2013/14"}, "'2013/14' is not a period"),
        ({"baseline_period": "2012/13", "change": "rise"}, "'2012/13' is not a period"),
        (
            {"baseline_period": "2012-04-01"},
            "the test of local-1 needs both baseline_period and change, or neither",
        ),
        ({"change": "rise"}, "the test of local-1 needs both baseline_period and"),
    ],
)
def test_a_malformed_agreed_test_is_refused_when_it_is_read(changes, message):
    with pytest.raises(ValidationError, match=message):
        ADAPTER.validate_python(terms(**changes))


def test_a_well_formed_agreed_test_is_read_as_it_is():
    whole = terms(baseline_period="2012-04-01..2013-03-31", change="percent-rise")
    (test,) = ADAPTER.validate_python(whole).tests
    assert test.change == "percent-rise"
    (level,) = ADAPTER.validate_python(terms()).tests
    assert level.baseline_period is None
