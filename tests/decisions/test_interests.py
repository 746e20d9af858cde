"""Interests declared and ended, and who took part in deciding on a use."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from ledger.decisions.bodies import UnknownBody
from ledger.decisions.interests import (
    DeclareInterest,
    EndInterest,
    InterestIdTaken,
    NoSuchInterest,
    RecordParticipation,
)
from ledger.decisions.preconditions import (
    AccountNotOpen,
    DateRunsBackwards,
    OtherBody,
)
from ledger.decisions.roles import NotYourBody
from ledger.events import (
    BodyCode,
    BodyRegistered,
    BodySucceeded,
    Commitment,
    Fact,
    InterestDeclared,
    InterestEnded,
    ParticipationRecorded,
    PartyId,
)
from ledger.postings import legs
from ledger.recorded import account_id
from ledger.request import By
from tests.decisions.given import ACCOUNT, GROUP, OPENED, Given, given
from tests.decisions.year import opened

X01 = BodyCode("X01")
TEXT = "ab" * 32
DECLARE = DeclareInterest(
    body=X01,
    interest="i1",
    person=PartyId("m1"),
    payee=PartyId("p1"),
    kind="financial",
    since=date(2012, 4, 1),
    nature=TEXT,
)
DECLARED = InterestDeclared(
    body=X01,
    interest="i1",
    person=PartyId("m1"),
    payee=PartyId("p1"),
    kind="financial",
    since=date(2012, 4, 1),
    nature=Commitment(TEXT),
)
END = EndInterest(body=X01, interest="i1", ended_on=date(2015, 6, 30))
ENDED = InterestEnded(body=X01, interest="i1", ended_on=date(2015, 6, 30))
TOOK_PART = RecordParticipation(
    body=X01,
    premium=ACCOUNT,
    use="s1",
    person=PartyId("m1"),
    part="voted",
    on=date(2015, 1, 14),
    reason=TEXT,
)
VOTED = ParticipationRecorded(
    body=X01,
    premium=ACCOUNT,
    use="s1",
    person=PartyId("m1"),
    part="voted",
    on=date(2015, 1, 14),
    reason=Commitment(TEXT),
)


def test_an_interest_is_declared_also_long_after_it_began():
    given(OPENED, GROUP).when(DECLARE).then(DECLARED)


def test_a_body_that_nobody_knows_has_no_interests():
    given(OPENED).when(DECLARE).then_refused(UnknownBody(body=X01))
    given(OPENED).when(TOOK_PART).then_refused(UnknownBody(body=X01))


def test_the_same_interest_again_adds_nothing_whatever_the_text():
    again = replace(DECLARE, nature="ef" * 32)
    given(OPENED, GROUP, DECLARED).when(again).then_nothing()


@pytest.mark.parametrize(
    "changed",
    [
        {"person": PartyId("m2")},
        {"payee": PartyId("p2")},
        {"kind": "indirect"},
        {"since": date(2012, 4, 2)},
    ],
)
def test_another_interest_needs_an_id_of_its_own(changed: dict[str, Any]):
    (
        given(OPENED, GROUP, DECLARED)
        .when(replace(DECLARE, **changed))
        .then_refused(
            InterestIdTaken(interest="i1", person=PartyId("m1"), payee=PartyId("p1"))
        )
    )
    given(OPENED, GROUP, DECLARED).when(
        replace(DECLARE, interest="i2", **changed)
    ).then_recorded()


def test_an_interest_ends_once_on_a_day_and_another_day_counts_then():
    given(OPENED, GROUP, DECLARED).when(END).then(ENDED)
    given(OPENED, GROUP, DECLARED, ENDED).when(END).then_nothing()
    later = replace(END, ended_on=date(2015, 7, 1))
    moved = replace(ENDED, ended_on=date(2015, 7, 1))
    given(OPENED, GROUP, DECLARED, ENDED).when(later).then(moved)
    given(OPENED, GROUP, DECLARED, ENDED, moved).when(END).then(ENDED)


def test_what_was_never_declared_does_not_end():
    given(OPENED, GROUP).when(END).then_refused(NoSuchInterest(interest="i1"))


def test_an_interest_may_end_on_the_day_it_began_and_not_before():
    first = replace(END, ended_on=DECLARED.since)
    given(OPENED, GROUP, DECLARED).when(first).then_recorded()
    before = replace(END, ended_on=date(2012, 3, 31))
    (
        given(OPENED, GROUP, DECLARED)
        .when(before)
        .then_refused(
            DateRunsBackwards(
                what="its end",
                on=date(2012, 3, 31),
                follows="the beginning of the interest",
                followed_on=date(2012, 4, 1),
            )
        )
    )


def taken_part(*told: Fact) -> Given:
    book = opened()
    for fact in told:
        book.tell(fact)
    return Given(book=book)


def test_taking_part_is_recorded_before_the_use_is_and_moves_no_money():
    taken_part().when(TOOK_PART).then(VOTED)
    assert legs(VOTED, date(2015, 1, 14)) == ()


def test_taking_part_in_the_same_way_adds_nothing_and_in_another_counts_then():
    taken_part(VOTED).when(TOOK_PART).then_nothing()
    left, other = replace(TOOK_PART, part="left"), replace(TOOK_PART, use="s2")
    gone = replace(VOTED, part="left")
    taken_part(VOTED).when(left).then(gone)
    taken_part(VOTED, gone).when(TOOK_PART).then(VOTED)
    taken_part(VOTED).when(other).then(replace(VOTED, use="s2"))


def test_taking_part_is_about_an_open_premium_of_the_body():
    others = account_id("quality-premium", "2013-14", "X02")
    unopened = account_id("quality-premium", "2014-15", "X01")
    nowhere = account_id("no-such-scheme", "2013-14", "X01")
    officer = By(
        role="finance-officer", party=PartyId("cleo"), on_behalf_of=BodyCode("X01")
    )
    for premium in (unopened, nowhere):
        taken_part().when(replace(TOOK_PART, premium=premium)).then_refused(
            AccountNotOpen(account=premium)
        )
    x02_joined_x01 = (
        BodyRegistered(body=BodyCode("X02"), kind="group", name="Another Group"),
        BodySucceeded(
            body=BodyCode("X02"), successor=X01, on=date(2014, 4, 1), document=None
        ),
    )
    theirs = replace(TOOK_PART, premium=others)
    taken_part(*x02_joined_x01).when(theirs, officer).then_refused(
        OtherBody(body=X01, premium=others)
    )


@pytest.mark.parametrize("command", [DECLARE, END, TOOK_PART])
def test_a_finance_officer_speaks_for_their_own_body_alone(command: object):
    stranger = By(
        role="finance-officer", party=PartyId("f2"), on_behalf_of=BodyCode("X02")
    )
    (
        given(OPENED, GROUP, DECLARED)
        .when(command, stranger)
        .then_refused(NotYourBody(acts_for=BodyCode("X02"), body=X01))
    )
