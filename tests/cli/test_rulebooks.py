"""Looking at rules before and beside their use: check, diff, timeline."""

from pathlib import Path

from interfaces.cli.exits import Exit
from tests.cli.files import RULES_TOML
from tests.cli.program import ok, premium


def test_a_sound_file_may_be_published():
    done = ok("rulebook", "check", str(RULES_TOML))
    assert "may be published; 0 warnings" in done.out


def test_every_fault_is_named_with_its_clause_and_remedy(folder: Path):
    text = RULES_TOML.read_text(encoding="utf-8")
    (folder / "bad.toml").write_text(
        text.replace('threshold = "3.2"', "threshold = 3.2").replace(
            'status = "confirmed"', 'status = "sure"', 1
        ),
        encoding="utf-8",
    )
    found = premium("rulebook", "check", "bad.toml")
    assert found.code == Exit.FOUND
    assert "pyll.fall" in found.out
    assert "status 'sure'" in found.out
    report = premium("rulebook", "check", "bad.toml", "--json").document
    assert {"where", "field", "value", "remedy"} <= set(report["faults"][0])
    assert report["content_hash"] is None


def test_a_warning_does_not_keep_a_rulebook_back():
    path = RULES_TOML.with_name("quality-premium-2018-19.toml")
    done = ok("rulebook", "check", str(path))
    assert "Warning: the weight of" in done.out


def test_a_file_that_is_not_there_is_a_matter_of_usage():
    done = premium("rulebook", "check", "nowhere.toml")
    assert done.code == Exit.USAGE
    assert "'nowhere.toml' is not a rulebook" in done.err


def test_a_difference_names_clause_field_and_both_values():
    names = ("quality-premium-2017-18", "quality-premium-2017-18.v2")
    done = ok("rulebook", "diff", *names)
    assert "rulebook, version: 1 -> 2" in done.out
    assert "infection.over-70.fall, baseline_indicator: nothing ->" in done.out
    listed = ok("rulebook", "diff", *names, "--json").document["differences"]
    assert {one["clause"] for one in listed} == {"rulebook", "infection.over-70.fall"}


def test_a_rulebook_differs_in_nothing_from_itself():
    done = ok("rulebook", "diff", "quality-premium-2014-15", "quality-premium-2014-15")
    assert "say the same" in done.out


def test_the_timeline_marks_what_came_after_the_year_began():
    happenings = ok("rulebook", "timeline", "--json").document["happenings"]
    late = [(one["on"], one["kind"]) for one in happenings if one["after_year_began"]]
    assert ("2015-04-27", "published") in late
    assert ("2015-09-21", "re-issued") in late
    assert ("2016-03-09", "published") not in late
    assert "LATE" in ok("rulebook", "timeline").out
