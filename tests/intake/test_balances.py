"""Balances asserted in a file: what a row says, to the penny and by account."""

from datetime import date

import pytest

from ledger import postings
from ledger.decisions.closing import AssertBalance
from ledger.events import AccountId
from tests.intake.fault_examples import BALANCE
from tests.intake.given import commands, read


def row(account: str, pounds: str) -> str:
    return f"{BALANCE}X01,2013-14,{account},2015-03-31,{pounds},bank\n"


def test_a_balance_is_whole_pence_of_one_account_at_the_end_of_a_day():
    assert commands("balances", row("group:held", "12500.01")) == [
        AssertBalance(
            account=AccountId("quality-premium/2013-14/X01"),
            of="group:held",
            on=date(2015, 3, 31),
            pence=12_500_01,
            says="bank",
        )
    ]


def test_another_scheme_is_named_in_a_column_of_its_own():
    content = (
        "scheme,body,scheme_year,account,date,amount_gbp,says\n"
        "winter,X01,2014-15,premium:payable,2015-03-31,0,ledger\n"
    )
    [command] = commands("balances", content)
    assert isinstance(command, AssertBalance)
    assert command.account == "winter/2014-15/X01"
    assert (command.pence, command.says) == (0, "ledger")


@pytest.mark.parametrize(
    "account",
    [
        postings.spent("a", "p:q"),
        postings.passed_on("council"),
        postings.withheld("gate"),
        postings.reduced("constitution.red-1"),
    ],
)
def test_every_account_that_ends_with_a_name_can_be_asserted(account: str):
    assert read("balances", row(account, "1")).errors == ()


@pytest.mark.parametrize("account", sorted(postings.MAY_BE_NEGATIVE))
def test_only_accounts_that_may_be_negative_are_asserted_below_zero(account: str):
    [command] = commands("balances", row(account, "-0.01"))
    assert isinstance(command, AssertBalance)
    assert command.pence == -1
    assert read("balances", row("premium:payable", "-0.01")).errors != ()
