"""What became of an award adds up to it, of every account of simulated years."""

from collections.abc import Iterator
from datetime import date

import pytest

from ledger.events import AccountId, AwardProposed
from ledger.postings import FUNDING, POTENTIAL, legs, withheld
from ledger.premium.account import PremiumAccount
from ledger.premium.evolve import folded
from ledger.recorded import account_stream
from ledger.service import Ledger
from projections.questions.breakdown import (
    PARTS,
    breakdown,
    in_words,
    parts_at,
    waterfall,
)
from projections.questions.certificate import certificate
from tests.worlds.simulated import worked


def _states(ledger: Ledger) -> Iterator[PremiumAccount]:
    for name in ledger.streams("account/"):
        account = AccountId(name.removeprefix("account/"))
        yield folded(account, ledger.stream(name))


@pytest.fixture(scope="module")
def years(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    path = worked(tmp_path_factory.mktemp("years"), groups=14, years=3)
    with Ledger.open(path) as ledger:
        yield ledger


@pytest.fixture(scope="module")
def confirmed(years: Ledger) -> list[PremiumAccount]:
    return [one for one in _states(years) if one.confirmed is not None]


def _by(ledger: Ledger, account: AccountId, day: date) -> dict[str, int]:
    """Pence by account, of what counts by a day."""
    sums: dict[str, int] = {}
    for one in ledger.stream(account_stream(account)):
        for leg in legs(one.fact, one.meta.effective_on):
            if leg.effective_on <= day:
                sums[leg.account] = sums.get(leg.account, 0) + leg.pence
    return sums


def test_the_parts_of_every_award_add_up_to_it(confirmed: list[PremiumAccount]):
    assert len(confirmed) > 14
    for state in confirmed:
        assert state.confirmed is not None
        parts = breakdown(state.balances)
        assert sum(parts.values()) == state.confirmed.total_pence, state.account


DAYS = (date(2013, 4, 1), date(2015, 3, 31), date(2016, 3, 31), date.max)


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_the_parts_of_every_maximum_add_up_to_it_on_any_day(years: Ledger, day: date):
    before = 0
    for state in _states(years):
        assert state.opened is not None
        stood = _by(years, state.account, day)
        parts = parts_at(stood, state.balances, state.opened.maximum_pence)
        assert sum(parts.values()) == state.opened.maximum_pence, state.account
        before += parts["later"]
    assert (before > 0) == (day.year < 2016)


def test_the_gross_lines_of_every_premium_leave_nothing_of_it(years: Ledger):
    added = dict.fromkeys(waterfall({}), 0)
    together: dict[str, int] = {}
    for state in _states(years):
        fall = waterfall(state.balances)
        assert fall["difference"] == 0, state.account
        added = {name: added[name] + pence for name, pence in fall.items()}
        for account, pence in state.balances.items():
            together[account] = together.get(account, 0) + pence
    assert waterfall(together) == added
    assert added["paid out"] > added["handed back, not used"] > 0


def test_every_determination_adds_up_line_by_line(years: Ledger):
    facts = [one.fact for one in years.read(0, years.head())]
    proposed = [one for one in facts if isinstance(one, AwardProposed)]
    for one in proposed:
        off = sum(reduction.pence for reduction in one.reductions)
        assert sum(line.maximum_pence for line in one.lines) == one.maximum_pence
        assert sum(line.earned_pence for line in one.lines) == one.earned_pence
        assert sum(line.payable_pence for line in one.lines) == one.total_pence
        assert one.earned_pence - off == one.total_pence
    assert len(proposed) > 14


def test_every_certificate_ties(years: Ledger):
    for state in _states(years):
        records = years.stream(account_stream(state.account))
        for year in ("2014-15", "2015-16", "2016-17"):
            assert certificate(state.account, records, (), year).ties, state.account


def test_what_a_correction_adds_before_the_next_award_is_a_part_of_its_own():
    parts = parts_at({POTENTIAL: 5}, {POTENTIAL: 5, FUNDING: -5}, 7)
    assert {name: pence for name, pence in parts.items() if pence} == {
        "not_yet_decided": 5,
        "corrected": 2,
    }


def test_money_kept_back_and_debts_are_among_them(confirmed: list[PremiumAccount]):
    met = {
        name
        for state in confirmed
        for name, pence in breakdown(state.balances).items()
        if pence
    }
    assert {"withheld", "settled", "spent", "returned"} <= met <= set(PARTS)


def test_a_debt_is_said_as_less_and_nothing_that_is_lost_is_left_unsaid():
    parts = breakdown({withheld("4(1)(a)"): 1, "premium:overpaid": -2, POTENTIAL: 9})
    said = in_words({f"{name}_pence": pence for name, pence in parts.items()})
    assert said == (
        "withheld £0.01, payable £0.00, committed £0.00, in transit £0.00, "
        "held £0.00, spent £0.00, less debt outstanding £0.02"
    )


def test_an_account_that_no_part_names_is_not_passed_over():
    with pytest.raises(ValueError, match="group:pocketed belongs to no part"):
        breakdown({"group:pocketed": 1})
