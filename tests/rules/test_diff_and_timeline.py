"""What two versions say differently, what happened when, and checking a file."""

from datetime import date

from ledger.rules.check import check
from ledger.rules.diff import Difference, diff
from ledger.rules.rulebook import canonical, content_hash, packaged, packaged_names
from ledger.rules.timeline import timeline
from tests.rules.books import BOOK, book, content

ALL = tuple(packaged(name) for name in packaged_names())


def test_a_rulebook_does_not_differ_from_itself():
    for rulebook in ALL:
        assert diff(rulebook, rulebook) == ()


def test_a_changed_field_shows_both_values_and_both_statuses():
    reductions = content()["reductions"]
    reductions[0] |= {"percent": "20", "status": "assumed"}
    statuses = {"status_was": "reported-from-draft", "status_now": "assumed"}
    assert diff(BOOK, book(reductions=reductions)) == (
        Difference(
            clause="constitution.rtt",
            kind="changed",
            field="status",
            was="reported-from-draft",
            now="assumed",
            **statuses,  # type: ignore[arg-type]
        ),
        Difference(
            clause="constitution.rtt",
            kind="changed",
            field="percent",
            was="25",
            now="20",
            **statuses,  # type: ignore[arg-type]
        ),
    )


def test_a_clause_that_one_rulebook_lacks_is_added_or_removed():
    without = book(gates=content()["gates"][1:])
    removed = {one.clause: one for one in diff(BOOK, without)}
    assert set(removed) == {"gate.financial", "gate.financial.within-limit"}
    assert {one.kind for one in removed.values()} == {"removed"}
    assert removed["gate.financial"].was == BOOK.gates[0].says
    assert removed["gate.financial"].status_was == "confirmed"
    added = {one.clause: one for one in diff(without, BOOK)}
    assert {one.kind for one in added.values()} == {"added"}
    assert added["gate.financial"].now == BOOK.gates[0].says
    assert added["gate.financial"].status_now == "confirmed"


def test_tests_that_hang_together_otherwise_differ_though_no_leaf_does():
    measures = content()["measures"]
    measures[1]["test"] = {"all": measures[1]["test"]["any"]}
    (one,) = diff(BOOK, book(measures=measures))
    assert (one.clause, one.field) == ("emergency-admissions", "test")
    leaves = "emergency-admissions.no-rise, emergency-admissions.low-rate"
    assert (one.was, one.now) == (f"one of ({leaves})", f"all of ({leaves})")


def test_parts_that_come_in_another_order_differ():
    book = packaged("quality-premium-2016-17")
    amr = book.measures[3]
    turned = amr.model_copy(update={"parts": amr.parts[::-1]})
    measures = (*book.measures[:3], turned, *book.measures[4:])
    (one,) = diff(book, book.model_copy(update={"measures": measures}))
    assert (one.clause, one.field, one.was, one.now) == (
        "amr",
        "parts",
        "amr.items, amr.broad-spectrum",
        "amr.broad-spectrum, amr.items",
    )


def test_the_re_issue_of_2015_16_changes_no_clause_because_none_is_known_to_change():
    first, second = (
        packaged(f"quality-premium-2015-16{suffix}") for suffix in ("", ".v2")
    )
    assert [(one.clause, one.field) for one in diff(first, second)] == [
        ("rulebook", "version"),
        ("rulebook", "title"),
        ("rulebook", "applies_from"),
    ]


def test_the_re_basing_of_2017_18_changes_the_baseline_of_one_test_alone():
    first, second = (
        packaged(f"quality-premium-2017-18{suffix}") for suffix in ("", ".v2")
    )
    changed = [one for one in diff(first, second) if one.clause != "rulebook"]
    assert {one.clause for one in changed} == {"infection.over-70.fall"}
    (baseline,) = [one for one in changed if one.field == "baseline_indicator"]
    assert (baseline.was, baseline.now) == (
        None,
        "trimethoprim-items-over-70.re-based",
    )


def test_the_re_publication_of_2018_19_brings_demand_and_drops_a_standard():
    first, second = (
        packaged(f"quality-premium-2018-19{suffix}") for suffix in ("", ".v2")
    )
    kinds = {(one.clause, one.kind) for one in diff(first, second)}
    assert ("demand", "added") in kinds
    assert ("constitution.a-and-e", "removed") in kinds
    assert ("gate.financial", "changed") in kinds


def test_the_timeline_goes_from_year_to_year_and_from_date_to_date():
    told = [(one.scheme_year, one.on, one.kind) for one in timeline(ALL)]
    assert told == [
        ("2013-14", "2011-11-30", "announced"),
        ("2013-14", "2012-12", "announced"),
        ("2013-14", "2013-03-04", "published"),
        ("2013-14", "2013-04-01", "applies"),
        ("2013-14", None, "value-set"),
        ("2014-15", "2013-12-23", "published"),
        ("2014-15", "2014-04-01", "applies"),
        ("2015-16", "2015-04-01", "applies"),
        ("2015-16", "2015-04-27", "published"),
        ("2015-16", "2015-09-21", "re-issued"),
        ("2015-16", "2015-09-21", "applies"),
        ("2016-17", "2016-03-09", "published"),
        ("2016-17", "2016-04-01", "applies"),
        ("2017-18", "2017-04-01", "applies"),
        ("2017-18", "2018-03-31", "applies"),
        ("2017-18", None, "published"),
        ("2017-18", None, "re-based"),
        ("2018-19", "2018-04", "re-issued"),
        ("2018-19", "2018-04-01", "applies"),
        ("2018-19", "2018-04-30", "applies"),
        ("2018-19", None, "published"),
    ]


def test_the_timeline_says_which_guidance_came_after_its_year_began():
    late = {
        (one.scheme_year, one.kind): one.after_year_began
        for one in timeline(ALL)
        if one.kind != "applies"
    }
    assert late == {
        ("2013-14", "announced"): False,
        ("2013-14", "published"): False,
        ("2013-14", "value-set"): None,
        ("2014-15", "published"): False,
        ("2015-16", "published"): True,
        ("2015-16", "re-issued"): True,
        ("2016-17", "published"): False,
        ("2017-18", "published"): None,
        ("2017-18", "re-based"): None,
        ("2018-19", "re-issued"): None,  # April 2018: the day is not known.
        ("2018-19", "published"): None,
    }


def test_each_happening_names_its_source_and_status():
    published = timeline([packaged("quality-premium-2016-17")])[0]
    assert published.source == "Quality Premium guidance for 2016/17 (NHS England)"
    assert published.url is not None
    assert published.status == "confirmed"
    assert published.scheme == "quality-premium"
    assert "published the guidance" in published.says
    applies = timeline([packaged("quality-premium-2016-17")])[1]
    assert (applies.source, applies.url, applies.status) == (
        "Quality premium 2016/17",
        None,
        None,
    )
    assert applies.says == "Version 1 decides from this day."
    assert applies.after_year_began is False


def test_a_date_learnt_later_changes_no_content():
    (first, *_) = BOOK.history
    moved = first.model_copy(update={"on": "2011-11-29"})
    learnt = BOOK.model_copy(update={"history": (moved, *BOOK.history[1:])})
    assert canonical(learnt) == canonical(BOOK)


def test_a_file_is_checked_without_raising():
    good = check(TOML, "book.toml")
    assert good.faults == ()
    assert good.rulebook is not None
    assert good.content_hash == content_hash(canonical(good.rulebook))
    assert good.warnings == (
        "the threshold of emergency-admissions.low-rate is not known: it stays open",
    )
    bad = check(
        TOML.replace('weight_percent = "25"', "weight_percent = 25.5"), "b.toml"
    )
    assert (bad.rulebook, bad.content_hash, bad.warnings) == (None, None, ())
    (fault,) = bad.faults
    assert (fault.where, fault.field) == (
        "b.toml: emergency-admissions",
        "weight_percent",
    )


def _toml(name: str) -> str:
    from importlib.resources import files

    folder = files("ledger.rules").joinpath("rulebooks")
    return folder.joinpath(f"{name}.toml").read_text("utf-8")


TOML = _toml("quality-premium-2014-15")


def test_a_version_differs_in_its_head_as_text():
    second = BOOK.model_copy(update={"version": 2, "applies_from": date(2013, 9, 1)})
    assert diff(BOOK, second) == (
        Difference(
            clause="rulebook", kind="changed", field="version", was="1", now="2"
        ),
        Difference(
            clause="rulebook",
            kind="changed",
            field="applies_from",
            was="2013-04-01",
            now="2013-09-01",
        ),
    )


def test_a_gates_test_that_hangs_together_otherwise_differs():
    gates = content()["gates"]
    leaf = gates[0]["test"]
    gates[0]["test"] = {"all": [leaf]}
    (one,) = diff(BOOK, book(gates=gates))
    assert (one.clause, one.field) == ("gate.financial", "test")
    assert one.was == "gate.financial.within-limit"
    assert one.now == "all of (gate.financial.within-limit)"


def test_numbers_and_lists_are_shown_as_they_are_written():
    value = content()["value"] | {"pence_per_head": 450}
    (one,) = diff(BOOK, book(value=value))
    assert (one.field, one.was, one.now) == ("pence_per_head", "500", "450")
    disclosure = content()["disclosure"] | {"content": ["£ amounts", "uses"]}
    (one,) = diff(BOOK, book(disclosure=disclosure))
    assert (one.field, one.was, one.now) == ("content", "[]", '["£ amounts", "uses"]')


def test_what_lies_below_a_clause_differs_there_and_not_twice():
    first = packaged("quality-premium-2015-16")
    index = next(n for n, one in enumerate(first.measures) if one.menu is not None)
    menu = first.measures[index].menu
    assert menu is not None
    measures = list(first.measures)
    fewer = menu.model_copy(update={"most": 2})
    measures[index] = measures[index].model_copy(update={"menu": fewer})
    (one,) = diff(first, first.model_copy(update={"measures": tuple(measures)}))
    assert (one.clause, one.field, one.was, one.now) == (
        "urgent-care.menu",
        "most",
        "3",
        "2",
    )


def test_a_day_of_a_missing_result_is_shown_as_a_date():
    gates = content()["gates"]
    gates[0]["test"]["missed_without_result_from"] = "2014-09-30"
    (one,) = diff(BOOK, book(gates=gates))
    assert (one.field, one.was, one.now) == (
        "missed_without_result_from",
        None,
        "2014-09-30",
    )


def test_a_source_that_only_the_history_cites_may_be_cited_twice():
    (first, *others) = BOOK.history
    again = first.model_copy(update={"id": "history.again"})
    twice = BOOK.model_copy(update={"history": (first, again, *others)})
    assert canonical(twice) == canonical(BOOK)
    assert canonical(BOOK).isascii() is False
