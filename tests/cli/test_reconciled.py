"""Published lists and confirmation files, held against a simulated ledger."""

import csv
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

from tests.cli.program import ACCOUNT, ok, premium

YEAR = ("--scheme-year", "2013-14")
HEADINGS = (
    "Department,CCG,Date,Expense Area,Expense Type,Suppkuer,Transaction Number,Amount\n"
)
CHARITY = "INVENTED DEMENTIA CHARITY,T-1001"


def line(day: str, payee: str, amount: str, area: str = "QUALITY PREMIUM") -> str:
    """A line of a list, in the layout of September 2020."""
    return f'DoH,ZZ1,{day},Programme Support Costs,{area},{payee},"{amount}"\n'


def reconciled(folder: Path, content: str, *more: str) -> tuple[int, dict[str, Any]]:
    (folder / "list.csv").write_text(content, encoding="utf-8")
    done = premium("reconcile", "spending", "list.csv", "ZZ1", *more, "--json")
    assert done.err == ""
    return done.code, done.document


def places(found: dict[str, Any]) -> dict[str, list[int]]:
    """Pence by place: of pairs, what is listed beyond what is recorded."""
    places = {name: [one["more_pence"] for one in found[name]] for name in PAIRS}
    places |= {name: [one["pence"] for one in found[name]] for name in ITEMS}
    return {name: pence for name, pence in places.items() if pence}


PAIRS = ("agree", "differ")
ITEMS = ("listed_only", "recorded_only", "below")


def test_a_list_that_says_what_is_recorded_agrees(folder: Path, whole_year: None):
    content = (
        HEADINGS
        + line("30/11/2015", CHARITY, "45,000.00")
        + line(
            "30/11/2015", "ANY ACUTE TRUST,77", "13,479,643.59", "ACUTE COMMISSIONING"
        )
        + line("31/12/2015", "Imaginary Transport Limited,", "30,000.00")
        + line("31/03/2016", "FICTIONAL HOSPITAL (SIMULATED PROVIDER),9", "60,308.91")
    )
    code, found = reconciled(folder, content)
    assert (code, places(found)) == (0, {"agree": [0, 0, 0]})
    assert found["notes"] == ["of 4 lines, 3 say 'quality premium'"]
    total = 45_000_00 + 30_000_00 + 60_308_91
    assert (found["listed_pence"], found["recorded_pence"]) == (total, total)
    assert found["difference_pence"] == 0


def test_each_way_to_disagree_has_its_place_and_ends_with_1(
    folder: Path, whole_year: None
):
    content = (
        HEADINGS
        + line("30/11/2015", CHARITY, "45,000.01")
        + line("30/11/2015", "SOMEBODY ELSE,12", "26,000.00")
        + line("31/12/2015", "SOMEBODY ELSE,12", "-1,000.00")
    )
    code, found = reconciled(folder, content, *YEAR)
    assert code == 1
    assert places(found) == {
        "differ": [1],
        "listed_only": [25_000_00],
        "recorded_only": [30_000_00],
    }
    [only] = found["recorded_only"]
    assert only["names"] == ["quality-premium/2013-14/ZZ1 s2"]
    sums = (found["listed_pence"], found["recorded_pence"])
    assert sums == (70_000_01, 75_000_00)


def test_what_is_not_over_the_threshold_is_not_missed(folder: Path, whole_year: None):
    content = HEADINGS + line("30/11/2015", CHARITY, "45,000.00")
    content += line("31/12/2015", "ANY,1", "1", "OTHER")
    code, found = reconciled(folder, content)
    assert (code, places(found)) == (1, {"agree": [0], "recorded_only": [30_000_00]})
    code, found = reconciled(folder, content, "--over", "30,000.01")
    assert (code, places(found)) == (0, {"agree": [0], "below": [30_000_00]})


def test_a_published_credit_note_is_what_came_back_of_a_spending(
    folder: Path, whole_year: None
):
    ok(
        *("spend", "credit", "ZZ1", "s1", "c1", "1,000", *YEAR, "--reason", "Too much"),
        *("--effective-on", "2015-12-02"),
        *("--as", "finance-officer:group-finance-1@ZZ1"),
    )
    invoice = HEADINGS + line("30/11/2015", CHARITY, "45,000.00")
    note = line("31/12/2015", CHARITY.replace("T-1001", "CN-7"), "-1,000.00")
    rest = line("31/12/2015", "Imaginary Transport Limited,", "30,000.00")
    code, found = reconciled(folder, invoice + note + rest)
    assert (code, places(found)) == (0, {"agree": [0, 0, 0]})
    names = [one["recorded"]["names"] for one in found["agree"]]
    assert [f"{ACCOUNT} s1/c1"] in names
    net = HEADINGS + line("30/11/2015", CHARITY, "44,000.00") + rest
    code, found = reconciled(folder, net)
    assert (code, places(found)) == (0, {"agree": [0, 0]})
    before = ("--effective", "2015-12-01")
    code, found = reconciled(folder, invoice + note, *before)
    assert places(found)["listed_only"] == [-1_000_00]
    code, found = reconciled(folder, invoice + rest)
    assert (code, places(found)) == (0, {"agree": [0, 0], "below": [-1_000_00]})


def test_what_was_not_known_or_not_effective_is_not_recorded(
    folder: Path, whole_year: None
):
    content = HEADINGS + line("30/11/2015", CHARITY, "45,000.00")
    for clock in (("--known", "20"), ("--effective", "2015-11-15")):
        code, found = reconciled(folder, content, *clock)
        assert (code, places(found)) == (1, {"listed_only": [45_000_00]})


def test_text_shows_both_sides_and_adds_them_up(folder: Path, whole_year: None):
    (folder / "list.csv").write_text(
        "Date,Supplier,Transaction,Amount\n30/11/2015,INVENTED DEMENTIA CHARITY,"
        "T-1001,45000\n"
    )
    done = premium("reconcile", "spending", "list.csv", "ZZ1")
    assert (done.code, done.err) == (0, "")
    assert "SIMULATED: list.csv: 1 line" in done.out
    assert "all lines are taken" in done.out
    assert "2013-14 s1" in done.out
    assert done.out.count("£45,000.00") >= 5


def test_a_list_with_faults_names_each_and_an_unknown_body_is_refused(
    folder: Path, whole_year: None
):
    bad = HEADINGS + line("31/31/2015", CHARITY, "a lot") + line("", CHARITY, "1")
    (folder / "list.csv").write_text(bad)
    done = premium("reconcile", "spending", "list.csv", "ZZ1")
    assert done.code == 2
    for says in ("line 2, date '31/31/2015'", "line 2, amount 'a lot'", "line 3, date"):
        assert says in done.err
    good = HEADINGS + line("30/11/2015", CHARITY, "1")
    (folder / "list.csv").write_text(good)
    done = premium("reconcile", "spending", "list.csv", "ZZ8")
    assert (done.code, "ZZ8 has no account" in done.err) == (3, True)
    assert premium("reconcile", "spending", "none.csv", "ZZ1").code == 2


def test_another_bodys_list_and_another_years_are_doubted(
    folder: Path, whole_year: None
):
    other = HEADINGS + line("30/11/2015", CHARITY, "45,000.00")
    other = other.replace("ZZ1", "NHS Imagined Hill CCG")
    code, found = reconciled(folder, other)
    assert code == 1
    assert "names NHS Imagined Hill CCG, and not" in found["doubts"][0]
    late = HEADINGS + line("30/11/2020", "SOMEBODY,12", "26,000.00")
    code, found = reconciled(folder, late)
    assert (code, "is it another year's?" in found["doubts"][0]) == (1, True)
    done = premium("reconcile", "spending", "list.csv", "ZZ1")
    assert "DOUBT: the list is of 2020-11-30 to 2020-11-30" in done.out
    _, found = reconciled(folder, late, "--known", "20")
    [doubt] = found["doubts"]
    assert "money was paid from 2014-04-01 to 2015-03-31" in doubt


def test_every_row_of_the_file_is_told_once(folder: Path, whole_year: None):
    content = (
        "Spending of November,,,,,,,\n"
        + HEADINGS
        + line("30/11/2015", CHARITY, "45,000.00")
        + line("30/11/2015", "Imaginary Transport Ltd,9", "30,000.00")
        + line("30/11/2015", "SOMEBODY,12", "26,000.00")
        + line("30/11/2015", "SOMEBODY,13", "26,000.00", "OTHER")
        + line("30/11/2015", "SOMEBODY,14", "26,000.00").replace("ZZ1", "Imagined Hill")
        + ",,,,,,,\n,,,,,,Total,153000\n"
    )
    _, found = reconciled(folder, content)
    assert found["counts"] == {
        "rows above the headings": 1,
        "headings": 1,
        "blank rows": 1,
        "totals": 1,
        "lines of other bodies": 1,
        "lines on something else": 1,
        "agree": 2,
        "differ": 0,
        "in the list only": 1,
    }
    assert sum(found["counts"].values()) == found["rows"] == 9


def test_lines_that_say_the_same_are_told(folder: Path, whole_year: None):
    content = HEADINGS + 2 * line("30/11/2015", CHARITY, "45,000.00")
    code, found = reconciled(folder, content)
    assert (code, places(found)["differ"]) == (1, [45_000_00])
    says = "lines 2, 3 say the same: is it one payment, listed again?"
    assert says in found["notes"]


def test_a_stray_line_of_another_year_accuses_nobody(folder: Path, whole_year: None):
    content = HEADINGS + line("30/11/2015", CHARITY, "45,000.00")
    content += line("30/11/2015", "ANY,1", "1", "OTHER") * 30
    content += line("31/12/2015", "ANY,2", "1", "OTHER")
    code, found = reconciled(folder, content)
    assert (code, places(found)) == (0, {"agree": [0]})
    assert any("line 33 is of 2015-12" in one for one in found["notes"])


def test_a_mapping_that_cannot_be_read_names_its_key(folder: Path, whole_year: None):
    (folder / "list.csv").write_text("a,b\n1,2\n")
    (folder / "map.toml").write_text("[columns]\ndate = 'a'\n")
    call = ("reconcile", "spending", "list.csv", "ZZ1", "--mapping", "map.toml")
    done = premium(*call)
    assert (done.code, "map.toml: columns: amount must be named" in done.err) == (
        2,
        True,
    )


def test_a_simulated_ledgers_own_spending_made_into_a_list_agrees(folder: Path):
    """Every spending of simulated years, as its body would publish it."""
    ok(*("simulate", "s.ndjson", "--seed", "5", "--groups", "8", "--years", "2"))
    content = (folder / "s.ndjson").read_bytes()
    ok("init", "--name", "S", "--origin", "simulated", "--as", "operator:o1")
    assert premium("run", "s.ndjson").code == 3  # Some are meant to be refused.
    commands = [json.loads(row) for row in content.splitlines()]
    bodies = {
        one["data"]["account"].rpartition("/")[2]
        for one in commands
        if one.get("command") == "record-spending"
    }
    assert bodies
    compared = 0
    for body in sorted(bodies):
        whole = premium(
            *("reconcile", "spending", published(body, [], folder), body),
            *("--over", "0", "--json"),
        ).document
        recorded = whole["recorded_only"]
        again = published(body, recorded, folder)
        done = premium("reconcile", "spending", again, body, "--over", "0", "--json")
        assert (done.code, places(done.document)) == (
            0,
            {"agree": [0] * len(recorded)} if recorded else {},
        )
        compared += len(recorded)
    assert compared > len(bodies)


def published(body: str, items: list[dict[str, Any]], folder: Path) -> str:
    """A list of payments in the layout of December 2020, months before days."""
    text = io.StringIO()
    writer = csv.writer(text)
    columns = ("Department", "CCG", "Date", "Expense Type", "Expsense Area")
    writer.writerow((*columns, "Supplier", "Transaction Number", "Amount"))
    others = [
        (f"{year}-{month:02d}-15", "ANY", f"{year}{month}", 1)
        for year in range(2013, 2021)
        for month in range(1, 13)
    ]
    rows = [(*one, "OTHER") for one in others] + [
        (one["on"], one["payee"].upper(), one["transaction"], one["pence"], "PREMIUM")
        for one in items
    ]
    for on, payee, number, pence, area in rows:
        day = date.fromisoformat(on)
        written = f"{day.month}/{day.day}/{day.year}"
        amount = f"{abs(pence) // 100:,}.{abs(pence) % 100:02d}"
        if pence < 0:  # A credit note, with a number of its own.
            amount, number = f"-{amount}", f"{number}-CN"
        area = "QUALITY PREMIUM PROGRAMME" if area == "PREMIUM" else area
        writer.writerow(("DoH", body, written, "x", area, payee, number, amount))
    (folder / f"{body}.csv").write_text(text.getvalue(), encoding="utf-8")
    return f"{body}.csv"
