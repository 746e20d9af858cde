"""Groups, practices, providers: registration, sightings, succession."""

from dataclasses import replace
from datetime import date

from ledger.decisions.bodies import (
    BodyDiffers,
    RegisterBody,
    RegisterPractice,
    Sighting,
    UnknownBody,
)
from ledger.decisions.successions import SucceedBody, SucceededOtherwise
from ledger.events import (
    BodyCode,
    BodyRegistered,
    BodySucceeded,
    Commitment,
    DocumentId,
    PracticeSeen,
)
from tests.decisions.given import GROUP, OPENED, given

OTHER = BodyRegistered(body=BodyCode("X02"), kind="group", name="Other Group")
REGISTER = RegisterBody(body=BodyCode("X01"), kind="group", name="Example Group")
SEEN_2013 = Sighting(observed_on=date(2013, 4, 1), group=BodyCode("X01"))
SEEN_2017 = Sighting(observed_on=date(2017, 3, 31), group=BodyCode("X02"))
SALTED = "ab" * 32
PRACTICE = RegisterPractice(
    practice=BodyCode("Z90001"), name=SALTED, sightings=(SEEN_2013,)
)
SEEN = PracticeSeen(
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
    given(OPENED, GROUP).when(PRACTICE).then(REGISTERED, SEEN)


def test_the_same_sighting_again_adds_nothing_whoever_says_so():
    again = replace(PRACTICE, name="cd" * 32, document=DocumentId("ab" * 32))
    given(OPENED, GROUP, REGISTERED, SEEN).when(again).then_nothing()
    twice = replace(PRACTICE, sightings=(SEEN_2013, SEEN_2013))
    given(OPENED, GROUP).when(twice).then(REGISTERED, SEEN)


def test_a_practice_seen_again_where_it_was_is_recorded_again():
    later = Sighting(observed_on=date(2013, 4, 2), group=BodyCode("X01"))
    (
        given(OPENED, GROUP, REGISTERED, SEEN)
        .when(replace(PRACTICE, sightings=(SEEN_2013, later)))
        .then(replace(SEEN, observed_on=date(2013, 4, 2)))
    )


def test_sightings_come_in_any_order_of_days_and_may_contradict_each_other():
    earlier = Sighting(observed_on=date(2013, 3, 31), group=BodyCode("X02"))
    same_day = Sighting(observed_on=date(2013, 4, 1), group=BodyCode("X02"))
    in_none = Sighting(observed_on=date(2013, 4, 1), group=None)
    told = given(OPENED, GROUP, OTHER, REGISTERED, SEEN)
    told.when(
        replace(PRACTICE, sightings=(SEEN_2017, same_day, earlier, in_none))
    ).then(
        replace(SEEN, group=BodyCode("X02"), observed_on=date(2017, 3, 31)),
        replace(SEEN, group=BodyCode("X02")),
        replace(SEEN, group=BodyCode("X02"), observed_on=date(2013, 3, 31)),
        replace(SEEN, group=None),
    )


def test_a_practice_seen_in_an_unknown_group_is_refused():
    (given(OPENED).when(PRACTICE).then_refused(UnknownBody(body=BodyCode("X01"))))


def test_a_practice_is_seen_in_a_group_and_in_nothing_else():
    trust = BodyRegistered(body=BodyCode("X01"), kind="provider", name="A Trust")
    (
        given(OPENED, trust)
        .when(PRACTICE)
        .then_refused(
            BodyDiffers(body="X01", field="kind", recorded="provider", given="group")
        )
    )
    itself = Sighting(observed_on=date(2017, 3, 31), group=BodyCode("Z90001"))
    (
        given(OPENED, GROUP, REGISTERED)
        .when(replace(PRACTICE, sightings=(itself,)))
        .then_refused(
            BodyDiffers(body="Z90001", field="kind", recorded="practice", given="group")
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
