"""The Beancount file: another program re-adds the journal to the penny."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
from beancount import loader
from beancount.core import realization
from beancount.core.data import Open, Transaction
from hypothesis import example, given
from hypothesis import strategies as st

from ledger.postings import MAY_BE_NEGATIVE, legs
from projections.formats.beancount import ROOTS, account_name, beancount, component
from projections.views import balances, journal
from projections.views.journal import Entry
from tests.projections.histories import MemoryLog, followed, year


def loaded(lines: Iterable[str]) -> tuple[list[Any], Mapping[str, Any]]:
    entries, errors, options = loader.load_string("\n".join(lines))
    assert [error.message for error in errors] == []
    return entries, options


def written(tmp_path: Path, **more: Any) -> list[str]:
    with followed(MemoryLog(year()), tmp_path) as views:
        return list(beancount(journal.entries(views.db), **more))


def pence(entries: list[Any], name: str) -> int:
    """What Beancount's own inventory holds in one account."""
    reckoning: Any = realization
    account = reckoning.get_or_create(reckoning.realize(entries), name)
    inventory = reckoning.compute_balance(account, leaf_only=True)
    total = inventory.get_currency_units("GBP").number
    assert total * 100 == int(total * 100)
    return int(total * 100)


def test_beancount_comes_to_our_balances_to_the_penny(tmp_path: Path):
    with followed(MemoryLog(year()), tmp_path) as views:
        ours = balances.balances(views.db)
        lines = list(
            beancount(journal.entries(views.db), title="Spec", simulated=False)
        )
    entries, _ = loaded(lines)
    assert len(ours) == 10
    assert [
        (one.account, pence(entries, account_name(one.premium, one.account)))
        for one in ours
    ] == [(one.account, one.pence) for one in ours]
    assert len([one for one in entries if isinstance(one, Open)]) == len(ours)


def test_each_transaction_says_which_record_it_is_and_each_leg_its_slice(
    tmp_path: Path,
):
    entries, options = loaded(written(tmp_path, title='A "quoted" \\', simulated=False))
    transactions: list[Any] = [one for one in entries if isinstance(one, Transaction)]
    said = {
        (
            int(one.meta["position"]),
            one.meta["record-id"],
            one.meta["recorded-at"],
            one.date,
            posting.meta["slice"],
            int(posting.units.number * 100),
        )
        for one in transactions
        for posting in one.postings
    }
    assert said == {
        (
            record.position,
            record.id,
            record.meta.recorded_at.isoformat(),
            leg.effective_on,
            leg.slice,
            leg.pence,
        )
        for record in year()
        for leg in legs(record.fact, record.meta.effective_on)
    }
    assert options["title"] == 'A "quoted" \\'
    assert options["operating_currency"] == ["GBP"]


def test_a_simulated_ledger_says_so_in_its_title(tmp_path: Path):
    _, options = loaded(written(tmp_path, title="Spec", simulated=True))
    assert options["title"] == "SIMULATED: Spec"


def test_an_empty_journal_is_a_valid_file():
    entries, _ = loaded(beancount((), title="Empty", simulated=False))
    assert entries == []


@pytest.mark.parametrize("found", [r"(position: 44.*?)(\d+\.\d\d) GBP"])
def test_one_changed_penny_is_an_error_there(tmp_path: Path, found: str):
    text = "\n".join(written(tmp_path, title="Spec", simulated=False))
    match = re.search(found, text, re.DOTALL)
    assert match is not None
    changed = f"{match[1]}{match[2][:-1]}{(int(match[2][-1]) + 1) % 10} GBP"
    _, errors, _ = loader.load_string(text.replace(match[0], changed, 1))
    assert any("does not balance" in error.message for error in errors)


def test_one_penny_moved_between_accounts_fails_a_balance_assertion(tmp_path: Path):
    lines = written(tmp_path, title="Spec", simulated=False)
    spent = [at for at, line in enumerate(lines) if line.startswith("  Expenses:")]
    assert len(spent) > 1
    at = spent[-1]
    name, pounds, currency = lines[at].split()
    other = "Equity:Quality-premium:2013-14:ZX01:Board:Funding"
    penny_less = f"{pounds[:-1]}{int(pounds[-1]) - 1}"
    moved = [f"  {name}  {penny_less} {currency}", f"  {other}  0.01 GBP"]
    changed = [*lines[:at], *moved, *lines[at + 1 :]]
    _, errors, _ = loader.load_string("\n".join(changed))
    assert sorted(error.message.split("'")[1] for error in errors) == [other, name]


# Names --------------------------------------------------------------------------------

BEANCOUNT_COMPONENT = re.compile(r"[A-Z0-9][A-Za-z0-9-]*")


def read_back(name: str) -> str:
    """What a component was written from: the inverse, written independently."""
    if name == "Z":
        return ""
    out = bytearray()
    at = 0
    while at < len(name):
        if at == 0 and re.match("Z[A-Z]", name):
            out += name[1].encode()
            at = 2
        elif name[at] == "Z":
            out.append(int(name[at + 1 : at + 3], 16))
            at += 3
        elif name.startswith("--", at):
            out += b"."
            at += 2
        else:
            out += (name[at].lower() if at == 0 else name[at]).encode()
            at += 1
    return out.decode()


@given(st.one_of(st.text(max_size=12), st.text(alphabet="aAzZ-.0%:25", max_size=8)))
@example("constitution.red-1")
@example("10C")
def test_a_component_can_be_read_back_so_no_two_collide(text: str):
    written = component(text)
    assert BEANCOUNT_COMPONENT.fullmatch(written)
    assert read_back(written) == text


PIECES = st.text(alphabet="aZ-.:1", min_size=1, max_size=4)
ACCOUNTS = st.one_of(
    st.sampled_from(sorted(MAY_BE_NEGATIVE | {"premium:payable", "group:held"})),
    st.builds("premium:reduced:{}".format, PIECES),
    st.builds("group:spent:{}:{}".format, PIECES, PIECES),
)
PREMIUMS = st.builds(
    "{}/2013-14/{}".format, PIECES, st.text(alphabet="aZ-.1", min_size=1, max_size=3)
)


@given(st.lists(st.tuples(PREMIUMS, ACCOUNTS), unique=True, max_size=12))
def test_no_two_accounts_share_a_name_and_none_is_the_parent_of_another(
    accounts: list[tuple[str, str]],
):
    names = [account_name(*one) for one in accounts]
    assert len(set(names)) == len(accounts)
    assert not [
        (one, two) for one in names for two in names if two.startswith(f"{one}:")
    ]


def test_names_stay_readable():
    assert (
        account_name("quality-premium/2013-14/10C", "premium:reduced:constitution.rtt")
        == "Equity:Quality-premium:2013-14:10C:Premium:Reduced:Constitution--rtt"
    )


def test_every_account_that_is_posted_to_has_a_place():
    posted = {
        ":".join(leg.account.split(":")[:2])
        for record in year()
        for leg in legs(record.fact, record.meta.effective_on)
    }
    assert posted <= set(ROOTS)


def test_legs_of_another_day_become_a_transaction_of_their_own(tmp_path: Path):
    """A reversal bears the date of what it reverses, not its own."""
    with followed(MemoryLog(year()), tmp_path) as views:
        [reversal] = [
            one
            for one in journal.entries(views.db)
            if one.topic == "disbursement-refused.v1"
        ]
    assert isinstance(reversal, Entry)
    entries, _ = loaded(beancount((reversal,), title="Spec", simulated=False))
    days = {one.date for one in entries if isinstance(one, Transaction)}
    assert days == {leg.effective_on for leg in reversal.legs}
    assert days != {reversal.effective_on}
