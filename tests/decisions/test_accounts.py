"""Opening an account on a population."""

from dataclasses import replace
from datetime import date

import pytest

from ledger.decisions.accounts import (
    AccountAlreadyOpen,
    NoPopulation,
    NotAGroup,
    NotPaidByHead,
    NotWholeHeads,
    ValueNotSet,
)
from ledger.decisions.bodies import UnknownBody
from ledger.decisions.menus import WeightsNotKnown
from ledger.decisions.rulebooks import NoRulebook
from ledger.events import (
    AccountOpened,
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
)
from tests.decisions.menu_year import AMR, ground
from tests.decisions.year import OPEN, opened


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


def test_no_account_while_a_weight_is_not_known():
    third = {**AMR["parts"][1], "share_percent": "unknown"}
    amr = {**AMR, "parts": [AMR["parts"][0], third]}
    demand = {**AMR, "id": "demand", "parts": [], "weight_percent": "unknown"}
    rules = ground(measures=[{**demand, "test": "unknown"}, amr])
    given(*rules).when(OPEN).then_refused(
        WeightsNotKnown(named=("demand", "amr.broad"))
    )


def test_no_account_is_opened_on_heads_where_the_maximum_is_reckoned_otherwise():
    value = {
        "id": "value",
        "says": "Simulated: 1.25% of the contract.",
        "source": "ledger-decision",
        "status": "assumed",
        "kind": "contract-share",
        "percent_of_contract": "1.25",
    }
    given(*ground(value=value)).when(OPEN).then_refused(
        NotPaidByHead(
            scheme="quality-premium", scheme_year="2013-14", kind="contract-share"
        )
    )


def test_a_maximum_is_capped_where_the_rules_say_so():
    value = {**RULEBOOK.value.model_dump(mode="json"), "cap_pence": 1_000_00}
    (fact,) = (
        given(*ground(value=value, measures=[AMR | {"weight_percent": "100"}]))
        .when(OPEN)
        .then_recorded()
    )
    assert isinstance(fact, AccountOpened)
    assert fact.maximum_pence == 1_000_00
    assert [piece.pence for piece in fact.slices] == [750_00, 250_00]
