"""What no command may do: date what happened ahead, or record too large a figure."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from ledger.decisions.bodies import RegisterPractice, Sighting
from ledger.decisions.bounds import BeyondLimit, DatedAhead, beyond_limit
from ledger.decisions.closing import AssertBalance, ClosePeriod
from ledger.decisions.every import decide
from ledger.decisions.evidence import RecordDocument, RecordResult
from ledger.decisions.interests import EndInterest
from ledger.decisions.spending.leftover import DeclareUnspent
from ledger.events import BodyCode, DocumentId, RulebookPublished
from ledger.limits import MOST_HEADS, MOST_PENCE
from ledger.request import Asked, Request
from ledger.rules.rulebook import canonical, content_hash
from tests.decisions.given import (
    ACCOUNT,
    GROUND,
    GROUP,
    HEADS,
    OPENED,
    RULEBOOK,
    given,
    result,
    usual,
)
from tests.decisions.year import OPEN, TERMS

TODAY, TOMORROW = date(2014, 10, 1), date(2014, 10, 2)


def test_a_request_counts_today_or_earlier():
    book = given(*GROUND).book
    for field in ("effective_on", "decided_on"):
        by = usual(OPEN)
        asked = Asked(by=by, effective_on=TODAY, decided_on=TODAY, recorded_on=TODAY)
        today: dict[str, Any] = {field: TODAY}
        ahead: dict[str, Any] = {field: TOMORROW}
        decision = decide(Request(id="a", by=by, command=OPEN, **today), asked, book)
        assert isinstance(decision, tuple)
        assert decide(
            Request(id="a", by=by, command=OPEN, **ahead), asked, book
        ) == DatedAhead(field=field, on=TOMORROW, recorded_on=TODAY)


def practice(seen: date) -> RegisterPractice:
    return RegisterPractice(
        practice=BodyCode("P81001"),
        name="Invented Surgery",
        sightings=(
            Sighting(observed_on=date(2013, 4, 1), group=BodyCode("X01")),
            Sighting(observed_on=seen, group=BodyCode("X01")),
        ),
    )


def measured(published: date) -> RecordResult:
    period = "2013-04-01..2014-03-31"
    fact: Any = result("falls", "1", period)
    return RecordResult(
        measure="falls",
        subject=BodyCode("X01"),
        period=period,
        value=fact.value,
        unit="cases",
        published_on=published,
    )


@pytest.mark.parametrize(
    ("field", "command"),
    [
        (
            "published_on",
            lambda on: RecordDocument(
                document=DocumentId("d" * 64), title="A file", published_on=on
            ),
        ),
        ("published_on", measured),
        ("sightings.observed_on", practice),
        ("agreed_on", lambda on: replace(TERMS, agreed_on=on)),
        ("through", lambda on: ClosePeriod(through=on)),
        (
            "on",
            lambda on: AssertBalance(
                account=ACCOUNT, of="group:held", on=on, pence=0, says="bank"
            ),
        ),
        ("on", lambda on: DeclareUnspent(account=ACCOUNT, on=on, amount_pence=0)),
        (
            "ended_on",
            lambda on: EndInterest(body=BodyCode("X01"), interest="i1", ended_on=on),
        ),
    ],
)
def test_what_happened_is_not_dated_after_today(field: str, command: Any):
    book = given(*GROUND).book
    ahead = DatedAhead(field=field, on=TOMORROW, recorded_on=TODAY)
    assert book.ask(command(TOMORROW), recorded_on=TODAY) == ahead
    today = book.ask(command(TODAY), recorded_on=TODAY)
    assert not isinstance(today, DatedAhead)


def maximum(pence_per_head: int) -> RulebookPublished:
    value = RULEBOOK.value.model_copy(update={"pence_per_head": pence_per_head})
    content = canonical(RULEBOOK.model_copy(update={"value": value}))
    return RulebookPublished(
        scheme="quality-premium",
        scheme_year="2013-14",
        rulebook_version=1,
        applies_from=RULEBOOK.applies_from,
        content=content,
        content_hash=content_hash(content),
    )


def test_no_maximum_is_larger_than_the_ledger_holds():
    heads = result(HEADS.measure, str(MOST_HEADS), "2013-04-01", "heads")  # type: ignore[union-attr]
    most = MOST_PENCE // MOST_HEADS
    (fact,) = given(OPENED, GROUP, maximum(most), heads).when(OPEN).then_recorded()
    assert fact.maximum_pence == MOST_PENCE  # type: ignore[union-attr]
    given(OPENED, GROUP, maximum(most + 1), heads).when(OPEN).then_refused(
        BeyondLimit(
            field="maximum_pence", figure=MOST_PENCE + MOST_HEADS, most=MOST_PENCE
        )
    )


def test_no_population_is_larger_than_the_ledger_holds():
    heads = result(HEADS.measure, str(MOST_HEADS + 1), "2013-04-01", "heads")  # type: ignore[union-attr]
    given(OPENED, GROUP, maximum(1), heads).when(OPEN).then_refused(
        BeyondLimit(field="heads", figure=MOST_HEADS + 1, most=MOST_HEADS)
    )


def test_nothing_recorded_is_within_the_limits():
    assert beyond_limit(()) is None
