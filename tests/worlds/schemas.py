"""What the published schema of commands says: whether a value is of it, and values."""

import re
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any

from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from ledger.calendar import dated_account, day, period, scheme_year
from ledger.intake.schemas import schemas
from ledger.limits import LINE, PARAGRAPHS, REFERENCE

SCHEMA = schemas()
FORMATS = FormatChecker(formats=())
"""What a pattern cannot say."""


def _form(name: str, check: Callable[[str], Any]) -> None:
    def is_so(text: object) -> bool:
        try:
            return not isinstance(text, str) or bool(check(text))
        except (ValueError, IndexError):
            return False  # A format is about texts; what is none, the type says.

    FORMATS.checks(name)(is_so)


_form("date", day)
_form("period", period)
_form("scheme-year", scheme_year)
_form("account", dated_account)


@cache
def of(command: str) -> dict[str, Any]:
    """The schema of a request with one command."""
    [found] = [one for one in SCHEMA["oneOf"] if one["title"] == command]
    made: dict[str, Any] = whole({**found, "$defs": SCHEMA["$defs"]})
    return made


def whole(schema: Any) -> Any:
    """With patterns that end at the end, as they do for JavaScript and for us."""
    if isinstance(schema, dict):
        made = {key: whole(inner) for key, inner in schema.items()}
        if isinstance(made.get("pattern"), str):
            made["pattern"] = re.sub(r"\$$", r"\\Z", made["pattern"])
        return made
    return [whole(one) for one in schema] if isinstance(schema, list) else schema


def judge(schema: dict[str, Any]) -> Draft202012Validator:
    """What says whether a value is of a schema, and where it is not."""
    return Draft202012Validator(schema, format_checker=FORMATS)


@cache
def validator(command: str) -> Draft202012Validator:
    """What judges a request with one command."""
    return judge(of(command))


@cache
def values_of(command: str) -> st.SearchStrategy[Any]:
    """Requests with one command."""
    return values(of(command), of(command))


# Values of a schema -------------------------------------------------------------------

DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31)).map(date.isoformat)
YEARS = st.integers(1900, 2098).map(lambda y: f"{y}-{(y + 1) % 100:02d}")
PERIODS = DAYS | st.lists(DAYS, min_size=2, max_size=2, unique=True).map(
    lambda two: "..".join(sorted(two))
)
ACCOUNTS = st.tuples(
    st.from_regex(r"\A[a-z0-9]{1,9}(-[a-z0-9]{1,9})?\Z"),
    YEARS,
    st.from_regex(r"\A[A-Z0-9]{2,12}\Z"),
).map("/".join)
FORMS = {
    "date": DAYS,
    "scheme-year": YEARS,
    "period": PERIODS,
    "account": ACCOUNTS,
}


ANY_TEXT = [whole({"pattern": one})["pattern"] for one in (LINE, PARAGRAPHS, REFERENCE)]
PLAIN = st.sampled_from("aZ09 é漢'\"<&%\\\U0001f600")


def texts(schema: dict[str, Any]) -> st.SearchStrategy[str]:
    """Texts of a schema."""
    if "format" in schema:
        return FORMS[schema["format"]]
    least, most = schema.get("minLength", 0), schema.get("maxLength", 400)
    if "pattern" not in schema:
        return st.text(max_size=20)
    if schema["pattern"] in ANY_TEXT:
        return st.text(PLAIN, max_size=12).map(lambda text: f"{text}x1"[-most:])
    return written(schema["pattern"], least, most)


@cache
def written(pattern: str, least: int, most: int) -> st.SearchStrategy[str]:
    """Texts of a pattern."""
    made = st.from_regex(pattern)
    return made.filter(lambda text: least <= len(text) <= most)


def values(schema: dict[str, Any], around: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values of a schema as ours are: no more of JSON Schema than they use.

    Args:
        around: The whole schema, in which references are looked up.
    """
    if "$ref" in schema:
        return values(around["$defs"][schema["$ref"].rpartition("/")[2]], around)
    if "const" in schema:
        return st.just(schema["const"])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "anyOf" in schema:
        return st.one_of([values(one, around) for one in schema["anyOf"]])
    match schema["type"]:
        case "string":
            return texts(schema)
        case "integer":
            least = schema.get("minimum", -(10**15))
            least = max(least, schema.get("exclusiveMinimum", least - 1) + 1)
            return st.integers(least, schema.get("maximum"))
        case "boolean":
            return st.booleans()
        case "null":
            return st.none()
        case "array":
            return st.lists(
                values(schema["items"], around),
                min_size=schema.get("minItems", 0),
                max_size=3,
            )
        case _:
            needed = schema.get("required", ())
            parts = {
                name: values(one, around) for name, one in schema["properties"].items()
            }
            return st.fixed_dictionaries(
                {name: parts[name] for name in needed},
                optional={k: v for k, v in parts.items() if k not in needed},
            )
