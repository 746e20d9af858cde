"""The names of accounts, and legs that add up to zero."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from ledger.events import EVENTS, AccountOpened, Slice
from ledger.postings import _POSTINGS, FUNDING, POTENTIAL, Leg, legs, spent
from tests.decisions.given import ACCOUNT, OPENED


@given(st.text(), st.text(), st.text(), st.text())
def test_two_payees_never_share_an_account(a: str, b: str, c: str, d: str):
    assert (spent(a, b) == spent(c, d)) is ((a, b) == (c, d))


def test_a_colon_in_a_payee_does_not_move_it_to_another_purpose():
    assert spent("a:b", "c") != spent("a", "b:c")


def test_opening_takes_the_maximum_from_its_funding_measure_by_measure():
    opened = AccountOpened(
        account=ACCOUNT,
        heads=1,
        heads_basis="population.registered.gp-list",
        heads_as_at=date(2013, 4, 1),
        heads_result="result/population.registered.gp-list/X01/2013-04-01@1",  # type: ignore[arg-type]
        rulebook="rulebook/quality-premium/2013-14@1",  # type: ignore[arg-type]
        rulebook_hash="0" * 64,
        value_per_head_pence=5_00,
        maximum_pence=5_00,
        slices=(Slice(measure="pyll", pence=5_00),),
    )
    day = date(2013, 4, 1)
    assert legs(opened, day) == (
        Leg(ACCOUNT, FUNDING, "pyll", -5_00, day),
        Leg(ACCOUNT, POTENTIAL, "pyll", 5_00, day),
    )


def test_a_fact_that_moves_no_money_has_no_legs():
    assert legs(OPENED, date(2013, 4, 1)) == ()


def test_every_fact_that_states_slices_or_moves_is_posted_or_posts_nothing_by_design():
    states_money = {
        fact
        for fact in EVENTS
        if {"slices", "moves", "draws"} & set(fact.__dataclass_fields__)
    }
    puts_forward_only = {"AwardProposed"}
    assert {fact.__name__ for fact in states_money} - puts_forward_only == {
        fact.__name__ for fact in _POSTINGS
    }
