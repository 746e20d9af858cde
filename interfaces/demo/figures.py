"""The part of the tour on real figures: what was published, and what was measured."""

from typing import Any

from interfaces.demo.tour import Tour

DB = "real.db"
LATER = ("2014-15", "2015-16", "2016-17", "2017-18")
PARTS = "maximum-of-trimethoprim-parts-2017-18-average-group"
MEASURES = (
    (
        (
            *("trimethoprim-nitrofurantoin-ratio", "--period", "2016-12..2017-11"),
            *("--against", "2015-06..2016-05"),
        ),
        (204, 207, "NHS West Norfolk CCG"),
    ),
    (
        ("pyll-amenable", "--period", "2014", "--against", "2013"),
        (68, 211, "NHS Birmingham CrossCity CCG"),
    ),
    (("rtt-incomplete", "--period", "2015-03"), (161, 211, "NHS South Reading CCG")),
)
"""Measure and windows -> how many met it, of how many, and who missed by least."""


def figures(demo: Tour, approver: str, analyst: str) -> None:
    """Published figures beside what is recorded; then three measures."""
    _published(demo, approver)
    _measured(demo, analyst)


def _published(demo: Tour, approver: str) -> None:
    for year in LATER:
        demo.quietly(
            *(DB, "rulebook", "publish", f"quality-premium-{year}"), by=approver
        )
    demo.says("Birmingham CrossCity (13P) was said to be awarded 29%: of which rules?")
    one = _claim(demo, "share-of-maximum-2013-14-13P")
    demo.must(one["verdict"] == "cannot be reached", "29% is reached by no rule")
    demo.says(
        "£274m for England is £5 for every resident; the North West's £7.5m is 20% of "
        "£5 for everybody on its lists."
    )
    england = _claim(demo, "maximum-2015-16-england")
    north_west = _claim(demo, "loss-expected-2015-16-north-west-33")
    demo.must(
        (england["basis"], north_west["basis"]) == ("residents", "registered lists"),
        "one fits residents alone, the other lists alone, and both stand so",
    )
    demo.says("Newbury (10M) expected at most £575k: 115,000 heads.")
    _claim(demo, "maximum-forecast-2014-15-10M")
    print(
        "  The running-cost population (lists moderated to add up to residents) would\n"
        "  reconcile most of these: England at £274m, Newbury's 115,000 between its\n"
        "  residents and its list, Surrey Heath at exactly half. Not the North West.\n"
        "  That is an inference: it is recorded for Surrey Heath alone."
    )
    demo.says("Trimethoprim was said to be worth up to about £60,000 to a group.")
    one = _claim(demo, PARTS)
    demo.must(
        (one["verdict"], one["status"]) == ("cannot be reached", "conflicting"),
        "it is a conflict with the weights recalled, and stays one",
    )
    demo.says("All published figures, by verdict:")
    tally: dict[str, int] = {}
    for claim in demo.asked(DB, "claims", "--json")["claims"]:
        tally[claim["verdict"]] = tally.get(claim["verdict"], 0) + 1
    for verdict, number in sorted(tally.items()):
        print(f"  {number:>3} {verdict}")


def _measured(demo: Tour, analyst: str) -> None:
    demo.says("Three measures of every group: real results, our reading of the tests.")
    for file in ("indicators", "ccg_pyll_2009_2014", "ccg_rtt_18_weeks"):
        demo.step(DB, "import", "results", f"data/{file}.csv", by=analyst)
    for words, (met, groups, nearest) in MEASURES:
        demo.step(DB, "measure", *words, "--nearest", "3")
        found = demo.asked(DB, "measure", *words, "--json", told=False)
        first = found["standings"][0]["name"]
        demo.must(
            (found["met"], found["groups"], first) == (met, groups, nearest),
            f"{met} of {groups} met it, and {nearest} missed by least",
        )


def _claim(demo: Tour, claim: str) -> Any:
    """Ask for one claim, and show what it was held against."""
    [one] = demo.asked(DB, "claims", "--claim", claim, "--json")["claims"]
    print(f"  Published: {one['as_published']} [{one['status']}]. {one['verdict']}:")
    lines = one["working"]["lines"]
    wide = max(len(line["says"]) for line in lines)
    for line in lines:
        print(f"    {line['says']:<{wide}}  {line['result']}")
    if one["at_odds_with"]:
        print(f"  At odds with {', '.join(one['at_odds_with'])}.")
    return one
