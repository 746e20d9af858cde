"""Judging measures and gates, unrounded: the last value allowed, the first not."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from ledger.decisions.assessments.judging import (
    AssessGate,
    AssessIndicator,
    BaselineNotAboveZero,
    EvidencePublishedLater,
    NoResult,
    NotInRulebook,
    TestNotAgreed,
    TestNotKnown,
)
from ledger.decisions.awards.proposing import ProposeAward
from ledger.decisions.menus import TermsNotAgreed, WeightsNotKnown
from ledger.decisions.preconditions import AccountNotOpen
from ledger.decisions.rulebooks import NoRulebook
from ledger.events import (
    Fact,
    GateAssessed,
    IndicatorAssessed,
    RecordId,
    ResultRecorded,
)
from ledger.money import exact
from tests.decisions.given import (
    ACCOUNT,
    GROUND,
    RESULTS,
    RULES,
    YEAR,
    Book,
    Given,
    given,
    result,
)
from tests.decisions.given import results as all_results
from tests.decisions.menu_year import (
    AMR,
    CARE,
    CLAUSE,
    PICKED,
    ground,
    level,
    part,
    rules,
    told,
)
from tests.decisions.year import GATES, MEASURES, OPEN, awarded, opened


def assess(measure: str, **changed: str) -> IndicatorAssessed:
    book = opened(*all_results(**changed))
    decided = Given(book=book).when(AssessIndicator(account=ACCOUNT, measure=measure))
    (fact,) = decided.then_recorded()
    assert isinstance(fact, IndicatorAssessed)
    return fact


def gate(name: str, **changed: str) -> GateAssessed:
    book = opened(*all_results(**changed))
    decided = Given(book=book).when(AssessGate(account=ACCOUNT, gate=name))
    (fact,) = decided.then_recorded()
    assert isinstance(fact, GateAssessed)
    return fact


@pytest.mark.parametrize(
    ("measure", "name", "last_allowed", "first_refused"),
    [
        ("pyll", "pyll", "1936", "1936.0001"),
        ("emergency-admissions", "admissions_2014", "1500", "1500.0001"),
        ("friends-and-family", "fft", "1", "0"),
        ("friends-and-family", "score_2014", "60.0001", "60"),
        ("infection", "mrsa", "0", "1"),
        ("infection", "c_difficile", "30", "31"),
        ("local-1", "readmissions", "11.9", "11.9001"),
        ("local-2", "dementia", "67", "66.9999"),
        ("local-3", "carers", "1200", "1199"),
    ],
)
def test_each_measure_at_its_threshold(
    measure: str, name: str, last_allowed: str, first_refused: str
):
    assert assess(measure, **{name: last_allowed}).earned == 1
    assert assess(measure, **{name: first_refused}).earned == 0


@pytest.mark.parametrize(
    ("clause", "name", "last_allowed", "first_refused"),
    [
        ("constitution.rtt", "rtt", "92", "91.9999"),
        ("constitution.a-and-e", "a_and_e", "95", "94.9999"),
        ("constitution.cancer-62-day", "cancer", "85", "84.9999"),
        ("constitution.red-1", "red_1", "75", "74.83"),
        ("gate.financial", "finance", "1", "0"),
        ("gate.quality", "quality", "1", "0"),
    ],
)
def test_each_gate_at_its_threshold(
    clause: str, name: str, last_allowed: str, first_refused: str
):
    assert gate(clause, **{name: last_allowed}).passed
    assert not gate(clause, **{name: first_refused}).passed


def test_an_assessment_names_every_record_and_clause_it_rests_on():
    assert assess("infection") == IndicatorAssessed(
        account=ACCOUNT,
        measure="infection",
        earned=exact(1),
        evidence=(
            RecordId(f"result/mrsa-bacteraemia/X01/{YEAR}@1"),
            RecordId(f"result/c-difficile/X01/{YEAR}@1"),
            RecordId(f"account/{ACCOUNT}@2"),
        ),
        clauses=("infection", "infection.mrsa", "infection.c-difficile"),
        rulebook=RecordId("rulebook/quality-premium/2013-14@1"),
        rulebook_hash=RULES.content_hash,
        engine="1",
    )


def test_a_national_measure_does_not_rest_on_the_terms():
    assert all("account/" not in record for record in assess("pyll").evidence)


def test_the_same_judgement_again_adds_nothing():
    book = opened(*all_results())
    for command in (
        AssessIndicator(account=ACCOUNT, measure="pyll"),
        AssessGate(account=ACCOUNT, gate="constitution.rtt"),
    ):
        book.do(command)
        Given(book=book).when(command).then_nothing()


@pytest.mark.parametrize(
    "command",
    [
        AssessIndicator(account=ACCOUNT, measure="pyll"),
        AssessGate(account=ACCOUNT, gate="gate.quality"),
    ],
)
def test_an_account_that_is_not_open_is_not_assessed(
    command: AssessIndicator | AssessGate,
):
    given(*GROUND).when(command).then_refused(AccountNotOpen(account=ACCOUNT))


def test_nothing_is_assessed_by_rules_that_do_not_apply_yet():
    no_rules = NoRulebook(
        scheme="quality-premium", scheme_year="2013-14", decided_on=date(2013, 3, 31)
    )
    for command in (
        AssessIndicator(account=ACCOUNT, measure="pyll"),
        AssessGate(account=ACCOUNT, gate="gate.quality"),
    ):
        Given(book=opened(*all_results())).when(
            command, decided_on=date(2013, 3, 31)
        ).then_refused(no_rules)


def test_what_the_rules_do_not_know_is_not_assessed():
    Given(book=opened()).when(
        AssessIndicator(account=ACCOUNT, measure="savings")
    ).then_refused(NotInRulebook(named="savings", known=MEASURES))
    Given(book=opened()).when(AssessGate(account=ACCOUNT, gate="pyll")).then_refused(
        NotInRulebook(named="pyll", known=GATES)
    )


def test_a_measure_without_agreed_test_stays_open():
    book = given(*GROUND, *all_results()).book
    book.do(OPEN)
    Given(book=book).when(
        AssessIndicator(account=ACCOUNT, measure="local-2")
    ).then_refused(TestNotAgreed(measure="local-2"))
    Given(book=book).when(
        AssessIndicator(account=ACCOUNT, measure="infection")
    ).then_refused(TestNotAgreed(measure="infection"))


def test_a_measure_without_result_stays_open_and_says_which_is_missing():
    book = opened(RESULTS["pyll-2013"])
    Given(book=book).when(
        AssessIndicator(account=ACCOUNT, measure="pyll")
    ).then_refused(
        NoResult(named="pyll", missing=("pyll-amenable for 2014-01-01..2014-12-31",))
    )


def test_one_limb_missed_settles_it_though_the_other_is_open():
    book = opened(result("mrsa-bacteraemia", "1"))
    (fact,) = (
        Given(book=book)
        .when(AssessIndicator(account=ACCOUNT, measure="infection"))
        .then_recorded()
    )
    assert isinstance(fact, IndicatorAssessed)
    assert fact.earned == 0


def test_a_decision_rests_on_nothing_published_after_its_day():
    rtt = RESULTS["rtt"]
    assert isinstance(rtt, ResultRecorded)
    late = replace(rtt, published_on=date(2014, 6, 2))
    command = AssessGate(account=ACCOUNT, gate="constitution.rtt")
    told = Given(book=opened(late))
    told.when(command, decided_on=date(2014, 6, 2)).then_recorded()
    told.when(command, decided_on=date(2014, 6, 1)).then_refused(
        EvidencePublishedLater(
            result=RecordId(f"result/rtt-incomplete/X01/{YEAR}@1"),
            published_on=date(2014, 6, 2),
            decided_on=date(2014, 6, 1),
        )
    )


def test_after_confirmation_the_same_judgement_again_adds_nothing():
    for command in (
        AssessIndicator(account=ACCOUNT, measure="pyll"),
        AssessGate(account=ACCOUNT, gate="gate.quality"),
    ):
        Given(book=awarded()).when(command).then_nothing()


def test_a_percentage_of_a_baseline_of_nothing_stays_open_and_says_so():
    nothing = result("pyll-amenable", "0", "2013-01-01..2013-12-31")
    Given(book=opened(nothing, RESULTS["pyll"])).when(
        AssessIndicator(account=ACCOUNT, measure="pyll")
    ).then_refused(
        BaselineNotAboveZero(
            named="pyll", baselines=("0 (pyll-amenable for 2013-01-01..2013-12-31)",)
        )
    )


def test_a_percentage_of_the_smallest_baseline_above_nothing_is_taken():
    little = result("pyll-amenable", "0.0001", "2013-01-01..2013-12-31")
    Given(book=opened(little, RESULTS["pyll"])).when(
        AssessIndicator(account=ACCOUNT, measure="pyll")
    ).then_recorded()


# Parts, linear tests, and what no source says -----------------------------------------


def on_menu(*facts: Fact, **changes: Any) -> Book:
    """The account open under rules with a menu, parts and a linear test."""
    book = told(*ground(*facts, **changes))
    book.do(PICKED)
    book.do(OPEN)
    return book


def test_a_part_is_judged_on_its_own_and_cites_what_its_weight_rests_on():
    book = on_menu(result("care.weekend", "30"))
    (fact,) = (
        Given(book=book)
        .when(AssessIndicator(account=ACCOUNT, measure="care.weekend"))
        .then_recorded()
    )
    assert isinstance(fact, IndicatorAssessed)
    assert fact.earned == 1
    assert fact.clauses == ("care", "care.menu", "care.weekend", "care.weekend.test")


@pytest.mark.parametrize(
    ("survey", "earned"),
    [
        ("50", "0"),
        ("50.01", "1/4000"),
        ("70", "1/2"),
        ("90", "1"),
        ("95", "1"),
        ("1", "0"),
    ],
)
def test_a_linear_test_earns_the_share_of_the_way(survey: str, earned: str):
    (fact,) = (
        Given(book=on_menu(result("care.survey", survey)))
        .when(AssessIndicator(account=ACCOUNT, measure="care.survey"))
        .then_recorded()
    )
    assert isinstance(fact, IndicatorAssessed)
    assert fact.earned == exact(earned)


def test_a_part_that_was_not_picked_is_not_judged():
    Given(book=on_menu()).when(
        AssessIndicator(account=ACCOUNT, measure="care.transfers")
    ).then_refused(
        NotInRulebook(
            named="care.transfers",
            known=("care.weekend", "care.survey", "amr.items", "amr.broad"),
        )
    )


def test_a_test_or_threshold_that_no_source_says_stays_open():
    parts = [
        part("amr.items", level("amr.items", "unknown"), share_percent="75"),
        part("amr.broad", "unknown", share_percent="25"),
    ]
    gates = [
        {**CLAUSE, "id": "gate", "name": "Gate", "test": "unknown"},
        {**CLAUSE, "id": "limit", "name": "Limit", "test": level("x", "unknown")},
    ]
    book = on_menu(measures=[CARE, {**AMR, "parts": parts}], gates=gates)
    Given(book=book).when(
        AssessIndicator(account=ACCOUNT, measure="amr.items")
    ).then_refused(TestNotKnown(named="amr.items", clauses=("amr.items.test",)))
    Given(book=book).when(
        AssessIndicator(account=ACCOUNT, measure="amr.broad")
    ).then_refused(TestNotKnown(named="amr.broad", clauses=("amr.broad",)))
    Given(book=book).when(AssessGate(account=ACCOUNT, gate="gate")).then_refused(
        TestNotKnown(named="gate", clauses=("gate",))
    )
    Given(book=book).when(AssessGate(account=ACCOUNT, gate="limit")).then_refused(
        TestNotKnown(named="limit", clauses=("x.test",))
    )


def test_a_result_missing_on_the_day_that_the_rules_name_counts_as_missed():
    late = level("amr.items", "4", missed_without_result_from="2014-10-01")
    parts = [part("amr.items", late, share_percent="75"), AMR["parts"][1]]
    asked = Given(book=on_menu(measures=[CARE, {**AMR, "parts": parts}]))
    command = AssessIndicator(account=ACCOUNT, measure="amr.items")
    asked.when(command, decided_on=date(2014, 9, 30)).then_refused(
        NoResult(named="amr.items", missing=(f"amr.items for {YEAR}",))
    )
    (fact,) = asked.when(command, decided_on=date(2014, 10, 1)).then_recorded()
    assert isinstance(fact, IndicatorAssessed)
    assert fact.earned == 0
    assert fact.evidence == ()


def test_nothing_is_judged_by_later_rules_whose_weights_are_not_settled():
    book = on_menu()
    later = rules(
        version=2,
        applies_from="2014-09-01",
        measures=[CARE, {**AMR, "weight_percent": "unknown"}],
    )
    book.tell(later)
    Given(book=book).when(
        AssessIndicator(account=ACCOUNT, measure="amr.items")
    ).then_refused(WeightsNotKnown(named=("amr",)))
    other = {
        **CARE,
        "id": "other",
        "parts": [
            {**one, "id": "o." + one["id"]}
            for one in [part("a", "agreed"), part("b", "agreed")]
        ],
        "menu": {**CARE["menu"], "id": "o.menu"},
    }
    book.tell(rules(version=3, applies_from="2014-09-02", measures=[other, AMR]))
    Given(book=book).when(
        AssessIndicator(account=ACCOUNT, measure="amr.items")
    ).then_refused(TermsNotAgreed(menus=("other",)))
    Given(book=book).when(ProposeAward(account=ACCOUNT)).then_refused(
        TermsNotAgreed(menus=("other",))
    )


def test_a_missing_result_is_named_where_its_target_is_agreed():
    Given(book=opened(result("mrsa-bacteraemia", "0"))).when(
        AssessIndicator(account=ACCOUNT, measure="infection")
    ).then_refused(NoResult(named="infection", missing=(f"c-difficile for {YEAR}",)))


@pytest.mark.parametrize("change", ["percent-rise", "percent-fall"])
def test_only_baselines_that_a_percentage_is_taken_of_are_named(change: str):
    before = "2012-04-01..2013-03-31"
    plain = level(
        "amr.plain", "1", kind="change", baseline_period=before, change="rise"
    )
    small = level(
        "amr.small", "1", kind="change", baseline_period=before, change=change
    )
    none = level("amr.none", "1", kind="change", baseline_period=before, change=change)
    test = {"all": [plain, level("amr.level", "1"), small, none]}
    amr = {**AMR, "parts": [part("amr.items", test, share_percent="100")]}
    after = {"plain": "9", "small": "9", "none": "9"}
    if change == "percent-fall":
        after["small"] = "1/4"
    results = [
        *(result(f"amr.{name}", after[name], YEAR) for name in after),
        result("amr.plain", "0", before),
        result("amr.small", "1/2", before),
        result("amr.none", "0", before),
    ]
    Given(book=on_menu(*results, result("amr.level", "1"), measures=[CARE, amr])).when(
        AssessIndicator(account=ACCOUNT, measure="amr.items")
    ).then_refused(
        BaselineNotAboveZero(
            named="amr.items", baselines=(f"0 (amr.none for {before})",)
        )
    )


def test_a_gates_assessment_names_every_record_and_clause_it_rests_on():
    assert gate("constitution.rtt") == GateAssessed(
        account=ACCOUNT,
        gate="constitution.rtt",
        passed=True,
        evidence=(RecordId(f"result/rtt-incomplete/X01/{YEAR}@1"),),
        clauses=("constitution.rtt", "constitution.rtt.standard"),
        rulebook=RecordId("rulebook/quality-premium/2013-14@1"),
        rulebook_hash=RULES.content_hash,
        engine="1",
    )
