"""`premium list` and `premium waiting`: what there is, who did what, who is next."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from interfaces.cli.questions.list_ import What
from interfaces.simulation.years import simulated
from ledger.events import AccountId
from ledger.intake.requests import read
from ledger.recorded import account_parts
from ledger.request import Refused
from ledger.service import Ledger
from projections.questions.registers import REGISTERS
from projections.questions.things import KINDS, WAITS, waiting
from tests.cli.program import ok, premium
from tests.worlds.simulated import begun, worked

EVERY = What.__args__  # type: ignore[attr-defined]
YEAR = ("--scheme-year", "2013-14")


@pytest.fixture
def db(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    found = worked(tmp_path)
    monkeypatch.setenv("PREMIUM_DB", str(found))
    return found


def rows(*words: str) -> list[dict[str, Any]]:
    document = ok("list", *words, "--json").document
    found = document[words[0]]
    assert document["rows"] == len(found)
    return list(found)


def test_every_list_is_one_of_a_kind_of_thing_or_a_register():
    assert set(EVERY) == {*KINDS, *REGISTERS}


def test_every_row_opens_and_tells_what_it_is(db: Path):
    for what in EVERY:
        found = rows(what)
        ids = [one["opens"] for one in found]
        assert len(set(ids)) == len(ids), what
        for id in ids[:1]:
            assert ok("show", id).out
        lines = ok("list", what, "--format", "csv").out.splitlines()
        assert len(lines) - 1 == len(found) or not found


def test_what_is_listed_is_what_was_recorded(db: Path):
    with Ledger.open(db) as ledger:
        topics = Counter(one.fact.TOPIC for one in ledger.read(0, ledger.head()))
        answered = len(ledger.command_rows(0, 10_000))
    begun_by = {
        "accounts": "account-opened.v1",
        "payments": "disbursement-requested.v1",
        "withholdings": "withholding-proposed.v1",
        "representations": "representation-made.v1",
        "receipts": "disbursement-paid.v1",
        "bodies": "body-registered.v1",
        "parties": "party-registered.v1",
    }
    for what, topic in begun_by.items():
        assert len(rows(what)) == topics[topic] > 0, what
    spent = topics["spending-recorded.v1"] + topics["passed-on.v1"]
    assert len(rows("spendings")) == spent > 0
    assert len(rows("commands")) == answered


def test_pence_of_payments_add_up_to_the_balances(db: Path):
    for clocks in ((), ("--effective", "2015-10-31"), ("--known", "300")):
        paid = ok("list", "payments", "--json", *clocks).document["totals"]
        stands: Counter[str] = Counter()
        for one in ok("balances", "--json", *clocks).document["balances"]:
            stands[one["ledger_account"]] += one["balance_pence"]
        assert paid["committed_pence"] == stands["premium:committed"]
        assert paid["in_transit_pence"] == stands["board:in-transit"]


def test_state_and_pence_are_of_the_same_clocks(db: Path):
    [now, *_] = rows("payments", *YEAR)
    assert (now["state"], now["committed_pence"]) == ("paid", 0)
    assert {one["proposed_by"] for one in rows("payments", *YEAR)} == {"sim-analyst-1"}
    assert len({now["requested_by"], now["approved_by"], now["paid_by"]}) == 3
    [then, *_] = rows("payments", *YEAR, "--effective", now["approved_on"])
    assert (then["state"], then["paid_pence"], then["paid_on"]) == ("approved", 0, None)
    assert then["committed_pence"] == now["amount_pence"]
    before = ("--effective", "2015-10-01")
    assert rows("payments", *YEAR, *before) == []
    assert "None: none is recorded" in ok("list", "payments", *YEAR, *before).out


def test_a_body_is_listed_in_all_its_years_and_asked_like_every_list(db: Path):
    body = rows("accounts")[0]["body"]
    years = [one["scheme_year"] for one in rows("awards", body)]
    assert len(set(years)) > 1
    found = ok(
        *("list", "payments", "--where", f"body={body}", "--sort", "-amount"),
        *("--top", "1", "--columns", "disbursement,amount,approved_by"),
    ).out
    assert "sim-approver-1" in found
    assert "service" in ok("list", "spendings", "--top", "1").out
    one = rows("spendings")[0]
    assert len(one["service"]) != 64  # The text, not its commitment.


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("payments", "ZZ9"), "ZZ9 has no premium"),
        (("payments", "--scheme-year", "2099-00"), "2099-00"),
        (("bodies", "--effective", "2015-01-01"), "leave --effective"),
        (("results", *YEAR), "are of no year"),
        (("commands", "--known", "5"), "--where recorded_at"),
        (("payment",), "payment"),
    ],
)
def test_what_cannot_be_listed_is_said(db: Path, words: tuple[str, ...], says: str):
    done = premium("list", *words)
    assert (done.code, done.out) == (2, "")
    assert says in done.err


# Waiting ------------------------------------------------------------------------------


def decisions() -> set[str]:
    return {command for wait in WAITS.values() for command in wait.commands}


def test_whatever_is_decided_had_waited_for_whoever_decides_and_waits_no_more(
    tmp_path: Path,
):
    """Before each decision of two years it is listed, and who is barred is refused."""
    seen: Counter[str] = Counter()
    with begun(tmp_path / "w.db", "Waiting") as ledger:
        for text in simulated(7, 6, 2):
            line = json.loads(text)
            if line["command"] in decisions() and "account" in line["data"]:
                account = AccountId(line["data"]["account"])
                [one] = [
                    one
                    for one in waiting(ledger, [account], None)
                    if (
                        line["command"] in one.commands
                        and str(one.thing[KINDS[one.kind].id])
                        == str(line["data"].get(KINDS[one.kind].id, 1))
                    )
                    or (one.kind == "awards" and line["command"] in one.commands)
                ]
                assert line["by"]["party"] not in one.barred
                seen[line["command"]] += 1
                for number, party in enumerate(one.barred):
                    barred = {**line, "id": f"{line['id']}/barred/{number}"}
                    barred["by"] = {**line["by"], "party": party}
                    answer = ledger.give(read(json.dumps(barred).encode()))
                    assert isinstance(answer, Refused)
                    assert answer.refusal.NAME == "same-person"
            ledger.give_each([read(text)])
    assert {"confirm-award", "decide-withholding", "confirm-receipt"} <= seen.keys()
    assert min(seen.values()) > 1


def test_it_says_who_may_and_how(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    begun(tmp_path / "w.db", "Waiting").close()
    monkeypatch.setenv("PREMIUM_DB", "w.db")
    lines = list(simulated(7, 2, 1))
    upto = next(i for i, one in enumerate(lines) if b'"propose-award"' in one)
    done = premium("run", "-", stdin=b"\n".join(lines[: upto + 1]) + b"\n")
    assert done.code == 0
    [row] = ok("waiting", "--json").document["waiting"]
    assert (row["kind"], row["state"], row["role"]) == ("award", "proposed", "approver")
    assert row["not_by"] == ["sim-analyst-1"]
    said = ok("waiting").out
    for give in row["give"]:
        assert give in said
    mine = ("waiting", "--json", "--as")
    assert ok(*mine, "approver:somebody").document["rows"] == 1
    assert ok(*mine, "approver:SIM-analyst-1").document["rows"] == 0
    assert ok(*mine, "analyst:somebody").document["rows"] == 0
    confirm = next(one for one in row["give"] if " confirm " in one)
    words = confirm.removeprefix("premium ").split()
    by = ("--as", "approver:somebody", "--effective-on", "2015-10-20")
    assert "Next" not in ok(*words, *by, "--dry-run").out
    said = ok(*words, *by).out
    assert f"Next, by finance-officer: premium disburse request {words[2]} ID" in said
    assert ok("waiting", "--json").document["rows"] == 0
    assert account_parts(words[2])[1] == "2013-14"
