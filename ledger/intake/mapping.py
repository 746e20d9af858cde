"""How a published list is laid out, as somebody says it in TOML."""

import re
from collections.abc import Mapping
from typing import Any, get_args

from ledger.excerpts import shown
from ledger.intake.headings import NEEDED, ROLES, Layout
from ledger.intake.printed import Order
from ledger.intake.table import nearest
from ledger.limits import LINE
from ledger.strict_toml import NotToml, parse_toml

_KEYS = ("columns", "header", "separator", "encoding", "dates", "decimal")
_ENCODINGS = ("utf-8", "utf-16", "windows-1252", "mac-roman")
_HEADING = re.compile(LINE)
_LONGEST = 500
_MOST = 10**6  # The last line or place that may be named.


class UnreadableMapping(ValueError):
    """A mapping that cannot be taken as it stands; its text says what to write."""


def layout_of(file: str | bytes) -> Layout:
    """Read a mapping; docs/importing.md shows one.

    Args:
        file: Its text, or its bytes.

    Raises:
        UnreadableMapping: Names the key that is at fault, its value and a remedy.
    """
    try:
        given = parse_toml(file, str)
    except NotToml as reason:
        raise UnreadableMapping(f"it is not TOML: {reason}") from None
    _known(given, _KEYS, "a key of a mapping")
    header = given.get("header")
    if header is not None and (type(header) is not int or not 0 <= header <= _MOST):
        raise _at("header", header, "write the line of the headings, 0 for none")
    separator = given.get("separator")
    if separator is not None and separator not in (",", ";", "\t", "|"):
        raise _at("separator", separator, "write a comma, ';', '\\t' or '|'")
    return Layout(
        columns=_columns(given.get("columns", {}), without_headings=header == 0),
        header=header,
        separator=separator,
        encoding=_one_of(given, "encoding", _ENCODINGS),
        dates=_one_of(given, "dates", get_args(Order)),
        decimal=_one_of(given, "decimal", (".", ",")) or ".",
    )


def _columns(given: Any, *, without_headings: bool) -> Mapping[str, str | int]:
    if not isinstance(given, dict):
        raise _at("columns", given, "write a table of names and headings")
    _known(given, tuple(ROLES), "a column that is read", "columns.")
    for role, column in given.items():
        is_place = type(column) is int and 1 <= column <= _MOST
        if not is_place and (without_headings or not _is_heading(column)):
            either = "as header is 0" if without_headings else "or heading"
            raise _at(f"columns.{role}", column, f"write a place, from 1, {either}")
    missing = [role for role in NEEDED if role not in given]
    if (given or without_headings) and missing:
        raise UnreadableMapping(f"columns: {' and '.join(missing)} must be named")
    return given


def _is_heading(column: Any) -> bool:
    fits = isinstance(column, str) and len(column) <= _LONGEST
    return fits and _HEADING.fullmatch(column) is not None


def _at(key: str, given: Any, remedy: str) -> UnreadableMapping:
    return UnreadableMapping(f"{key} {shown(given)}: {remedy}")


def _known(
    given: Mapping[str, Any], names: tuple[str, ...], what: str, within: str = ""
) -> None:
    for name in given:
        if name not in names:
            near = nearest(name, names, 60)
            says = f"did you mean {near}?" if near else f"write {', '.join(names)}"
            raise UnreadableMapping(f"{shown(within + name)} is not {what}: {says}")


def _one_of(given: Mapping[str, Any], key: str, allowed: tuple[str, ...]) -> Any:
    found = given.get(key)
    if found is not None and found not in allowed:
        raise _at(key, found, f"write one of {', '.join(allowed)}")
    return found
