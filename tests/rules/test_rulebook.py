"""A rulebook: what it holds, what is refused, and how it is written."""

import json
from fractions import Fraction
from typing import Annotated, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from ledger.money import exact_text
from ledger.rules.clauses import Divisor, _number_or, leaves
from ledger.rules.rulebook import (
    Rulebook,
    RulebookError,
    canonical,
    clause,
    clauses,
    content_hash,
    packaged,
    parse,
    read_toml,
    slices,
    warnings,
)
from ledger.rules.stakes import stakes
from ledger.values import Fault
from tests.rules.books import BOOK, book, content

GOLDEN_HASH = "63df7bc5963c12b0f99d64e30dd0461455edd31c8bf3c4b790e45b6b92d7d95e"


def faults_of(data: dict[str, object]) -> tuple[Fault, ...]:
    with pytest.raises(RulebookError) as refused:
        parse(json.dumps(data))
    return refused.value.faults


def clause_of(fault: Fault) -> str:
    return fault.where.removeprefix("content: ")


def without_history(rulebook: Rulebook) -> Rulebook:
    cited = {one.source for one in clauses(rulebook)}
    sources = {key: one for key, one in rulebook.sources.items() if key in cited}
    return rulebook.model_copy(update={"history": (), "sources": sources})


def changed(group: str, index: int, **changes: object) -> dict[str, object]:
    data = content()
    data[group][index] |= changes
    return data


def test_the_packaged_rulebook_has_the_content_that_its_hash_pins():
    assert content_hash(canonical(BOOK)) == GOLDEN_HASH


def test_canonical_content_reads_back_as_the_same_rulebook():
    assert parse(canonical(BOOK)) == without_history(BOOK)
    assert canonical(parse(canonical(BOOK))) == canonical(BOOK)


def test_canonical_content_is_sorted_and_has_no_spaces_between():
    data = json.loads(canonical(BOOK))
    again = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert canonical(BOOK) == again
    assert '"weight_percent":"12.5"' in canonical(BOOK)


def test_the_weights_of_2013_14_are_those_reported_and_add_up():
    assert [(one.id, exact_text(one.weight_percent)) for one in stakes(BOOK)] == [
        ("pyll", "12.5"),
        ("emergency-admissions", "25"),
        ("friends-and-family", "12.5"),
        ("infection", "12.5"),
        ("local-1", "12.5"),
        ("local-2", "12.5"),
        ("local-3", "12.5"),
    ]
    assert warnings(BOOK) == ()


@pytest.mark.parametrize(
    ("id", "status"),
    [
        ("value", "confirmed"),
        ("population", "inferred"),
        ("pyll.fall", "reported-from-draft"),
        ("emergency-admissions.no-rise", "reported-from-draft"),
        ("emergency-admissions.low-rate", "assumed"),
        ("constitution.rtt", "reported-from-draft"),
        ("constitution.rtt.standard", "assumed"),
        ("constitution.red-1.standard", "inferred"),
        ("gate.financial", "confirmed"),
        ("reduction-base", "assumed"),
        ("reduction-combination", "inferred"),
        ("rounding", "assumed"),
        ("disclosure", "confirmed"),
    ],
)
def test_each_clause_says_how_far_it_can_be_trusted(id, status):
    assert clause(BOOK, id).status == status


def test_every_clause_is_found_by_its_id_and_rests_on_a_described_source():
    every = tuple(clauses(BOOK))
    assert len({one.id for one in every}) == len(every) == 35
    assert all(clause(BOOK, one.id) is one for one in every)
    alone = {"hansard-2011", "hsj-rules"}
    assert {one.source for one in every} == set(BOOK.sources) - alone
    assert {one.source for one in BOOK.history} >= alone


def test_a_clause_that_is_not_there_is_a_key_error():
    with pytest.raises(KeyError, match="of-heaven"):
        clause(BOOK, "gate.of-heaven")


def test_a_rulebook_that_is_not_packaged_is_not_found():
    with pytest.raises(FileNotFoundError):
        packaged("quality-premium-1948-49")


def test_the_value_may_be_unset():
    value = {k: v for k, v in content()["value"].items() if k != "pence_per_head"}
    unset = book(value=value)
    assert unset.value.pence_per_head is None
    assert parse(canonical(unset)) == unset


def test_a_toml_float_is_refused_with_what_to_write_instead():
    with pytest.raises(RulebookError) as refused:
        read_toml('[[measures]]\nid = "pyll"\nweight_percent = 12.50\n', "book.toml")
    assert (
        Fault(
            where="book.toml: pyll",
            field="weight_percent",
            value="12.50",
            remedy="a number with a decimal point is not exact: "
            'write "12.50" in quotes',
        )
        in refused.value.faults
    )


def test_a_float_in_canonical_content_is_refused_too():
    (fault,) = faults_of(changed("reductions", 0, percent=25.0))
    assert (clause_of(fault), fault.field, fault.value) == (
        "constitution.rtt",
        "percent",
        "25.0",
    )


def test_toml_that_cannot_be_read_is_one_fault_with_its_line():
    with pytest.raises(RulebookError) as refused:
        read_toml("scheme = \n", "book.toml")
    (fault,) = refused.value.faults
    assert (fault.where, fault.field) == ("book.toml: rulebook", "TOML")
    assert "line 1" in fault.remedy


def test_content_that_is_no_json_or_no_table_is_refused():
    for text in ("{", "[]"):
        with pytest.raises(RulebookError):
            parse(text)


def test_every_fault_is_found_at_once():
    data = content()
    data["measures"][0] |= {"weight_percent": 12.5, "source": "hearsay"}
    data["measures"][1] |= {"id": "pyll"}
    data["reductions"][1]["test"] |= {"period": "2013/14"}
    data["gates"][0] |= {"colour": "red"}
    del data["rounding"]["reading"]
    found = {(clause_of(fault), fault.field) for fault in faults_of(data)}
    assert found == {
        ("pyll", "source"),
        ("pyll", "id"),
        ("pyll", "weight_percent"),
        ("constitution.a-and-e.standard", "period"),
        ("gate.financial", "colour"),
        ("rounding", "reading"),
    }


def test_an_id_that_stands_twice_is_refused_wherever_it_stands():
    data = content()
    data["measures"][1]["test"]["any"][1]["id"] = "value"
    (fault,) = faults_of(data)
    assert (clause_of(fault), fault.field, fault.value) == ("value", "id", "value")


def test_a_source_that_is_not_described_is_refused_and_the_known_ones_named():
    (fault,) = faults_of(changed("purposes", 0, source="hearsay"))
    assert (clause_of(fault), fault.field, fault.value) == ("a", "source", "hearsay")
    assert "si-2013-474" in fault.remedy


@pytest.mark.parametrize("weight", ["12.5", "0.0001"])
def test_a_finance_measure_with_any_weight_is_refused(weight):
    data = changed("measures", 0, domain="finance", weight_percent=weight)
    (fault,) = faults_of(data)
    assert (clause_of(fault), fault.field, fault.value) == (
        "pyll",
        "weight_percent",
        weight,
    )
    assert "not for saving money" in fault.remedy


MONEY = "finance.within-resource-limit"
LEAF = {**content()["reductions"][0]["test"], "id": "t", "indicator": MONEY}
CHANGE = {
    **content()["measures"][0]["test"],
    "id": "u",
    "indicator": "pyll-amenable",
    "baseline_indicator": "finance.of-any-other-kind",
}


@pytest.mark.parametrize(
    "test", [LEAF, {"any": [LEAF]}, {"all": [{"any": [LEAF]}]}, CHANGE]
)
def test_an_indicator_of_money_earns_nothing_whatever_domain_it_is_given(test):
    (fault,) = faults_of(changed("measures", 0, test=test))
    assert (clause_of(fault), fault.field) == ("pyll", "weight_percent")
    assert "is about money, whatever the domain" in fault.remedy


def test_an_indicator_of_money_in_a_part_that_earns_is_refused():
    pyll = content()["measures"][0]
    test = pyll.pop("test")
    part = {**pyll, "id": "p", "test": {**test, "id": "p.t", "indicator": MONEY}}
    part = {key: part[key] for key in part if key not in ("domain", "weight_percent")}
    data = content()
    data["measures"][0] = {**pyll, "parts": [{**part, "share_percent": "100"}]}
    (fault,) = faults_of(data)
    assert (clause_of(fault), fault.field) == ("pyll", "weight_percent")
    data["measures"][0] = {
        **pyll,
        "parts": [
            {**part, "share_percent": "0"},
            {**part, "id": "q", "share_percent": "100", "test": {**test, "id": "q.t"}},
        ],
    }
    assert parse(json.dumps(data)).measures[0].parts[0].share_percent == 0


def test_an_indicator_that_nobody_defined_is_warned_of_by_name():
    test = {**LEAF, "indicator": "new-idea"}
    (warning,) = warnings(parse(json.dumps(changed("measures", 0, test=test))))
    assert "pyll is earned by new-idea, which the catalogue" in warning


def test_an_indicator_that_nobody_defined_is_not_warned_of_in_a_gate():
    test = {**content()["gates"][0]["test"], "indicator": "new-idea"}
    assert warnings(parse(json.dumps(changed("gates", 0, test=test)))) == ()


def test_a_finance_measure_without_weight_is_allowed_and_the_sum_is_warned_of():
    allowed = parse(
        json.dumps(changed("measures", 0, domain="finance", weight_percent="0"))
    )
    assert allowed.measures[0].domain == "finance"
    assert warnings(allowed) == (
        "the weights of the measures add up to 87.5, not to 100",
    )


def test_what_is_wrong_between_clauses_is_refused_in_a_command_as_well():
    data = changed("measures", 0, domain="finance")
    with pytest.raises(ValidationError, match="not for saving money"):
        Rulebook.model_validate(data)


@pytest.mark.parametrize("weight", ["-0.1", "100.1"])
def test_a_weight_outside_0_to_100_is_refused(weight):
    (fault,) = faults_of(changed("measures", 0, weight_percent=weight))
    assert (clause_of(fault), fault.field) == ("pyll", "weight_percent")


@pytest.mark.parametrize(
    "period",
    ["2013-04-01..2014-03-31", "2013-04-01", "2013-04-01..2013-04-02"],
)
def test_a_period_is_two_days_or_one(period):
    data = content()
    data["gates"][0]["test"]["period"] = period
    (leaf,) = leaves(parse(json.dumps(data)).gates[0].test)
    assert leaf.period == period


@pytest.mark.parametrize(
    "period",
    [
        "2013-14",
        "2013-04-01..2013-04-01",
        "2013-04-31",
        "2013-04-02..2013-04-01",
        "2013-04-01...2014-03-31",
        "20130401",
        "",
    ],
)
def test_any_other_period_is_refused(period):
    data = content()
    data["gates"][0]["test"]["period"] = period
    (fault,) = faults_of(data)
    assert (clause_of(fault), fault.field) == ("gate.financial.within-limit", "period")


@pytest.mark.parametrize("test", [{}, {"kind": "mood"}, "agreed", {"all": []}])
def test_a_test_of_no_known_shape_is_refused_for_a_gate(test):
    (fault,) = faults_of(changed("gates", 0, test=test))
    assert clause_of(fault) == "gate.financial"


@given(st.integers(min_value=0, max_value=10_000_000_00))
def test_slices_add_up_to_the_maximum_in_the_order_of_the_rulebook(maximum_pence):
    parts = slices(BOOK, maximum_pence)
    assert sum(part.pence for part in parts) == maximum_pence
    assert all(part.pence > 0 for part in parts)
    order = [one.id for one in BOOK.measures]
    places = [order.index(part.measure) for part in parts]
    assert places == sorted(places)


@given(st.integers(min_value=1, max_value=10_000_000_00))
def test_no_slice_is_a_penny_or_more_from_its_exact_part(maximum_pence):
    pence = {part.measure: part.pence for part in slices(BOOK, maximum_pence)}
    for one in stakes(BOOK):
        part = Fraction(maximum_pence) * one.weight_percent / 100
        assert abs(pence.get(one.id, 0) - part) < 1


@pytest.mark.parametrize(
    ("given", "read"),
    [("12.5", Fraction("12.5")), (3, Fraction(3)), ("agreed", "agreed")],
)
def test_a_number_or_its_word_is_read_and_written_as_it_is(given, read):
    kind = Annotated[Fraction | Literal["agreed"], *_number_or("agreed", "unknown")]
    adapter: TypeAdapter[Fraction | str] = TypeAdapter(kind)
    assert adapter.validate_python(given) == read
    assert adapter.dump_python(read) == str(given)
    schema = adapter.json_schema()
    assert schema["description"] == "An exact number as text, or agreed or unknown."
    assert schema["anyOf"][0] == {"enum": ["agreed", "unknown"]}
    assert [one["type"] for one in schema["anyOf"][1:]] == ["string", "integer"]


@pytest.mark.parametrize("given", ["hearsay", 1.5, None, True])
def test_no_other_word_stands_for_a_number(given):
    kind = Annotated[Fraction | Literal["agreed"], *_number_or("agreed")]
    adapter: TypeAdapter[Fraction | str] = TypeAdapter(kind)
    with pytest.raises(ValidationError):
        adapter.validate_python(given)


@pytest.mark.parametrize("points", ["0", "0.5", "1"])
def test_points_may_be_none_or_a_part_of_one(points):
    data = changed("measures", 0, points=points)
    assert parse(json.dumps(data)).measures[0].points == Fraction(points)


def test_a_divisor_may_be_below_one_but_not_nothing():
    adapter: TypeAdapter[Fraction | str] = TypeAdapter(Divisor)
    assert adapter.validate_python("0.5") == Fraction(1, 2)
    assert adapter.validate_python("unknown") == "unknown"
    for divisor in ("0", "-1"):
        with pytest.raises(ValidationError, match="by a number above zero"):
            adapter.validate_python(divisor)


def test_a_missing_field_is_a_fault_of_its_own_and_others_are_found_after_it():
    data = content()
    del data["measures"][0]["name"]
    data["measures"][0]["source"] = "hearsay"
    data["gates"][0]["test"] = {"all": [{"kind": "mood"}]}
    data["purposes"] = []
    data["title"] = 7
    found = {(clause_of(one), one.field, one.value) for one in faults_of(data)}
    assert found == {
        ("pyll", "source", "hearsay"),
        ("pyll", "name", ""),
        ("gate.financial", "test.all.0", ""),
        ("rulebook", "purposes", ""),
        ("rulebook", "title", "7"),
    }


def test_a_packaged_file_is_named_in_its_faults(monkeypatch):
    from ledger.rules import rulebook

    seen = []
    monkeypatch.setattr(rulebook, "read_toml", lambda text, file: seen.append(file))
    packaged("quality-premium-2013-14")
    assert seen == ["quality-premium-2013-14.toml"]
