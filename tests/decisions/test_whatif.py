"""An outlook is what the deciders come to; and more results only narrow it."""

from collections.abc import Mapping
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from ledger.decisions.awards.proposing import ProposeAward
from ledger.events import AwardProposed, ResultRecorded, TermsAgreed
from ledger.money import exact_text
from ledger.rules.assess import Key
from ledger.rules.outlook import Outlook, compared, keys, outlook
from ledger.rules.rulebook import parse, slices
from tests.decisions import menu_year
from tests.decisions.given import ACCOUNT, DAY, RESULTS, RULEBOOK, YEAR
from tests.decisions.year import TERMS, assessed

HEADS = 88_000
AGREED = TermsAgreed(
    account=ACCOUNT,
    agreed_on=TERMS.agreed_on,
    agreed_by=TERMS.agreed_by,
    tests=TERMS.tests,
    targets=TERMS.targets,
)
SLICES = slices(RULEBOOK, HEADS * 500)
FACTS: dict[str, ResultRecorded] = {
    name.replace("-", "_"): fact
    for name, fact in RESULTS.items()
    if isinstance(fact, ResultRecorded)
}
SHIFTS = st.dictionaries(
    st.sampled_from(sorted(FACTS)),
    st.sampled_from([Fraction(-1), Fraction(0), Fraction(1, 100), Fraction(1)]),
    max_size=10,
)
"""Results moved off the values that just meet their tests."""


def shifted(shifts: Mapping[str, Fraction]) -> dict[str, Fraction]:
    return {
        name: max(FACTS[name].value + by, Fraction(0)) for name, by in shifts.items()
    }


def values(changed: Mapping[str, Fraction]) -> dict[Key, Fraction]:
    return {
        (fact.measure, fact.period): changed.get(name, fact.value)
        for name, fact in FACTS.items()
    }


def looked(known: Mapping[Key, Fraction]) -> Outlook:
    return outlook(
        RULEBOOK, heads=HEADS, values=known, terms=AGREED, on=DAY, slices=SLICES
    )


def assert_re_adds(found: Outlook) -> None:
    assert sum(one.worst_pence for one in found.parts) == found.worst_pence
    assert sum(one.best_pence for one in found.parts) == found.best_pence


@given(SHIFTS)
def test_an_outlook_on_all_results_is_the_award_that_is_proposed_line_by_line(
    shifts: dict[str, Fraction],
):
    changed = shifted(shifts)
    book = assessed(**{name: exact_text(value) for name, value in changed.items()})
    (proposed,) = book.do(ProposeAward(account=ACCOUNT))
    assert isinstance(proposed, AwardProposed)
    found = looked(values(changed))
    assert (found.worst_pence, found.best_pence) == (proposed.total_pence,) * 2
    assert found.open == ()
    parts = {one.id: one.worst_pence for one in found.parts}
    for line in proposed.lines:
        assert parts[line.measure] == line.earned_pence
    for reduction in proposed.reductions:
        assert parts[reduction.clause] == -reduction.pence
    assert_re_adds(found)


@given(SHIFTS, st.data())
def test_more_results_never_widen_an_outlook(
    shifts: dict[str, Fraction], data: st.DataObject
):
    every = values(shifted(shifts))
    order = data.draw(st.permutations(sorted(every)))
    known: dict[Key, Fraction] = {}
    before = looked(known)
    for key in order:
        known[key] = every[key]
        after = looked(known)
        assert after.best_pence is not None
        assert before.best_pence is not None
        assert before.worst_pence <= after.worst_pence
        assert after.worst_pence <= after.best_pence <= before.best_pence
        assert_re_adds(after)
        before = after
    assert before.worst_pence == before.best_pence


@given(SHIFTS)
def test_an_outlook_compared_with_itself_moves_nothing(shifts: dict[str, Fraction]):
    found = looked(values(shifted(shifts)))
    lines = compared(found, found)
    assert [one.id for one in lines] == [one.id for one in found.parts]
    assert not any(one.moves for one in lines)


def test_every_result_that_judging_reads_is_asked_for_and_no_other():
    assert set(keys(RULEBOOK, AGREED)) == set(values({}))


def test_nothing_is_read_or_judged_while_a_menu_is_not_agreed():
    rulebook = parse(menu_year.rules().content)
    assert keys(rulebook, None) == ()
    found = outlook(rulebook, heads=HEADS, values={}, terms=None, on=DAY)
    assert found.parts == ()
    assert found.unsettled == ("care",)
    assert (found.worst_pence, found.best_pence) == (0, HEADS * 500)


def test_a_linear_test_earns_its_share_and_slices_of_other_rules_are_not_used():
    rulebook = parse(menu_year.rules().content)
    picked = TermsAgreed(
        account=ACCOUNT,
        agreed_on=menu_year.PICKED.agreed_on,
        agreed_by=menu_year.PICKED.agreed_by,
        picks=menu_year.PICKED.picks,
    )
    half = {("care.survey", YEAR): Fraction(70)}
    found = outlook(
        rulebook, heads=HEADS, values=half, terms=picked, on=DAY, slices=SLICES
    )
    survey = next(one for one in found.parts if one.id == "care.survey")
    assert survey.outcome == "0.5 earned"
    # Half of 45% of £440,000.
    assert (survey.worst_pence, survey.best_pence) == (99_000_00, 99_000_00)
    assert_re_adds(found)


def test_a_missed_standard_whose_percentage_nobody_knows_takes_nothing_or_all():
    rtt = RULEBOOK.reductions[0].model_copy(update={"percent": "unknown"})
    rulebook = RULEBOOK.model_copy(
        update={"reductions": (rtt, *RULEBOOK.reductions[1:])}
    )
    missed = values({"rtt": Fraction("91.99")})
    found = outlook(rulebook, heads=HEADS, values=missed, terms=AGREED, on=DAY)
    assert (found.worst_pence, found.best_pence) == (0, 440_000_00)
    assert_re_adds(found)
