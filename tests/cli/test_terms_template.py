"""`premium rulebook terms-template`: the file that `account terms` takes."""

import re
from pathlib import Path
from tomllib import loads

import pytest

from interfaces.cli.exits import Exit
from ledger.rules.rulebook import packaged, packaged_names
from tests.cli.program import begin, ok, premium, register

ANALYST = ("--as", "analyst:a1")
VALUES = {
    "agreed_on": '"2013-04-01"',
    "agreed_by": '["ZZ1", "payer"]',
    "title": '"Dementia: more people diagnosed"',
    "indicator": '"dementia-diagnosis"',
    "threshold": '"60.5"',
    "target": '"14"',
}


def head() -> int:
    return int(ok("rulebook", "list", "--json").document["position"])


def template(name: str) -> str:
    return ok("rulebook", "terms-template", name).out


def filled(name: str) -> str:
    """The template with a value for each blank, and as few picks as may be."""
    menus = {one.id: one for one in packaged(name).measures if one.menu is not None}
    left = {id: one.menu.least for id, one in menus.items() if one.menu is not None}
    kept = []
    for block in template(name).split("\n\n"):
        menu = re.search('^menu = "(.+)"', block, re.MULTILINE)
        if menu is None:
            kept.append(block)
        elif left[menu[1]]:
            left[menu[1]] -= 1
            kept.append(block)
    text = "\n\n".join(kept)
    for field, value in VALUES.items():
        text = re.sub(
            rf'^{field} = (\["\.\.\."\]|"\.\.\.")',
            rf"{field} = {value}",
            text,
            flags=re.M,
        )
    for id, one in menus.items():
        assert one.menu is not None
        weight = one.weight_percent / one.menu.least  # type: ignore[operator]
        text = re.sub(
            rf'(menu = "{id}"\n.+\nweight_percent = )"\.\.\."',
            rf'\g<1>"{weight}"',
            text,
        )
    return text


def opened(name: str, folder: Path) -> tuple[str, ...]:
    """A ledger with the rulebook and a body; the words that name its account."""
    begin()
    assert premium("run", "-", stdin=register("b1", "ZZ1")).code == Exit.OK
    for version in dict.fromkeys((name.removesuffix(".v2"), name)):
        ok("rulebook", "publish", version, "--as", "approver:p1")
    return ("account", "terms", "ZZ1", "--scheme-year", packaged(name).scheme_year)


@pytest.mark.parametrize("name", packaged_names())
def test_a_template_is_taken_once_its_blanks_are_written(name: str, folder: Path):
    words = opened(name, folder)
    text = filled(name)
    assert '= "..."' not in re.sub("^#.*$", "", text, flags=re.MULTILINE)
    (folder / "mine.toml").write_text(text, encoding="utf-8")
    done = ok(*words[:3], "mine.toml", *words[3:], *ANALYST, "--json")
    [taken] = [one["fact"] for one in done.document["facts"]]
    given = loads(text)
    assert [one["measure"] for one in taken["tests"]] == [
        one["measure"] for one in given.get("tests", [])
    ]
    assert [one["clause"] for one in taken["targets"]] == [
        one["clause"] for one in given.get("targets", [])
    ]
    assert {one["menu"] for one in taken["picks"]} == {
        one.id for one in packaged(name).measures if one.menu is not None
    }


@pytest.mark.parametrize("name", packaged_names())
def test_a_template_whose_blanks_stand_records_nothing(name: str, folder: Path):
    words = opened(name, folder)
    (folder / "blank.toml").write_text(template(name), encoding="utf-8")
    before = head()
    done = premium(*words[:3], "blank.toml", *words[3:], *ANALYST)
    assert done.code == Exit.USAGE
    assert "agreed_on" in done.err
    assert head() == before


def test_a_template_of_no_rulebook_says_what_there_is():
    done = premium("rulebook", "terms-template", "quality-premium-2012-13")
    assert done.code == Exit.USAGE
    assert "quality-premium-2013-14" in done.err
