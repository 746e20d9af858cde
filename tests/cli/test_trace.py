"""Traces: from a spending or payment back to results, from a measure to its use."""

from typing import Any

import pytest

from tests.cli.program import ACCOUNT, ok, premium

pytestmark = pytest.mark.usefixtures("whole_year")

YEAR = ("--scheme-year", "2013-14")


def adds_up(line: dict[str, Any]) -> bool:
    parts = [one["pence"] for one in line.get("lines", ()) if "pence" in one]
    return (not parts or sum(parts) == line["pence"]) and all(
        adds_up(one) for one in line.get("lines", ())
    )


def test_a_payment_is_found_by_its_reference_however_it_is_written():
    first = ok("trace", "SIM-2015-001", "--json").document
    again = ok("trace", "sim 2015 001", "--json").document
    assert first == again
    assert first["account"] == ACCOUNT
    assert adds_up(first["trace"])
    assert first["trace"]["says"].endswith("reference SIM-2015-001")


def test_a_spending_is_found_by_its_id_and_by_its_record():
    by_id = ok("trace", "ZZ1", "--spending", "s1", *YEAR, "--json").document
    record = by_id["trace"]["facts"][0]
    by_record = ok("trace", record, "--json").document
    assert by_id["trace"] == by_record["trace"]
    assert adds_up(by_id["trace"])


def test_a_measure_leads_forwards_and_adds_up_at_two_clocks():
    whole = ok("trace", "ZZ1", "--measure", "pyll", *YEAR, "--json").document["trace"]
    assert adds_up(whole)
    then = ok(
        *("trace", "ZZ1", "--measure", "pyll", *YEAR, "--json"),
        *("--effective", "2015-10-01"),
    ).document["trace"]
    assert then["pence"] == whole["pence"]
    assert [one["says"] for one in then["lines"]] == ["not yet decided"]


def test_text_says_simulated_and_shows_the_pounds():
    text = ok("trace", "SIM-2015-001").out
    assert "SIMULATED" in text
    assert "Determination 1" in text


@pytest.mark.parametrize(
    ("tokens", "code", "says"),
    [
        (("SIM-2015-999",), 2, "no record and no payment reference"),
        (("ledger@1",), 2, "name a spending"),
        (("ledger@99",), 2, "no record"),
        (("ledger@x",), 2, "stream@version"),
        (("ZZ1", "--spending", "s99", *YEAR), 2, "no spending 's99'"),
        (("ZZ1", "--measure", "none", *YEAR), 2, "no slice for 'none'"),
        (("SIM-2015-001", "--known", "30"), 2, "no payment reference"),
        (("SIM-2015-001", "--effective", "2015-10-01"), 2, "counts only from"),
    ],
)
def test_what_cannot_be_traced_is_said(tokens: tuple[str, ...], code: int, says: str):
    done = premium("trace", *tokens)
    assert (done.code, done.out) == (code, "")
    assert says in done.err


def test_a_purpose_between_colons_is_printed_as_it_is():
    shown = ok("trace", "ZZ1", "--measure", "pyll", *YEAR).out
    assert "spent:a:" in shown
    assert shown.isascii() or set(shown) - set(map(chr, range(128))) == {"£"}
