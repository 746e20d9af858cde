"""Reads the open files as other programs do."""

import csv
import io
import json
import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
from referencing import Registry, Resource

from consumers.open_files.job import publish
from consumers.open_files.spending import HEADINGS
from consumers.results.results import Results
from tests.consumers.happening import BODY, Happening, takes

FEB = date(2016, 2, 10)
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
SCHEMAS = Path(__file__).parents[2] / "data" / "360giving"


def month(folder: Path, which: str, body: str = BODY, mark: str = "") -> list[Any]:
    """The rows of a month's file, as a reader of CSV finds them."""
    name = f"{mark}spending-over-25000-{body}-{which}.csv"
    text = (folder / "spending-over-25000" / body / name).read_bytes().decode()
    headings, *rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    assert tuple(headings) == HEADINGS
    return rows


def amounts(folder: Path, which: str, body: str = BODY) -> list[str]:
    return [row[-1] for row in month(folder, which, body)]


def grants(folder: Path, name: str = "360giving-quality-premium-2013-14") -> Any:
    return json.loads(
        (folder / "360giving" / f"{name}.json").read_bytes(), parse_float=Decimal
    )


def everything(folder: Path) -> dict[str, bytes]:
    """Every file that readers see."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }


def sees(results: Results, told: Happening, folder: Path, **how: Any) -> list[Path]:
    """Take in what was told since, and publish."""
    takes(results, told.messages, **how)
    return sorted(publish(results.db, folder))


def is_instant(text: object) -> bool:
    return isinstance(text, str) and bool(INSTANT.fullmatch(text))


def standard() -> jsonschema.Draft202012Validator:
    """The standard's schemas; their `$schema` is written with http:, so is stated."""
    registry: Registry[Any] = Registry()
    loaded = {}
    for name in ("360-giving-schema.json", "360-giving-package-schema.json"):
        loaded[name] = json.loads((SCHEMAS / name).read_bytes())
        loaded[name]["$schema"] = "https://json-schema.org/draft/2020-12/schema"
        resource = Resource.from_contents(loaded[name])
        registry = registry.with_resource(loaded[name]["$id"], resource)
    checker = jsonschema.FormatChecker(formats=())
    # Without a check every plain date passes for an instant as well.
    checker.checkers["date-time"] = (is_instant, ())
    return jsonschema.Draft202012Validator(
        loaded["360-giving-package-schema.json"],
        registry=registry,
        format_checker=checker,
    )


def faults(folder: Path, name: str) -> list[str]:
    said = json.loads((folder / "360giving" / f"{name}.json").read_bytes())
    return [
        f"{error.json_path}: {error.message}" for error in standard().iter_errors(said)
    ]


def a_year(told: Happening) -> Happening:
    """Something of everything."""
    told.registers("RXX", "Test Hospital", "provider")
    told.pays("d1", 900_000_00, date(2015, 11, 2))
    told.spends("s1", 30_000_00, FEB, payee="RXX")
    told.spends("s2", 40_000_00, date(2016, 3, 31), number=None)
    told.passes_on("s3", 50_000_00, date(2016, 4, 1))
    told.corrects("s1", (30_000_00, FEB), 35_000_00, date(2016, 5, 12))
    told.pays("d2", 1_00, date(2015, 12, 2))
    told.gets_back("d2", 1_00, date(2015, 12, 3))
    told.spends("s9", 60_000_00, FEB, body="X02", year="2014-15")
    return told
