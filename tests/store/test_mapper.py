"""Stored bytes: what is refused, and how an old form is read as the new one."""

from datetime import UTC, date, datetime
from typing import Any, ClassVar

import pytest
from pydantic_core import PydanticSerializationError

from ledger.events import DisbursementRequested, PartyId, Slice
from ledger.recorded import Meta, account_id
from ledger.store import mapper
from ledger.store.eventsourcing_plugin import FactMapper
from ledger.store.mapper import Old, Unreadable, decode, encode, encode_meta
from ledger.values import value

META = Meta(
    recorded_at=datetime(2014, 10, 1, 9, tzinfo=UTC),
    effective_on=date(2014, 10, 1),
    actor=PartyId("ana"),
    role="analyst",
    command_id="c1",
    request_hash="0" * 64,
    correlation_id="c1",
)
FACT = DisbursementRequested(
    account=account_id("quality-premium", "2013-14", "X01"),
    disbursement="d1",
    amount_pence=3,
    slices=(Slice(measure="pyll", pence=3),),
)
TOPIC = FACT.TOPIC
STATE = encode(FACT, encode_meta(META))


def read(state: bytes, topic: str = TOPIC):
    return decode(41, "account/quality-premium/2013-14/X01", 3, topic, state)


def test_a_record_reads_as_it_was_written():
    assert read(STATE).fact == FACT
    assert read(STATE).meta == META
    assert read(STATE).position == 41


def test_an_unknown_topic_is_named_with_its_position():
    with pytest.raises(Unreadable, match=r"position 41 .*'disbursement-planned.v1'"):
        read(STATE, "disbursement-planned.v1")


@pytest.mark.parametrize(
    ("was", "becomes", "where"),
    [
        (b'"d1"', b'"d1","more":1', "data.more"),
        (b'"ana"', b'"ana","more":1', "meta.more"),
        (b'"measure"', b'"more":1,"measure"', "data.slices.0.more"),
        (b'"data"', b'"more":1,"data"', "more"),
        (b'"amount_pence":3', b'"amount_pence":3.0', "data.amount_pence"),
        (b'"amount_pence":3', b'"amount_pence":"3"', "data.amount_pence"),
        (b'"disbursement":"d1",', b"", "data.disbursement"),
        (b"}}", b"}", "the whole state"),
        (STATE, b"\xff", "the whole state"),
    ],
)
def test_a_state_of_another_form_is_refused_and_the_field_named(
    was: bytes, becomes: bytes, where: str
):
    changed = STATE.replace(was, becomes, 1)
    assert changed != STATE
    with pytest.raises(Unreadable, match=f"position 41 .*and {where}: "):
        read(changed)


def test_a_fact_of_wrong_types_is_never_written():
    wrong = DisbursementRequested(
        account=FACT.account,
        disbursement="d1",
        amount_pence="3",  # type: ignore[arg-type]
        slices=(),
    )
    with pytest.raises(PydanticSerializationError):
        encode(wrong, encode_meta(META))


# An invented fact that has two forms: the first counted in pounds.


@value
class GrantNotedV1:
    TOPIC: ClassVar[str] = "grant-noted.v1"

    grant: str
    pounds: int


@value
class GrantNoted:
    TOPIC: ClassVar[str] = "grant-noted.v2"

    grant: str
    amount_pence: int
    purpose: str | None = None


def noted_in_pence(old: GrantNotedV1) -> GrantNoted:
    return GrantNoted(grant=old.grant, amount_pence=old.pounds * 100)


def test_an_old_form_reads_as_the_new_one_and_its_bytes_stay(
    monkeypatch: pytest.MonkeyPatch,
):
    invented: Any = GrantNotedV1(grant="g1", pounds=5)
    old = encode(invented, encode_meta(META))
    with pytest.raises(Unreadable):
        read(old, "grant-noted.v1")
    monkeypatch.setitem(mapper.FACTS, "grant-noted.v2", GrantNoted)
    monkeypatch.setitem(mapper.OLD, "grant-noted.v1", Old(GrantNotedV1, noted_in_pence))
    new: Any = GrantNoted(grant="g1", amount_pence=500)
    assert read(old, "grant-noted.v1").fact == new
    assert read(encode(new, encode_meta(META)), "grant-noted.v2").fact == new
    with pytest.raises(Unreadable, match=r"data\.grant: Field required"):
        read(STATE, "grant-noted.v1")


def test_no_topic_is_both_present_and_old():
    assert not mapper.FACTS.keys() & mapper.OLD.keys()
    facts: dict[str, Any] = mapper.FACTS
    assert all(topic == fact.TOPIC for topic, fact in facts.items())


@pytest.mark.parametrize("setting", ["compressor", "cipher"])
def test_the_library_cannot_compress_or_encipher_records(setting: str):
    with pytest.raises(ValueError, match="plain JSON"):
        FactMapper(**{setting: object()})
