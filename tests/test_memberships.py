"""Whose member a practice was on a day, from sightings alone."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.events import BodyCode, PracticeSeen
from ledger.memberships import CannotTell, Member, NotMember, Why, member_on

PRACTICE, OTHER = BodyCode("Z90001"), BodyCode("Z90002")
X01, X02, X03 = BodyCode("X01"), BodyCode("X02"), BodyCode("X03")
APRIL = date(2013, 4, 1)
DAY = timedelta(days=1)


def seen(group: BodyCode | None, day: int, practice: BodyCode = PRACTICE) -> Any:
    return PracticeSeen(
        practice=practice, group=group, observed_on=APRIL + day * DAY, document=None
    )


def test_between_two_sightings_that_agree_it_was_a_member():
    both = (seen(X01, 0), seen(X01, 10))
    for day in (0, 10):
        assert member_on(both, PRACTICE, APRIL + day * DAY) == Member(
            group=X01, rests_on=(seen(X01, day),)
        )
    for day in (1, 9):
        assert member_on(both, PRACTICE, APRIL + day * DAY) == Member(
            group=X01, rests_on=both
        )


@pytest.mark.parametrize(
    ("day", "why"), [(-1, "not-seen-before"), (11, "not-seen-after")]
)
def test_outside_the_sightings_nobody_can_tell(day: int, why: Why):
    both = (seen(X01, 0), seen(X01, 10))
    on = APRIL + day * DAY
    nearest = both[:1] if day < 0 else both[1:]
    told = CannotTell(why=why, rests_on=nearest)
    assert member_on(both, PRACTICE, on) == told
    assert member_on(both, PRACTICE, on, of=X02) == told


def test_of_a_practice_that_was_never_seen_nobody_can_tell():
    assert member_on([seen(X01, 0, OTHER)], PRACTICE, APRIL) == CannotTell(
        why="never-seen", rests_on=()
    )


def test_where_the_two_sides_differ_only_a_third_group_is_ruled_out():
    both = (seen(X01, 0), seen(X02, 10))
    on = APRIL + 5 * DAY
    told = CannotTell(why="seen-elsewhere", rests_on=both)
    assert member_on(both, PRACTICE, on) == told
    assert member_on(both, PRACTICE, on, of=X01) == told
    assert member_on(both, PRACTICE, on, of=X02) == told
    assert member_on(both, PRACTICE, on, of=X03) == NotMember(group=X03, rests_on=both)
    assert member_on(both, PRACTICE, APRIL, of=X02) == NotMember(
        group=X02, rests_on=both[:1]
    )


def test_a_practice_that_both_sides_show_in_no_group_was_in_none():
    both = (seen(None, 0), seen(None, 10))
    on = APRIL + 5 * DAY
    assert member_on(both, PRACTICE, on) == NotMember(group=None, rests_on=both)
    assert member_on(both, PRACTICE, on, of=X01) == NotMember(group=X01, rests_on=both)
    left = (seen(X01, 0), seen(None, 10))
    assert member_on(left, PRACTICE, on) == CannotTell(
        why="seen-elsewhere", rests_on=left
    )


def test_two_groups_on_one_day_are_a_day_of_which_nobody_can_tell():
    two = (seen(X01, 0), seen(X02, 0))
    told = CannotTell(why="two-on-a-day", rests_on=two)
    assert member_on(two, PRACTICE, APRIL) == told
    assert member_on(two, PRACTICE, APRIL, of=X01) == told
    assert member_on(two, PRACTICE, APRIL, of=X03) == NotMember(group=X03, rests_on=two)
    later = (*two, seen(X01, 10))
    assert member_on(later, PRACTICE, APRIL + DAY) == CannotTell(
        why="two-on-a-day", rests_on=later
    )


GROUPS = (X01, X02, None)
DAYS = st.integers(0, 6)
SEEN = st.builds(
    seen, st.sampled_from(GROUPS), DAYS, st.sampled_from((PRACTICE, OTHER))
)


@given(st.lists(SEEN), DAYS, st.randoms(use_true_random=False))
def test_order_and_repetition_change_no_answer(
    sightings: list[PracticeSeen], day: int, random: Any
):
    """The answer, once more from its words: the groups named on both sides."""
    on = APRIL + day * DAY
    told = member_on(sightings, PRACTICE, on)
    shuffled = list(dict.fromkeys(sightings))
    random.shuffle(shuffled)
    again = member_on(shuffled, PRACTICE, on)
    assert type(again) is type(told)
    assert set(again.rests_on) == set(told.rests_on)
    named: list[set[BodyCode | None]] = []
    for side in (-1, 1):
        days = [
            one.observed_on
            for one in sightings
            if one.practice == PRACTICE and (one.observed_on - on) * side >= 0 * DAY
        ]
        nearest = min(days, key=lambda seen_on: abs(seen_on - on), default=None)
        named.append(
            {
                one.group
                for one in sightings
                if (one.practice, one.observed_on) == (PRACTICE, nearest)
            }
        )
    match told:
        case Member(group=group):
            assert named == [{group}, {group}]
        case NotMember(group=group):
            assert (group, named) == (None, [{None}, {None}])
        case CannotTell():
            assert named[0] != named[1] or len(named[0]) != 1
