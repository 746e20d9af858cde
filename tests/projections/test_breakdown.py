"""What became of an award adds up to it, of every account of simulated years."""

from collections.abc import Iterator

import pytest

from ledger.events import AccountId
from ledger.postings import POTENTIAL, withheld
from ledger.premium.account import PremiumAccount
from ledger.premium.evolve import folded
from ledger.service import Ledger
from projections.questions.breakdown import PARTS, breakdown, in_words
from tests.worlds.simulated import worked


def _confirmed(ledger: Ledger) -> Iterator[PremiumAccount]:
    for name in ledger.streams("account/"):
        account = AccountId(name.removeprefix("account/"))
        state = folded(account, ledger.stream(name))
        if state.confirmed is not None:
            yield state


@pytest.fixture(scope="module")
def confirmed(tmp_path_factory: pytest.TempPathFactory) -> list[PremiumAccount]:
    path = worked(tmp_path_factory.mktemp("years"), groups=14, years=3)
    with Ledger.open(path) as ledger:
        return list(_confirmed(ledger))


def test_the_parts_of_every_award_add_up_to_it(confirmed: list[PremiumAccount]):
    assert len(confirmed) > 14
    for state in confirmed:
        assert state.confirmed is not None
        parts = breakdown(state.balances)
        assert sum(parts.values()) == state.confirmed.total_pence, state.account


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
