"""What arrives on real topics is recorded and answered, as docs/inbound.md says."""

import json
import re
import shlex
import signal
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaProducer
from kafka.errors import KafkaError

from consumers.inbound.messages import FORMS, PaymentMade, ResultMeasured, Sent, read
from consumers.inbound.replies import TYPE, Answers, Data, Replies, Reply
from consumers.loop import Message
from ledger.events import DisbursementPaid, ResultRecorded
from ledger.service import Ledger
from projections.feed.relay.relay import partition_of
from projections.feed.topics import CONFIRMATIONS, REPLIES, RESULTS, Broker
from tests.cli.program import HOUSE, premium
from tests.feed.dying import killed_at_each_step
from tests.feed.reading import all_of
from tests.worlds.years import ledger_of

pytestmark = pytest.mark.xdist_group("kafka")

PAGE = (HOUSE / "docs" / "inbound.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^    premium (.+)$", PAGE, re.MULTILINE)
MESSAGES = [
    json.loads(one) for one in re.findall(r"^```json\n(.+?)\n```$", PAGE, re.MULTILINE)
]

STEPS = (
    "ledger.service:Ledger:give_each",
    "consumers.inbound.replies:Replies:flush",
    "consumers.kafka.source:Topics:saved",
)


@pytest.fixture
def ledger(
    broker: Broker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Ledger]:
    """A ledger in which a payment is approved, where the page's commands find it."""
    ledger_of(tmp_path / "sim.db", ["ZG000", "ZG001"], until="year/pay-d1").close()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", broker.bootstrap)
    monkeypatch.setenv("PREMIUM_TOPICS", broker.prefix)
    for name in ("PREMIUM_DB", "PREMIUM_AS"):
        monkeypatch.delenv(name, raising=False)
    with Ledger.open(tmp_path / "sim.db") as ledger:
        yield ledger


def send(broker: Broker, *values: Any) -> None:
    """Send each twice, as a producer that was not sure would."""
    with closing(KafkaProducer(**broker.client(), acks="all")) as producer:
        for value in values:
            data = value["data"]
            key = data.get("subject") or data["account"].split("/")[-1]
            topic = FORMS[value["type"]][1]
            for _ in range(2):
                producer.send(
                    f"{broker.prefix}.{topic}",
                    key=key.encode(),
                    value=json.dumps(value).encode(),
                )
        producer.flush(timeout=30)


def answered(broker: Broker) -> list[dict[str, Any]]:
    """Every reply, in the order of each key."""
    return [json.loads(one.value) for one in all_of(broker, REPLIES)]


def run(example: str) -> str:
    done = premium(*shlex.split(example))
    assert (done.code, done.err) == (0, ""), example
    return done.out


def test_the_pages_messages_and_commands_do_what_it_says(
    broker: Broker, ledger: Ledger
):
    before = ledger.head()
    send(broker, *MESSAGES)
    consume, listing, discard, replay = (
        one.replace("premium.results", f"{broker.prefix}.results") for one in EXAMPLES
    )
    run(consume)
    facts = [one.fact for one in ledger.read(before, 10)]
    result = next(one for one in facts if isinstance(one, ResultRecorded))
    paid = next(one for one in facts if isinstance(one, DisbursementPaid))
    assert (str(result.value), paid.amount_pence) == ("25/2", 60_000_00)
    # The payment takes its reference as well, and the service acts for the first time.
    assert ledger.head() == before + 4
    found = answered(broker)
    published = {one.id for one in ledger.read(before, 10) if type(one.fact).PUBLIC}
    assert len(published) == 3
    named = {made["id"] for one in found for made in one["data"]["records"]}
    assert named == published
    assert sorted(
        (one["correlationid"], one["data"]["outcome"], one["data"]["first"])
        for one in found
    ) == [
        ("2016-05/ZG000/falls", "appended", None),
        ("2016-05/ZG000/falls", "repeated", "appended"),
        ("bank/000123", "appended", None),
        ("bank/000123", "repeated", "appended"),
    ]
    assert {one.key for one in all_of(broker, REPLIES)} == {b"ZG000"}
    assert run(listing) == "Nothing is parked\n"
    # Again from the first offset: each is known, and answered under the same id.
    Path("inbound.db").unlink()
    run(consume)
    again = answered(broker)[len(found) :]
    assert ledger.head() == before + 4
    assert {one["id"] for one in again} == {one["id"] for one in found}
    # UnreadableMessage: parked, then discarded, and what waited goes on.
    [result_said, _] = MESSAGES
    bad = {**result_said, "id": "bad", "data": {**result_said["data"], "value": 12.5}}
    good = {**result_said, "id": "good", "data": {**result_said["data"]}}
    good["data"]["measure"] = "other"
    send(broker, bad, good)
    run(consume)
    assert "Keys that wait: 1" in run(listing)
    part = partition_of("ZG000")
    run(discard.replace("/2/0", f"/{part}/2"))
    assert "Keys that wait: 1" in run(listing)  # Its copy.
    run(discard.replace("/2/0", f"/{part}/3"))
    assert run(replay) == "Nothing is parked\n"
    last = answered(broker)[-2:]
    assert [(one["correlationid"], one["data"]["outcome"]) for one in last] == [
        ("good", "appended"),
        ("good", "repeated"),
    ]
    assert ledger.head() == before + 5


def test_the_page_names_every_field_and_no_other():
    tables = re.findall(r"^\| (?:field of `data`|field) \|.*?\n\n", PAGE, re.M | re.S)
    named = [
        {
            name
            for row in table.strip().splitlines()[2:]
            for name in re.findall(r"`(\w+)`", row.split("|")[1])
        }
        for table in tables
    ]
    envelope, result, payment, reply = named
    assert envelope == set(Sent.model_fields)
    assert result == set(ResultMeasured.model_fields)
    assert payment == set(PaymentMade.model_fields)
    assert reply == set(Data.model_fields)


def test_the_page_names_every_type_and_topic():
    for kind, (_, topic) in FORMS.items():
        assert re.search(rf"^\| `premium.{topic}` \| `{kind}` \|", PAGE, re.M)
    assert f"`premium.{REPLIES.name}` | `{TYPE}`" in PAGE
    for message, about in zip(MESSAGES, (RESULTS, CONFIRMATIONS), strict=True):
        assert read(json.dumps(message).encode(), f"premium.{about.name}")


def test_a_role_that_may_not_is_told_and_nothing_is_read(
    broker: Broker, ledger: Ledger
):
    send(broker, MESSAGES[0])
    words = ("consume", "inbound", "--to", "in.db", "--db", "sim.db", "--once")
    done = premium(*words, "--as", "approver:p1")
    assert done.code == 3
    assert "record-result is not for the role 'approver'" in done.err
    assert answered(broker) == []


def test_a_reply_that_no_broker_has_is_an_error_and_not_forgotten(broker: Broker):
    message = Message("premium.results.v1", 0, 0, b"ZG000", b"", {})
    reply = Answers("urn:example:ledger", "simulated").unreadable(message, {}, ())
    nowhere = broker._replace(prefix=f"{broker.prefix}-nowhere")
    with closing(Replies(nowhere, wait_s=1)) as replies, pytest.raises(KafkaError):
        _sent(replies, message, reply)
    assert answered(broker) == []
    with closing(Replies(broker)) as replies:
        _sent(replies, message, reply)
    [one] = answered(broker)
    assert one == json.loads(reply.model_dump_json())


def _sent(replies: Replies, message: Message, reply: Reply) -> None:
    replies.send(message.key, reply)
    replies.flush()


def test_killed_behind_any_of_its_steps_it_records_and_answers_each_once(
    broker: Broker, ledger: Ledger
):
    before = ledger.head()
    [result, payment] = MESSAGES
    many = [
        {
            **result,
            "id": f"r{number}",
            "data": {**result["data"], "measure": f"m{number}"},
        }
        for number in range(12)
    ]
    send(broker, *many, payment)
    words = (
        *("consume", "inbound", "--to", "in.db", "--db", "sim.db", "--once"),
        *("--member", "one", "--as", "analyst:inbound-service"),
    )
    ends = killed_at_each_step(words, broker, STEPS, most=7)
    assert ends[:5] == [-signal.SIGKILL] * 5  # In each step of the first batch.
    # The payment with its reference, and who acts, once.
    assert ledger.head() == before + len(many) + 2 + 1
    said: dict[str, Any] = {}
    for reply in answered(broker):
        data = reply["data"]
        same = (reply["correlationid"], data["records"], data["refusal"])
        assert said.setdefault(reply["id"], same) == same
    assert len(said) == 2 * (len(many) + 1)
    for one in (*many, payment):
        made = [records for id, records, _ in said.values() if id == one["id"]]
        assert made[0] == made[1] != []
