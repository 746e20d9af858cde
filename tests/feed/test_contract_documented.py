"""docs/feed.md says what is so, and what it shows can be run."""

import json
import os
import re
import shlex
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from consumers.compacted.job import job
from consumers.loop import Message
from consumers.results.results import Results
from interfaces.kafka import tool
from projections.feed.contract import schemas
from projections.feed.events.message import TYPES
from projections.feed.events.rows import Award, Balance, State
from projections.feed.topics import LATEST_OF_EACH_KEY, TOPICS, Broker
from tests.cli.program import HOUSE, ok
from tests.consumers.happening import takes
from tests.consumers.standing import Topics
from tests.feed.kept import messages
from tests.worlds.simulated import worked

pytestmark = pytest.mark.xdist_group("kafka")

PAGE = (HOUSE / "docs" / "feed.md").read_text(encoding="utf-8")
OUTSIDE_BLOCKS = re.sub(r"```.+?```", "", PAGE, flags=re.DOTALL)
COMMANDS = re.findall(r"^    (\S.+)$", OUTSIDE_BLOCKS, re.MULTILINE)
SENT = dict(messages())
SHOWN = [json.loads(one) for one in re.findall(r"```json\n(.+?)```", PAGE, re.DOTALL)]


def section(title: str) -> str:
    """What stands below a heading."""
    return PAGE.split(f"\n## {title}\n")[1].split("\n## ")[0]


def rows(title: str) -> list[list[str]]:
    """The rows of a section's table, without its head."""
    lines = [line for line in section(title).splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines[2:]]


def test_every_page_and_file_named_is_there():
    links = [
        link
        for link in re.findall(r"\]\(([^)#]+)\)", PAGE)
        if not link.startswith("https://")
    ]
    assert [link for link in links if not (HOUSE / "docs" / link).exists()] == []


def test_the_topics_are_those_that_are_made():
    said = [
        [
            f"`{Broker('').topic(topic)}`",
            str(topic.partitions),
            "latest of each key" if topic.config == LATEST_OF_EACH_KEY else "for ever",
            topic.holds,
        ]
        for topic in TOPICS
    ]
    assert rows("Topics") == said


def test_the_message_shown_is_one_that_is_sent():
    _, shown = SHOWN
    assert shown == json.loads(SENT["disbursement-paid.v1"].value)


def test_the_row_shown_is_one_that_follows_from_that_message(tmp_path: Path):
    topics, said = Topics(), SENT["disbursement-paid.v1"]
    message = Message("e", 0, 0, said.key.encode(), said.value, dict(said.headers))
    with closing(Results(str(tmp_path / "states.db"), job(topics))) as results:
        takes(results, [message])
    row, _ = SHOWN
    assert row in [json.loads(one.value) for one in topics.rows]


@pytest.mark.parametrize("form", [Balance, Award])
def test_every_field_of_a_row_is_told(form: type[State]):
    told = set(re.findall(r"`(\w+)`", section("The latest balances and awards")))
    assert set(form.model_fields) - set(State.model_fields) <= told
    assert set(State.model_fields) <= set(SHOWN[0])


def test_every_type_is_listed_with_what_it_says_and_whether_it_moves_money():
    assert rows("Types") == [
        [
            f"`{name}`",
            " ".join((form.__doc__ or "").split("\n\n")[0].split()),
            "yes" if json.loads(SENT[name].value)["data"]["legs"] else "",
        ]
        for name, form in TYPES.items()
    ]


def texts(schema: Any) -> set[str]:
    """The fields of an event's data that hold text of no stated form."""
    return {
        field
        for part in schema["$defs"].values()
        for field, said in part["properties"].items()
        for form in (said, said.get("items", {}), *said.get("anyOf", ()))
        if form.get("type") == "string"
        and not {"format", "pattern", "enum"} & form.keys()
    }


def test_every_field_that_can_hold_any_text_is_spoken_of():
    page = section("What is in it, and what never is")
    said = set(re.findall(r"`([a-z_]+)`", page))
    found = set[str]().union(*(texts(schemas.schema(name)) for name in TYPES))
    assert len(found) > 50
    assert found - said == set()
    assert said - found - {"origin"} == set()


def test_every_command_shown_runs_in_the_order_of_the_page(
    broker: Broker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", broker.bootstrap)
    monkeypatch.setenv("PREMIUM_TOPICS", broker.prefix)
    monkeypatch.setenv("LOG4J_LEVEL", "OFF")
    worked(tmp_path, 2, 1).rename("sim.db")
    printed: list[str] = []
    for command in COMMANDS:
        there = command.replace("premium.events.v1", f"{broker.prefix}.events.v1")
        words = shlex.split(there.replace("127.0.0.1:9092", broker.bootstrap))
        match words:
            case ["premium", *rest]:
                printed.append(ok(*rest).out)
            case ["python", script, *rest]:
                printed.append(run(sys.executable, str(HOUSE / script), *rest))
            case ["kafka-console-consumer.sh", *rest]:
                name = "org.apache.kafka.tools.consumer.ConsoleConsumer"
                printed.append(run(*tool(name, *rest)))
    assert len(printed) == len(COMMANDS) == 5
    written, topics, relayed, console, balances = printed
    kept = len(list((HOUSE / "docs/feed/schemas").iterdir()))
    assert f"{kept} schemas" in written
    assert f"{broker.prefix}.events.v1: 12 partitions" in topics
    assert "from position 0" in relayed
    assert json.loads(console.splitlines()[0])["origin"] == "simulated"
    assert "board:funding" in balances


def run(*words: str) -> str:
    done = subprocess.run(
        words, capture_output=True, text=True, check=False, env=dict(os.environ)
    )
    assert done.returncode in (0, 1), done.stderr  # 1: its time was over.
    return done.stdout
