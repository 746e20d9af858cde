"""Both clocks on every read: what was known by then, and counted by then."""

import pytest

from tests.cli.program import ACCOUNT, ok, premium

pytestmark = pytest.mark.usefixtures("whole_year")

YEAR = ("--scheme-year", "2013-14")
PAID = "2015-11-02"  # The day that the demo's payment is effective.


def stood(*clocks: str) -> dict[str, int]:
    document = ok("balances", "ZZ1", *YEAR, "--json", *clocks).document
    return {one["ledger_account"]: one["balance_pence"] for one in document["balances"]}


def head() -> int:
    position = ok("balances", "--json").document["position"]
    assert isinstance(position, int)
    return position


def test_known_at_the_head_is_what_is_known_now():
    assert stood("--known", str(head())) == stood()
    assert stood("--effective", "9999-12-31") == stood()


def test_known_at_the_beginning_is_nothing():
    assert stood("--known", "0") == {}
    assert stood("--known", "2015-11-02") == {}  # All of it was recorded later.
    assert stood("--known", "2015-11-02T12:00:00Z") == {}


def test_money_counts_from_its_effective_day():
    before, on = stood("--effective", "2015-11-01"), stood("--effective", PAID)
    assert before.get("group:held", 0) == 0
    assert on["group:held"] > 0
    assert sum(before.values()) == sum(on.values()) == 0


def test_slices_add_up_at_any_two_clocks():
    for position in range(0, head() + 1, 20):
        clocks = ("--known", str(position), "--effective", PAID)
        found = ok("balances", "ZZ1", *YEAR, "--slices", "--json", *clocks).document
        sums: dict[str, int] = {}
        for one in found["slices"]:
            name = one["ledger_account"]
            sums[name] = sums.get(name, 0) + one["balance_pence"]
        assert sums == stood(*clocks)


def confirmed_at() -> int:
    """The position of the record that confirmed the award."""
    steps = ok("trail", "ZZ1", *YEAR, "--json").document["steps"]
    [found] = [one for one in steps if "confirmed" in one["sentence"].lower()][:1]
    position = found["position"]
    assert isinstance(position, int)
    return position


def test_an_award_is_shown_as_it_was_known():
    at = confirmed_at()

    def state(*clocks: str) -> str:
        return str(
            ok("award", "show", "ZZ1", *YEAR, "--json", *clocks).document["state"]
        )

    assert (state("--known", str(at - 1)), state("--known", str(at))) == (
        "proposed",
        "confirmed",
    )


def test_an_explanation_knows_nothing_that_came_later():
    at = confirmed_at()
    before = ok("explain", "ZZ1", *YEAR, "--json", "--known", str(at - 1)).document
    assert before["standing"]["stage"] == "proposed"
    assert before["position"] == at - 1
    on = ("--effective", "2015-11-01", "--json")
    unpaid = ok("explain", "ZZ1", *YEAR, *on).document["standing"]
    assert (unpaid["held_pence"], unpaid["spent_pence"]) == (0, 0)
    assert (
        unpaid["payable_pence"] + unpaid["committed_pence"]
        == (unpaid["confirmed_pence"])
    )


def test_a_trail_ends_where_knowledge_ended_and_marks_what_counts_later():
    at = confirmed_at()
    steps = ok("trail", "ZZ1", *YEAR, "--json", "--known", str(at)).document["steps"]
    assert steps[-1]["position"] == at
    on = ("--effective", "2015-11-01")
    document = ok("trail", "ZZ1", *YEAR, "--json", *on).document
    assert {one["counts"] for one in document["steps"]} == {True, False}
    assert all(
        one["counts"] == (one["effective_on"] <= "2015-11-01")
        for one in document["steps"]
    )
    assert "counts only then" in ok("trail", "ZZ1", *YEAR, *on).out


def test_an_account_that_was_not_yet_open_is_not_there():
    done = premium("explain", ACCOUNT, "--known", "2")
    assert (done.code, done.out) == (2, "")
    assert "was not open then" in done.err


@pytest.mark.parametrize(
    "known", ["99999", "soon", "2015-11-02T12:00:00", "2015-02-30"]
)
def test_what_is_no_point_of_knowledge_is_not_understood(known: str):
    done = premium("balances", "--known", known)
    assert (done.code, done.out) == (2, "")
    assert known in done.err
