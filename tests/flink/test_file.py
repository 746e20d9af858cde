"""The SQL file and its runner without Flink; `make flink` runs them with it."""

import re
from pathlib import Path
from typing import Any

import pytest

from consumers.flink.run import Unfilled, filled, parted
from projections.feed.events.message import TYPES, event_form
from projections.feed.topics import EVENTS, TOPICS

HOUSE = Path(__file__).parents[2]
SQL = (HOUSE / "consumers/flink/balances.sql").read_text(encoding="utf-8")
LISTED = (HOUSE / "consumers/flink/jars.txt").read_text().splitlines()
VALUES = {
    "BROKER": "127.0.0.1:9092",
    "PREFIX": "premium",
    "BOUND": "unbounded",
    "CHECKPOINTS": "file:///srv/checkpoints",
}


def test_the_file_parts_into_settings_two_tables_and_one_job():
    settings, statements = parted(filled(SQL, VALUES))
    assert [one.split("(")[0].split()[:3] for one in statements] == [
        ["CREATE", "TABLE", "events"],
        ["CREATE", "TABLE", "balances"],
        ["INSERT", "INTO", "balances"],
    ]
    assert settings["pipeline.name"] == "premium-balances"
    assert settings["execution.checkpointing.mode"] == "EXACTLY_ONCE"
    assert settings["execution.checkpointing.dir"] == "file:///srv/checkpoints"


def test_it_writes_to_a_topic_that_nothing_else_of_this_program_writes_to():
    balances = parted(filled(SQL, VALUES))[1][1]
    [sink] = re.findall(r"'topic' = 'premium\.(.+)'", balances)
    assert sink == "balances-flink.v1"
    assert sink not in {topic.name for topic in TOPICS}


def test_it_reads_only_what_was_committed_of_the_topic_that_the_relay_fills():
    events = parted(filled(SQL, VALUES))[1][0]
    assert "'properties.isolation.level' = 'read_committed'" in events
    assert f"'topic' = 'premium.{EVENTS.name}'" in events


def test_every_column_it_reads_is_in_the_contract():
    schema = event_form(sorted(TYPES)[0]).model_json_schema()
    events = parted(filled(SQL, VALUES))[1][0]
    read = set(re.findall(r"(\w+) (?:STRING|BIGINT|ROW|ARRAY)", events))
    named = set(schema["properties"])
    for part in schema["$defs"].values():
        named |= set(part.get("properties", ()))
    assert read == {"id", "data", "premium", "legs", "account", "measure", "pence"}
    assert read <= named


def test_pence_are_whole_in_the_contract_as_they_are_in_the_file():
    legs: dict[str, Any] = event_form(sorted(TYPES)[0]).model_json_schema()["$defs"]
    assert legs["Leg"]["properties"]["pence"]["type"] == "integer"
    assert "pence BIGINT" in SQL
    assert not re.search(r"DECIMAL|DOUBLE|FLOAT", SQL)


@pytest.mark.parametrize(
    "values",
    [
        {name: VALUES[name] for name in VALUES if name != "PREFIX"},
        {**VALUES, "OTHER": "1"},
        {**VALUES, "PREFIX": "premium'; DROP TABLE events"},
        {**VALUES, "PREFIX": "a;b"},
        {**VALUES, "PREFIX": "a\nb"},
    ],
    ids=("one missing", "one too many", "a quote", "a semicolon", "a line break"),
)
def test_values_that_do_not_fit_the_file_are_refused(values: dict[str, str]):
    with pytest.raises(Unfilled):
        filled(SQL, values)


def test_a_comment_is_no_statement_and_its_places_are_not_filled():
    assert parted(filled("-- Has ${NONE}; here\nSET 'a' = 'b';\n", {})) == (
        {"a": "b"},
        [],
    )


def test_nothing_but_the_connector_is_needed():
    """It reads gzip, by which the topics are kept, with no library beside it."""
    [listed] = LISTED
    assert listed.startswith("org.apache.flink:flink-sql-connector-kafka:")


def test_every_package_of_its_environment_is_pinned_by_hash_and_by_no_address():
    text = (HOUSE / "requirements/flink.txt").read_text()
    packages = re.findall(r"^([\w.-]+)==\S+ \\\n    --hash=sha256:", text, re.MULTILINE)
    assert packages[:2] == ["apache-flink", "apache-flink-libraries"]
    assert len(packages) == len(re.findall(r"==", text)) == 6
    assert "://" not in text
