"""docs/year-end.md walks from the bank's figures to the premium's and back."""

import re
import shlex
from dataclasses import replace

from ledger.events import BodyCode, CertificatePrepared
from ledger.premium.payment_years import LINES
from ledger.recorded import account_id, certificate_stream
from ledger.service import Ledger
from projections.questions.certificate import preparations
from tests.cli.program import HOUSE, ok, premium

PAGE = (HOUSE / "docs" / "year-end.md").read_text(encoding="utf-8")
STEPS = re.findall(r"^    (premium [^\n]+)$|^```\n(.*?)^```$", PAGE, re.M | re.S)


def words(line: str) -> str:
    return " ".join(line.split())


def test_each_line_of_the_page_runs_and_prints_what_the_page_shows():
    printed: set[str] = set()
    blocks = 0
    for command, block in STEPS:
        if command:
            done = ok(*shlex.split(command)[1:])
            printed = {words(line) for line in done.out.splitlines()}
            continue
        blocks += 1
        assert [one for one in block.splitlines() if words(one) not in printed] == []
    assert blocks == 3


def test_the_bank_and_the_correction_stand_in_the_certificate():
    commands = [command for command, _ in STEPS if command]
    for command in commands[:-1]:
        ok(*shlex.split(command)[1:])
    asked = ("certificate", "ZZ0002", "--payment-year", "2015-16", "--db", "end.db")
    found = ok(*asked, "--json").document
    [premium_] = found["premiums"]
    assert [one["topic"] for one in premium_["prior_period"]] == [
        "spending-corrected.v1"
    ]
    [bank] = found["said"]
    assert (bank["says"], bank["of"]) == ("bank", "group:held")
    assert (bank["asserted_pence"], bank["difference_pence"]) == (5_215_80, 0)
    ok(
        *("assert-balance", "ZZ0002", "group:held", "5,215.81", "--says", "bank"),
        *("--on", "2016-03-31", "--scheme-year", "2013-14", "--db", "end.db"),
        *("--as", "analyst:a1"),
    )
    assert premium(*asked).code == 1
    assert "prior-period adjustment, closed through 2016-03-31" in premium(*asked).out


def test_what_changed_since_it_was_approved_is_shown_and_ends_with_1():
    commands = [command for command, _ in STEPS if command]
    for command in commands[:-4]:
        ok(*shlex.split(command)[1:])
    db, year = ("--db", "end.db"), ("--payment-year", "2015-16")
    asked = ("certificate", "ZZ0002", *year, *db)
    first = ok(*asked, "--json").document
    assert f"--known {first['position']} " in commands[-1]
    [standing] = first["preparations"]
    assert (standing["prepared_by"], standing["approved_by"]) == ("a1", "p1")
    assert standing["differs"] == []
    officer = ("--as", "finance-officer:f1@ZZ0002", *db)
    ok(
        *("spend", "correct", "ZZ0002", "s3", "52,157.99", "--scheme-year", "2013-14"),
        *("--purpose", "c", "--payee", "sim-clinic-ZZ0002", "--service", "Smoking"),
        *("--reason", "A penny too much", *officer),
    )
    done = premium(*asked, "--json")
    [changed] = done.document["preparations"]
    lines = {
        one["line"]: one["stands_pence"] - one["certified_pence"]
        for one in changed["differs"]
    }
    assert (done.code, lines) == (1, {"spent": -1, "held at the end": 1})
    assert "approved by p1 on 2016-04-22; its figures are others now." in (
        premium(*asked).out
    )
    approve = ("certificate", "approve", "ZZ0002", *year, *db, "--as", "approver:p2")
    prepare = ("certificate", "prepare", "ZZ0002", *year, *db, "--as", "analyst:a1")
    ok(*prepare)
    waits = premium(*asked, "--json").document["preparations"]
    assert [(one["preparation"], one["approved_by"]) for one in waits] == [
        (1, "p1"),
        (2, None),
    ]
    assert "no-such-preparation" in premium(*approve, "--preparation", "1").err
    ok(*approve, "--preparation", "2")
    decided = ok("replay", "--all", *db, "--json").document["decisions_by_topic"]
    topics = ("certificate-prepared.v1", "certificate-approved.v1")
    assert [decided[topic] for topic in topics] == [2, 2]
    [standing] = premium(*asked, "--json").document["preparations"]
    assert (standing["preparation"], standing["approved_by"]) == (2, "p2")
    assert standing["differs"] == []
    known = ("--known", str(first["position"] - 1), "--json")
    [before] = premium(*asked, *known).document["preparations"]
    assert (before["preparation"], before["approved_by"]) == (1, None)


def test_a_premium_that_was_left_out_is_shown_beside_nothing():
    commands = [command for command, _ in STEPS if command]
    for command in commands[:-3]:
        ok(*shlex.split(command)[1:])
    with Ledger.open("end.db") as ledger:
        body, year = BodyCode("ZZ0002"), "2015-16"
        [recorded] = [
            one
            for one in ledger.stream(certificate_stream(body, year))
            if isinstance(one.fact, CertificatePrepared)
        ]
        assert isinstance(recorded.fact, CertificatePrepared)
        figures = recorded.fact.premiums
        left_out = replace(figures[0], account=account_id("iif", "2014-15", "ZZ0002"))
        [found] = preparations((recorded,), (*figures, left_out))
    assert {one.account for one in found.differs} == {left_out.account}
    assert {one.line: one.stands_pence for one in found.differs} == {
        LINES[field]: pence
        for field in LINES
        for pence in [getattr(left_out, field)]
        if pence
    }


def test_a_body_without_a_premium_and_a_year_that_is_none_are_said():
    ok("init", "--origin", "simulated", "--name", "A", "--as", "operator:o1")
    done = premium("certificate", "ZZ1", "--payment-year", "2015-16")
    assert (done.code, "ZZ1 has no premium" in done.err) == (2, True)
    done = premium("certificate", "ZZ1", "--payment-year", "2015-17")
    assert (done.code, "'2015-17' is not a year" in done.err) == (2, True)
    prepare = ("certificate", "prepare", "ZZ1", "--as", "analyst:a1", "--payment-year")
    assert premium(*prepare, "2015-16").code == 3
    assert premium(*prepare, "2015-17").code == 2
