"""Random rulebooks: plain measures, parts, menus, linear tests, gates, both bases."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from ledger.events import AccountId, MenuPick, PartyId, TermsAgreed
from ledger.money import exact_text
from ledger.rules.book import consequences
from ledger.rules.rulebook import Rulebook
from ledger.rules.stakes import Stake, stakes

CLAUSE = {"says": "Random.", "source": "random", "status": "assumed"}
YEAR = "2013-04-01..2014-03-31"
BEFORE = "2012-04-01..2013-03-31"
COMPARISONS = ["at-least", "at-most", "more-than", "less-than", "equal-to"]
CHANGES = ["percent-fall", "percent-rise", "fall", "rise"]

numbers = st.one_of(
    st.integers(0, 100).map(Fraction), st.fractions(0, 100, max_denominator=16)
)
percents = st.one_of(
    st.sampled_from([Fraction(n) for n in (0, 20, 25, 30, 50, 100)]), numbers
)


@dataclass(frozen=True)
class World:
    """A rulebook, what was agreed with one body, and its maximum."""

    rulebook: Rulebook
    terms: TermsAgreed
    maximum_pence: int

    def stakes(self) -> tuple[Stake, ...]:
        return stakes(self.rulebook, self.terms)

    def consequences(self) -> tuple[str, ...]:
        return tuple(one.id for one in consequences(self.rulebook))


@st.composite
def leaf(draw: st.DrawFn, id: str) -> dict[str, Any]:
    kind = draw(st.sampled_from(["level", "change", "yes"]))
    found = {**CLAUSE, "id": id, "kind": kind, "indicator": id, "period": YEAR}
    if kind != "yes":
        found["comparison"] = draw(st.sampled_from(COMPARISONS))
        found["threshold"] = exact_text(draw(numbers))
    if kind == "change":
        found |= {
            "baseline_period": BEFORE,
            "change": draw(st.sampled_from(CHANGES)),
        }
    return found


@st.composite
def passing(draw: st.DrawFn, id: str) -> dict[str, Any]:
    """A test that is met or not: a leaf, or several together."""
    word = draw(st.sampled_from(["leaf", "any", "all"]))
    if word == "leaf":
        return draw(leaf(f"{id}.t"))
    count = draw(st.integers(1, 3))
    return {word: [draw(leaf(f"{id}.t{n}")) for n in range(count)]}


@st.composite
def earning(draw: st.DrawFn, id: str) -> dict[str, Any]:
    """A test of a measure: met or not, or earned in part."""
    if draw(st.booleans()):
        return draw(passing(id))
    low, high = draw(st.lists(numbers, min_size=2, max_size=2, unique=True))
    return {
        **CLAUSE,
        "id": f"{id}.t",
        "kind": "linear",
        "indicator": f"{id}.t",
        "period": YEAR,
        "nothing_at": exact_text(low),
        "full_at": exact_text(high),
    }


@st.composite
def measure(draw: st.DrawFn, id: str) -> dict[str, Any]:
    weight = draw(percents.filter(bool))
    found = {
        **CLAUSE,
        "id": id,
        "name": id,
        "domain": "quality",
        "weight_percent": exact_text(weight),
    }
    shape = draw(st.sampled_from(["plain", "parts", "menu"]))
    if shape == "plain":
        return {**found, "test": draw(earning(id))}
    count = draw(st.integers(1, 3))
    parts = [
        {**CLAUSE, "id": f"{id}.p{n}", "name": id, "test": draw(earning(f"{id}.p{n}"))}
        for n in range(count)
    ]
    if shape == "parts":
        for part in parts:
            part["share_percent"] = exact_text(draw(percents.filter(bool)))
        return {**found, "parts": parts}
    most = draw(st.integers(1, count))
    menu = {**CLAUSE, "id": f"{id}.menu", "most": most, "split": "agreed"}
    menu["least"] = draw(st.integers(1, most))
    return {**found, "parts": parts, "menu": menu}


@st.composite
def picks(draw: st.DrawFn, rulebook: Rulebook) -> TermsAgreed:
    """Picks that fill every menu, with weights that add up to the menu's."""
    picked: list[MenuPick] = []
    for one in rulebook.measures:
        if one.menu is None:
            continue
        assert isinstance(one.weight_percent, Fraction)
        ids = [part.id for part in one.parts]
        some = draw(
            st.lists(
                st.sampled_from(ids),
                min_size=one.menu.least,
                max_size=one.menu.most,
                unique=True,
            )
        )
        parts = [draw(st.integers(1, 5)) for _ in some]
        picked += [
            MenuPick(
                menu=one.id,
                measure=id,
                weight_percent=one.weight_percent * part / sum(parts),
            )
            for id, part in zip(some, parts, strict=True)
        ]
    return TermsAgreed(
        account=AccountId("random/2013-14/X01"),
        agreed_on=date(2013, 4, 1),
        agreed_by=(PartyId("X01"),),
        picks=tuple(picked),
    )


@st.composite
def consequence(draw: st.DrawFn, id: str) -> dict[str, Any]:
    percent = exact_text(draw(percents))
    test = draw(passing(id))
    return {**CLAUSE, "id": id, "name": id, "percent": percent, "test": test}


@st.composite
def worlds(draw: st.DrawFn) -> World:
    measures = [draw(measure(f"m{n}")) for n in range(draw(st.integers(1, 4)))]
    reductions = [draw(consequence(f"r{n}")) for n in range(draw(st.integers(0, 4)))]
    gates = [draw(consequence(f"g{n}")) for n in range(draw(st.integers(0, 2)))]

    def reading(id: str, *choices: str) -> dict[str, Any]:
        return {**CLAUSE, "id": id, "reading": draw(st.sampled_from(choices))}

    rulebook = Rulebook.model_validate(
        {
            "scheme": "random",
            "scheme_year": "2013-14",
            "version": 1,
            "title": "Random rules",
            "applies_from": "2013-04-01",
            "sources": {
                "random": {"title": "t", "publisher": "p", "url": "u", "read": "r"}
            },
            "value": {**CLAUSE, "id": "value", "pence_per_head": 500},
            "population": {
                **CLAUSE,
                "id": "population",
                "bases": ["population.running-cost.derived"],
            },
            "measures": measures,
            "reductions": reductions,
            "gates": gates,
            "reduction_base": reading("base", "earned", "maximum"),
            "reduction_combination": reading("comb", "additive", "multiplicative"),
            "rounding": reading("rounding", "half-up-once", "down-once"),
            "purposes": [{**CLAUSE, "id": "a", "name": "a"}],
            "disclosure": {**CLAUSE, "id": "disclosure"},
        }
    )
    maximum = draw(st.one_of(st.integers(0, 40), st.integers(0, 5_000_000_00)))
    return World(rulebook, draw(picks(rulebook)), maximum)


@st.composite
def outcomes(
    draw: st.DrawFn, world: World
) -> tuple[dict[str, Fraction], dict[str, bool]]:
    """What every stake earned, and what was missed."""
    shares = st.one_of(
        st.sampled_from([Fraction(0), Fraction(1)]),
        st.fractions(0, 1, max_denominator=12),
    )
    return (
        {one.id: draw(shares) for one in world.stakes()},
        {id: draw(st.booleans()) for id in world.consequences()},
    )


def keys(world: World) -> Iterator[tuple[str, str]]:
    """Every result that any test of the rulebook can read."""
    from ledger.rules.assess import needs
    from ledger.rules.stakes import judged

    for one in (*judged(world.rulebook), *consequences(world.rulebook)):
        assert one.test is not None
        assert one.test != "agreed"
        yield from needs(one.test, world.terms)
