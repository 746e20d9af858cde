"""`premium run`: one outcome a line, in order, each once its facts are durable."""

import json
from pathlib import Path

import pytest

from interfaces.cli.operations import run
from tests.cli.program import (
    ANALYST,
    begin,
    command,
    premium,
    register,
    spawn,
)
from tests.worlds.years import YEAR_FILE, year_commands


@pytest.fixture(autouse=True)
def ledger():
    begin()


def head() -> int:
    return int(premium("balances", "--json").document["position"])


def outcomes(stdin: bytes, *options: str) -> tuple[int, list[tuple[int, str]]]:
    done = premium("run", "-", *options, stdin=stdin)
    return done.code, [(one["line"], one["outcome"]) for one in done.answers]


def test_a_line_is_answered_with_positions_and_facts():
    stdin = register("r1", "ZZ1")
    party = json.loads(stdin)["by"]["party"]
    done = premium("run", "-", stdin=stdin)
    assert done.code == 0
    assert done.answers == [
        {
            "line": 1,
            "id": "r1",
            "outcome": "appended",
            "positions": [5, 6],
            "facts": [
                {
                    "record": "body/ZZ1@1",
                    "topic": "body-registered.v1",
                    "fact": {
                        "body": "ZZ1",
                        "kind": "group",
                        "name": "Invented",
                        "name_commitment": None,
                        "opened_on": None,
                        "closed_on": None,
                        "ons_code": None,
                        "area_team": None,
                        "region": None,
                        "document": None,
                    },
                },
                {
                    "record": f"party/{party}@1",
                    "topic": "party-registered.v1",
                    "fact": {"party": party, "kind": "person", "name": None},
                },
            ],
            "origin": "simulated",
        }
    ]


def test_the_same_command_again_is_answered_as_the_first_time_and_adds_nothing():
    first = premium("run", "-", stdin=register("r1", "ZZ1")).answers[0]
    before = head()
    done = premium("run", "-", stdin=register("r1", "ZZ1"))
    again = done.answers[0]
    assert (done.code, again["outcome"]) == (0, "repeated")
    assert again["first"]["positions"] == first["positions"]
    assert again["first"]["facts"] == first["facts"]
    assert head() == before


def test_a_refusal_has_a_name_its_numbers_and_a_sentence():
    stdin = command(
        "d1",
        "open-account",
        ANALYST,
        account="quality-premium/2013-14/ZZ1",
        population="population.registered.gp-list",
        as_at="2013-04-01",
    )
    done = premium("run", "-", stdin=stdin)
    assert done.code == 3
    assert done.answers == [
        {
            "line": 1,
            "id": "d1",
            "outcome": "refused",
            "refusal": "unknown-body",
            "numbers": {"body": "ZZ1"},
            "says": "'ZZ1' is not registered: import or register it first",
            "origin": "simulated",
        }
    ]
    again = premium("run", "-", stdin=stdin)
    assert (again.code, again.answers[0]["outcome"]) == (3, "repeated")


@pytest.mark.parametrize(
    "bad",
    [
        b'{"id": "x"',
        b"\xff\xfe\x00",
        b'{"id": "\xe9"}',
        b"[]",
        b"null",
        b'"text"',
        b"[" * 5_000,
        b'{"id": "x", "command": "no-such", "by": {"role": "analyst", "party": "a"}, '
        b'"data": {}}',
        register("x", "ZZ9").replace(b'"kind": "group"', b'"kind": "club"'),
        register("x", "ZZ9")[:-1] + b', "surprise": 1}',
        register("x", "ZZ9").replace(b'"analyst"', b'"king"'),
        register("", "ZZ9"),
        register("x" * 201, "ZZ9"),
        register("x", "ZZ9") + b" " * run.LONGEST,
    ],
    ids=lambda bad: bad[:30].decode(errors="replace"),
)
def test_a_bad_line_harms_no_other(bad: bytes):
    stdin = b"\n".join([register("r1", "ZZ1"), bad, register("r2", "ZZ2")])
    done = premium("run", "-", stdin=stdin)
    assert done.code == 2
    found = [(one["line"], one["outcome"]) for one in done.answers]
    assert found == [(1, "appended"), (2, "invalid"), (3, "appended")]
    faults = done.answers[1]["faults"]
    assert faults
    assert all(set(one) == {"where", "field", "value", "remedy"} for one in faults)
    assert all(one["remedy"] for one in faults)


def test_the_longest_line_is_read_and_one_byte_more_is_not():
    line = register("r1", "ZZ1")
    fits = line + b" " * (run.LONGEST - len(line))
    assert outcomes(fits + b"\n") == (0, [(1, "appended")])
    code, answers = outcomes(fits + b" \n" + register("r2", "ZZ2"))
    assert (code, answers) == (2, [(1, "invalid"), (2, "appended")])


def test_a_line_of_many_megabytes_is_one_invalid_line(tmp_path: Path):
    file = tmp_path / "long.ndjson"
    file.write_bytes(b"x" * (3 * run.LONGEST) + b"\n" + register("r1", "ZZ1"))
    done = premium("run", str(file))
    found = [(one["line"], one["outcome"]) for one in done.answers]
    assert (done.code, found) == (2, [(1, "invalid"), (2, "appended")])


def test_blank_lines_count_and_have_no_answer():
    stdin = b"\n  \n" + register("r1", "ZZ1") + b"\r\n\n" + register("r2", "ZZ2")
    assert outcomes(stdin) == (0, [(3, "appended"), (5, "appended")])


def test_a_byte_order_mark_before_the_first_line_is_no_fault():
    assert outcomes(b"\xef\xbb\xbf" + register("r1", "ZZ1")) == (0, [(1, "appended")])


def test_nothing_in_is_nothing_out():
    assert outcomes(b"") == (0, [])
    assert outcomes(b"\n\n", "--atomic") == (0, [])


def test_more_lines_than_a_batch_are_answered_in_order():
    count = run.BATCH * 2 + 3
    stdin = b"\n".join(register(f"r{n}", f"Z{n}") for n in range(count))
    code, answers = outcomes(stdin)
    assert code == 0
    assert answers == [(n + 1, "appended") for n in range(count)]
    assert outcomes(stdin) == (0, [(n + 1, "repeated") for n in range(count)])


def test_the_exit_code_tells_invalid_before_conflict_before_refused():
    good, renamed = register("r1", "ZZ1"), register("r2", "ZZ1", "Other")
    reused = register("r1", "ZZ3")
    assert outcomes(good + b"\n" + renamed)[0] == 3
    assert outcomes(good + b"\n" + reused + b"\n" + renamed)[0] == 4
    assert outcomes(b"\n".join([renamed, reused, b"{"]))[0] == 2


def test_atomic_records_all_lines_or_none():
    good, bad = register("r1", "ZZ1"), register("r2", "ZZ1", "Other")
    before = head()
    done = premium("run", "-", "--atomic", stdin=good + b"\n" + bad)
    assert done.code == 3
    assert [one["outcome"] for one in done.answers] == ["not-tried", "refused"]
    assert done.answers[0]["because"] == "r2"
    assert head() == before
    code, answers = outcomes(good + b"\n" + register("r3", "ZZ3"), "--atomic")
    assert (code, answers) == (0, [(1, "appended"), (2, "appended")])
    assert head() == before + 3  # Two bodies, and who registered them.


def test_atomic_with_a_line_that_cannot_be_read_tries_none():
    before = head()
    stdin = b"\n".join([register("r1", "ZZ1"), b"{", register("r2", "ZZ2")])
    done = premium("run", "-", "--atomic", stdin=stdin)
    assert done.code == 2
    assert [one["outcome"] for one in done.answers] == [
        "not-tried",
        "invalid",
        "not-tried",
    ]
    assert done.answers[0]["because"] == "line 2 cannot be read"
    assert head() == before


@pytest.mark.parametrize("options", [(), ("--atomic",)])
def test_a_dry_run_answers_what_would_happen_and_records_nothing(options):
    stdin = register("r1", "ZZ1") + b"\n" + register("r1b", "ZZ1")
    before = head()
    done = premium("run", "-", "--dry-run", *options, stdin=stdin)
    assert done.code == 0
    assert [len(one["facts"]) for one in done.answers] == [2, 0]
    assert all(one["dry_run"] for one in done.answers)
    assert head() == before
    assert outcomes(stdin) == (0, [(1, "appended"), (2, "appended")])


def test_the_invented_year_gives_the_same_answers_a_second_time():
    first = premium("run", str(YEAR_FILE)).answers
    before = head()
    second = premium("run", str(YEAR_FILE)).answers
    assert head() == before
    for one, again in zip(first, second, strict=True):
        if again["outcome"] == "repeated":
            known = one["first"] if one["outcome"] == "repeated" else one
            same = ("outcome", "positions", "facts", "refusal", "numbers", "says")
            assert {k: known[k] for k in same if k in known} == {
                k: again["first"][k] for k in same if k in again["first"]
            }
        else:
            assert one == again
    assert {one["outcome"] for one in second} == {"repeated", "refused", "invalid"}


def test_every_schema_admits_the_commands_of_the_invented_year():
    from jsonschema import Draft202012Validator

    schema = premium("schemas", "commands").document
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    for line in year_commands().splitlines():
        given = json.loads(line)
        admitted = validator.is_valid(given)
        assert admitted or given["id"] == "year/d1-decimal", given["id"]


def test_a_program_that_waits_for_each_answer_gets_it_before_it_writes_on():
    with spawn("run", "-") as running:
        assert running.stdin is not None
        assert running.stdout is not None
        for n in (1, 2, 3):
            running.stdin.write(register(f"r{n}", f"ZZ{n}") + b"\n")
            running.stdin.flush()
            answer = json.loads(running.stdout.readline())
            assert (answer["line"], answer["outcome"]) == (n, "appended")
        running.stdin.close()
        assert running.wait(timeout=60) == 0


def test_a_reader_that_goes_away_ends_the_run_without_a_traceback(tmp_path: Path):
    file = tmp_path / "many.ndjson"
    file.write_bytes(b"\n".join(register(f"r{n}", f"Z{n}") for n in range(2_000)))
    with spawn("run", str(file)) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        errors = running.stderr.read()
        assert running.wait(timeout=60) == 141
    assert b"Traceback" not in errors
