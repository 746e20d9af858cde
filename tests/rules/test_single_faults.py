"""A rulebook with one fault: refused where the fault is, or as good as any other."""

import json
import re
import tomllib
from datetime import date, datetime, time
from importlib.resources import files
from typing import Any
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.excerpts import printable
from ledger.rules.check import check
from ledger.rules.rulebook import canonical, packaged_names, parse
from ledger.values import Fault
from tests.worlds.schemas import judge, of
from tests.worlds.single_faults import (
    TOML_FORMS,
    OneFault,
    Path,
    Raw,
    at,
    one_fault,
    put,
    toml_text,
)

FOLDER = files("ledger.rules").joinpath("rulebooks")
BOOKS = {
    name: tomllib.loads(FOLDER.joinpath(f"{name}.toml").read_text("utf-8"))
    for name in packaged_names()
}
SCHEMA = of("publish-rulebook")
RULEBOOK = judge(
    {"$ref": "#/$defs/Rulebook", "$defs": SCHEMA["$defs"]},
)
FAULTY = st.sampled_from(sorted(BOOKS)).flatmap(
    lambda name: one_fault(BOOKS[name], TOML_FORMS)
)


def test_what_is_written_again_in_other_words_is_the_same_rulebook():
    for name, book in BOOKS.items():
        original = FOLDER.joinpath(f"{name}.toml").read_text("utf-8")
        assert check(toml_text(book), "f") == check(original, "f"), name


def as_json(whole: Any) -> Any:
    """A rulebook as its schema judges it."""
    match whole:
        case dict():
            return {key: as_json(one) for key, one in whole.items()}
        case list():
            return [as_json(one) for one in whole]
        case date() | datetime() | time():
            return whole.isoformat()
        case _:
            return whole


def named(whole: Any, path: Path) -> tuple[str, str]:
    """The nearest clause above a place, and the place within it."""
    for end in range(len(path) - 1, 0, -1):
        above = at(whole, path[:end])
        if isinstance(above, dict) and "id" in above:
            read = normalize("NFC", str(above["id"]))
            return read, ".".join(map(str, path[end:]))
    return "rulebook", ".".join(map(str, path))


def is_at(fault: Fault, clause: str, field: str) -> bool:
    """Whether a fault is told of a place, or of what stands in it or around it."""
    said = fault.where.removeprefix("f.toml: ")
    inner, outer = f"{fault.field}.", f"{printable(field)}."
    return said == printable(clause) and (
        inner.startswith(outer) or outer.startswith(inner)
    )


def is_readable(fault: Fault) -> bool:
    """Whether people can read it on a screen: short, and with nothing unseen."""
    short = len(fault.value) <= 80 and len(fault.remedy) <= 400
    assert not re.search(r"\b[Ii]nput\b|required", fault.remedy), "it says what to do"
    return short and str(fault).isprintable() and bool(fault.remedy)


@given(FAULTY)
def test_a_rulebook_with_one_fault_is_refused_there_or_is_one_like_another(
    faulty: OneFault,
):
    found = check(toml_text(faulty.whole), "f.toml")
    assert all(map(is_readable, found.faults))
    if found.rulebook is not None:
        content = canonical(found.rulebook)
        assert RULEBOOK.is_valid(json.loads(content))
        assert canonical(parse(content)) == content
    if found.faults[:1] and found.faults[0].field == "TOML":
        assert any(one in found.faults[0].remedy for one in in_text(faulty))
    elif faulty.what in ("twice", "raw", "deep"):
        raise AssertionError("this is not TOML that may be read")
    elif faulty.what != "form" and not RULEBOOK.is_valid(as_json(faulty.whole)):
        # A test without its kind is told of as the whole that it is.
        wholes = [faulty.path[:-1]] if faulty.path[-1] == "kind" else []
        told = [named(faulty.whole, path) for path in (faulty.path, *wholes)]
        assert any(is_at(one, *place) for one in found.faults for place in told)


def in_text(faulty: OneFault) -> tuple[str, ...]:
    """What can be said of the place where a text is not TOML: its line, or its name.

    What is left open may swallow the end of its line, or of all.
    """
    if faulty.what == "twice":
        return ("a key stands twice: leave one",)
    line = 1 + list(faulty.whole).index(faulty.path[0])
    place = printable(".".join(map(str, faulty.path)))
    return (place, f"line {line}", f"line {line + 1}", "end of document")


@pytest.mark.parametrize("form", TOML_FORMS)
@pytest.mark.parametrize(
    "path", [("applies_from",), ("version",), ("value", "pence_per_head")]
)
def test_a_value_in_a_form_of_toml_is_read_as_what_it_is_or_refused(
    path: Path, form: str
):
    book = put(BOOKS["quality-premium-2013-14"], path, Raw(form))
    found = check(toml_text(book), "f.toml")
    assert all(map(is_readable, found.faults))
    if found.rulebook is not None:
        content = canonical(found.rulebook)
        assert canonical(parse(content)) == content
