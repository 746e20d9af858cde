"""Whatever the rules and the results: it adds up, and knowing more never widens it."""

from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ledger.money import round_half_up
from ledger.postings import NOT_EARNED, PAYABLE, POTENTIAL, reduced
from ledger.rules.assess import Key, judge, measure_test
from ledger.rules.award import AwardRange, award_range, determine
from ledger.rules.book import consequences
from ledger.rules.diff import diff
from ledger.rules.percent import final_percent
from ledger.rules.rulebook import canonical, parse, slices
from ledger.rules.working import award_working, range_working
from tests.rules.random_books import World, keys, outcomes, worlds
from tests.rules.test_working import assert_adds_up, opening

DATA = st.data()


@given(worlds(), DATA)
def test_the_working_re_adds_to_the_award_to_the_penny(world: World, data):
    earned, missed = data.draw(outcomes(world))
    parts = slices(world.rulebook, world.maximum_pence, world.terms)
    award = determine(world.rulebook, parts, earned, missed, world.terms)
    working = award_working(
        world.rulebook, opening(world.maximum_pence), award, {}, {}, terms=world.terms
    )
    assert working.pence == award.total_pence
    assert_adds_up(working)
    measures = working.lines[1].lines
    assert [one.pence for one in measures] == [one.earned_pence for one in award.lines]
    assert len(measures) == len(world.stakes())
    taken = {one.clause: -one.pence for one in award.reductions}
    for line in (*working.lines[2].lines, *working.lines[3].lines):
        if line.clause in world.consequences():
            assert line.pence == taken.get(line.clause, 0)


@given(worlds(), DATA)
def test_every_slice_is_not_earned_reduced_or_payable(world: World, data):
    earned, missed = data.draw(outcomes(world))
    parts = slices(world.rulebook, world.maximum_pence, world.terms)
    award = determine(world.rulebook, parts, earned, missed, world.terms)
    targets = {NOT_EARNED, PAYABLE, *(reduced(one) for one in world.consequences())}
    moved: dict[str, int] = {}
    for move in award.moves:
        assert move.source == POTENTIAL
        assert move.target in targets
        for piece in move.slices:
            assert piece.pence > 0
            moved[piece.measure] = moved.get(piece.measure, 0) + piece.pence
    assert moved == {part.measure: part.pence for part in parts}
    for line in award.lines:
        assert 0 <= line.payable_pence <= line.earned_pence <= line.maximum_pence


@given(worlds(), DATA)
def test_an_award_is_the_exact_formula_rounded_once_and_within_the_maximum(
    world: World, data
):
    earned, missed = data.draw(outcomes(world))
    rulebook = world.rulebook
    parts = slices(rulebook, world.maximum_pence, world.terms)
    award = determine(rulebook, parts, earned, missed, world.terms)
    whole = sum(one.weight_percent * earned[one.id] for one in world.stakes())
    percent = final_percent(rulebook, min(Fraction(100), Fraction(whole)), missed)
    exact = world.maximum_pence * percent / 100
    down = rulebook.rounding.reading == "down-once"
    assert award.total_pence == (exact // 1 if down else round_half_up(exact))
    assert 0 <= award.total_pence <= award.earned_pence <= award.maximum_pence
    assert award.maximum_pence == world.maximum_pence
    taken = sum(one.pence for one in award.reductions)
    assert award.earned_pence - taken == award.total_pence
    reductions = {one.id for one in rulebook.reductions}
    before = sum(one.pence for one in award.reductions if one.clause in reductions)
    assert award.before_gates_pence == award.earned_pence - before


def span(world: World, results: Mapping[Key, Fraction]) -> AwardRange:
    """What is certain, open and lost, judged from these results alone."""
    earned: dict[str, Fraction | None] = {}
    for stake in world.stakes():
        test = measure_test(world.rulebook, stake.id, world.terms)
        assert test is not None
        earned[stake.id] = judge(test, results, world.terms).earned
    missed: dict[str, bool | None] = {}
    for one in consequences(world.rulebook):
        met = judge(one.test, results, world.terms).met
        missed[one.id] = None if met is None else not met
    parts = slices(world.rulebook, world.maximum_pence, world.terms)
    found = award_range(world.rulebook, parts, earned, missed, world.terms)
    working = range_working(
        world.rulebook, opening(world.maximum_pence), found, {}, {}, terms=world.terms
    )
    assert working.pence == world.maximum_pence
    return found


@given(worlds(), DATA)
def test_more_results_never_widen_the_range(world: World, data):
    all_keys = sorted(set(keys(world)))
    values = st.one_of(st.sampled_from([0, 1, 50]), st.integers(0, 100)).map(Fraction)
    results = {key: data.draw(values) for key in all_keys}
    few = data.draw(st.sets(st.sampled_from(all_keys)))
    more = few | data.draw(st.sets(st.sampled_from(all_keys)))
    spans = [
        span(world, {key: results[key] for key in some})
        for some in (set(), few, more, set(all_keys))
    ]
    for wide, narrow in pairwise(spans):
        assert wide.certain_pence <= narrow.certain_pence
        assert wide.lost_pence <= narrow.lost_pence
        assert narrow.open_pence <= wide.open_pence
    for one in spans:
        whole = one.certain_pence + one.open_pence + one.lost_pence
        assert whole == world.maximum_pence
        assert min(one.certain_pence, one.open_pence, one.lost_pence) >= 0


@given(worlds())
def test_any_rulebook_reads_back_from_its_canonical_content(world: World):
    content = canonical(world.rulebook)
    assert parse(content) == world.rulebook
    assert canonical(parse(content)) == content
    assert diff(world.rulebook, parse(content)) == ()
