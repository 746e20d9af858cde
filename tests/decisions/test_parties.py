"""People and organisations: one spelling each, one kind each, and who names them."""

from dataclasses import replace

import pytest

from ledger.decisions.bodies import RegisterBody
from ledger.decisions.opening import OpenLedger
from ledger.decisions.parties import (
    PartyKindDiffers,
    PartyNotYoursToName,
    RegisterParty,
)
from ledger.events import BodyCode, Commitment, PartyId, PartyRegistered
from ledger.request import By
from tests.decisions.given import (
    ANALYST,
    GROUP,
    OFFICER,
    OPENED,
    OPERATOR,
    Book,
    Given,
    given,
)
from tests.decisions.test_interests import DECLARE
from tests.decisions.test_spending import LATER, SPEND
from tests.decisions.year import ask_for, awarded, paid

NAME, OTHER_NAME = Commitment("ab" * 32), Commitment("cd" * 32)
REGISTER = RegisterParty(party=PartyId("Care-Ltd"), kind="organisation", name=NAME)
CARE = PartyRegistered(party=PartyId("Care-Ltd"), kind="organisation", name=NAME)
UNNAMED = replace(CARE, name=None)
OPENED_AGAIN = OpenLedger(name="Spec", origin="simulated")
SOMEBODY = PartyRegistered(party=PartyId("Dora"), kind="person")


def parties(book: Book, command: object, by: By | None = None) -> list[PartyRegistered]:
    decision = book.ask(command, by, LATER)
    assert isinstance(decision, tuple), str(decision)
    return [one for one in decision if isinstance(one, PartyRegistered)]


# Registering --------------------------------------------------------------------------


@pytest.mark.parametrize("by", [ANALYST, OFFICER])
def test_an_analyst_or_a_finance_officer_registers_who_is_not_known(by: By):
    given(OPENED).when(REGISTER, by).then_recorded()
    for kind in ("person", "organisation"):
        command = RegisterParty(party=PartyId("new"), kind=kind)
        book = Book()
        book.tell(OPENED)
        assert parties(book, command, by)[0].kind == kind


@pytest.mark.parametrize("by", [ANALYST, OFFICER])
def test_the_same_again_adds_nothing_also_in_other_capitals(by: By):
    again = replace(REGISTER, party=PartyId("CARE-ltd"))
    given(OPENED, CARE).when(again, by).then_nothing()
    given(OPENED, CARE).when(replace(again, name=None), by).then_nothing()


def test_an_id_is_spelled_as_it_was_first():
    rename = replace(REGISTER, party=PartyId("CARE-LTD"), name=OTHER_NAME)
    book = given(OPENED, CARE).book
    assert parties(book, rename) == [
        replace(CARE, name=OTHER_NAME),
        PartyRegistered(party=PartyId("ana"), kind="person"),
    ]


def test_the_kind_of_a_party_never_changes():
    (
        given(OPENED, CARE)
        .when(replace(REGISTER, kind="person"))
        .then_refused(
            PartyKindDiffers(
                party=PartyId("Care-Ltd"), kind="organisation", given="person"
            )
        )
    )


def test_a_finance_officer_names_an_organisation_that_has_no_name():
    given(OPENED, UNNAMED).when(REGISTER, OFFICER).then_recorded()


def test_a_finance_officer_does_not_change_a_name():
    rename = replace(REGISTER, name=OTHER_NAME)
    no = PartyNotYoursToName(party=PartyId("Care-Ltd"))
    given(OPENED, CARE).when(rename, OFFICER).then_refused(no)
    given(OPENED, CARE).when(rename, ANALYST).then_recorded()


def test_a_finance_officer_names_nobody_who_is_known_as_a_person():
    name = RegisterParty(party=PartyId("DORA"), kind="person", name=NAME)
    no = PartyNotYoursToName(party=PartyId("Dora"))
    given(OPENED, SOMEBODY).when(name, OFFICER).then_refused(no)
    given(OPENED, SOMEBODY).when(name, ANALYST).then_recorded()


def test_a_finance_officer_names_no_body():
    name = RegisterParty(party=PartyId("x01"), kind="organisation", name=NAME)
    no = PartyNotYoursToName(party=PartyId("X01"))
    given(OPENED, GROUP).when(name, OFFICER).then_refused(no)
    given(OPENED, GROUP).when(name, ANALYST).then_recorded()


def test_a_body_is_an_organisation():
    (
        given(OPENED, GROUP)
        .when(RegisterParty(party=PartyId("x01"), kind="person"))
        .then_refused(
            PartyKindDiffers(party=PartyId("X01"), kind="organisation", given="person")
        )
    )


def test_no_body_bears_the_id_of_a_person():
    person = PartyRegistered(party=PartyId("x09"), kind="person")
    command = RegisterBody(body=BodyCode("X09"), kind="group", name="Invented")
    (
        given(OPENED, person)
        .when(command)
        .then_refused(
            PartyKindDiffers(party=PartyId("x09"), kind="person", given="organisation")
        )
    )
    given(OPENED, replace(person, kind="organisation")).when(command).then_recorded()


# Along with what they do --------------------------------------------------------------


NEW_OFFICER = replace(OFFICER, party=PartyId("Cora"))
CORA = PartyRegistered(party=PartyId("Cora"), kind="person")


def test_the_first_act_makes_a_person_known_behind_what_they_did():
    book = awarded()
    decision = book.ask(ask_for(1), NEW_OFFICER, LATER)
    assert isinstance(decision, tuple)
    assert decision[1:] == (CORA,)
    book.tell(CORA)
    assert parties(book, ask_for(1), NEW_OFFICER) == []


def test_a_later_act_in_other_capitals_is_of_the_same_person():
    book = awarded()
    book.tell(CORA)
    shouting = replace(OFFICER, party=PartyId("CORA"))
    assert parties(book, ask_for(1), shouting) == []


def test_what_is_refused_or_so_already_makes_nobody_known():
    assert given(OPENED).when(OPENED_AGAIN, OPERATOR).decision == ()
    (
        given(OPENED, CARE)
        .when(REGISTER, replace(ANALYST, party=PartyId("new")))
        .then_nothing()
    )


def test_who_is_paid_becomes_known_as_an_organisation():
    payees = parties(paid(16_00), SPEND, OFFICER)
    assert PartyRegistered(party=SPEND.payee, kind="organisation") in payees


def test_a_payment_bears_the_spelling_that_was_first():
    book = paid(16_00)
    book.tell(PartyRegistered(party=PartyId("CLINIC"), kind="organisation"))
    decision = book.ask(SPEND, on=LATER)
    assert isinstance(decision, tuple)
    assert getattr(decision[0], "payee", None) == "CLINIC"


def test_a_body_that_is_paid_bears_its_code_and_needs_no_registration():
    book = paid(16_00)
    decision = book.ask(replace(SPEND, payee=PartyId("x01")), on=LATER)
    assert isinstance(decision, tuple)
    assert getattr(decision[0], "payee", None) == "X01"
    assert parties(book, replace(SPEND, payee=PartyId("x01"))) == []


def test_a_person_is_paid_as_well_as_anybody():
    book = paid(16_00)
    book.tell(PartyRegistered(party=SPEND.payee, kind="person"))
    Given(book=book).when(SPEND, on=LATER).then_recorded()


@pytest.mark.parametrize("party", ["Care-Ltd", "CARE-LTD", "X01", "x01"])
def test_an_organisation_does_not_act(party: str):
    book = awarded()
    book.tell(CARE)
    decision = book.ask(ask_for(1), replace(OFFICER, party=PartyId(party)), LATER)
    canonical = "X01" if party.upper() == "X01" else "Care-Ltd"
    assert decision == PartyKindDiffers(
        party=PartyId(canonical), kind="organisation", given="person"
    )


def test_an_organisation_does_not_declare():
    declare = replace(DECLARE, person=PartyId("care-ltd"))
    (
        given(OPENED, GROUP, CARE)
        .when(declare)
        .then_refused(
            PartyKindDiffers(
                party=PartyId("Care-Ltd"), kind="organisation", given="person"
            )
        )
    )


def test_a_declaration_makes_its_person_and_payee_known():
    book = given(OPENED, GROUP).book
    known = {one.party: one.kind for one in parties(book, DECLARE)}
    assert known == {
        OFFICER.party: "person",
        DECLARE.person: "person",
        DECLARE.payee: "organisation",
    }
