"""What no source says is open: it is never nothing, and never all."""

from fractions import Fraction

import pytest

from ledger.events import MenuPick
from ledger.rules.award import AwardRange, award_range, determine
from ledger.rules.book import Rulebook, consequences
from ledger.rules.percent import final_percent, unknown_percents
from ledger.rules.rulebook import packaged, slices
from ledger.rules.stakes import open_menus, picks_of, stakes, unsettled
from tests.rules.books import BOOK, MEASURES, book, content, outcomes
from tests.rules.test_other_schemes import CONTRACT, picks
from tests.rules.test_worked_cases import Y2017, terms


def unknown_rtt() -> Rulebook:
    """The rules of 2013/14, but nobody knows what missing one standard takes off."""
    reductions = content()["reductions"]
    reductions[0]["percent"] = "unknown"
    return book(reductions=reductions)


def test_a_miss_of_unknown_weight_takes_anything_from_nothing_to_all():
    rules = unknown_rtt()
    earned, missed = outcomes(MEASURES, ("constitution.rtt",))
    span = award_range(rules, slices(rules, 1_000_00), earned, missed)
    assert span == AwardRange(certain_pence=0, open_pence=1_000_00, lost_pence=0)


def test_beside_a_known_miss_the_best_case_is_what_that_one_leaves():
    rules = unknown_rtt()
    earned, missed = outcomes(MEASURES, ("constitution.rtt", "constitution.red-1"))
    span = award_range(rules, slices(rules, 1_000_00), earned, missed)
    assert span == AwardRange(certain_pence=0, open_pence=750_00, lost_pence=250_00)


def test_what_was_not_missed_takes_nothing_though_its_percentage_is_unknown():
    rules = unknown_rtt()
    earned, missed = outcomes(MEASURES, ("constitution.red-1",))
    span = award_range(rules, slices(rules, 1_000_00), earned, missed)
    assert span == AwardRange(certain_pence=750_00, open_pence=0, lost_pence=250_00)
    assert determine(rules, slices(rules, 1_000_00), earned, missed).total_pence == (
        750_00
    )


def test_no_award_is_determined_while_a_percentage_that_counts_is_unknown():
    rules = unknown_rtt()
    earned, missed = outcomes(MEASURES, ("constitution.rtt",))
    assert unknown_percents(rules, missed) == ("constitution.rtt",)
    with pytest.raises(ValueError, match=r"^what constitution\.rtt takes off is not"):
        determine(rules, slices(rules, 1_000_00), earned, missed)


def test_an_unknown_percentage_leaves_the_percentage_that_was_earned():
    missed = {"constitution.rtt": True}
    assert final_percent(unknown_rtt(), Fraction(50), missed) == 50
    assert final_percent(BOOK, Fraction(50), missed) == Fraction("37.5")
    assert final_percent(BOOK, Fraction(50), {}) == 50


def test_the_standards_of_2017_18_leave_its_award_open_and_not_untouched():
    agreed = terms("2017-18")
    earned = {one.id: Fraction(1) for one in stakes(Y2017, agreed)}
    missed = {one.id: one.id == "constitution.rtt" for one in consequences(Y2017)}
    parts = slices(Y2017, 1_000_00, agreed)
    span = award_range(Y2017, parts, earned, missed, agreed)
    assert (span.certain_pence, span.open_pence) == (0, 1_000_00)


def test_slices_of_something_else_are_an_error_and_no_pence_are_lost():
    earned, missed = outcomes(MEASURES)
    other = slices(CONTRACT, 100_00, picks("choice.falls", "choice.sepsis"))
    with pytest.raises(
        ValueError, match=r"nothing is at stake .* core\.recovery, core"
    ):
        determine(BOOK, other, earned, missed)


def test_2018_19_is_unsettled_in_every_measure():
    for name in ("quality-premium-2018-19", "quality-premium-2018-19.v2"):
        rulebook = packaged(name)
        ids = {one.id for one in rulebook.measures}
        assert ids <= set(unsettled(rulebook))


def pick(part: str, weight: str) -> MenuPick:
    return MenuPick(menu="choice", measure=part, weight_percent=Fraction(weight))


@pytest.mark.parametrize(
    ("picked", "fit"),
    [
        ((pick("choice.falls", "20"), pick("choice.sepsis", "20")), True),
        ((), False),
        ((pick("choice.falls", "40"),), False),
        (
            (
                pick("choice.falls", "10"),
                pick("choice.sepsis", "10"),
                pick("choice.dementia", "20"),
            ),
            False,
        ),
        ((pick("choice.falls", "20"), pick("choice.falls", "20")), False),
        ((pick("choice.falls", "20"), pick("choice.parking", "20")), False),
        ((pick("choice.falls", "20"), pick("choice.sepsis", "19")), False),
        ((pick("choice.falls", "40"), pick("choice.sepsis", "0")), False),
        ((pick("choice.falls", "50"), pick("choice.sepsis", "-10")), False),
        ((pick("choice.falls", "25"), pick("choice.sepsis", "15")), False),
    ],
)
def test_a_menu_is_settled_only_by_picks_that_fit_it(picked, fit):
    agreed = picks().__class__(
        account=picks().account,
        agreed_on=picks().agreed_on,
        agreed_by=picks().agreed_by,
        picks=picked,
    )
    assert open_menus(CONTRACT, agreed) == (() if fit else ("choice",))


def test_an_uneven_split_fits_a_menu_whose_split_is_agreed():
    measure = CONTRACT.measures[1]
    assert measure.menu is not None
    menu = measure.menu.model_copy(update={"split": "agreed"})
    choice = measure.model_copy(update={"menu": menu})
    rules = CONTRACT.model_copy(update={"measures": (CONTRACT.measures[0], choice)})
    agreed = picks()
    splits = ((("39.5", "0.5"), True), (("40", "0"), False), (("40.5", "-0.5"), False))
    for weights, fit in splits:
        some = tuple(
            pick(part, weight)
            for part, weight in zip(
                ("choice.falls", "choice.sepsis"), weights, strict=True
            )
        )
        terms_of = agreed.__class__(
            account=agreed.account,
            agreed_on=agreed.agreed_on,
            agreed_by=agreed.agreed_by,
            picks=some,
        )
        assert (open_menus(rules, terms_of) == ()) is fit


def test_picks_stand_in_the_order_of_the_menu_and_strangers_last():
    agreed = picks("choice.parking", "choice.dementia", "choice.falls")
    found = [one.measure for one in picks_of(CONTRACT.measures[1], agreed)]
    assert found == ["choice.falls", "choice.dementia", "choice.parking"]
    assert picks_of(CONTRACT.measures[0], agreed) == ()
    assert picks_of(CONTRACT.measures[1], None) == ()
