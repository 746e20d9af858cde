"""Opening an account on a population, and agreeing on terms."""

from dataclasses import replace
from datetime import date

import pytest

from ledger.decisions.accounts import (
    AccountAlreadyOpen,
    NoPopulation,
    NoRulebook,
    NotAGroup,
    NotLeftToAgreement,
    NotWholeHeads,
    TermsInUse,
    ValueNotSet,
)
from ledger.decisions.assessments import AssessIndicator
from ledger.decisions.bodies import UnknownBody
from ledger.events import (
    AccountOpened,
    AgreedTarget,
    BodyCode,
    BodyRegistered,
    RecordId,
    RulebookPublished,
    Slice,
)
from ledger.money import exact
from ledger.rules.rulebook import canonical, content_hash
from tests.decisions.given import (
    ACCOUNT,
    GROUND,
    GROUP,
    HEADS,
    OPENED,
    RULEBOOK,
    RULES,
    Given,
    given,
    result,
    results,
)
from tests.decisions.year import OPEN, TERMS, opened


def test_an_account_opens_on_a_recorded_population_with_its_slices():
    (
        given(*GROUND)
        .when(OPEN)
        .then(
            AccountOpened(
                account=ACCOUNT,
                heads=88_000,
                heads_basis="population.registered.gp-list",
                heads_as_at=date(2013, 4, 1),
                heads_result=RecordId(
                    "result/population.registered.gp-list/X01/2013-04-01@1"
                ),
                rulebook=RecordId("rulebook/quality-premium/2013-14@1"),
                rulebook_hash=RULES.content_hash,
                value_per_head_pence=5_00,
                maximum_pence=440_000_00,
                slices=(
                    Slice(measure="pyll", pence=55_000_00),
                    Slice(measure="emergency-admissions", pence=110_000_00),
                    Slice(measure="friends-and-family", pence=55_000_00),
                    Slice(measure="infection", pence=55_000_00),
                    Slice(measure="local-1", pence=55_000_00),
                    Slice(measure="local-2", pence=55_000_00),
                    Slice(measure="local-3", pence=55_000_00),
                ),
            )
        )
    )


def test_opening_again_on_the_same_population_adds_nothing():
    Given(book=opened()).when(OPEN).then_nothing()


def test_an_open_account_keeps_its_population():
    later = result("population.registered.gp-list", "89000", "2014-04-01", "heads")
    (
        Given(book=opened(later))
        .when(replace(OPEN, as_at=date(2014, 4, 1)))
        .then_refused(
            AccountAlreadyOpen(
                account=ACCOUNT,
                heads=88_000,
                heads_basis="population.registered.gp-list",
            )
        )
    )


def test_an_unknown_body_has_no_account():
    given(OPENED, RULES).when(OPEN).then_refused(UnknownBody(body="X01"))


def test_only_a_group_has_a_premium():
    provider = BodyRegistered(body=BodyCode("X01"), kind="provider", name="Trust")
    given(OPENED, provider, RULES, HEADS).when(OPEN).then_refused(
        NotAGroup(body="X01", kind="provider")
    )


def test_no_account_before_the_rules_apply():
    told = given(*GROUND)
    told.when(OPEN, decided_on=date(2013, 4, 1)).then_recorded()
    told.when(OPEN, decided_on=date(2013, 3, 31)).then_refused(
        NoRulebook(
            scheme="quality-premium",
            scheme_year="2013-14",
            decided_on=date(2013, 3, 31),
        )
    )


def test_the_population_must_be_recorded():
    given(OPENED, GROUP, RULES).when(OPEN).then_refused(
        NoPopulation(
            body="X01",
            population="population.registered.gp-list",
            as_at=date(2013, 4, 1),
        )
    )


@pytest.mark.parametrize("heads", ["0", "0.5", "88000.5", "-1"])
def test_heads_are_whole_and_above_zero(heads: str):
    population = result("population.registered.gp-list", heads, "2013-04-01", "heads")
    given(OPENED, GROUP, RULES, population).when(OPEN).then_refused(
        NotWholeHeads(value=str(exact(heads)))
    )


def test_one_head_is_enough():
    population = result("population.registered.gp-list", "1", "2013-04-01", "heads")
    (fact,) = given(OPENED, GROUP, RULES, population).when(OPEN).then_recorded()
    assert isinstance(fact, AccountOpened)
    assert sum(piece.pence for piece in fact.slices) == fact.maximum_pence == 5_00


def test_no_account_while_a_heads_value_is_not_set():
    unset = RULEBOOK.value.model_copy(update={"pence_per_head": None})
    content = canonical(RULEBOOK.model_copy(update={"value": unset}))
    rules = RulebookPublished(
        scheme="quality-premium",
        scheme_year="2013-14",
        rulebook_version=1,
        applies_from=date(2013, 4, 1),
        content=content,
        content_hash=content_hash(content),
    )
    given(OPENED, GROUP, rules, HEADS).when(OPEN).then_refused(
        ValueNotSet(scheme="quality-premium", scheme_year="2013-14")
    )


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
