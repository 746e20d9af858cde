"""docker-compose.yml and Dockerfile keep what docs/deployment.md promises of them.

There is no Docker here: the files are held against the Compose specification, against
our own command line, and against what they name in this checkout.
"""

import json
import re
from typing import Any

import pytest
from cyclopts import CycloptsError
from jsonschema import Draft201909Validator

from consumers.inbound.job import JOB as INBOUND
from consumers.jobs import JOBS
from interfaces.cli.app import build
from interfaces.kafka import VERSION
from tests.deployment.composed import (
    AS_WRITTEN,
    ENV,
    HOUSE,
    STEPS,
    TEXT,
    interpolated,
    ours,
    services,
)

DOCKERFILE = (HOUSE / "Dockerfile").read_text(encoding="utf-8")
SCHEMA = json.loads(
    (HOUSE / "tests/deployment/compose-spec/schema.json").read_text(encoding="utf-8")
)
ALL = sorted(services())
OURS = sorted(ours())
RUNNING = sorted(set(ALL) - STEPS)


def complaints(document: dict[str, Any]) -> list[str]:
    """What the specification says against a file."""
    # `name` came into the specification a year after this copy of it.
    held = {key: value for key, value in document.items() if key != "name"}
    found = Draft201909Validator(SCHEMA).iter_errors(held)
    return [f"{one.json_path}: {one.message}" for one in found]


def test_the_file_keeps_to_the_compose_specification():
    assert complaints(interpolated(ENV)) == []


@pytest.mark.parametrize(
    "fault",
    [{"restart": 1}, {"healtcheck": {}}, {"command": {"a": 1}}, {"ports": "9092"}],
    ids=lambda fault: next(iter(fault)),
)
def test_a_fault_in_the_file_would_be_found(fault: dict[str, Any]):
    document = interpolated(ENV)
    document["services"]["relay"] |= fault
    assert len(complaints(document)) == 1


def test_the_services_are_those_of_the_issue():
    assert ALL == [
        "follower",
        "inbound",
        "kafka",
        "migrate",
        "open-files",
        "opened",
        "postgres",
        "relay",
        "reporting",
        "states",
        "topics",
    ]


@pytest.mark.parametrize("name", OURS)
def test_each_command_is_one_of_our_program(name: str):
    command, _, _ = build().parse_args(ours()[name]["command"])
    assert command.__module__.startswith("interfaces.cli.")


@pytest.mark.parametrize(
    "words", [["relais"], ["consume", "reporting"], ["relay", "-z"]]
)
def test_a_command_that_our_program_does_not_know_would_be_found(words: list[str]):
    with pytest.raises(CycloptsError):
        build().parse_args(words)


@pytest.mark.parametrize("name", sorted(set(OURS) - STEPS))
def test_each_health_check_asks_for_the_service_it_stands_by(name: str):
    said = ours()[name]
    kind, program, *words = said["healthcheck"]["test"]
    assert (kind, program) == ("CMD", "premium")
    command, bound, _ = build().parse_args(words)
    assert command.__name__ == "status"
    [part] = bound.arguments["part"]
    verb = said["command"][0]
    expected = {"follow": "views", "relay": "relay"}
    assert part == (said["command"][1] if verb == "consume" else expected[verb])
    if verb == "consume":  # Its own place: another one's group says nothing of it.
        _, told, _ = build().parse_args(said["command"])
        place = f"{part}={told.arguments['to']}"
        assert list(bound.arguments["results"]) == [place]


def test_each_job_that_is_consumed_is_one_that_there_is():
    named = {
        one["command"][1] for one in ours().values() if one["command"][0] == "consume"
    }
    assert named == {"reporting", "states", "open-files", "inbound"}
    assert named <= {*JOBS, INBOUND.name}


@pytest.mark.parametrize("name", RUNNING)
def test_each_service_that_runs_is_started_again_and_has_a_health_check(name: str):
    said = services()[name]
    assert said["restart"] == "always"
    assert said["healthcheck"]["test"][0] == "CMD"
    assert {"interval", "timeout", "retries"} <= set(said["healthcheck"])


@pytest.mark.parametrize("name", sorted(STEPS))
def test_each_step_is_tried_until_it_is_done_and_waited_for(name: str):
    assert services()[name]["restart"] == "on-failure"
    waits = [
        one["depends_on"][name]["condition"]
        for one in services().values()
        if name in one.get("depends_on", {})
    ]
    assert waits
    assert set(waits) == {"service_completed_successfully"}


def test_what_is_waited_for_is_there():
    for said in services().values():
        for other, how in said.get("depends_on", {}).items():
            expected = "completed_successfully" if other in STEPS else "healthy"
            assert how == {"condition": f"service_{expected}"}, other
            assert other in services()


@pytest.mark.parametrize("name", ALL)
def test_each_image_is_pinned(name: str):
    tag = services()[name]["image"].partition(":")[2]
    assert re.fullmatch(r"\d+\.\d+(\.\d+)?(-[a-z]+)?(@sha256:[0-9a-f]{64})?", tag)


def test_the_broker_is_the_version_that_the_tests_run_against():
    assert services()["kafka"]["image"] == f"apache/kafka:{VERSION}"


def test_each_secret_and_each_choice_is_required_of_the_environment():
    for name in ENV:
        with pytest.raises(KeyError, match=name):
            interpolated({key: ENV[key] for key in ENV if key != name})
    named = set(re.findall(r"\$\{(\w+)", TEXT))
    assert named == {*ENV, "PREMIUM_VERSION"}


def test_no_secret_stands_in_the_files():
    values: list[tuple[str, str]] = []
    for said in AS_WRITTEN["services"].values():
        values += said.get("environment", {}).items()
    secret = [(name, value) for name, value in values if "PASSWORD" in name]
    assert len(secret) >= 8
    assert {value for _, value in secret} == {
        f"${{{name}:?set it in .env}}" for name in ENV if "PASSWORD" in name
    }
    assert not re.search(r"://\w+:[^@\s]+@", TEXT + DOCKERFILE)
    assert not re.search(r"password|secret=|token", DOCKERFILE.lower())
    roles = (HOUSE / "deploy/roles.sql").read_text(encoding="utf-8")
    assert set(re.findall(r"PASSWORD (\S+?)[ ;]", roles)) == {
        ":'service'",
        ":'consumer'",
    }


def test_who_reads_the_topics_has_no_way_into_the_ledger():
    for name in ("reporting", "states", "open-files"):
        environment = ours()[name]["environment"]
        assert "PREMIUM_DB" not in environment
        assert environment["PGPASSWORD"] == ENV["PREMIUM_CONSUMER_PASSWORD"]


@pytest.mark.parametrize("name", OURS)
def test_no_service_of_ours_may_more_than_it_needs(name: str):
    said = ours()[name]
    assert said["read_only"] is True
    assert said["cap_drop"] == ["ALL"]
    assert "ports" not in said
    assert "privileged" not in said


def test_every_port_is_of_this_machine_alone():
    ports = [port for one in services().values() for port in one.get("ports", ())]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_every_volume_is_named_and_every_file_that_is_shown_in_is_there():
    named = set(interpolated(ENV)["volumes"])
    used = set()
    for said in services().values():
        for volume in said.get("volumes", ()):
            source = volume.partition(":")[0]
            if source.startswith("./"):
                assert (HOUSE / source).is_file()
            else:
                used.add(source)
    assert used == named


def test_what_the_image_copies_is_there_and_let_in():
    sources: list[str] = []
    for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE):
        sources += line.split()[:-1]
    let_in = (HOUSE / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert sources
    for source in sources:
        assert (HOUSE / source).exists()
        assert f"!{source}" in let_in
    assert "*" in let_in


def test_the_image_pins_its_base_installs_by_hash_and_is_not_root():
    bases = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert len(bases) == 2
    assert all(
        re.fullmatch(r"python:3\.\d+\.\d+-slim-\w+(@\S+)?", one) for one in bases
    )
    installs = re.findall(r"pip install(?:[^\n]*\\\n)*[^\n]*", DOCKERFILE)
    assert len(installs) == 2
    assert "--require-hashes" in installs[0]
    assert "--no-deps" in installs[1]
    users = re.findall(r"^USER (\S+)", DOCKERFILE, re.MULTILINE)
    assert users == ["10001:10001"]


def test_every_package_of_the_image_is_one_that_the_tests_ran_with():
    def pins(name: str) -> set[str]:
        text = (HOUSE / name).read_text(encoding="utf-8")
        assert "://" not in text
        return set(re.findall(r"^([\w.-]+==[^ ]+)", text, re.MULTILINE))

    deployed = pins("requirements/deploy.txt")
    assert {one.partition("==")[0] for one in deployed} >= {"psycopg", "kafka-python"}
    assert deployed <= pins("requirements/dev.txt")
