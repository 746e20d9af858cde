"""What arrives becomes commands: each once, each answered, none lost."""

import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from consumers.inbound.job import NotAllowed, job
from consumers.inbound.messages import command_id, read
from consumers.inbound.replies import MadeRecord, Whereabouts, Why, Wrong
from consumers.jobs import JOBS
from consumers.loop import WAITS, Message, Partition, run_once
from consumers.results.place import Unfit
from consumers.results.results import Results
from consumers.results.tables import message_of
from ledger.decisions.parties import RegisterParty
from ledger.events import DisbursementPaid, PartyId, ResultCorrected, ResultRecorded
from ledger.recorded import account_stream, result_stream
from ledger.request import By, Malformed, Outcome, Request
from ledger.service import Ledger, Unavailable
from projections.feed.events.log import OtherLedger
from tests.consumers.arriving import (
    CONFIRMATIONS,
    RESULTS,
    Kept,
    Memory,
    payment,
    result,
)
from tests.worlds.servers import server
from tests.worlds.years import bodies, ledger_of

GROUPS = bodies(3)
BY = By(role="analyst", party=PartyId("inbound-service"))
PERIOD = "2015-04-01..2016-03-31"


@pytest.fixture(scope="session")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger in which £60,000 is approved for each of three groups."""
    file = tmp_path_factory.mktemp("inbound") / "ground.db"
    known = RegisterParty(party=BY.party, kind="person")
    with ledger_of(file, GROUPS, until="year/pay-d1") as ledger:
        ledger.give(Request(id="known", by=BY, command=known))
    return file


@pytest.fixture
def ledger(ground: Path, tmp_path: Path) -> Iterator[Ledger]:
    shutil.copy(ground, tmp_path / "sim.db")
    with Ledger.open(tmp_path / "sim.db") as ledger:
        yield ledger


class Service:
    """The job as it runs: ended and started again by `started`."""

    def __init__(self, ledger: Any, where: str) -> None:
        self.ledger = ledger
        self.where = where
        self.source = Memory()
        self.replies = Kept()

    def run(self) -> None:
        """A process from its start until all that is there is taken."""
        asked = job(self.ledger, self.replies, BY)
        with closing(Results(self.where, asked)) as results:
            source = self.source.told_by(results.begins)
            while run_once(source, results).messages:
                pass

    def parked(self) -> list[tuple[Message, str]]:
        with closing(Results(self.where, job(self.ledger, self.replies, BY))) as found:
            rows = found.db.execute("SELECT * FROM parked ORDER BY topic, part, place")
            return [(message_of(row), row[7]) for row in rows]

    def offsets(self) -> dict[Partition, int]:
        with closing(Results(self.where, job(self.ledger, self.replies, BY))) as found:
            rows = found.db.execute("SELECT * FROM offsets")
            return {Partition(topic, part): at for topic, part, at in rows}


@pytest.fixture
def service(ledger: Ledger, where: str) -> Service:
    return Service(ledger, where)


def recorded(ledger: Ledger, before: int) -> list[Any]:
    return [one.fact for one in ledger.read(before, 1_000)]


def paid(ledger: Ledger, body: str = "ZG000") -> list[DisbursementPaid]:
    stream = ledger.stream(account_stream(f"quality-premium/2013-14/{body}"))
    return [one.fact for one in stream if isinstance(one.fact, DisbursementPaid)]


# Each becomes a command ---------------------------------------------------------------


def test_a_result_and_a_payment_are_recorded_once_however_often_they_arrive(
    service: Service, ledger: Ledger
):
    before = ledger.head()
    service.source.add(result(), times=2)
    service.source.add(payment(), topic=CONFIRMATIONS, times=2)
    service.run()
    first, second, *_ = recorded(ledger, before)
    assert isinstance(first, ResultRecorded)
    assert (first.measure, first.subject, str(first.value)) == (
        "falls",
        "ZG000",
        "25/2",
    )
    assert isinstance(second, DisbursementPaid)
    assert (second.reference, second.amount_pence) == ("BANK-ZG000-1", 60_000_00)
    assert ledger.head() == before + 3  # The payment also takes its reference.
    assert service.replies.outcomes == ["appended", "repeated"] * 2


def test_a_whole_topic_that_comes_again_adds_nothing(service: Service, ledger: Ledger):
    for number in range(30):
        service.source.add(result(f"r{number}", measure=f"m{number}"))
    service.run()
    head = ledger.head()
    service.where = server().empty().owner  # Its offsets are lost.
    service.run()
    assert ledger.head() == head
    assert service.replies.outcomes == ["appended"] * 30 + ["repeated"] * 30


def test_the_meta_of_a_record_says_which_message_it_came_from(
    service: Service, ledger: Ledger
):
    service.source.add(result(effective_on="2016-05-01"))
    service.run()
    meta = ledger.read(ledger.head() - 1, 1)[0].meta
    assert (meta.actor, meta.role) == ("inbound-service", "analyst")
    assert str(meta.effective_on) == "2016-05-01"
    assert meta.command_id == command_id("urn:example:statistics", "r1")
    assert (meta.correlation_id, meta.causation_id) == (
        "r1",
        "urn:example:statistics#r1",
    )


def test_the_value_of_two_numbers_is_worked_out_exactly(
    service: Service, ledger: Ledger
):
    service.source.add(result(value=None, numerator=1, denominator="3"))
    service.run()
    [fact] = recorded(ledger, ledger.head() - 1)
    assert str(fact.value) == "100/3"


def test_a_reason_makes_it_a_correction_and_lies_beside_the_log(
    service: Service, ledger: Ledger
):
    service.source.add(result("r1"))
    service.source.add(result("r2", value="13", correction_reason="Late returns."))
    service.run()
    stream = ledger.stream(result_stream("falls", "ZG000", PERIOD))
    facts = [one.fact for one in stream]
    assert [type(one) for one in facts] == [ResultRecorded, ResultCorrected]
    assert isinstance(facts[1], ResultCorrected)
    assert ledger.text(facts[1].reason) == "Late returns."


# Refused is an answer -----------------------------------------------------------------


def test_a_refusal_is_answered_with_name_numbers_and_text_and_repeats(
    service: Service, ledger: Ledger
):
    service.source.add(result(subject="ZZ9"), times=2)
    service.run()
    refusal = Why(
        name="unknown-body",
        numbers={"body": "ZZ9"},
        says=service.replies.sent[0][1].data.refusal.says,  # type: ignore[union-attr]
    )
    assert "ZZ9" in refusal.says
    assert [reply.data.refusal for _, reply in service.replies.sent] == [refusal] * 2
    assert [(r.data.outcome, r.data.first) for _, r in service.replies.sent] == [
        ("refused", None),
        ("repeated", "refused"),
    ]
    assert service.parked() == []


def test_the_same_id_with_other_content_is_refused(service: Service, ledger: Ledger):
    service.source.add(result("r1"))
    service.source.add(result("r1", value="13"))
    service.run()
    said = service.replies.sent[1][1].data
    assert said.refusal is not None
    assert (said.outcome, said.refusal.name) == ("refused", "command-id-reused")


def test_the_same_id_from_another_source_is_another_message(
    service: Service, ledger: Ledger
):
    before = ledger.head()
    service.source.add(result("r1"))
    service.source.add(result("r1", measure="other") | {"source": "urn:example:b"})
    service.run()
    assert ledger.head() == before + 2
    assert command_id("a", "b#c") != command_id("a#b", "c")


@pytest.mark.parametrize("off", [-1, 1])
def test_a_payment_a_penny_off_is_refused_and_not_recorded(
    service: Service, ledger: Ledger, off: int
):
    before = ledger.head()
    amount = 60_000_00 + off
    service.source.add(payment(amount_pence=amount), topic=CONFIRMATIONS, times=2)
    service.run()
    numbers = {"disbursement": "d1", "paid_pence": amount, "asked_pence": 60_000_00}
    for _, reply in service.replies.sent:
        assert reply.data.refusal is not None
        assert (reply.data.outcome, reply.data.refusal.name) == (
            "refused",
            "paid-otherwise",
        )
        assert reply.data.refusal.numbers == numbers
    assert ledger.head() == before
    # The right amount under the same id is taken: nothing was recorded of the wrong.
    service.source.add(payment(), topic=CONFIRMATIONS)
    service.run()
    assert [one.amount_pence for one in paid(ledger)] == [60_000_00]


def test_a_payment_of_nothing_asked_for_is_refused_and_not_recorded(
    service: Service, ledger: Ledger
):
    before = ledger.head()
    service.source.add(payment(disbursement="d7"), topic=CONFIRMATIONS)
    service.source.add(
        payment("p2", "ZG000", account="quality-premium/1999-00/ZG000"),
        topic=CONFIRMATIONS,
    )
    service.run()
    names = [r.data.refusal.name for _, r in service.replies.sent if r.data.refusal]
    assert names == ["no-such-disbursement"] * 2
    assert ledger.head() == before


def test_what_is_for_a_real_ledger_is_refused_by_a_simulated_one(
    service: Service, ledger: Ledger
):
    before = ledger.head()
    service.source.add(result() | {"origin": "real"})
    service.source.add(payment() | {"origin": "real"}, topic=CONFIRMATIONS)
    service.source.add(result("r2") | {"origin": "simulated"})
    service.run()
    names = [
        r.data.refusal.name if r.data.refusal else r.data.outcome
        for _, r in service.replies.sent
    ]
    assert sorted(names) == ["appended", *["made-for-other-ledger"] * 2]
    assert ledger.head() == before + 1


def test_a_reference_that_was_used_is_refused(service: Service, ledger: Ledger):
    service.source.add(payment("p1", "ZG000"), topic=CONFIRMATIONS)
    service.source.add(
        payment("p2", "ZG001", reference="bank zg000 1"), topic=CONFIRMATIONS
    )
    service.run()
    assert service.replies.outcomes == ["appended", "refused"]
    assert paid(ledger, "ZG001") == []


# Every message is answered ------------------------------------------------------------


def test_a_reply_is_an_event_keyed_as_the_message_that_says_what_was_made(
    service: Service, ledger: Ledger
):
    service.source.add(payment(), topic=CONFIRMATIONS)
    service.run()
    [(key, reply)] = service.replies.sent
    said = json.loads(reply.model_dump_json())
    position = ledger.head()
    id = command_id("urn:example:bank", "p1")
    assert key == b"ZG000"
    assert said.pop("source").startswith("urn:premium-ledger:ledger:a-ledger:")
    data = said.pop("data")
    assert said == {
        "specversion": "1.0",
        "id": f"{CONFIRMATIONS}/0/0/appended",
        "type": "premium-ledger.reply.v1",
        "subject": id,
        "datacontenttype": "application/json",
        "correlationid": "p1",
        "origin": "simulated",
    }
    records = [
        {"id": one.id, "position": one.position} for one in ledger.read(position - 2, 2)
    ]
    assert data == {
        "outcome": "appended",
        "first": None,
        "message_source": "urn:example:bank",
        "message_id": "p1",
        "at": {"topic": CONFIRMATIONS, "partition": 0, "offset": 0},
        "command": id,
        "records": records,
        "refusal": None,
        "faults": [],
    }


def test_what_was_so_already_is_answered_with_no_records(
    service: Service, ledger: Ledger
):
    service.source.add(result("r1"))
    service.source.add(result("r2"))
    service.run()
    made = [reply.data.records for _, reply in service.replies.sent]
    assert made[0] == (MadeRecord(id=f"{_stream()}@1", position=ledger.head()),)
    assert made[1] == ()
    assert service.replies.outcomes == ["appended", "appended"]


def _stream() -> str:
    return result_stream("falls", "ZG000", PERIOD)


# Unreadable ---------------------------------------------------------------------------

WITHOUT = object()


def changed(message: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {name: one for name, one in (message | more).items() if one is not WITHOUT}


UNREADABLE: dict[str, tuple[Any, str, str]] = {
    "no JSON": (b"{", "", "JSON object"),
    "no value": (b"", "", "JSON object"),
    "no object": (b"[1]", "", "JSON object"),
    "not UTF-8": (b'{"id": "\xff"}', "", "JSON object"),
    "half a character": (b'{"id": "\\ud800"}', "", "JSON object"),
    "very deep": (b'{"a":' * 5_000, "", "JSON object"),
    "no type": (changed(result(), type=WITHOUT), "type", "result-measured.v1"),
    "type of v2": (
        changed(result(), type="premium-ledger.result-measured.v2"),
        "type",
        "must be premium-ledger.result-measured.v1",
    ),
    "a payment among results": (payment(), "type", "result-measured.v1"),
    "no id": (changed(result(), id=WITHOUT), "id", "give it"),
    "empty id": (changed(result(), id=""), "id", "it is empty"),
    "long id": (changed(result(), id="x" * 201), "id", "at most 200"),
    "id with a line feed": (
        changed(result(), id="a\nb"),
        "id",
        "begin with a letter",
    ),
    "no source": (changed(result(), source=WITHOUT), "source", "give it"),
    "a CloudEvent of 0.3": (changed(result(), specversion="0.3"), "specversion", "1.0"),
    "of no known kind": (changed(result(), origin="test"), "origin", "simulated"),
    "no data": (changed(result(), data=None), "data", "an object"),
    "a misspelt field": (
        result(numerater=1),
        "data.numerater",
        "there is no such field",
    ),
    "a float": (result(value=12.5), "data.value", "not exact"),
    "no number": (result(value="many"), "data.value", "such as 12.5"),
    "a number that takes days": (result(value="1e999999999"), "data.value", "12.5"),
    "no value and no numbers": (result(value=None), "data", "give value"),
    "two values": (
        result(value="33.3", numerator=1, denominator=3),
        "data",
        "exactly what the two numbers give, 100/3 percent",
    ),
    "over nothing": (result(numerator=1, denominator=0), "data", "above zero"),
    "no known ratio": (
        result(unit="heads", value=None, numerator=1, denominator=3),
        "data",
        "not a known ratio",
    ),
    "yes, no, two": (result(unit="yes-no", value=2), "data", "1 for yes"),
    "a day that is none": (
        result(published_on="2015-02-30"),
        "data.published_on",
        "day",
    ),
    "seconds for a day": (
        result(published_on=1_400_000_000),
        "data.published_on",
        "write a day",
    ),
    "no period": (result(period="2015"), "data.period", "is not a period"),
    "a period of no days": (
        result(period="2015-13-01"),
        "data.period",
        "is not a period",
    ),
    "turned round": (
        result(period="2016-03-31..2015-04-01"),
        "data.period",
        "ends before it begins",
    ),
    "one day twice": (
        result(period="2016-03-31..2016-03-31"),
        "data.period",
        "write it once",
    ),
    "a reason with U+0000": (
        result(correction_reason="a\0b"),
        "data.correction_reason",
        "U+0000",
    ),
    "no hash": (result(document="X"), "data.document", "64 small hexadecimal"),
}
UNPAYABLE: dict[str, tuple[Any, str, str]] = {
    "a result among payments": (result(), "type", "payment-made.v1"),
    "pounds and pence": (
        payment(amount_pence=60_000.5),
        "data.amount_pence",
        "whole number",
    ),
    "text": (payment(amount_pence="6000000"), "data.amount_pence", "whole number"),
    "nothing": (payment(amount_pence=0), "data.amount_pence", "more than 0"),
    "no account": (payment(account="ZG000"), "data.account", "scheme/scheme-year/body"),
    "written otherwise": (
        payment(account="quality-premium/2013%2d14/ZG000"),
        "data.account",
        "scheme/scheme-year/body",
    ),
    "no kind": (payment(kind="cheque"), "data.kind", "cash"),
    "no reference": (payment(reference="--"), "data.reference", "a letter from A to Z"),
    "U+0000": (payment(disbursement="d\0"), "data.disbursement", "letters, digits and"),
}


def refused(value: Any, topic: str) -> Sequence[Any]:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    with pytest.raises(Malformed) as malformed:
        read(raw, topic)
    return malformed.value.faults


@pytest.mark.parametrize("case", UNREADABLE)
def test_what_is_no_result_says_field_value_and_remedy(case: str):
    value, field, remedy = UNREADABLE[case]
    [fault] = refused(value, RESULTS)
    assert fault.field == field
    assert remedy in fault.remedy


@pytest.mark.parametrize("case", UNPAYABLE)
def test_what_is_no_payment_says_field_value_and_remedy(case: str):
    value, field, remedy = UNPAYABLE[case]
    [fault] = refused(value, CONFIRMATIONS)
    assert fault.field == field
    assert remedy in fault.remedy


def test_every_fault_of_a_message_is_said_at_once():
    faults = refused(result(value="many", period="2015", row=0), RESULTS)
    assert [one.field for one in faults] == ["data.period", "data.value", "data.row"]


@given(some.binary() | some.text().map(str.encode))
def test_whatever_bytes_arrive_are_read_or_unreadable(value: bytes):
    with pytest.raises(Malformed):
        read(value, RESULTS)


@given(
    some.fixed_dictionaries(
        {"type": some.just("premium-ledger.payment-made.v1")},
        optional={
            name: some.recursive(
                some.none() | some.booleans() | some.floats() | some.text(),
                lambda inner: some.dictionaries(some.text(), inner),
                max_leaves=3,
            )
            for name in ("id", "source", "data", "origin", "specversion")
        },
    )
)
def test_whatever_fields_arrive_are_read_or_unreadable(value: dict[str, Any]):
    with pytest.raises(Malformed):
        read(json.dumps(value).encode(), CONFIRMATIONS)


def test_all_that_is_unreadable_is_parked_and_answered_and_stops_nobody_else(
    service: Service, ledger: Ledger
):
    for number, (value, _, _) in enumerate(UNREADABLE.values()):
        service.source.add(value, key=f"K{number}", times=2)
    service.source.add(result())
    service.run()
    count = len(UNREADABLE)
    assert service.replies.outcomes == ["unreadable"] * count + ["appended"]
    assert len(service.parked()) == 2 * count  # The second of each waits behind it.
    ids = [reply.id for _, reply in service.replies.sent]
    assert len(set(ids)) == count + 1


def test_an_unreadable_message_is_answered_parked_and_its_key_waits(
    service: Service, ledger: Ledger
):
    before = ledger.head()
    service.source.add(result("r1", value=12.5))
    service.source.add(result("r2"))
    service.source.add(payment(), topic=CONFIRMATIONS)
    service.source.add(result("r3", "ZG001"))
    service.run()
    (key, unreadable), (_, other) = service.replies.sent
    assert key == b"ZG000"
    assert unreadable.id == f"{RESULTS}/0/0/unreadable"
    assert unreadable.correlationid == "r1"
    assert unreadable.data.at == Whereabouts(topic=RESULTS, partition=0, offset=0)
    assert unreadable.data.faults == (
        Wrong(
            field="data.value",
            value="12.5",
            remedy="12.5 is not exact: give an integer, or text such as '12.5' or "
            "'1/3'",
        ),
    )
    assert other.data.message_id == "r3"
    assert ledger.head() == before + 1
    reasons = {(one.topic, one.offset): why for one, why in service.parked()}
    assert reasons == {
        (RESULTS, 0): f"data.value 12.5: {unreadable.data.faults[0].remedy}",
        (RESULTS, 1): WAITS,
        (CONFIRMATIONS, 0): WAITS,
    }


@pytest.mark.parametrize("key", ["ZG001", "", "\0"])
def test_a_message_under_another_key_is_parked_under_that_key(
    service: Service, ledger: Ledger, key: str
):
    service.source.add(result(), key=key)
    service.source.add(result())
    service.run()
    assert service.replies.outcomes == ["unreadable", "appended"]
    [(message, why)] = service.parked()
    assert message.key == key.encode()
    assert "the message's key must be ZG000" in why


# Faults -------------------------------------------------------------------------------


class Failing:
    """A ledger whose next batch fails: not written, or written and the reply lost."""

    def __init__(self, ledger: Ledger, *, written: bool) -> None:
        self._ledger = ledger
        self._written = written
        self.failed = False

    def give_each(self, requests: Sequence[Request]) -> tuple[Outcome, ...]:
        if self.failed:
            return self._ledger.give_each(requests)
        self.failed = True
        if self._written:
            self._ledger.give_each(requests)
        raise Unavailable("the disk is full: make room")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ledger, name)


@pytest.mark.parametrize("written", [False, True])
def test_a_ledger_that_is_not_there_ends_the_process_with_nothing_saved(
    service: Service, ledger: Ledger, written: bool
):
    before = ledger.head()
    service.source.add(result(), times=2)
    service.source.add(payment(), topic=CONFIRMATIONS)
    service.ledger = Failing(ledger, written=written)
    with pytest.raises(Unavailable):
        service.run()
    assert service.offsets() == {}
    assert service.replies.sent == []
    service.run()
    assert ledger.head() == before + 3
    assert service.offsets() == {
        Partition(RESULTS, 0): 2,
        Partition(CONFIRMATIONS, 0): 1,
    }
    first = "repeated" if written else "appended"
    assert service.replies.outcomes == [first, "repeated", first]
    assert len(paid(ledger)) == 1


class Lost(Kept):
    """Replies whose next acknowledgement does not come."""

    failed = False

    def flush(self) -> None:
        if not self.failed:
            self.failed = True
            raise ConnectionError("the broker is away")
        super().flush()


@pytest.mark.parametrize("unreadable", [False, True])
def test_offsets_are_not_saved_before_the_replies_are_acknowledged(
    service: Service, ledger: Ledger, unreadable: bool
):
    before = ledger.head()
    service.source.add(result(value=12.5 if unreadable else "12.5"))
    service.replies = Lost()
    with pytest.raises(ConnectionError):
        service.run()
    assert (service.offsets(), service.parked()) == ({}, [])
    service.run()
    assert service.offsets() == {Partition(RESULTS, 0): 1}
    assert ledger.head() == before + (0 if unreadable else 1)
    once, again = (reply for _, reply in service.replies.sent)
    assert once.id == again.id
    assert once.data.records == again.data.records
    assert service.replies.flushed == 2


@pytest.mark.parametrize("most", [1, 2, 3])
def test_batches_of_any_size_come_to_the_same(
    service: Service, ledger: Ledger, most: int
):
    before = ledger.head()
    for number in range(4):
        service.source.add(result(f"r{number}", measure=f"m{number}"), times=2)
    service.source.most = most
    service.run()
    assert ledger.head() == before + 4
    assert service.replies.outcomes == ["appended", "repeated"] * 4


# Who gives them -----------------------------------------------------------------------


def test_a_role_that_may_not_give_the_commands_is_told_before_anything_is_read(
    ledger: Ledger,
):
    by = By(role="approver", party=PartyId("inbound-service"))
    with pytest.raises(NotAllowed, match="analyst:inbound-service"):
        job(ledger, Kept(), by)


def test_a_ledger_that_is_not_opened_takes_nothing(tmp_path: Path):
    with (
        Ledger.open(tmp_path / "empty.db", create=True) as ledger,
        pytest.raises(OtherLedger, match="premium init"),
    ):
        job(ledger, Kept(), BY)


def test_what_another_job_left_is_not_gone_on_with(ledger: Ledger, tmp_path: Path):

    where = str(tmp_path / "reporting.db")
    Results(where, JOBS["reporting"]).close()
    with pytest.raises(Unfit, match="name another place"):
        Results(where, job(ledger, Kept(), BY))
