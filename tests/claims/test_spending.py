"""A published list beside the ledger: what is the same payment, and what is not."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.claims.numbers import number_of
from ledger.claims.spending import (
    Held,
    Item,
    held,
    is_of,
    known_as,
    months_of,
    published,
    together,
)

MARCH = (date(2015, 3, 1), date(2015, 3, 31))
MONTHS = frozenset([(2015, 3)])
OVER = 25_000_00


def item(
    name: str,
    pence: int,
    payee: str = "nurses",
    on: date = MARCH[1],
    transaction: str = "",
) -> Item:
    payees = frozenset({known_as(payee)} if payee else ())
    return Item(
        names=(name,),
        payees=payees,
        payee=payee,
        transaction=transaction,
        on=on,
        pence=pence,
    )


def found(listed: list[Item], recorded: list[Item]) -> Held:
    return held(listed, recorded, from_pence=OVER, months=MONTHS)


def ends(one: Held) -> dict[str, list[str]]:
    """Names of both sides by the place they stand in; empty places left out."""
    every = {
        "agree": [p.listed.names[0] + "=" + p.recorded.names[0] for p in one.agree],
        "differ": [p.listed.names[0] + "=" + p.recorded.names[0] for p in one.differ],
        "listed": [i.names[0] for i in one.listed_only],
        "recorded": [i.names[0] for i in one.recorded_only],
        "below": [i.names[0] for i in one.below],
    }
    return {place: sorted(names) for place, names in every.items() if names}


def told(listed: Item, recorded: Item) -> tuple[str, ...] | None:
    """In what one payment of both sides differs; None where there are two."""
    one = found([listed], [recorded])
    for pair in (*one.agree, *one.differ):
        return pair.differs
    return None


@pytest.mark.parametrize(("days", "differs"), [(45, ()), (46, ("day",))])
def test_one_number_is_one_payment_and_a_far_day_is_told(
    days: int, differs: tuple[str, ...]
):
    listed = item("1", 30_000_00, transaction="T 1001")
    on = MARCH[1] - timedelta(days=days)
    same = item("s1", 30_000_00, transaction="t-1001", on=on)
    assert told(listed, same) == differs


def test_one_number_and_payee_is_one_payment_whatever_the_amount():
    listed = item("1", 30_000_00, transaction="T 1001")
    one = found([listed], [item("s1", 30_000_01, transaction="t-1001")])
    assert (ends(one), one.differ[0].more_pence) == ({"differ": ["1=s1"]}, -1)
    assert one.differ[0].differs == ("amount",)


def test_a_number_of_another_payee_is_told_as_such_and_not_as_two_faults():
    listed = item("1", 30_000_00, "nurses", transaction="1")
    other = item("s1", 30_000_00, "transport", transaction="1")
    assert told(listed, other) == ("payee",)
    dearer = replace(other, pence=30_000_01)
    assert told(listed, dearer) == ("amount", "payee")
    far = replace(dearer, on=date(2013, 1, 1))
    assert told(listed, far) is None


def test_a_payee_written_longer_agrees_and_is_remarked():
    listed = item("1", 30_000_00, "Northmoor NHS Foundation Trust", transaction="451")
    recorded = item("s1", 30_000_00, "Northmoor Trust", transaction="451")
    [pair] = found([listed], [recorded]).agree
    assert pair.remarks == ("payee recorded as Northmoor Trust",)
    unsaid = replace(recorded, transaction="")
    assert told(listed, unsaid) == ()
    assert told(listed, replace(unsaid, pence=1)) is None


def test_payments_alike_but_for_the_number_differ_in_it_alone():
    listed = item("1", 30_000_00, transaction="1")
    other = item("s1", 30_000_00, transaction="2")
    assert told(listed, other) == ("transaction number",)
    assert told(listed, replace(other, pence=30_000_01)) is None
    assert told(listed, replace(other, transaction="")) == ()
    one = found([listed], [other, replace(other, names=("s2",), transaction="1")])
    assert ends(one) == {"agree": ["1=s2"], "recorded": ["s1"]}


@pytest.mark.parametrize(
    ("number", "same"),
    [
        ("00451", "451"),
        ("451.0", "451"),
        ("'451", "451"),
        ("4.51E+02", "451"),
        ("\uff14\uff15\uff11", "451"),
        ("inv 00/451", "INV00451"),
        ("0", "000"),
    ],
)
def test_a_number_is_the_same_however_a_spreadsheet_writes_it(number: str, same: str):
    assert number_of(number) == number_of(same) != ""


@pytest.mark.parametrize(
    ("printed", "recorded", "differs"),
    [
        ("3.33E+07", "33310517", ()),
        ("3.33E+07", "33250000", ()),
        ("3.33E+07", "33249999", ("transaction number",)),
        ("3.33E+07", "33350001", ("transaction number",)),
        ("123456789012345000", "123456789012345999", ()),
        ("123456789012345000", "123456789012346001", ("transaction number",)),
    ],
)
def test_a_number_that_a_spreadsheet_cut_short_accuses_nobody_it_may_be(
    printed: str, recorded: str, differs: tuple[str, ...]
):
    listed = item("1", 30_000_00, transaction=printed)
    assert told(listed, item("s1", 30_000_00, transaction=recorded)) == differs


def test_numbers_cut_short_do_not_make_one_payment_of_several():
    lines = [item(name, 1_00, transaction="3.33E+07") for name in "12"]
    assert len(together(lines)) == 2


def test_a_stray_line_makes_the_list_none_of_its_month():
    days = [date(2015, 3, 31)] * 20 + [date(2015, 4, 30)]
    assert months_of(days) == {(2015, 3), (2015, 4)}
    assert months_of([date(2015, 3, 1), *days]) == {(2015, 3)}


@pytest.mark.parametrize(
    ("entity", "same"),
    [
        ("ZZ1", True),
        ("NHS INVENTED VALE CCG", True),
        ("Invented Vale Clinical Commissioning Group", True),
        ("NHS Imagined Hill CCG", False),
        ("ZZ2", False),
    ],
)
def test_a_list_is_of_the_body_that_it_names(entity: str, same: bool):
    assert is_of(entity, "ZZ1", "Invented Vale (simulated) (ZZ1)") == same


def test_lines_of_one_number_are_in_scope_by_their_total():
    payments = [("a", OVER - 1), ("a", 1), ("", OVER - 1), ("", -OVER), ("b", OVER)]
    assert published(payments) == [True, True, False, True, True]


@pytest.mark.parametrize(("days", "same"), [(45, True), (46, False)])
def test_without_a_number_the_day_may_be_45_days_away(days: int, same: bool):
    on = MARCH[1] - timedelta(days=days)
    one = found([item("1", 30_000_00)], [item("s1", 30_000_00, on=on)])
    assert ends(one) == ({"agree": ["1=s1"]} if same else {"listed": ["1"]})


def test_a_list_that_does_not_say_whom_is_matched_by_amount_or_number():
    listed = [item("1", 30_000_00, ""), item("2", 40_000_00, "", transaction="7")]
    recorded = [item("s1", 40_000_01, "b", transaction="7"), item("s2", 30_000_00)]
    assert ends(found(listed, recorded)) == {"agree": ["1=s2"], "differ": ["2=s1"]}


def test_the_nearest_of_equal_payments_is_taken_and_each_once():
    listed = [item("1", 30_000_00), item("2", 30_000_00)]
    near = item("s1", 30_000_00, on=date(2015, 3, 30))
    far = item("s2", 30_000_00, on=date(2015, 3, 2))
    third = item("s3", 30_000_00, on=date(2015, 3, 1))
    assert ends(found(listed, [far, third, near])) == {
        "agree": ["1=s1", "2=s2"],
        "recorded": ["s3"],
    }


def test_another_amount_to_the_same_payee_differs_once_equal_ones_are_taken():
    listed = [item("1", 31_000_00), item("2", 30_000_00)]
    recorded = [item("s1", 30_000_00), item("s2", 32_000_00)]
    one = found(listed, recorded)
    assert ends(one) == {"agree": ["2=s1"], "differ": ["1=s2"]}
    assert one.at_odds


@pytest.mark.parametrize(("pence", "place"), [(OVER - 1, "below"), (OVER, "recorded")])
def test_only_what_is_over_the_threshold_is_missed_in_the_list(pence: int, place: str):
    one = found([], [item("s1", pence)])
    assert ends(one) == {place: ["s1"]}
    assert one.at_odds == (place == "recorded")


@pytest.mark.parametrize(
    ("on", "missed"),
    [
        (date(2015, 2, 28), False),
        (date(2015, 3, 1), True),
        (date(2015, 3, 31), True),
        (date(2015, 4, 1), False),
    ],
)
def test_what_was_spent_in_another_month_is_not_missed(on: date, missed: bool):
    one = found([], [item("s1", OVER + 1, on=on)])
    assert ends(one) == ({"recorded": ["s1"]} if missed else {})


def test_lines_of_one_invoice_are_added_up_and_others_are_not():
    lines = [
        item("2", 1_409_45, transaction="33720222"),
        item("3", 112_755_77, transaction="33720222"),
        item("4", 1_00, "transport", transaction="33720222"),
        item("5", 1_00),
        item("6", 1_00),
    ]
    assert [(one.names, one.pence) for one in together(lines)] == [
        (("2", "3"), 114_165_22),
        (("4",), 1_00),
        (("5",), 1_00),
        (("6",), 1_00),
    ]


@pytest.mark.parametrize(
    ("name", "same"),
    [
        ("IMAGINARY TRANSPORT LTD", "Imaginary Transport Limited"),
        ("ST. INVENTED'S & CO", "St Inventeds and Co"),
        ("Invented\u2019s Care", "INVENTED`S CARE"),
        ("Cafe\u0301 M\xf8ller", "CAF\xc9 MOLLER"),
        ("\uff23are Stra\xdfe", "CARE STRASSE"),
        ("Care  (Home)-Ltd.", "care home limited"),
    ],
)
def test_capitals_points_and_short_forms_make_no_other_payee(name: str, same: str):
    assert known_as(name) == known_as(same)


def back(name: str, pence: int, **given: Any) -> Item:
    """What came back of a spending, under the spending's number."""
    return replace(item(name, -pence, **given), credit=True)


def test_a_credit_note_of_its_own_number_is_what_came_back_of_a_spending():
    listed = [
        item("1", 45_000_00, transaction="T1"),
        item("2", -1_000_00, transaction="CN 7"),
    ]
    recorded = [
        item("s1", 45_000_00, transaction="T1"),
        back("s1/c1", 1_000_00, transaction="T1"),
    ]
    assert ends(found(listed, recorded)) == {"agree": ["1=s1", "2=s1/c1"]}
    less = [listed[0], replace(listed[1], pence=-999_99)]
    one = found(less, recorded)
    assert ends(one) == {"agree": ["1=s1"], "differ": ["2=s1/c1"]}
    assert one.differ[0].more_pence == 1


def test_a_credit_note_under_the_invoices_number_is_added_up_with_it_and_agrees():
    lines = [
        item("1", 45_000_00, transaction="T1"),
        item("2", -1_000_00, transaction="T1"),
    ]
    recorded = [
        item("s1", 45_000_00, transaction="T1"),
        back("s1/c1", 600_00, transaction="T1"),
        back("s1/c2", 400_00, transaction="T1"),
    ]
    one = found(list(together(lines)), list(together(recorded)))
    assert [pair.recorded.names for pair in one.agree] == [("s1", "s1/c1", "s1/c2")]
    assert not one.at_odds
    more = found([replace(lines[0], pence=44_000_01)], recorded)
    assert (ends(more), more.differ[0].more_pence) == (
        {"below": ["s1/c1", "s1/c2"], "differ": ["1=s1"]},
        -999_99,
    )


def test_a_list_of_a_later_month_may_hold_the_credit_note_alone():
    credit = back("s1/c1", 1_000_00, transaction="T1")
    spent = item("s1", 45_000_00, transaction="T1", on=date(2014, 11, 30))
    for number in ("T1", "CN 7", ""):
        listed = item("1", -1_000_00, transaction=number)
        assert ends(found([listed], [spent, credit])) == {"agree": ["1=s1/c1"]}


def test_what_came_back_is_never_what_went_out():
    spent = item("s1", 30_000_00, transaction="T1")
    listed = item("1", -30_000_00, transaction="T1")
    assert ends(found([listed], [spent])) == {"listed": ["1"], "recorded": ["s1"]}
    credit = back("s1/c1", 30_000_00, transaction="T1")
    one = found([replace(listed, pence=29_000_00)], [credit])
    assert ends(one) == {"listed": ["1"], "recorded": ["s1/c1"]}


@pytest.mark.parametrize(("pence", "place"), [(OVER - 1, "below"), (OVER, "recorded")])
def test_only_a_credit_over_the_threshold_is_missed_in_the_list(pence: int, place: str):
    assert ends(found([], [back("s1/c1", pence)])) == {place: ["s1/c1"]}


ITEMS = st.lists(
    st.builds(
        item,
        name=st.uuids().map(str),
        pence=st.sampled_from([OVER - 1, OVER, OVER + 1, 30_000_00, -5]),
        payee=st.sampled_from(["nurses", "transport", ""]),
        on=st.dates(date(2015, 1, 1), date(2015, 5, 31)),
        transaction=st.sampled_from(["", "1", "2"]),
    ),
    max_size=8,
)


@given(ITEMS, ITEMS)
def test_every_payment_stands_in_one_place_and_each_side_adds_up(
    listed: list[Item], recorded: list[Item]
):
    one = found(listed, recorded)
    pairs = one.agree + one.differ
    placed = [pair.listed for pair in pairs] + list(one.listed_only)
    assert sorted(i.names for i in placed) == sorted(i.names for i in listed)
    known = [pair.recorded for pair in pairs]
    known += [*one.recorded_only, *one.below]
    assert len(known) == len({i.names for i in known})
    missed = {i.names for i in recorded} - {i.names for i in known}
    outside = {i.names for i in recorded if not MARCH[0] <= i.on <= MARCH[1]}
    assert missed <= outside
    assert sum(i.pence for i in placed) == sum(i.pence for i in listed)
    assert all(pair.listed.pence == pair.recorded.pence for pair in one.agree)


def test_the_order_of_the_ledger_does_not_matter_where_nothing_is_alike():
    listed = [item("1", 30_000_00, "a"), item("2", 31_000_00, "b")]
    recorded = [item("s1", 30_000_00, "a"), item("s2", 31_000_00, "b")]
    wanted = {"agree": ["1=s1", "2=s2"]}
    assert all(ends(found(listed, list(p))) == wanted for p in permutations(recorded))
