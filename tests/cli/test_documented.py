"""docs/working.md shows every command in use, docs/cli.md says what each takes."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import fields
from importlib import import_module
from pathlib import Path

import pytest
from cyclopts import App

from interfaces.cli.app import build
from interfaces.cli.commands import GIVEN, GROUPS, WORDS
from interfaces.cli.exits import Exit
from interfaces.cli.manual import manual
from ledger.decisions.every import COMMANDS as COMMAND_FORMS
from tests.cli.files import TERMS, write_all
from tests.cli.program import HOUSE, premium

PAGE = (HOUSE / "docs" / "working.md").read_text(encoding="utf-8")
CONSUMERS = (HOUSE / "docs" / "consumers.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^    premium (.+)$", PAGE, re.MULTILINE)
WITH_A_BROKER = re.findall(r"^    premium (.+)$", CONSUMERS, re.MULTILINE)
"""Run by tests/feed, which has one."""


def commands(app: App, before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every command of the program, as words."""
    for name in app:
        if name.startswith("-"):
            continue
        room = app[name]
        if room.default_command is not None:
            yield (*before, name)
        if any(not inner.startswith("-") for inner in room):
            yield from commands(room, (*before, name))


COMMANDS = sorted(commands(build()))


def test_the_commands_are_those_of_the_issue():
    assert [" ".join(words) for words in COMMANDS] == [
        "account agreed",
        "account correct-population",
        "account open",
        "account rebase-target",
        "account show",
        "account terms",
        "assert-balance",
        "assertions",
        "assess",
        "award confirm",
        "award propose",
        "award refuse",
        "award show",
        "backup",
        "balances",
        "certificate",
        "certificate approve",
        "certificate prepare",
        "claims",
        "compare",
        "completion",
        "consume",
        "diff",
        "disburse approve",
        "disburse expire",
        "disburse list",
        "disburse pay",
        "disburse refuse",
        "disburse request",
        "disburse return",
        "disburse withdraw",
        "doctor",
        "explain",
        "export journal",
        "export log",
        "export reporting",
        "follow",
        "help",
        "impact",
        "import",
        "init",
        "list",
        "measure",
        "migrate",
        "parked discard",
        "parked list",
        "parked replay",
        "party register",
        "payment-run approve",
        "payment-run close",
        "payment-run confirm",
        "payment-run exclude",
        "payment-run export",
        "payment-run propose",
        "period close",
        "period show",
        "rebuild",
        "receipt confirm",
        "receipt dispute",
        "reconcile payments",
        "reconcile spending",
        "recover order",
        "recover propose",
        "recover receive",
        "recover refuse",
        "recover set-off",
        "relay",
        "replay",
        "represent decide",
        "represent make",
        "restore",
        "result attribute",
        "result correct",
        "rulebook check",
        "rulebook diff",
        "rulebook list",
        "rulebook publish",
        "rulebook show",
        "rulebook terms-template",
        "rulebook timeline",
        "run",
        "schemas commands",
        "schemas events",
        "show",
        "simulate",
        "spend correct",
        "spend correct-passed-on",
        "spend credit",
        "spend credit-passed-on",
        "spend pass-on",
        "spend record",
        "status",
        "topics",
        "totals",
        "trace",
        "trail",
        "unspent declare",
        "unspent lapse",
        "unspent propose-lapse",
        "unspent refuse-lapse",
        "verify",
        "waiting",
        "withhold decide",
        "withhold decide-more",
        "withhold propose",
        "withhold propose-more",
        "withhold refuse",
        "withhold refuse-more",
        "withhold release",
        "withhold vary",
    ]


def test_a_word_is_what_its_module_and_function_are_called():
    for word in WORDS.values():
        for verb, where in word.commands():
            module, _, name = where.partition(":")
            function = getattr(import_module(module), name)
            if verb == word.name:
                [about, *_] = function.__doc__.split("\n\n")
                assert " ".join(about.split()) == word.about
            if module != "interfaces.cli.command_words":
                assert (function.__module__, function.__name__) == (module, name)
                assert name.rstrip("_") == verb.replace("-", "_")


def test_the_arguments_of_a_word_that_is_one_command_are_fields_of_it():
    for words, given in GIVEN.items():
        named = {one.name for one in fields(COMMAND_FORMS[given.command])}
        if named & {"pence", "amount_pence"}:
            named.add("amount")
        assert {*given.arguments, *dict(given.defaults)} <= named, words
        assert words in {" ".join(one) for one in COMMANDS}


def test_help_lists_every_word_once_in_its_group():
    lines = premium("--help").out.splitlines()
    assert premium().out == premium("help").out == premium("-h").out
    for heading, words in GROUPS.items():
        start = lines.index(heading)
        end = lines.index("", start)
        listed = [one.split()[0] for one in lines[start + 1 : end] if one[2] != " "]
        assert listed == [word.name for word in words]


def test_the_manual_is_that_of_now():
    written = (HOUSE / "docs" / "cli.md").read_text(encoding="utf-8")
    assert written == manual(), "write it again: make manual"


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_has_an_example(words: tuple[str, ...]):
    every = (*EXAMPLES, *WITH_A_BROKER)
    shown = [tuple(shlex.split(one)[: len(words)]) for one in every]
    assert words in shown


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_says_in_its_help_what_each_of_its_options_is(
    words: tuple[str, ...],
):
    done = premium(*words, "--help")
    assert done.code == 0
    options = re.findall(r"(--[a-z-]+)(?: [A-Z]+)?(.*)│", done.out)
    assert options
    undescribed = [name for name, said in options if said.strip()[:1] in ("", "[")]
    assert undescribed == []


@pytest.mark.parametrize("code", list(Exit))
def test_every_exit_code_is_documented(code: Exit):
    assert re.search(rf"^\| {code.value} \| \S", PAGE, re.MULTILINE)


def test_the_terms_shown_are_those_that_the_examples_use():
    shown = re.search(r"```toml\n(.+?)```", PAGE, re.DOTALL)
    assert shown is not None
    for line in shown[1].splitlines():
        assert line.partition("  #")[0].partition(" # ")[0].strip() in TERMS


def test_every_example_runs_in_the_order_of_the_page(tmp_path: Path):
    write_all(tmp_path)
    for example in EXAMPLES:
        done = premium(*shlex.split(example))
        assert (done.code, done.err) == (0, ""), example
    assert (tmp_path / "journal.beancount").read_text("utf-8").count("SIMULATED") == 1
