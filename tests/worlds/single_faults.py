"""Values that are right, with one fault put in, and the texts that hold them.

One generator for all that enters as JSON or TOML: a value of another type, a bound
passed by one, a field missing, unknown or given twice, a character that does not show,
text or nesting without end, a number in another form.
"""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from hypothesis import strategies as st

from ledger.excerpts import shortened

Path = tuple[str | int, ...]
"""Names and places (from 0) that lead to a value within another."""


@dataclass(frozen=True)
class Raw:
    """A value as its text alone can say it, such as `01`."""

    text: str


class Twice(tuple[tuple[str, Any], ...]):
    """The fields of an object, of which one stands twice."""

    __slots__ = ()


class Shortly:
    """What Hypothesis shows by its own few words, not by all that it holds."""

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(repr(self))


@dataclass(frozen=True, repr=False)
class OneFault(Shortly):
    """A whole value of which one place is at fault."""

    path: Path
    """Where: of a field that is missing, unknown or twice, the field's own."""
    what: str
    """What was done there."""
    whole: Any
    here: Any = None
    """What stands there now."""

    def __repr__(self) -> str:
        return f"<{self.what} at {self.path}: {shortened(repr(self.here))}>"


UNSEEN = {
    "U+0000": "\0",
    "tab": "\t",
    "escape": "\x1b[2J",
    "line feed": "\n",
    "carriage return": "\r",
    "delete": "\x7f",
    "next line": "\x85",
    "soft hyphen": "\xad",
    "zero width": "\u200b",
    "line separator": "\u2028",
    "right to left": "\u202e",
    "isolate": "\u2066",
    "byte order mark": "\ufeff",
    "no character": "\uffff",
    "tag": "\U000e0041",
}
"""Characters that change a line, or are not seen in it."""

TYPES: list[Any] = [True, False, 0, 1, -1, 7.5, "", "x", [], {}, ["x"], {"x": "y"}]
NUMBERS: list[Any] = [
    *(-1, 0, 2**31, 2**53, 2**53 + 1, 10**9 + 1, 10**15, 10**15 + 1, -(10**15) - 1),
    *(2**63 - 1, 2**63, 2**64, 10**40 - 1, 10**40, -(10**40), 10**400),
]
TEXTS = [
    *(
        "",
        " ",
        "0",
        "-0",
        "+1",
        " 1",
        "1 ",
        "1,000",
        "1.",
        ".5",
        "1e9",
        "1E400",
        "0x10",
    ),
    *(
        "1/0",
        "1/-2",
        "NaN",
        "inf",
        "\u0663",
        "\xb2",
        "1_000",
        "9" * 41,
        "1." + "0" * 21,
    ),
    *(
        "9" * 5_000,
        "x" * 81,
        "x" * 201,
        "x" * 501,
        "x" * 20_000,
        "\u0430",
        "cafe\u0301",
    ),
    *("2013-02-30", "1899-12-31", "2101-01-01", "9999-12-31", "20130401", "1446681600"),
    *("2013-04-01T00:00:00", "2013-15", "2013/14", "2014-03-31..2013-04-01", "null"),
    *("=cmd|' /C calc'!A0", "../../etc/passwd", "' OR 1=1 --", "%00", "{{x}}", "a/b/c"),
]
DEEP = 70
"""Levels of what is nested too deep."""


def places(value: Any, path: Path = ()) -> Iterator[Path]:
    """Every place within a value."""
    inner: list[tuple[Any, Any]] = []
    if isinstance(value, Mapping):
        inner += value.items()
    if isinstance(value, list):
        inner += enumerate(value)
    for key, one in inner:
        yield (*path, key)
        yield from places(one, (*path, key))


def at(value: Any, path: Path) -> Any:
    """What stands at a place."""
    for step in path:
        value = value[step]
    return value


def put(value: Any, path: Path, new: Any) -> Any:
    """The same with something else at a place; nothing that was given changes."""
    if not path:
        return new
    first, *rest = path
    inner = put(value[first], tuple(rest), new)
    if isinstance(value, list):
        return [inner if at == first else one for at, one in enumerate(value)]
    return {key: inner if key == first else one for key, one in value.items()}


def without(value: Any, path: Path) -> Any:
    """The same without what stands at a place."""
    *above, last = path
    around = at(value, tuple(above))
    if isinstance(around, list):
        left: Any = [one for place, one in enumerate(around) if place != last]
    else:
        left = {key: one for key, one in around.items() if key != last}
    return put(value, tuple(above), left)


def nested(levels: int) -> Any:
    """Arrays within each other."""
    made: Any = "x"
    for _ in range(levels):
        made = [made]
    return made


@st.composite
def one_fault(draw: st.DrawFn, value: Any, forms: Sequence[str] = ()) -> OneFault:
    """A value with one fault; some of them no reader has to refuse.

    Args:
        forms: Values as only their text can say them.
    """
    path = draw(st.sampled_from(sorted(places(value), key=repr)))
    here = at(value, path)
    *above, last = path
    kinds = ["type", "deep", "raw", "missing", *(["form"] * 2 if forms else [])]
    if isinstance(last, str):
        kinds += ["twice", "unknown"]
    if isinstance(here, str):
        kinds += ["unseen", "unseen", "unseen", "text", "text", "text", "long"]
    if isinstance(here, int) and not isinstance(here, bool):
        kinds += ["number"] * 3
    what = draw(st.sampled_from(kinds))
    around = at(value, tuple(above))
    match what:
        case "missing":
            return OneFault(path, what, without(value, path))
        case "twice":
            new: Any = Twice((*around.items(), (str(last), here)))
            return OneFault(path, what, put(value, tuple(above), new))
        case "unknown":
            name = draw(st.sampled_from(UNKNOWN))
            new = {**around, name: here}
            return OneFault((*above, name), what, put(value, tuple(above), new))
        case "unseen":
            place = draw(st.integers(0, len(here)))
            new = here[:place] + UNSEEN[draw(st.sampled_from(MARKS))] + here[place:]
        case "long":
            new = here + "x" * 20_000
        case "deep":
            new = nested(DEEP)
        case "raw" | "form":
            new = Raw(draw(st.sampled_from(RAW if what == "raw" else forms)))
        case _:
            new = draw(st.sampled_from(OTHERS[what]))
    return OneFault(path, what, put(value, path, new), new)


MARKS = sorted(UNSEEN)
OTHERS = {"type": TYPES, "number": NUMBERS, "text": TEXTS}
TOML_FORMS = [
    *("1979-05-27T07:32:00Z", "1979-05-27T07:32:00", "07:32:00", "9999-12-31"),
    *("1899-12-31", "0001-01-01", "2014-03-31", "nan", "-inf", "1e400", "1e999999999"),
    *("1E5", "1.50", "0xFF", "0o7", "0b1", "1_000", "+1", "-0", "0x" + "F" * 5_000),
    *("9" * 5_000, "[[[]]]", "{a.b.c = 1}", "'''x'''", "'\\u0000'"),
]
"""Values in forms that TOML alone has."""
RAW = ["01", "1.", ".5", "+", "'", '"', "nul", "x", "-", "=", "1e", "]", "}", "#", "//"]
"""Texts that neither JSON nor TOML takes for a value."""
UNKNOWN = ["amounts", "Id", "x" * 300, "a\u202eb", "\0", "", "a.b", "__class__", "é"]


# Texts --------------------------------------------------------------------------------


def json_text(value: Any) -> str:
    """A value as JSON."""
    match value:
        case Raw(text):
            return text
        case Twice():
            return _json_object(value)
        case dict():
            return _json_object(tuple(value.items()))
        case list():
            return f"[{','.join(map(json_text, value))}]"
        case _:
            return json.dumps(value, ensure_ascii=False)


def _json_object(fields: tuple[tuple[str, Any], ...]) -> str:
    inner = (f"{json.dumps(key)}:{json_text(one)}" for key, one in fields)
    return f"{{{','.join(inner)}}}"


def toml_text(value: Any) -> str:
    """A value as a TOML file, a line a field: below the top, tables stand in lines."""
    fields = value if isinstance(value, Twice) else tuple(value.items())
    return "".join(f"{_key(key)} = {_toml(one)}\n" for key, one in fields)


def _key(key: str) -> str:
    return json.dumps(key).replace("\x7f", "\\u007f")


def _toml(value: Any) -> str:
    match value:
        case Raw(text):
            return text
        case Twice():
            return _table(value)
        case dict():
            return _table(tuple(value.items()))
        case list():
            return f"[{', '.join(map(_toml, value))}]"
        case date() | datetime() | time():
            return value.isoformat()
        case str():
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        case bool() | int() | float():
            return json.dumps(value)
        case _:
            return str(value)


def _table(fields: tuple[tuple[str, Any], ...]) -> str:
    return f"{{{', '.join(f'{_key(key)} = {_toml(one)}' for key, one in fields)}}}"


# Tables -------------------------------------------------------------------------------


@dataclass(frozen=True, repr=False)
class FaultyTable(Shortly):
    """A table of text of which one place is at fault."""

    line: int
    """From 1; the headings are line 1."""
    column: str
    """As it is named at its head; empty where a whole line or the file is at fault."""
    what: str
    content: bytes

    def __repr__(self) -> str:
        line = shortened(repr(self.content.splitlines()[self.line - 1 : self.line]))
        return f"<{self.what} on line {self.line}, {self.column}: {line}>"


TABLE_FAULTS = [
    *("unseen", "unseen", "text", "text", "long", "empty", "bytes", "quote", "ragged"),
    *("ends", "mark", "twice", "encoding"),
]
ODD_BYTES = [b"\x81", b"\xff\xfe", b"\xc3", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\0"]
"""Bytes that no text may hold."""


def csv_text(rows: Sequence[Sequence[str]]) -> str:
    """Rows as CSV, quoted where they need it."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


@st.composite
def faulty_table(draw: st.DrawFn, rows: Sequence[Sequence[str]]) -> FaultyTable:
    """A table with one fault; some of them no reader has to refuse.

    Args:
        rows: At least two, the first of them the headings.
    """
    at_line = draw(st.integers(0, len(rows) - 1))
    place = draw(st.integers(0, len(rows[0]) - 1))
    row = list(rows[at_line])
    here, column = row[place], rows[0][place]
    what = draw(st.sampled_from(TABLE_FAULTS))
    lines = [csv_text([one]).encode() for one in rows]
    if what == "bytes":
        marked = [*row[:place], f"{here}~~~", *row[place + 1 :]]
        odd = draw(st.sampled_from(ODD_BYTES))
        lines[at_line] = csv_text([marked]).encode().replace(b"~~~", odd)
    elif what == "quote":
        opened = draw(st.sampled_from([f'"{here}', f'"{here}"x', f'{here}"']))
        cells = [csv_text([[one]]).rstrip("\n") for one in row]
        lines[at_line] = ",".join(
            [*cells[:place], opened, *cells[place + 1 :]]
        ).encode()
        lines[at_line] += b"\n"
    elif what == "ends":
        lines[at_line] = lines[at_line][:-1] + draw(st.sampled_from([b"\r\n", b"\r"]))
    elif what == "mark":
        lines[at_line] = "\ufeff".encode() + lines[at_line]
        column = rows[0][0]
    elif what == "encoding":
        encoding = draw(st.sampled_from(["utf-16", "utf-32", "cp1252"]))
        encoded = b"".join(lines).decode().encode(encoding, errors="replace")
        return FaultyTable(1, "", what, encoded)
    elif what == "twice":
        lines.insert(at_line, lines[at_line])
        return FaultyTable(at_line + 2 if at_line else 1, "", what, b"".join(lines))
    elif what == "ragged":
        ragged = (
            row[:-1] if draw(st.booleans()) else [*row, draw(st.sampled_from("x1"))]
        )
        lines[at_line] = csv_text([ragged]).encode()
        column = ""
    else:
        if what == "unseen":
            cut = draw(st.integers(0, len(here)))
            new = here[:cut] + UNSEEN[draw(st.sampled_from(MARKS))] + here[cut:]
        elif what == "long":
            new = here + "x" * 20_000
        else:
            new = "" if what == "empty" else draw(st.sampled_from(TEXTS))
        lines[at_line] = csv_text([[*row[:place], new, *row[place + 1 :]]]).encode()
    return FaultyTable(at_line + 1, column, what, b"".join(lines))
