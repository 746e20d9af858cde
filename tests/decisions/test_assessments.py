"""Judging measures and gates, unrounded: the last value allowed, the first not."""

from dataclasses import replace
from datetime import date

import pytest

from ledger.decisions.accounts import NoRulebook
from ledger.decisions.assessments import (
    AccountNotOpen,
    AssessGate,
    AssessIndicator,
    AwardAlreadyConfirmed,
    EvidencePublishedLater,
    NoResult,
    NotInRulebook,
    TestNotAgreed,
)
from ledger.events import GateAssessed, IndicatorAssessed, RecordId, ResultRecorded
from ledger.money import exact
from tests.decisions.given import (
    ACCOUNT,
    GROUND,
    RESULTS,
    RULES,
    YEAR,
    Given,
    given,
    result,
)
from tests.decisions.given import results as all_results
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


def test_after_confirmation_nothing_is_judged_again():
    for command in (
        AssessIndicator(account=ACCOUNT, measure="pyll"),
        AssessGate(account=ACCOUNT, gate="gate.quality"),
    ):
        Given(book=awarded()).when(command).then_refused(
            AwardAlreadyConfirmed(account=ACCOUNT, determination=1)
        )
