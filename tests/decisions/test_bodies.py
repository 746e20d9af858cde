"""Groups, practices, providers: registration, membership, succession."""

from dataclasses import replace
from datetime import date

from ledger.decisions.bodies import (
    BodyDiffers,
    Membership,
    MembershipRunsBackwards,
    RegisterBody,
    RegisterPractice,
    UnknownBody,
)
from ledger.decisions.successions import SucceedBody, SucceededOtherwise
from ledger.events import (
    BodyCode,
    BodyRegistered,
    BodySucceeded,
    Commitment,
    PracticeJoined,
    PracticeLeft,
)
from tests.decisions.given import GROUP, OPENED, given

OTHER = BodyRegistered(body=BodyCode("X02"), kind="group", name="Other Group")
REGISTER = RegisterBody(body=BodyCode("X01"), kind="group", name="Example Group")
SEEN_2013 = Membership(observed_on=date(2013, 4, 1), group=BodyCode("X01"))
SEEN_2017 = Membership(observed_on=date(2017, 3, 31), group=BodyCode("X02"))
SALTED = "ab" * 32
PRACTICE = RegisterPractice(
    practice=BodyCode("Z90001"), name=SALTED, memberships=(SEEN_2013,)
)
JOINED = PracticeJoined(
    practice=BodyCode("Z90001"), group=BodyCode("X01"), observed_on=date(2013, 4, 1)
)
REGISTERED = BodyRegistered(
    body=BodyCode("Z90001"),
    kind="practice",
    name=None,
    name_commitment=Commitment(SALTED),
)


def test_a_group_becomes_known_once():
    given(OPENED).when(REGISTER).then(GROUP)
    given(OPENED, GROUP).when(REGISTER).then_nothing()


def test_a_body_registered_otherwise_is_refused_with_the_field_that_differs():
    (
        given(OPENED, GROUP)
        .when(replace(REGISTER, name="Exemplary Group"))
        .then_refused(
            BodyDiffers(
                body="X01",
                field="name",
                recorded="Example Group",
                given="Exemplary Group",
            )
        )
    )


def test_a_practices_name_stays_out_of_the_fact():
    given(OPENED, GROUP).when(PRACTICE).then(REGISTERED, JOINED)


def test_seeing_a_practice_where_it_was_adds_nothing():
    again = replace(PRACTICE, name="cd" * 32)
    given(OPENED, GROUP, REGISTERED, JOINED).when(again).then_nothing()


def test_a_practice_seen_elsewhere_left_and_joined():
    moved = replace(PRACTICE, memberships=(SEEN_2013, SEEN_2017))
    (
        given(OPENED, GROUP, OTHER, REGISTERED, JOINED)
        .when(moved)
        .then(
            PracticeLeft(
                practice=BodyCode("Z90001"),
                group=BodyCode("X01"),
                observed_on=date(2017, 3, 31),
            ),
            PracticeJoined(
                practice=BodyCode("Z90001"),
                group=BodyCode("X02"),
                observed_on=date(2017, 3, 31),
            ),
        )
    )


def test_a_practice_seen_in_an_unknown_group_is_refused():
    (given(OPENED).when(PRACTICE).then_refused(UnknownBody(body=BodyCode("X01"))))


def test_membership_is_told_in_order_of_days():
    earlier = Membership(observed_on=date(2013, 3, 31), group=BodyCode("X02"))
    same_day = Membership(observed_on=date(2013, 4, 1), group=BodyCode("X02"))
    told = given(OPENED, GROUP, OTHER, REGISTERED, JOINED)
    told.when(replace(PRACTICE, memberships=(same_day,))).then_recorded()
    told.when(replace(PRACTICE, memberships=(earlier,))).then_refused(
        MembershipRunsBackwards(
            practice="Z90001",
            last_seen_on=date(2013, 4, 1),
            observed_on=date(2013, 3, 31),
        )
    )


def test_a_succession_is_recorded_once():
    succeed = SucceedBody(
        body=BodyCode("X01"), successor=BodyCode("X02"), on=date(2015, 4, 1)
    )
    fact = BodySucceeded(
        body=BodyCode("X01"), successor=BodyCode("X02"), on=date(2015, 4, 1)
    )
    given(OPENED, GROUP, OTHER).when(succeed).then(fact)
    given(OPENED, GROUP, OTHER, fact).when(succeed).then_nothing()
    given(OPENED, GROUP, OTHER, fact).when(
        replace(succeed, on=date(2016, 4, 1))
    ).then_refused(SucceededOtherwise(body="X01", successor="X02", on=date(2015, 4, 1)))


def test_a_succession_needs_both_bodies_known():
    succeed = SucceedBody(
        body=BodyCode("X01"), successor=BodyCode("X02"), on=date(2015, 4, 1)
    )
    given(OPENED, GROUP).when(succeed).then_refused(UnknownBody(body=BodyCode("X02")))
    given(OPENED, OTHER).when(succeed).then_refused(UnknownBody(body=BodyCode("X01")))
