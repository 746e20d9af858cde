"""What people read, whole: faults, warnings and workings, each in a golden file."""

import json
import os
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from ledger.rules.assess import judge, measure_test
from ledger.rules.award import award_range, determine, stated
from ledger.rules.book import Rulebook, consequences
from ledger.rules.lines import Line, render_text, to_json
from ledger.rules.rulebook import (
    RulebookError,
    packaged,
    packaged_names,
    parse,
    read_toml,
    slices,
    warnings,
)
from ledger.rules.stakes import stakes
from ledger.rules.working import Opening, award_working, range_working
from tests.rules.books import YEAR, content
from tests.rules.test_other_schemes import CONTRACT, picks
from tests.rules.test_worked_cases import terms

GOLDEN = Path(__file__).parents[1] / "golden"
FILLED = "2015-04-01..2016-03-31"


def assert_reads(text: str, name: str) -> None:
    """Compare with a golden file; WRITE_GOLDEN=1 writes it again, to be looked at."""
    file = GOLDEN / name
    if os.environ.get("WRITE_GOLDEN"):
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")


def put(place: str, value: Any) -> dict[str, Any]:
    """The rulebook of 2013/14 with one place filled otherwise; `...` removes it."""
    data: Any = content()
    *path, last = [int(step) if step.isdigit() else step for step in place.split("/")]
    here = data
    for step in path:
        here = here[step]
    if value is ...:
        del here[last]
    else:
        here[last] = value
    found: dict[str, Any] = data
    return found


LEVEL = content()["reductions"][0]["test"]
PART = {**LEVEL, "id": "p", "name": "P", "test": {**LEVEL, "id": "p.t"}}
PART = {key: PART[key] for key in ("id", "says", "source", "status", "name", "test")}
MENU = {
    **{k: PART[k] for k in ("says", "source", "status")},
    "id": "m",
    "split": "equal",
}
PYLL = {k: v for k, v in content()["measures"][0].items() if k != "test"}
LINEAR = {
    **{key: LEVEL[key] for key in ("says", "source", "status", "period")},
    "id": "linear.t",
    "kind": "linear",
    "indicator": "i",
    "nothing_at": "1",
    "full_at": "2",
}

MALFORMED: dict[str, dict[str, Any]] = {
    "a field is missing": put("measures/0/name", ...),
    "a field is unknown": put("measures/0/colour", "red"),
    "a table is missing": put("rounding", ...),
    "a number is not exact": put("measures/0/weight_percent", 12.5),
    "a number is not a number": put("measures/0/weight_percent", "much"),
    "a percentage is above 100": put("reductions/0/percent", "100.1"),
    "a percentage is below 0": put("gates/0/percent", "-1"),
    "a weight is nowhere": put("measures/0/weight_percent", ...),
    "no measure weighs anything": put(
        "measures", [{**content()["measures"][0], "weight_percent": "0"}]
    ),
    "the only measure's parts weigh nothing": put(
        "measures", [{**PYLL, "parts": [{**PART, "share_percent": "0"}]}]
    ),
    "there are no measures": put("measures", []),
    "points are below 0": put("measures/0/points", "-0.1"),
    "finance has points": put(
        "measures/0", {**content()["measures"][0], "domain": "finance", "points": "1"}
    ),
    "a test is nowhere": put("measures/0/test", ...),
    "a test stands beside parts": put(
        "measures/0/parts", [{**PART, "share_percent": "1"}]
    ),
    "a part has no share": put("measures/0", {**PYLL, "parts": [PART]}),
    "a part on a menu has a share": put(
        "measures/0",
        {
            **PYLL,
            "menu": {**MENU, "least": 1, "most": 1},
            "parts": [{**PART, "share_percent": "1"}],
        },
    ),
    "a menu asks for more than there is": put(
        "measures/0", {**PYLL, "menu": {**MENU, "least": 1, "most": 2}, "parts": [PART]}
    ),
    "a menu asks for no less than more": put(
        "measures/0",
        {
            **PYLL,
            "menu": {**MENU, "least": 2, "most": 1},
            "parts": [PART, {**PART, "id": "q", "test": "agreed"}],
        },
    ),
    "a kind is unknown": put("measures/0/test/kind", "mood"),
    "a shape is unknown": put("gates/0/test", {}),
    "a gate is linear": put("gates/0/test", LINEAR),
    "a gate is agreed": put("gates/0/test", "agreed"),
    "a linear test has half a baseline": put(
        "measures/0/test", {**LINEAR, "baseline_period": YEAR}
    ),
    "a linear test has no way to go": put(
        "measures/0/test", {**LINEAR, "full_at": "1"}
    ),
    "a period is malformed": put("reductions/0/test/period", "2013/14"),
    "a period runs backwards": put(
        "reductions/0/test/period", "2014-04-01..2013-03-31"
    ),
    "a place is below 0": put("reductions/0/test/places", -1),
    "an id is malformed": put("value/id", "The Value"),
    "an id stands twice": put("value/id", "population"),
    "a source is not described": put("value/source", "hearsay"),
    "a status is unknown": put("value/status", "rumoured"),
    "a basis is malformed": put("population/bases", ["heads"]),
    "a version is not a number": put("version", "1"),
    "a scheme year is malformed": put("scheme_year", "2013"),
    "a measure has no id": put(
        "measures/0", {**{k: v for k, v in PYLL.items() if k != "id"}, "parts": [PART]}
    ),
    "a part has no id": put(
        "measures/0", {**PYLL, "parts": [{k: v for k, v in PART.items() if k != "id"}]}
    ),
    "the head has a source": put("source", "hearsay"),
    "a factor divides by nothing": put(
        "value/multipliers",
        [
            {
                **{
                    key: PART[key] for key in ("id", "says", "source", "status", "name")
                },
                "indicator": "i",
                "period": YEAR,
                "divided_by": "0",
            }
        ],
    ),
}


def test_every_fault_of_a_rulebook_says_where_it_is_and_what_to_do():
    lines: list[str] = []
    for name, data in MALFORMED.items():
        with pytest.raises(RulebookError) as refused:
            parse(json.dumps(data))
        lines += [name, *(f"  {fault}" for fault in refused.value.faults), ""]
        assert str(refused.value) == "\n".join(map(str, refused.value.faults))
    for name, text in {
        "the syntax is wrong": "scheme = \n",
        "a number has a decimal point": "[value]\nid = 'value'\nsays = 1.50\n",
    }.items():
        with pytest.raises(RulebookError) as refused:
            read_toml(text, "book.toml")
        shown = [
            f"  {fault}"
            for fault in refused.value.faults
            if "TOML" in str(fault) or "1.50" in str(fault)
        ]
        lines += [name, *shown, ""]
    with pytest.raises(RulebookError) as refused:
        parse("{")
    lines += ["it is not JSON", *(f"  {fault}" for fault in refused.value.faults), ""]
    with pytest.raises(RulebookError) as refused:
        parse("[]")
    lines += [
        "it is not a table",
        *(f"  {fault}" for fault in refused.value.faults),
        "",
    ]
    assert_reads("\n".join(lines), "rulebooks/faults.txt")


def odd() -> Iterator[Rulebook]:
    """Rulebooks that are warned of, beside the packaged ones."""
    shares = [
        {**PART, "share_percent": "30"},
        {**PART, "id": "q", "share_percent": "60", "test": "agreed"},
    ]
    yield parse(json.dumps(put("measures/0", {**PYLL, "parts": shares})))
    unknown = [{**shares[0], "share_percent": "unknown"}, shares[1]]
    yield parse(json.dumps(put("measures/0", {**PYLL, "parts": unknown})))
    yield parse(json.dumps(put("measures/0/domain", "demand")))
    idle = put("measures/0/domain", "demand")
    idle["measures"][0]["weight_percent"] = "0"
    yield parse(json.dumps(idle))
    points = put("measures/0/points", "unknown")
    del points["measures"][0]["weight_percent"]
    yield parse(json.dumps(points))
    yield parse(json.dumps(put("measures/0/test", {**LINEAR, "full_at": "unknown"})))
    yield parse(json.dumps(put("gates/0/test", "unknown")))


def test_every_warning_is_a_sentence():
    lines: list[str] = []
    for name in packaged_names():
        lines += [name, *(f"  {one}" for one in warnings(packaged(name))), ""]
    for rulebook in odd():
        lines += ["odd", *(f"  {one}" for one in warnings(rulebook)), ""]
    assert_reads("\n".join(lines), "rulebooks/warnings.txt")


RESULTS_2015: dict[tuple[str, str], Fraction] = {
    ("pyll-amenable", "2012-01-01..2012-12-31"): Fraction(2000),
    ("pyll-amenable", "2015-01-01..2015-12-31"): Fraction(1928),
    ("antibiotic-items-star-pu", "2013-04-01..2014-03-31"): Fraction("1.2"),
    ("antibiotic-items-star-pu", FILLED): Fraction("1.189"),
    ("broad-spectrum-share", "2013-04-01..2014-03-31"): Fraction(12),
    ("broad-spectrum-share", FILLED): Fraction(100, 9),
    ("secondary-care-antibiotic-data-validated", FILLED): Fraction(1),
    ("rtt-incomplete", FILLED): Fraction("93.1"),
    ("a-and-e-4-hours", FILLED): Fraction("94.9"),
    ("cancer-2-week", FILLED): Fraction(93),
    ("red-1", FILLED): Fraction("74.83"),
    ("finance.within-resource-limit", FILLED): Fraction(1),
    ("quality.no-serious-failure", FILLED): Fraction(0),
}


def opening(heads: int) -> Opening:
    return Opening(
        heads=heads,
        basis="population.registered.gp-list",
        as_at=date(2015, 4, 1),
        value_per_head_pence=500,
        fact="result/population.registered.gp-list/X01/2015-04-01@1",
    )


def judged(rulebook: Rulebook) -> tuple[dict[str, Any], dict[str, Line]]:
    agreed = terms(rulebook.scheme_year)
    outcomes: dict[str, Any] = {}
    reasons: dict[str, Line] = {}
    tests = {
        one.id: measure_test(rulebook, one.id, agreed)
        for one in stakes(rulebook, agreed)
    }
    for id, test in (tests | {o.id: o.test for o in consequences(rulebook)}).items():
        if test is None:
            continue
        judgement = judge(test, RESULTS_2015, agreed)
        reasons[id] = judgement.working
        if judgement.earned is not None:
            outcomes[id] = judgement.earned
    return outcomes, reasons


def test_a_range_while_results_and_rules_are_missing_reads_whole():
    rulebook, agreed = packaged("quality-premium-2015-16"), terms("2015-16")
    outcomes, reasons = judged(rulebook)
    missed = {one.id: not outcomes[one.id] for one in consequences(rulebook)}
    parts = slices(rulebook, 88_001 * 500, agreed)
    span = award_range(rulebook, parts, outcomes, missed, agreed)
    evidence = {"amr.items": ("result/a@1", "result/b@2")}
    working = range_working(
        rulebook, opening(88_001), span, reasons, evidence, terms=agreed
    )
    assert_reads(render_text(working) + "\n", "workings/range.txt")
    text = json.dumps(to_json(working), indent=1, ensure_ascii=False)
    assert_reads(text + "\n", "workings/range.json")


@pytest.mark.parametrize(
    ("name", "gates"), [("award", ()), ("award-gated", ("gate.quality",))]
)
def test_an_award_with_parts_a_menu_and_reductions_reads_whole(name, gates):
    rulebook, agreed = packaged("quality-premium-2015-16"), terms("2015-16")
    outcomes, reasons = judged(rulebook)
    earned = {
        one.id: outcomes.get(one.id, Fraction(1, 3)) for one in stakes(rulebook, agreed)
    }
    missed = {one.id: not outcomes[one.id] for one in consequences(rulebook)}
    missed["gate.quality"] = bool(gates)
    award = determine(
        rulebook, slices(rulebook, 88_001 * 500, agreed), earned, missed, agreed
    )
    evidence = {"amr.items": ("result/a@1", "result/b@2"), "pyll": ("result/c@1",)}
    working = award_working(
        rulebook, opening(88_001), award, reasons, evidence, terms=agreed
    )
    assert_reads(render_text(working) + "\n", f"workings/{name}.txt")


def test_an_award_of_reductions_on_the_maximum_and_a_gate_in_part_reads_whole():
    agreed = picks("choice.falls", "choice.sepsis")
    earned = {one.id: Fraction(2, 3) for one in stakes(CONTRACT, agreed)}
    award = determine(
        CONTRACT,
        slices(CONTRACT, 1_000_00, agreed),
        earned,
        {"gate.data": True},
        agreed,
    )
    working = award_working(CONTRACT, opening(200), award, {}, {}, terms=agreed)
    assert_reads(render_text(working) + "\n", "workings/contract.txt")


def test_what_a_proposal_states_is_the_determination_that_it_was_made_from():
    from tests.decisions.test_awards import proposed

    fact = proposed(pyll="1937", red_1="74.83", finance="0")
    said = stated(fact)
    assert said.maximum_pence == 440_000_00
    assert said.earned_pence == 385_000_00
    assert said.before_gates_pence == 288_750_00
    assert said.total_pence == 0
    assert said.lines == fact.lines
    assert said.reductions == fact.reductions
    assert said.moves == fact.moves
