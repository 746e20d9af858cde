"""Simulated years: the same from the same seed, right to the penny, and marked so."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from beancount import loader

from interfaces.simulation.given import REFUSED
from interfaces.simulation.groups import FATES
from interfaces.simulation.rules import content, scheme_year
from interfaces.simulation.years import (
    RECORDS_OF_A_GROUPS_YEAR,
    groups_for,
    simulated,
)
from ledger.events import (
    AwardConfirmed,
    BodySucceeded,
    DebtSetOff,
    DisbursementPaid,
    DisbursementReturned,
    InterestDeclared,
    InterestEnded,
    Lapsed,
    LapseRefused,
    ParticipationRecorded,
    PassedOn,
    PaymentRunClosed,
    RecoveryOrdered,
    RecoveryReceived,
    RepresentationDecided,
    SpendingCorrected,
    SpendingRecorded,
    VariationProposed,
    VariationRefused,
    WithholdingDecided,
    WithholdingRefused,
    WithholdingReleased,
    WithholdingVaried,
)
from ledger.postings import (
    FUNDING,
    MAY_BE_NEGATIVE,
    OVERPAID,
    OWN_FUNDS,
    SET_OFF,
    SETTLED,
    legs,
)
from ledger.recorded import Recorded
from ledger.rules.rulebook import parse
from ledger.service import Ledger
from projections.formats.beancount import account_name
from projections.questions.breakdown import PARTS
from tests.cli.program import Done, ok, premium
from tests.decisions.brute import standing
from tests.decisions.test_right_properties import summed

GROUPS, YEARS = len(FATES), 3


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Done]:
    """The years of one group of each fate, in a ledger; and what was answered."""
    folder = tmp_path_factory.mktemp("simulated")
    db = folder / "years.db"
    at = ("--db", str(db))
    ok("init", "--name", "Years", "--origin", "simulated", "--as", "operator:o1", *at)
    lines = b"".join(simulated(7, GROUPS, YEARS))
    return db, premium("run", "-", *at, stdin=lines)


@pytest.fixture(scope="module")
def told(run: tuple[Path, Done]) -> tuple[Recorded, ...]:
    """Every record of that ledger, in order."""
    with Ledger.open(run[0]) as ledger:
        return tuple(ledger.read(0, ledger.head()))


def of_accounts(told: tuple[Recorded, ...]) -> Iterator[list[Recorded]]:
    """The records of each account, in order."""
    streams: dict[str, list[Recorded]] = defaultdict(list)
    for one in told:
        if one.stream.startswith("account/"):
            streams[one.stream].append(one)
    assert len(streams) == GROUPS * YEARS - 1, "one group is succeeded in its second"
    yield from streams.values()


def test_the_same_options_write_the_same_bytes_and_another_seed_writes_others():
    first = b"".join(simulated(7, 13, 2))
    assert first == b"".join(simulated(7, 13, 2))
    assert first != b"".join(simulated(8, 13, 2))


def test_what_is_refused_is_what_was_meant_to_be(run: tuple[Path, Done]):
    answers = run[1].answers
    outcomes = Counter(one["outcome"] for one in answers)
    assert outcomes == {"appended": len(answers) - 2 * YEARS, "refused": 2 * YEARS}
    assert Counter(one["refusal"] for one in answers if f"/{REFUSED}" in one["id"]) == {
        "beyond-held": YEARS,
        "no-result": YEARS,
    }


def test_no_command_is_given_in_vain(run: tuple[Path, Done]):
    assert [
        one["id"]
        for one in run[1].answers
        if one["outcome"] == "appended" and not one["positions"]
    ] == []


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_other_seeds_are_refused_nowhere_else_either(seed: int):
    ok("init", "--name", "Years", "--origin", "simulated", "--as", "operator:o1")
    done = premium("run", "-", stdin=b"".join(simulated(seed, GROUPS + 1, 3)))
    assert [
        (one["id"], one.get("says"))
        for one in done.answers
        if one["outcome"] != "appended" and f"/{REFUSED}" not in one["id"]
    ] == []


@pytest.mark.parametrize("more", [(), ("--atomic",), ("--dry-run",)])
def test_a_real_ledger_takes_none_of_it(more: tuple[str, ...]):
    ok("init", "--name", "England", "--origin", "real", "--as", "operator:o1")
    done = premium("run", "-", *more, stdin=b"".join(simulated(7, 1, 1)))
    assert done.code == 3
    assert done.answers == []
    assert "line 1: this was made for a simulated ledger and this one is real" in (
        " ".join(done.err.split())
    )
    with Ledger.open("sim.db") as ledger:
        assert (len(ledger.command_rows(0, 10)), ledger.head()) == (1, 2)


def test_running_it_again_adds_nothing(run: tuple[Path, Done]):
    db = str(run[0])
    before = ok("balances", "--json", "--db", db).document
    again = premium("run", "-", "--db", db, stdin=b"".join(simulated(7, GROUPS, YEARS)))
    assert {one["outcome"] for one in again.answers} == {"repeated"}
    assert ok("balances", "--json", "--db", db).document == before


def test_everything_happens_that_can_happen_to_money(told: tuple[Recorded, ...]):
    happened = Counter(type(one.fact) for one in told)
    for kind in (
        BodySucceeded,
        DebtSetOff,
        DisbursementReturned,
        Lapsed,
        LapseRefused,
        PassedOn,
        PaymentRunClosed,
        RecoveryOrdered,
        RecoveryReceived,
        RepresentationDecided,
        SpendingCorrected,
        VariationProposed,
        VariationRefused,
        WithholdingRefused,
        WithholdingReleased,
        WithholdingVaried,
    ):
        assert happened[kind] > 0, kind
    grounds = {
        one.fact.ground for one in told if isinstance(one.fact, WithholdingDecided)
    }
    assert len(grounds) == 4
    again = [
        one.fact.account
        for one in told
        if isinstance(one.fact, AwardConfirmed) and one.fact.determination == 2
    ]
    assert again == ["quality-premium/2013-14/ZZ0009", "quality-premium/2013-14/ZZ0010"]


def test_an_invoice_is_paid_twice_for_the_policing_to_find(told: tuple[Recorded, ...]):
    paid = Counter(
        (one.fact.account, one.fact.payee, one.fact.amount_pence, one.fact.transaction)
        for one in told
        if isinstance(one.fact, SpendingRecorded)
    )
    twice = [invoice for invoice, times in paid.items() if times == 2]
    assert len(twice) == YEARS
    assert all(transaction is not None for *_, transaction in twice)


def test_who_decided_has_an_interest_in_a_payee_for_the_policing_to_find(
    told: tuple[Recorded, ...],
):
    facts = [one.fact for one in told]
    ended = {
        (f.body, f.interest): f.ended_on for f in facts if type(f) is InterestEnded
    }
    interests = {
        (f.person, f.payee): (f.since, ended.get((f.body, f.interest)))
        for f in facts
        if type(f) is InterestDeclared
    }
    payees = {
        (f.account, f.spending): f.payee for f in facts if type(f) is SpendingRecorded
    }
    found: Counter[tuple[str, bool]] = Counter()
    for fact in facts:
        if type(fact) is ParticipationRecorded:
            payee = payees[fact.premium, fact.use]
            since, until = interests[fact.person, payee]
            live = since <= fact.on and (until is None or fact.on <= until)
            found[fact.part, live] += 1
    assert found == {
        ("voted", True): YEARS,
        ("spoke", True): YEARS,
        ("left", True): YEARS,
        ("voted", False): YEARS,
    }


def test_one_interest_is_declared_only_after_money_is_spent(
    told: tuple[Recorded, ...],
):
    spent = {
        (one.fact.account.split("/")[2], one.fact.payee, one.meta.effective_on.year): (
            one.meta.effective_on
        )
        for one in told
        if type(one.fact) is SpendingRecorded
    }
    late = [
        one.fact.body
        for one in told
        if type(one.fact) is InterestDeclared
        and one.meta.effective_on
        > spent[one.fact.body, one.fact.payee, one.meta.effective_on.year]
    ]
    assert len(late) == 1


def test_every_pot_agrees_with_a_ledger_without_legs(told: tuple[Recorded, ...]):
    for records in of_accounts(told):
        days = sorted({one.meta.effective_on for one in records})
        last = records[-1].position
        for known in (last, records[len(records) // 2].position):
            for day in days:
                assert summed(records, day, known) == standing(records, day, known)


def test_each_slice_stays_whole_after_every_fact(told: tuple[Recorded, ...]):
    """DESIGN 5: a slice of the maximum is where it is said to be, and what was paid of
    it is in transit, held, spent, passed on or came back."""
    for records in of_accounts(told):
        sums: dict[str, Counter[str]] = defaultdict(Counter)  # Slice -> account.
        paid: Counter[str] = Counter()
        for recorded in records:
            received(recorded.fact, paid)
            for leg in legs(recorded.fact, recorded.meta.effective_on):
                sums[leg.slice][leg.account] += leg.pence
            for measure, accounts in sums.items():
                assert accounts.total() == 0
                body = {
                    name: pence
                    for name, pence in accounts.items()
                    if name not in MAY_BE_NEGATIVE
                }
                assert all(pence >= 0 for pence in body.values())
                for name in (OVERPAID, SETTLED, OWN_FUNDS):
                    assert accounts[name] <= 0
                placed = used = 0
                for name, pence in accounts.items():
                    if name.startswith("premium:") or name == SET_OFF:
                        placed += pence
                    elif name != FUNDING:
                        used += pence
                # The two identities of DESIGN 5.
                assert -accounts[FUNDING] == placed + used
                assert paid[measure] == used


def received(fact: Any, paid: Counter[str]) -> None:
    """What a fact adds to what was paid, less what the bank returned, by slice."""
    match fact:
        case DisbursementPaid():
            paid.update({piece.measure: piece.pence for piece in fact.slices})
        case DisbursementReturned():
            paid.subtract({piece.measure: piece.pence for piece in fact.slices})


def test_nothing_is_owed_in_the_end(run: tuple[Path, Done]):
    found = ok("balances", "--json", "--db", str(run[0])).document["balances"]
    owed = {
        one["body"]: one["balance_pence"]
        for one in found
        if one["ledger_account"] == OVERPAID and one["balance_pence"]
    }
    assert owed == {}


def test_the_national_waterfall_leaves_no_penny_in_any_year(run: tuple[Path, Done]):
    for year in range(YEARS):
        words = ("totals", "--scheme-year", scheme_year(year), "--json")
        (of_year,) = ok(*words, "--db", str(run[0])).document["totals"]
        fall = of_year["waterfall"]
        assert fall["difference"] == 0
        assert fall["not yet decided"] == 0
        for step in ("maximum", "not earned", "reduced", "withheld", "paid out"):
            assert fall[step] > 0, step
        assert fall["came back: returned"] < 0


def test_a_scheme_that_is_named_is_heeded_and_none_stands_for_every_one(
    run: tuple[Path, Done],
):
    db = ("--json", "--db", str(run[0]))
    every = ok("totals", *db).document["totals"]
    schemes = {one["scheme"] for one in every}
    assert len(schemes) == 2
    for scheme in schemes:
        named = ("--scheme", scheme, *db)
        of_it = [one for one in every if one["scheme"] == scheme]
        assert ok("totals", *named).document["totals"] == of_it
        rows = ok("balances", *named).document["balances"]
        assert {one["scheme"] for one in rows} == {scheme}


def test_what_counts_only_later_is_a_part_of_an_award_from_the_books(
    run: tuple[Path, Done],
):
    words = ("explain", "ZZ0002", "--scheme-year", scheme_year(0), "--json")
    db = ("--db", str(run[0]))
    whole = ok(*words, *db).document["standing"]
    then = ok(*words, "--effective", "2015-10-01", *db).document["standing"]
    for stands in (whole, then):
        parts = [stands[f"{name}_pence"] for name in (*PARTS, "later")]
        assert sum(parts) == stands["confirmed_pence"]
    assert whole["later_pence"] == 0
    assert then["later_pence"] != 0


def test_verify_finds_nothing(run: tuple[Path, Done]):
    ok("verify", "--db", str(run[0]))


def test_beancount_comes_to_our_balances_to_the_penny(
    run: tuple[Path, Done], tmp_path: Path
):
    file, db = tmp_path / "years.beancount", str(run[0])
    file.write_text(ok("export", "journal", "--db", db).out, "utf-8")
    load: Any = loader.load_file
    entries, errors, _ = load(str(file))
    assert errors == []
    theirs: dict[str, Any] = defaultdict(int)
    for entry in entries:
        for posting in getattr(entry, "postings", ()):
            theirs[posting.account] += posting.units.number * 100
    ours = {
        account_name(one["account"], one["ledger_account"]): one["balance_pence"]
        for one in ok("balances", "--json", "--db", db).document["balances"]
    }
    assert {name: pence for name, pence in theirs.items() if pence} == {
        name: pence for name, pence in ours.items() if pence
    }


def test_rules_of_later_years_say_in_every_clause_that_they_are_simulated():
    book = content(1)
    assert (book["scheme"], book["scheme_year"]) == ("simulated-premium", "2014-15")
    assert parse(json.dumps(book)).title.startswith("SIMULATED")
    assert set(book["sources"]) == {"simulated"}
    for measure in book["measures"]:
        assert measure["says"].startswith("SIMULATED")
    assert "2013-04-01..2014-03-31" not in json.dumps(
        [gate["test"] for gate in book["gates"]]
    )


@pytest.mark.parametrize("records", [2_000, 10_000])
def test_a_scale_makes_about_that_many_records(records: int):
    groups = groups_for(records, 3)
    assert abs(groups * 3 * RECORDS_OF_A_GROUPS_YEAR - records) <= 70
    made = sum(1 for _ in simulated(7, groups, 3))
    assert 0.85 * records < made < 1.05 * records, "commands; a few make two records"


def test_the_command_writes_the_same_to_a_file_as_to_standard_output(tmp_path: Path):
    words = ("--seed", "7", "--groups", "13", "--years", "2")
    ok("simulate", "years.ndjson", *words)
    written = (tmp_path / "years.ndjson").read_bytes()
    assert ok("simulate", *words).out.encode() == written
    assert written == b"".join(simulated(7, 13, 2))


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--groups", "12", "--scale", "10"), "one of them, not both"),
        (("--groups", "0"), "from 1 to 99,999"),
        (("--groups", "100000"), "from 1 to 99,999"),
        (("--scale", "99999999"), "change --groups, or --scale"),
        (("--years", "0"), "from 1 to 20, not 0"),
        (("--years", "21"), "from 1 to 20, not 21"),
    ],
)
def test_options_that_make_no_sense_are_answered_with_what_would(
    words: tuple[str, ...], says: str
):
    done = premium("simulate", "--seed", "7", *words)
    assert (done.code, done.out) == (2, "")
    assert says in done.err


def test_a_file_that_cannot_be_written_is_named():
    done = premium("simulate", "no/such/folder.ndjson", "--seed", "7", "--groups", "1")
    assert done.code == 5
    assert "no/such/folder.ndjson cannot be written" in done.err
