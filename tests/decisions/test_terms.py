"""Agreeing on what the rules leave to agreement: tests, targets, picks from menus."""

from dataclasses import asdict, replace
from datetime import date
from fractions import Fraction

import pytest
from pydantic import TypeAdapter, ValidationError

from ledger.decisions.assessments.judging import AssessIndicator
from ledger.decisions.bodies import UnknownBody
from ledger.decisions.menus import (
    NotOnMenu,
    PicksInUse,
    TermsNotAgreed,
    WeightsNotKnown,
    WrongNumberOfPicks,
    WrongSplit,
)
from ledger.decisions.rulebooks import NoRulebook
from ledger.decisions.terms import (
    AgreeTerms,
    FinanceMeasure,
    NotLeftToAgreement,
    TermsInUse,
)
from ledger.events import AccountOpened, AgreedTarget, MenuPick, Slice, TermsAgreed
from ledger.money import exact
from tests.decisions.given import (
    ACCOUNT,
    GROUND,
    GROUP,
    OPENED,
    RULES,
    Given,
    given,
    result,
    results,
)
from tests.decisions.menu_year import (
    CARE,
    PICKED,
    ground,
    linear,
    part,
    pick,
    picking,
    told,
)
from tests.decisions.year import OPEN, TERMS, opened


def test_terms_may_be_agreed_before_the_account_opens_and_once():
    told = given(*GROUND)
    (terms,) = told.when(TERMS).then_recorded()
    given(*GROUND, terms).when(TERMS).then_nothing()


def test_terms_of_an_unknown_body_and_without_rules_are_refused():
    given(OPENED, RULES).when(TERMS).then_refused(UnknownBody(body="X01"))
    given(OPENED, GROUP).when(TERMS, decided_on=date(2014, 1, 1)).then_refused(
        NoRulebook(
            scheme="quality-premium",
            scheme_year="2013-14",
            decided_on=date(2014, 1, 1),
        )
    )


def test_only_what_the_rules_leave_open_can_be_agreed():
    settled = replace(TERMS.tests[0], measure="pyll")
    given(*GROUND).when(replace(TERMS, tests=(settled,))).then_refused(
        NotLeftToAgreement(
            named="pyll",
            open_to_agreement=(
                "local-1",
                "local-2",
                "local-3",
                "infection.c-difficile",
            ),
        )
    )


@pytest.mark.parametrize(
    "indicator", ["finance.within-resource-limit", "finance.of-any-other-kind"]
)
def test_no_local_measure_is_earned_by_saving_money(indicator: str):
    saving = replace(TERMS.tests[0], indicator=indicator)
    given(*GROUND).when(replace(TERMS, tests=(saving,))).then_refused(
        FinanceMeasure(measure=saving.measure, indicator=indicator)
    )


@pytest.mark.parametrize("title", ["x", "Dementia", " Dementia "])
def test_a_title_that_does_not_say_what_is_measured_is_malformed(title: str):
    untitled = replace(TERMS.tests[0], title=title)
    with pytest.raises(ValidationError, match="does not say what is measured"):
        TypeAdapter(AgreeTerms).validate_python(
            asdict(replace(TERMS, tests=(untitled,)))
        )


def test_terms_are_replaced_until_something_is_assessed_under_them():
    easier = replace(TERMS.tests[0], threshold=exact("12.5"))
    softer = replace(TERMS, tests=(easier, *TERMS.tests[1:]))
    book = opened(*results())
    Given(book=book).when(softer).then_recorded()
    book.do(AssessIndicator(account=ACCOUNT, measure="local-1"))
    Given(book=book).when(softer).then_refused(TermsInUse(named="local-1"))


def test_terms_of_what_is_not_assessed_may_still_change():
    book = opened(*results())
    book.do(AssessIndicator(account=ACCOUNT, measure="local-1"))
    easier = replace(TERMS.tests[1], threshold=exact("60"))
    changed = replace(TERMS, tests=(TERMS.tests[0], easier, TERMS.tests[2]))
    Given(book=book).when(changed).then_recorded()


def test_a_target_that_was_used_stays_as_agreed():
    book = opened(*results())
    book.do(AssessIndicator(account=ACCOUNT, measure="infection"))
    looser = AgreedTarget(clause="infection.c-difficile", target=exact("31"))
    Given(book=book).when(replace(TERMS, targets=(looser,))).then_refused(
        TermsInUse(named="infection")
    )


# Menus --------------------------------------------------------------------------------


def test_picks_that_fill_the_menu_are_agreed_once_and_slice_the_maximum():
    asked = given(*ground())
    (terms,) = asked.when(PICKED).then_recorded()
    assert isinstance(terms, TermsAgreed)
    assert terms.picks == PICKED.picks
    given(*ground(), terms).when(PICKED).then_nothing()
    (fact,) = given(*ground(), terms).when(OPEN).then_recorded()
    assert isinstance(fact, AccountOpened)
    assert fact.slices == (
        Slice(measure="care.weekend", pence=66_000_00),
        Slice(measure="care.survey", pence=198_000_00),
        Slice(measure="amr.items", pence=132_000_00),
        Slice(measure="amr.broad", pence=44_000_00),
    )


def test_no_account_opens_before_the_menu_is_agreed():
    given(*ground()).when(OPEN).then_refused(TermsNotAgreed(menus=("care",)))


def test_a_menu_is_named_by_its_measure_and_no_other_has_one():
    unknown = pick("amr.items", "40", menu="amr")
    given(*ground()).when(picking(unknown)).then_refused(
        NotLeftToAgreement(named="amr", open_to_agreement=("care.transfers", "care"))
    )


@pytest.mark.parametrize(
    ("picks", "picked", "choices"),
    [
        (
            (pick("care.parking", "60"),),
            "care.parking",
            ("care.weekend", "care.transfers", "care.survey"),
        ),
        (
            (pick("care.weekend", "30"), pick("care.weekend", "30")),
            "care.weekend",
            ("care.transfers", "care.survey"),
        ),
    ],
)
def test_only_what_is_on_the_menu_can_be_picked_and_each_part_once(
    picks: tuple[MenuPick, ...], picked: str, choices: tuple[str, ...]
):
    given(*ground()).when(picking(*picks)).then_refused(
        NotOnMenu(menu="care", picked=picked, choices=choices)
    )


def test_a_menu_of_one_or_two_takes_no_three():
    three = ("care.weekend", "care.transfers", "care.survey")
    given(*ground()).when(picking(*(pick(one, "20") for one in three))).then_refused(
        WrongNumberOfPicks(menu="care", picked=3, least=1, most=2)
    )
    given(*ground()).when(picking(pick("care.weekend", "60"))).then_recorded()


def test_a_menu_of_exactly_two_takes_no_one():
    exactly = {**CARE, "menu": {**CARE["menu"], "least": 2}}
    given(*ground(measures=[exactly])).when(
        picking(pick("care.weekend", "60"))
    ).then_refused(WrongNumberOfPicks(menu="care", picked=1, least=2, most=2))


@pytest.mark.parametrize(
    ("weights", "together"),
    [
        (("45", "15.0001"), "60.0001"),
        (("45", "14.9999"), "59.9999"),
        (("60", "0"), "60"),
    ],
)
def test_the_weights_picked_add_up_to_the_menus_and_are_above_nothing(
    weights: tuple[str, str], together: str
):
    picks = [pick("care.survey", weights[0]), pick("care.weekend", weights[1])]
    given(*ground()).when(picking(*picks)).then_refused(
        WrongSplit(
            menu="care",
            weight_percent=Fraction(60),
            picked_percent=exact(together),
            split="agreed",
        )
    )


def test_a_menu_in_equal_parts_is_split_equally():
    equal = ground(measures=[{**CARE, "menu": {**CARE["menu"], "split": "equal"}}])
    given(*equal).when(
        picking(pick("care.survey", "30"), pick("care.weekend", "30"))
    ).then_recorded()
    given(*equal).when(PICKED).then_refused(
        WrongSplit(
            menu="care",
            weight_percent=Fraction(60),
            picked_percent=Fraction(60),
            split="equal",
        )
    )


def test_a_menu_whose_weight_nobody_knows_cannot_be_split():
    unknown = ground(measures=[{**CARE, "weight_percent": "unknown"}])
    given(*unknown).when(PICKED).then_refused(WeightsNotKnown(named=("care",)))


def test_other_picks_are_agreed_until_the_account_is_open():
    other = picking(pick("care.weekend", "60"))
    book = told(*ground())
    book.do(PICKED)
    Given(book=book).when(other).then_recorded()
    book.do(OPEN)
    Given(book=book).when(other).then_refused(PicksInUse(menu="care"))
    Given(book=book).when(picking()).then_refused(PicksInUse(menu="care"))


def test_the_same_picks_may_be_agreed_again_in_another_order_with_more():
    book = told(*ground())
    book.do(PICKED)
    book.do(OPEN)
    again = replace(PICKED, picks=PICKED.picks[::-1], agreed_on=date(2013, 7, 1))
    Given(book=book).when(again).then_recorded()


def test_a_target_of_a_linear_test_can_be_agreed():
    survey = part("care.survey", linear("care.survey", full_at="agreed"))
    rules = ground(
        measures=[{**CARE, "parts": [survey], "menu": {**CARE["menu"], "most": 1}}]
    )
    terms = replace(
        picking(pick("care.survey", "60")),
        targets=(AgreedTarget(clause="care.survey.test", target=exact("70")),),
    )
    book = told(*rules, result("care.survey", "60"))
    book.do(terms)
    book.do(OPEN)
    (fact,) = (
        Given(book=book)
        .when(AssessIndicator(account=ACCOUNT, measure="care.survey"))
        .then_recorded()
    )
    assert getattr(fact, "earned", None) == Fraction(1, 2)


def test_a_part_of_a_per_cent_can_be_picked():
    small = picking(pick("care.survey", "59.5"), pick("care.weekend", "0.5"))
    given(*ground()).when(small).then_recorded()


def test_terms_keep_every_field():
    (fact,) = given(*GROUND).when(TERMS).then_recorded()
    assert fact == TermsAgreed(
        account=TERMS.account,
        agreed_on=TERMS.agreed_on,
        agreed_by=TERMS.agreed_by,
        tests=TERMS.tests,
        targets=TERMS.targets,
        picks=TERMS.picks,
    )
    assert (fact.agreed_on, len(fact.agreed_by)) == (date(2013, 6, 1), 2)


def test_a_target_that_was_used_cannot_be_left_out_or_come_in_later():
    book = opened(*results())
    book.do(AssessIndicator(account=ACCOUNT, measure="infection"))
    Given(book=book).when(replace(TERMS, targets=())).then_refused(
        TermsInUse(named="infection")
    )


def test_a_target_stays_the_same_where_other_terms_change():
    book = opened(*results())
    book.do(AssessIndicator(account=ACCOUNT, measure="infection"))
    easier = replace(TERMS.tests[1], threshold=exact("60"))
    changed = replace(TERMS, tests=(TERMS.tests[0], easier, TERMS.tests[2]))
    Given(book=book).when(changed).then_recorded()
