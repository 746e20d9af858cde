"""A whole year in memory, to see that the parts meet."""

from datetime import date

from ledger.decisions.spending.recording import RecordSpending
from ledger.events import PartyId
from ledger.postings import (
    COMMITTED,
    FUNDING,
    HELD,
    IN_TRANSIT,
    PAYABLE,
    POTENTIAL,
)
from tests.decisions.given import ACCOUNT
from tests.decisions.year import awarded, paid


def test_every_test_met_exactly_earns_the_whole_maximum():
    account = awarded().account(ACCOUNT)
    assert account.balances[PAYABLE] == 440_000_00
    assert account.balances[POTENTIAL] == 0


def test_surrey_heaths_half_is_two_standards_missed_of_a_full_year():
    account = awarded(red_1="74.83", rtt="91.99").account(ACCOUNT)
    assert account.balances[PAYABLE] == 220_000_00
    assert account.balances["premium:reduced:constitution.rtt"] == 110_000_00
    assert account.balances["premium:reduced:constitution.red-1"] == 110_000_00


def test_a_year_ends_spent_to_the_penny():
    book = paid(440_000_00)
    book.do(
        RecordSpending(
            account=ACCOUNT,
            spending="s1",
            payee=PartyId("clinic"),
            purpose="a",
            service="0" * 64,
            amount_pence=440_000_00,
        ),
        on=date(2015, 1, 5),
    )
    balances = book.account(ACCOUNT).balances
    assert balances == {
        FUNDING: -440_000_00,
        POTENTIAL: 0,
        PAYABLE: 0,
        COMMITTED: 0,
        IN_TRANSIT: 0,
        HELD: 0,
        "group:spent:a:clinic": 440_000_00,
    }
