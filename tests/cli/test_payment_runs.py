"""A payment run by its words: listed, approved, sent, read back, each paid once."""

import csv
import io
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from interfaces.cli.amounts import as_option
from ledger.calendar import business_date
from ledger.events import DisbursementPaid
from ledger.recorded import account_stream
from ledger.service import Ledger
from tests.cli.program import HOUSE, ok, premium
from tests.worlds.years import bodies, ledger_of

GROUPS = bodies(3)
YEAR = ("--scheme-year", "2013-14")
ANALYST = (*YEAR, "--as", "analyst:a1")
APPROVER = (*YEAR, "--as", "approver:p1")
PROPOSE = ("payment-run", "propose", "1", *ANALYST)
APPROVE = ("payment-run", "approve", "1", *APPROVER)
EXPORT = ("payment-run", "export", "1", *YEAR)
CONFIRM = ("payment-run", "confirm", "1", "back.csv", *ANALYST)
CLOSE = ("payment-run", "close", "1", *ANALYST)
EACH = {body: [100_00 + 1_00 * number] for number, body in enumerate(GROUPS)}
TOTAL_PENCE = 100_00 + 101_00 + 102_00

KILLED = """
import os, signal, sys
from interfaces.cli import bulk
from interfaces.cli.main import call
from ledger.service import Ledger

bulk.CHUNK = 1  # A transaction a payment.
left = [int(sys.argv[1])]

def dying(method):
    def give(self, asked):
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left[0] -= 1
        answer = method(self, asked)
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer
    return give

Ledger.give, Ledger.give_each = dying(Ledger.give), dying(Ledger.give_each)
sys.exit(call(sys.argv[2:]))
"""
"""The program, but killed once so many of its writes are on disk."""


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger in which three groups wait for £100, £101 and £102."""
    file = tmp_path_factory.mktemp("asked") / "sim.db"
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(HOUSE)
        ledger_of(file, GROUPS, until="year/d1").close()
    for number, body in enumerate(GROUPS):
        ok(
            *("disburse", "request", body, "d1", str(100 + number), *YEAR),
            *("--as", f"finance-officer:f1@{body}", "--db", str(file)),
        )
    return file


@pytest.fixture(autouse=True)
def ledger(folder: Path, asked: Path) -> None:
    """A copy of it for each test."""
    shutil.copy(asked, folder / "sim.db")


def approved() -> None:
    ok(*PROPOSE)
    ok(*APPROVE)


def sent() -> list[dict[str, str]]:
    """The lines of the exported file."""
    return list(csv.DictReader(io.StringIO(ok(*EXPORT).out)))


def back(*lines: dict[str, str]) -> None:
    """Write the confirmation file: the lines as sent, each with its day."""
    names = ("body", "disbursement", "reference", "value_date", "amount")
    with Path("back.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, extrasaction="ignore")
        writer.writeheader()
        writer.writerows({"value_date": "2030-01-02", **line} for line in lines)


def paid() -> dict[str, list[int]]:
    """What was paid to each body, payment by payment, as the log has it."""
    found: dict[str, list[int]] = {}
    with Ledger.open("sim.db") as ledger:
        for body in GROUPS:
            stream = ledger.stream(account_stream(f"quality-premium/2013-14/{body}"))
            found[body] = [
                one.fact.amount_pence
                for one in stream
                if isinstance(one.fact, DisbursementPaid)
            ]
    return found


def confirmed(*more: str) -> tuple[int, dict[str, Any]]:
    done = premium(*CONFIRM, "--json", *more)
    return done.code, done.document


def killed(after: int, *tokens: str) -> None:
    """Run one call that is killed once so many of its writes are on disk."""
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(after), *tokens],
        env={**os.environ, "PYTHONPATH": str(HOUSE)},
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == -9, done.stderr


def test_the_whole_year_is_listed_with_total_and_hash_and_then_stands():
    first = ok(*PROPOSE, "--json").document["facts"][0]["fact"]
    assert (len(first["items"]), first["total_pence"]) == (3, TOTAL_PENCE)
    again = ok(*PROPOSE)
    assert "Nothing to record" in again.out
    total = f"--control-total {as_option(TOTAL_PENCE)}"
    named = f"{total} --list-hash {first['list_hash'][:12]}"
    assert named in again.out


@pytest.mark.parametrize(
    ("seen", "code"),
    [
        (("--control-total", as_option(TOTAL_PENCE)), 0),
        (("--control-total", as_option(TOTAL_PENCE - 1)), 3),
        (("--list-hash", "000000000000"), 3),
    ],
)
def test_only_the_list_that_was_looked_at_is_approved(seen: tuple[str, ...], code: int):
    ok(*PROPOSE)
    done = premium(*APPROVE, *seen)
    assert (done.code, "run-list-differs" in done.err) == (code, code != 0)


@pytest.mark.parametrize(("shown", "code"), [(12, 0), (11, 3)])
def test_a_hash_is_named_by_its_first_twelve_characters(shown: int, code: int):
    fact = ok(*PROPOSE, "--json").document["facts"][0]["fact"]
    assert premium(*APPROVE, "--list-hash", fact["list_hash"][:shown]).code == code


def test_who_put_the_list_forward_does_not_approve_it():
    ok(*PROPOSE)
    done = premium("payment-run", "approve", "1", *YEAR, "--as", "approver:a1")
    assert (done.code, "same-person" in done.err) == (3, True)


def test_what_is_excluded_stays_out_when_the_list_is_put_forward_again():
    ok(*PROPOSE)
    out = ("payment-run", "exclude", "1", GROUPS[0], "d1", *ANALYST)
    fact = ok(*out, "--reason", "dispute", "--json").document["facts"][0]["fact"]
    assert fact["total_pence"] == TOTAL_PENCE - 100_00
    assert [one["reason"] for one in fact["excluded"]] == ["dispute"]
    assert "Nothing to record" in ok(*out, "--reason", "dispute").out
    assert "Nothing to record" in ok(*PROPOSE).out
    ok(*APPROVE)
    assert [line["body"] for line in sent()] == list(GROUPS[1:])


def test_what_is_not_in_a_run_cannot_be_left_out_of_it():
    out = ("payment-run", "exclude", "1", GROUPS[0], "d9", *ANALYST)
    assert "not proposed" in premium(*out, "--reason", "other").err
    ok(*PROPOSE)
    done = premium(*out, "--reason", "other")
    assert (done.code, "is not in payment run 1" in done.err) == (3, True)


def test_only_what_is_approved_and_not_yet_paid_is_sent():
    assert premium(*EXPORT).code == 3
    ok(*PROPOSE)
    assert premium(*EXPORT).code == 3
    ok(*APPROVE)
    lines = sent()
    assert [line["amount"] for line in lines] == ["100.00", "101.00", "102.00"]
    assert {line["origin"] for line in lines} == {"simulated"}
    back(lines[0])
    premium(*CONFIRM)
    assert sent() == lines[1:]
    back(*lines)
    ok(*CONFIRM)
    assert premium(*EXPORT).code == 3


def test_the_same_file_read_again_pays_nothing_twice():
    approved()
    back(*sent())
    for recorded, as_before in ((3, 0), (0, 3), (0, 3)):
        code, document = confirmed()
        assert (code, document["differences"]) == (0, [])
        assert (document["recorded"], document["as_before"]) == (recorded, as_before)
    assert paid() == EACH
    (closed,) = ok(*CLOSE, "--json").document["facts"]
    assert (closed["fact"]["paid_pence"], closed["fact"]["unpaid"]) == (TOTAL_PENCE, [])


def test_what_differs_is_listed_and_harms_no_other_payment():
    approved()
    first, second, third = sent()
    strange = {**third, "body": "ZZ9"}
    back(first, {**second, "amount": "101.01"}, strange, first)
    code, document = confirmed()
    assert code == 1
    assert [
        (one["body"], one["line"], one["says"]) for one in document["differences"]
    ] == [
        (first["body"], 5, "stands on line 2 already: one payment each"),
        (second["body"], 3, "£101.01 is confirmed and £101.00 was approved"),
        (third["body"], None, "is approved, and the file does not confirm it"),
        ("ZZ9", 4, "is not in payment run 1"),
    ]
    assert paid() == {first["body"]: [100_00], second["body"]: [], third["body"]: []}
    unpaid = ok(*CLOSE, "--json").document["facts"][0]["fact"]["unpaid"]
    assert [one["amount_pence"] for one in unpaid] == [101_00, 102_00]


def test_what_a_rule_refuses_is_listed_and_can_be_confirmed_when_it_is_right():
    approved()
    first, second, third = sent()
    back(first, {**second, "reference": first["reference"]}, third)
    code, document = confirmed()
    assert (code, document["recorded"]) == (3, 2)
    (difference,) = document["differences"]
    assert "a reference is one movement of the bank" in difference["says"]
    back(first, second, third)
    assert confirmed()[0] == 0
    assert paid() == EACH


def test_a_payment_confirmed_otherwise_before_stands_and_is_a_difference():
    approved()
    lines = sent()
    back(*lines)
    ok(*CONFIRM)
    back({**lines[0], "reference": "ANOTHER"}, *lines[1:])
    code, document = confirmed()
    assert (code, document["as_before"]) == (1, 2)
    (difference,) = document["differences"]
    assert difference["says"].startswith("was paid on 2030-01-02 as QP-2013-14-1-")
    assert paid() == EACH


def test_what_was_never_approved_is_not_paid():
    ok(*PROPOSE)
    back({"body": GROUPS[0], "disbursement": "d1", "reference": "R", "amount": "100"})
    assert confirmed()[0] == 3
    assert paid() == {body: [] for body in GROUPS}


def test_a_file_held_against_the_ledger_is_as_read_only_once_it_is_recorded():
    approved()
    lines = sent()
    back(*lines)
    reconcile = ("reconcile", "payments", "1", "back.csv", *YEAR)
    before = premium(*reconcile, "--json")
    assert (before.code, before.document["agree"]) == (1, 0)
    assert [one["says"] for one in before.document["differences"]] == [
        f"£{pounds}.00 is confirmed, and not recorded as paid"
        for pounds in (100, 101, 102)
    ]
    assert paid() == {body: [] for body in GROUPS}
    ok(*CONFIRM)
    after = ok(*reconcile, "--json").document
    assert (after["agree"], after["differences"], after["prior_period"]) == (3, [], [])
    assert after["confirmed_pence"] == after["recorded_pence"] == TOTAL_PENCE
    back(*lines[1:], {**lines[0], "amount": "100.01"})
    done = premium(*reconcile)
    assert done.code == 1
    assert "2 payments agree, 1 difference;" in done.out
    assert "£303.01 confirmed, £303.00 recorded" in done.out
    assert premium("reconcile", "payments", "2", "back.csv", *YEAR).code == 3


def test_what_was_paid_for_a_closed_day_is_marked_where_it_is_held_against_a_file():
    approved()
    back(*sent())
    today = business_date(datetime.now(UTC)).isoformat()
    ok("period", "close", today, "--as", "approver:p1")
    ok(*CONFIRM, "--effective-on", today)
    reconcile = ("reconcile", "payments", "1", "back.csv", *YEAR)
    marks = ok(*reconcile, "--json").document["prior_period"]
    assert [one["topic"] for one in marks] == ["disbursement-paid.v1"] * 3
    says = f"prior-period adjustment, closed through {today}"
    assert ok(*reconcile).out.count(says) == 3


def test_a_trial_reading_pays_nothing():
    approved()
    back(*sent())
    code, document = confirmed("--dry-run")
    assert (code, document["recorded"], document["dry_run"]) == (0, 3, True)
    assert paid() == {body: [] for body in GROUPS}


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ({"amount": "1.5"}, "is not an amount"),
        ({"value_date": "soon"}, "value_date 'soon' is not a day"),
        ({"reference": ""}, "reference is empty"),
    ],
)
def test_a_line_that_cannot_be_read_stops_the_whole_file(
    line: dict[str, str], says: str
):
    approved()
    first, second, _ = sent()
    back(first, {**second, **line})
    done = premium(*CONFIRM)
    assert (done.code, "line 3: " in done.err, says in done.err) == (2, True, True)
    assert paid() == {body: [] for body in GROUPS}


def test_a_run_killed_at_every_step_and_run_again_pays_each_once():
    for step in (PROPOSE, APPROVE):
        killed(0, *step)
        killed(1, *step)
        assert "Nothing to record" in ok(*step).out
    back(*sent())
    for payments in (0, 1, 1):
        killed(payments, *CONFIRM)
    assert sum(map(len, paid().values())) == 2
    code, document = confirmed()
    assert (code, document["recorded"], document["as_before"]) == (0, 1, 2)
    killed(0, *CLOSE)
    killed(1, *CLOSE)
    assert "Nothing to record" in ok(*CLOSE).out
    assert confirmed()[1]["recorded"] == 0
    assert paid() == EACH


def test_an_exclusion_or_an_export_killed_and_made_again_pays_each_other_once():
    out = ("payment-run", "exclude", "1", GROUPS[0], "d1", *ANALYST)
    exclude = (*out, "--reason", "dispute")
    ok(*PROPOSE)
    killed(0, *exclude)
    killed(1, *exclude)
    assert "Nothing to record" in ok(*exclude).out
    ok(*APPROVE)
    lines = sent()
    killed_at_first_line(*EXPORT)
    assert sent() == lines
    back(*lines)
    killed(1, *CONFIRM)
    for recorded in (1, 0):
        assert confirmed()[1]["recorded"] == recorded
    assert paid() == {**EACH, GROUPS[0]: []}


def killed_at_first_line(*tokens: str) -> None:
    """Run one call that is killed once its first line is out."""
    calling = "import sys; from interfaces.cli.main import call; call(sys.argv[1:])"
    with subprocess.Popen(
        [sys.executable, "-u", "-c", calling, *tokens],
        env={**os.environ, "PYTHONPATH": str(HOUSE)},
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline()
        process.kill()
