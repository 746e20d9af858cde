"""A message with one fault is unreadable there, or it is one like another."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consumers.inbound.messages import read
from ledger.excerpts import printable
from ledger.request import Malformed
from projections.feed.topics import CONFIRMATIONS, RESULTS
from tests.cli.program import HOUSE
from tests.consumers.arriving import payment, result
from tests.worlds.schemas import judge, whole
from tests.worlds.single_faults import OneFault, json_text, one_fault

SCHEMAS = {
    RESULTS.name: "result-measured.v1.json",
    CONFIRMATIONS.name: "payment-made.v1.json",
}
MESSAGES = {RESULTS.name: result(), CONFIRMATIONS.name: payment()}


def schema_of(topic: str) -> Any:
    path: Path = HOUSE / "docs/feed/schemas" / SCHEMAS[topic]
    return whole(json.loads(path.read_text("utf-8")))


@pytest.mark.parametrize("topic", MESSAGES)
def test_one_without_a_fault_is_read_and_is_of_the_schema(topic: str):
    value = MESSAGES[topic]
    assert judge(schema_of(topic)).is_valid(value)
    assert read(json.dumps(value).encode(), f"x.{topic}")


@pytest.mark.parametrize("topic", MESSAGES)
@given(data=st.data())
def test_a_message_with_one_fault_is_refused_there(topic: str, data: st.DataObject):
    faulty: OneFault = data.draw(one_fault(MESSAGES[topic]))
    text = json_text(faulty.whole).encode("utf-8", "surrogatepass")
    try:
        read(text, f"x.{topic}")
    except Malformed as malformed:
        place = printable(".".join(map(str, faulty.path))).removesuffix("...")
        for fault in malformed.faults:
            told = fault.field
            assert not told or told.startswith(place) or place.startswith(told), fault
            assert str(fault).isprintable()
            assert len(fault.value) <= 80
            assert fault.remedy
        return
    # What is not said to be refused is like another message; readers ignore the rest.
    assert faulty.what not in ("twice", "raw", "deep") or "." in faulty.path
    if faulty.what != "unknown":
        assert judge(schema_of(topic)).is_valid(faulty.whole)
