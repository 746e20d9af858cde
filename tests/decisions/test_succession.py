"""Who acts for a body that was succeeded: from that day the successor, for good."""

from dataclasses import replace
from datetime import date

import pytest

from ledger.decisions.preconditions import DateRunsBackwards
from ledger.decisions.roles import NotYourBody
from ledger.decisions.successions import SucceedBody, SuccessionCircle
from ledger.events import BodyCode, BodyRegistered, BodySucceeded, PartyId
from ledger.recorded import account_id
from ledger.request import By
from tests.decisions.given import GROUP, OFFICER, OPENED, Book, Given, given
from tests.decisions.test_interests import TOOK_PART
from tests.decisions.year import ask_for, awarded

ON = date(2015, 4, 1)
BEFORE = date(2015, 3, 31)


def body(code: str, opened_on: date | None = None) -> BodyRegistered:
    return BodyRegistered(
        body=BodyCode(code), kind="group", name=f"Group {code}", opened_on=opened_on
    )


def succeeded(code: str, by: str, on: date = ON) -> BodySucceeded:
    return BodySucceeded(body=BodyCode(code), successor=BodyCode(by), on=on)


def officer(code: str) -> By:
    party = PartyId(f"officer-{code}")
    return By(role="finance-officer", party=party, on_behalf_of=BodyCode(code))


def merged(*facts: BodySucceeded) -> Book:
    book = awarded()
    for code in ("X02", "X03"):
        book.tell(body(code))
    for fact in facts:
        book.tell(fact)
    return book


def refusal(acts_for: str, successor: str | None = None, on: date = ON) -> NotYourBody:
    return NotYourBody(
        acts_for=BodyCode(acts_for),
        body=BodyCode("X01"),
        successor=None if successor is None else BodyCode(successor),
        on=None if successor is None else on,
    )


def test_until_the_day_before_a_body_acts_for_itself():
    book = merged(succeeded("X01", "X02"))
    Given(book=book).when(ask_for(1), officer("X01"), decided_on=BEFORE).then_recorded()
    Given(book=book).when(ask_for(1), officer("X02"), decided_on=BEFORE).then_refused(
        refusal("X02")
    )


def test_from_the_day_its_successor_acts_and_it_no_longer_does():
    book = merged(succeeded("X01", "X02"))
    Given(book=book).when(ask_for(1), officer("X02"), decided_on=ON).then_recorded()
    Given(book=book).when(ask_for(1), officer("X01"), decided_on=ON).then_refused(
        refusal("X01", "X02")
    )


@pytest.mark.parametrize(
    ("day", "acts"),
    [
        (BEFORE, "X01"),
        (ON, "X02"),
        (date(2018, 3, 31), "X02"),
        (date(2018, 4, 1), "X03"),
    ],
)
def test_authority_follows_the_chain_day_by_day(day: date, acts: str):
    book = merged(succeeded("X01", "X02"), succeeded("X02", "X03", date(2018, 4, 1)))
    for code in ("X01", "X02", "X03"):
        decision = book.ask(ask_for(1), officer(code), decided_on=day)
        assert isinstance(decision, tuple) is (code == acts), (code, day)


def test_a_chain_counts_from_the_day_its_last_link_does():
    book = merged(
        succeeded("X01", "X02", date(2018, 4, 1)), succeeded("X02", "X03", ON)
    )
    decision = book.ask(ask_for(1), officer("X02"), decided_on=date(2018, 4, 1))
    assert decision == refusal("X02", "X03", date(2018, 4, 1))


def test_every_body_that_a_command_names_is_asked():
    book = merged()
    other = replace(TOOK_PART, premium=account_id("quality-premium", "2013-14", "X02"))
    assert book.ask(other, OFFICER) == NotYourBody(
        acts_for=BodyCode("X01"), body=BodyCode("X02")
    )


def test_it_is_said_who_may_act_and_since_when():
    assert "X01's, succeeded by X02 on 2015-04-01, and you act for X01" in str(
        refusal("X01", "X02")
    )


# What succession may be recorded ------------------------------------------------------


def test_a_body_does_not_succeed_itself():
    command = SucceedBody(body=BodyCode("X01"), successor=BodyCode("X01"), on=ON)
    given(OPENED, GROUP).when(command).then_refused(
        SuccessionCircle(body="X01", successor="X01")
    )


def test_successions_run_in_no_circle():
    facts = (OPENED, GROUP, body("X02"), body("X03"))
    chain = (succeeded("X01", "X02"), succeeded("X02", "X03"))
    back = SucceedBody(body=BodyCode("X03"), successor=BodyCode("X01"), on=ON)
    given(*facts, *chain).when(back).then_refused(
        SuccessionCircle(body="X03", successor="X01")
    )
    given(*facts, chain[1]).when(back).then_recorded()


@pytest.mark.parametrize("late", ["X01", "X02"])
def test_no_body_is_succeeded_before_either_opened(late: str):
    bodies = [body(code, ON if code == late else None) for code in ("X01", "X02")]
    command = SucceedBody(body=BodyCode("X01"), successor=BodyCode("X02"), on=BEFORE)
    given(OPENED, *bodies).when(command).then_refused(
        DateRunsBackwards(
            what="the succession",
            on=BEFORE,
            follows=f"the opening of {late}",
            followed_on=ON,
        )
    )
    given(OPENED, *bodies).when(replace(command, on=ON)).then_recorded()
