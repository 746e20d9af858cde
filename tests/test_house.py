"""The rules of the house: each is checked, and each contract can be broken."""

import ast
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from zipfile import ZipFile

import pytest

HOUSE = Path(__file__).parent.parent
ROOMS = ("ledger", "projections", "consumers", "interfaces")
PYPROJECT = tomllib.loads((HOUSE / "pyproject.toml").read_text(encoding="utf-8"))
CONTRACTS = {
    one["id"]: one["name"] for one in PYPROJECT["tool"]["importlinter"]["contracts"]
}

VOCABULARY = Path("ledger/events.py")  # The one page that may be of any length.
IMPURE = ("ledger/store/", "ledger/writer/", "ledger/service.py")
EMPTY_NAMES = {"utils", "helpers", "common", "manager", "base"}

# Where a line is added, the line, and the contract that it breaks.
BREACHES = [
    ("ledger/money.py", "import projections", "arrows"),
    ("ledger/service.py", "import interfaces.cli", "arrows"),
    ("projections/__init__.py", "import interfaces", "arrows"),
    ("projections/__init__.py", "import consumers", "arrows"),
    ("consumers/__init__.py", "import interfaces", "arrows"),
    ("ledger/rules/__init__.py", "import ledger.decisions", "ledger"),
    ("ledger/decisions/__init__.py", "import ledger.service", "ledger"),
    ("ledger/claims/__init__.py", "import ledger.decisions", "ledger"),
    ("projections/views/__init__.py", "import projections.following", "projections"),
    ("projections/story/__init__.py", "import projections.following", "projections"),
    ("ledger/money.py", "import ledger.events", "ledger"),
    ("ledger/decisions/opening.py", "import time", "purity"),
    ("ledger/rules/__init__.py", "from os import environ", "purity"),
    ("ledger/intake/__init__.py", "import pathlib", "purity"),
    ("ledger/premium/account.py", "import logging", "purity"),
    ("ledger/events.py", "from eventsourcing.domain import Aggregate", "library"),
    ("projections/__init__.py", "import eventsourcing.projection", "library"),
    ("interfaces/__init__.py", "import eventsourcing.application", "library"),
    ("ledger/decisions/opening.py", "import ledger.store", "store"),
]


def modules(*folders: str) -> list[Path]:
    """The Python files of some folders, relative to the house."""
    return sorted(
        path.relative_to(HOUSE)
        for folder in folders
        for path in (HOUSE / folder).rglob("*.py")
    )


def tree(path: Path) -> ast.Module:
    return ast.parse((HOUSE / path).read_text(encoding="utf-8"))


def nodes(path: Path) -> Iterator[ast.AST]:
    return ast.walk(tree(path))


def pure_modules() -> list[Path]:
    return [
        path for path in modules("ledger") if not path.as_posix().startswith(IMPURE)
    ]


def broken_contracts(copy: Path) -> set[str]:
    """Names of the contracts that the linter finds broken in a copy of the house."""
    linter = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run(
        [linter, "--no-cache"],
        cwd=copy,
        env={**os.environ, "NO_COLOR": "1", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    found = set(re.findall(r"^(.+) BROKEN", done.stdout, re.MULTILINE))
    assert re.search(r"Contracts: \d+ kept, \d+ broken", done.stdout), done
    assert (done.returncode == 0) == (not found)
    return found


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The rooms and their contracts, to be broken."""
    for room in ROOMS:
        shutil.copytree(HOUSE / room, tmp_path / room)
    shutil.copy(HOUSE / "pyproject.toml", tmp_path)
    return tmp_path


# Contracts ----------------------------------------------------------------------------


def test_the_contracts_hold(copy: Path):
    assert broken_contracts(copy) == set()


@pytest.mark.parametrize(("file", "line", "contract"), BREACHES)
def test_a_breach_of_a_contract_is_found_and_named(
    copy: Path, file: str, line: str, contract: str
):
    with (copy / file).open("a", encoding="utf-8") as module:
        module.write(f"\n{line}\n")
    assert broken_contracts(copy) == {CONTRACTS[contract]}


def test_every_contract_is_broken_once():
    assert {contract for _, _, contract in BREACHES} == set(CONTRACTS)


def test_every_room_is_under_the_contracts_the_types_and_in_the_wheel():
    found = {
        path.parent.name
        for path in HOUSE.glob("*/__init__.py")
        if path.parent.name not in {"tests", "benchmarks"}
    }
    tool = PYPROJECT["tool"]
    assert found == set(ROOMS)
    assert set(tool["importlinter"]["root_packages"]) == found
    assert set(tool["mypy"]["packages"]) == {*found, "benchmarks", "tests"}
    assert set(tool["hatch"]["build"]["targets"]["wheel"]["packages"]) == found


# One thing in one place ---------------------------------------------------------------

TWINS = {"ledger/store": {"store"}}
"""Names that two modules of a room share, as they keep one contract in two ways."""


def shared_names(paths: Sequence[Path]) -> dict[str, set[str]]:
    """Room -> names that two of its modules share.

    A room is a folder below a top-level one, such as ledger/decisions, with the
    folders inside it; the vocabulary flat at the top is a room too.
    """
    names: dict[str, Counter[str]] = defaultdict(Counter)
    for path in paths:
        folders = path.parts[:-1]
        deep = 3 if folders[:2] == ("interfaces", "cli") else 2
        if path.name != "__init__.py":
            names["/".join(folders[:deep])][path.stem] += 1
    return {
        room: shared
        for room, counts in names.items()
        if (shared := {name for name, times in counts.items() if times > 1})
    }


def test_no_two_modules_of_a_room_share_a_name():
    assert shared_names(modules(*ROOMS)) == TWINS


def test_a_shared_name_is_found():
    paths = [Path("ledger/decisions/awards.py"), Path("ledger/decisions/x/awards.py")]
    assert shared_names(paths) == {"ledger/decisions": {"awards"}}


def imports_of(folder: str) -> Iterator[tuple[str, str]]:
    """Each file of a folder with each module that it imports."""
    for path in modules(folder):
        for node in nodes(path):
            if isinstance(node, ast.ImportFrom) and node.module:
                yield path.as_posix(), node.module
            elif isinstance(node, ast.Import):
                yield from ((path.as_posix(), alias.name) for alias in node.names)


def circles(imports: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Imports by which tests and benchmarks would need each other."""
    return {
        (file, module)
        for file, module in imports
        if (
            file.startswith("benchmarks/")
            and module.startswith("tests")
            and not module.startswith("tests.worlds")
        )
        or (
            file.startswith("tests/")
            and not file.startswith("tests/benchmarks/")
            and module.split(".")[0] == "benchmarks"
        )
        or (
            file.startswith("tests/worlds/")
            and module.startswith("tests")
            and not module.startswith("tests.worlds")
        )
    }


def test_tests_and_benchmarks_share_worlds_and_nothing_else():
    assert circles([*imports_of("tests"), *imports_of("benchmarks")]) == set()


@pytest.mark.parametrize(
    "breach",
    [
        ("benchmarks/views.py", "tests.decisions.given"),
        ("tests/decisions/given.py", "benchmarks.harness"),
        ("tests/worlds/years.py", "tests.decisions.given"),
    ],
)
def test_a_circle_of_tests_and_benchmarks_is_found(breach: tuple[str, str]):
    assert circles([breach, ("tests/worlds/years.py", "ledger.money")]) == {breach}


# Style bounds -------------------------------------------------------------------------


def test_no_module_is_over_400_lines_but_the_vocabulary():
    long = {
        path: lines
        for path in modules(*ROOMS, "benchmarks")
        if path != VOCABULARY
        and (lines := len((HOUSE / path).read_text("utf-8").splitlines())) > 400
    }
    assert long == {}


def test_no_function_is_over_70_lines_with_its_docstring():
    long = {
        f"{path}:{node.name}": length
        for path in modules(*ROOMS, "benchmarks")
        for node in nodes(path)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or 0) - node.lineno + 1) > 70
    }
    assert long == {}


def test_nothing_is_named_after_nothing():
    named = [
        path
        for path in modules(*ROOMS, "tests", "benchmarks")
        if EMPTY_NAMES.intersection(path.with_suffix("").parts)
    ]
    assert named == []


def test_an_init_holds_one_docstring_and_nothing_else():
    more = [
        path
        for path in modules(*ROOMS)
        if path.name == "__init__.py"
        and not (len(tree(path).body) == 1 and ast.get_docstring(tree(path)))
    ]
    assert more == []


def test_a_room_holds_more_than_its_docstring():
    empty = [
        path.parent
        for path in modules(*ROOMS)
        if path.name == "__init__.py"
        and not [one for one in modules(str(path.parent)) if one.name != "__init__.py"]
    ]
    assert empty == []


def test_no_pure_module_asks_a_clock_or_opens_a_file():
    asking = [
        f"{path}:{node.lineno}"
        for path in pure_modules()
        for node in nodes(path)
        if isinstance(node, ast.Call)
        and (
            (
                isinstance(node.func, ast.Attribute)
                and node.func.attr in {"now", "today", "utcnow"}
            )
            or (
                isinstance(node.func, ast.Name)
                and node.func.id in {"open", "print", "input"}
            )
        )
    ]
    assert asking == []


def test_no_module_holds_a_float():
    floats = [
        f"{path}:{node.lineno}"
        for path in modules("ledger", "projections")
        for node in nodes(path)
        if (isinstance(node, ast.Constant) and isinstance(node.value, float))
        or (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "float"
        )
    ]
    assert floats == []


def test_no_test_is_skipped_or_expected_to_fail():
    words = re.compile(r"pytest\.(skip|importorskip|xfail)|mark\.(skip|skipif|xfail)\b")
    skipping = [
        path
        for path in modules("tests")
        if path != Path("tests/test_house.py")
        and words.search((HOUSE / path).read_text("utf-8"))
    ]
    assert skipping == []


# Words --------------------------------------------------------------------------------

TEXTS = {".py", ".md", ".toml", ".sql", ".yml", ".txt", ".css", ".html"}
NOT_OURS = (
    *("data/", "demo/", "docs/adr/", "requirements/", "tests/data/"),
    *("ledger/rules/rulebooks/", "ledger/store/postgres/migrations/"),
)
"""Published by others, written by tools, or never edited once it is there."""

TRANSLATED = {
    r"(?<!here )\b(is|are|was|were) no (?!longer|more|less|later)\w": "is not a",
    r"\b[Ww]hoever\b": "who",
    r"\b(anew|afresh)\b": "again",
    r"\bfrom (?!here|now|what)[\w ]{1,20} on[.,;:)]": "from",
}
"""What reads as translated -> what a native speaker says."""


def committed_texts() -> Iterator[tuple[str, str]]:
    """Each text of the house with its path; folders with a dot are not committed."""
    for path in sorted(HOUSE.rglob("*")):
        name = path.relative_to(HOUSE).as_posix()
        if (
            path.suffix in TEXTS
            and not name.startswith((".", *NOT_OURS))
            and "/." not in name
            and "node_modules" not in name
            and name != "tests/test_house.py"
            and path.is_file()
        ):
            yield name, path.read_text("utf-8")


def translated(name: str, text: str) -> list[str]:
    """Where a text holds a phrase of the list, with what to say."""
    return [
        f"{name}:{number}: {found[0]!r}: say {better!r}"
        for number, line in enumerate(text.splitlines(), start=1)
        for phrase, better in TRANSLATED.items()
        if (found := re.search(phrase, line))
    ]


def test_no_text_reads_as_translated():
    assert [one for each in committed_texts() for one in translated(*each)] == []


@pytest.mark.parametrize(
    ("line", "better"),
    [
        ("2013 is no year: write it as 2013-14", "is not a"),
        ("Whoever gave it gives it again.", "who"),
        ("The next read makes it anew.", "again"),
        ("It is payable from that day on.", "from"),
    ],
)
def test_a_text_that_reads_as_translated_is_found(line: str, better: str):
    assert [one[-len(better) - 1 : -1] for one in translated("x.md", line)] == [better]


def test_plain_words_are_not_taken_for_translated():
    line = "There is no rulebook; it is no longer asked for. From here on it succeeds."
    assert translated("x.md", line) == []


# Set-up -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["base", "dev"])
def test_requirements_pin_each_package_by_hash_and_name_no_address(name: str):
    text = (HOUSE / f"requirements/{name}.txt").read_text(encoding="utf-8")
    pins = [pin for pin in re.split(r"\n(?=[a-z])", text) if pin.strip()]
    assert pins
    assert [pin for pin in pins if not re.match(r"[a-z0-9-]+==[^ ]+ ", pin)] == []
    assert [pin for pin in pins if "--hash=sha256:" not in pin] == []
    assert "://" not in text


def test_both_requirements_pin_the_same_versions():
    def pins(name: str) -> set[str]:
        text = (HOUSE / f"requirements/{name}.txt").read_text(encoding="utf-8")
        return set(re.findall(r"^[a-z0-9-]+==[^ ]+", text, re.MULTILINE))

    assert pins("base") < pins("dev")


def test_every_dependency_is_bounded_below_and_the_stored_format_ones_above():
    project = PYPROJECT["project"]
    extras = project["optional-dependencies"]
    wanted = [
        *project["dependencies"],
        *extras["journals"],
        *extras["postgres"],
        *extras["test"],
        *extras["check"],
    ]
    assert [one for one in wanted if ">=" not in one] == []
    # Years number the time zone data; it has no version that could break us.
    assert [one for one in wanted if ",<" not in one] == ["tzdata>=2025.2"]


def test_make_help_says_a_sentence_for_each_target():
    done = subprocess.run(
        ["make", "--no-print-directory"],
        cwd=HOUSE,
        capture_output=True,
        text=True,
        check=True,
    )
    said = dict(re.findall(r"^ +make (\w+) +(.+)$", done.stdout, re.MULTILINE))
    makefile = (HOUSE / "Makefile").read_text(encoding="utf-8")
    [targets] = re.findall(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    assert set(said) == set(targets.split())
    assert all(sentence.endswith(".") for sentence in said.values()), said


def test_make_test_begins_with_check_and_ci_runs_make_test():
    makefile = (HOUSE / "Makefile").read_text(encoding="utf-8")
    assert re.search(r"^test: check ", makefile, re.MULTILINE)
    script = HOUSE / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert script.read_text(encoding="utf-8").splitlines()[-1] == "exec make test"


def test_the_hook_of_git_runs_checks_of_make_check():
    makefile = (HOUSE / "Makefile").read_text(encoding="utf-8")
    [recipe] = re.findall(r"^check: .*\n((?:\t.+\n)+)", makefile, re.MULTILINE)
    hook = HOUSE / ".ci" / "pre-commit"
    assert os.access(hook, os.X_OK)
    ran = re.findall(r"^\.venv/bin/(.+)$", hook.read_text("utf-8"), re.MULTILINE)
    checks = re.findall(r"^\t\$\(BIN\)/(.+)$", recipe, re.MULTILINE)
    assert [one.replace(" --quiet", "") for one in ran] == checks[: len(ran)]


def test_the_wheel_holds_the_rooms_and_the_rulebooks(tmp_path: Path):
    rooms = [*ROOMS, "pyproject.toml", "README.md"]
    for name in rooms:
        source = HOUSE / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, tmp_path / name)
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", "built"],
        cwd=tmp_path,
        capture_output=True,
        check=True,
    )
    [wheel] = (tmp_path / "built").glob("*.whl")
    with ZipFile(wheel) as archive:
        packed = {
            name: hashlib.sha256(archive.read(name)).hexdigest()
            for name in archive.namelist()
            if not name.split("/")[0].endswith(".dist-info")
        }
    shipped = {
        path.relative_to(HOUSE).as_posix(): hashlib.sha256(
            path.read_bytes()
        ).hexdigest()
        for room in ROOMS
        for path in (HOUSE / room).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert packed == shipped
    assert any(
        re.fullmatch(r"ledger/rules/rulebooks/.+\.toml", name) for name in packed
    )


# Paper --------------------------------------------------------------------------------


def test_every_place_that_the_architecture_names_is_there():
    text = (HOUSE / "ARCHITECTURE.md").read_text(encoding="utf-8")
    places = re.findall(r"`((?:[a-z_*]+/)+[a-z_*]*(?:\.py|\.md)?)`", text)
    roots = [HOUSE, *(HOUSE / room for room in ROOMS), HOUSE / "ledger" / "decisions"]
    missing = {
        place for place in places if not any(any(root.glob(place)) for root in roots)
    }
    assert len(places) > 30
    assert missing == set()
