"""What is known of three measures beside their figures: tests, weights, caveats.

A test stands here only where it may be asked for without a rulebook at hand; a clause
of a rulebook recorded in the ledger is taken before it.
"""

from datetime import date
from fractions import Fraction

from ledger.measures.margins import Against
from ledger.measures.windows import Window
from ledger.rules.clauses import Level, Shift
from ledger.values import value


@value
class NotSubmitted:
    """A trust that sent no figures: groups around it rest on its neighbours."""

    trust: str  # ODS code.
    name: str
    days: Window
    what: str = "no data"


@value
class About:
    """A measure in words, and what must be said whenever it is shown."""

    title: str
    says: tuple[str, ...]
    against: Against
    not_submitted: tuple[NotSubmitted, ...] = ()


def _trust(
    trust: str, name: str, first: date, last: date, what: str = "no data"
) -> NotSubmitted:
    return NotSubmitted(
        trust=trust, name=name, days=Window(first=first, last=last), what=what
    )


_DECEMBER, _APRIL, _MAY = date(2014, 12, 1), date(2015, 4, 30), date(2015, 5, 31)

_NOT_SUBMITTED = (
    _trust("RF4", "Barking, Havering and Redbridge", _DECEMBER, _MAY),
    _trust("R1H", "Barts", _DECEMBER, _MAY),
    _trust("RPA", "Medway", _DECEMBER, _MAY),
    _trust("RQW", "Princess Alexandra", _DECEMBER, _MAY),
    _trust("RBK", "Walsall", _DECEMBER, _MAY),
    _trust("RDE", "Colchester", _DECEMBER, _APRIL),
    _trust("RJZ", "King's", date(2015, 4, 1), _MAY),
    _trust("RHW", "Royal Berkshire", _DECEMBER, date(2014, 12, 31)),
    _trust("RR1", "Heart of England", _DECEMBER, date(2015, 2, 28)),
    _trust("RM2", "South Manchester", date(2015, 3, 1), _MAY),
    _trust("RLQ", "Wye Valley", date(2015, 4, 1), _APRIL, "part of its data"),
    _trust("RLQ", "Wye Valley", date(2015, 5, 1), _MAY),
    _trust(
        *("RAL", "Royal Free", _DECEMBER, _APRIL),
        "nothing of the former Barnet and Chase Farm",
    ),
)
"""Incomplete pathways, December 2014 to May 2015, from the workbooks' notes."""

ABOUT: dict[str, About] = {
    "trimethoprim-nitrofurantoin-ratio": About(
        title="Trimethoprim items for each nitrofurantoin item",
        says=(
            "A window, not the scheme year: figures end with November 2017, and the "
            "scheme year 2017/18 with March 2018.",
            "Its weight is ASSUMED: 3.825% of the premium (22.5% of 17%).",
            "All ages: the part on patients over 70 is not held.",
        ),
        against=Against(
            test=Shift(
                id="stated.trimethoprim-nitrofurantoin-ratio",
                says="The ratio falls by at least 10% from the group's own baseline.",
                source="thepharmacist",
                status="confirmed",
                kind="change",
                indicator="trimethoprim-nitrofurantoin-ratio",
                period="2016-12-01..2017-11-30",
                baseline_period="2015-06-01..2016-05-31",
                change="percent-fall",
                comparison="at-least",
                threshold=Fraction(10),
            ),
            scheme_year="2017-18",
            source=(
                "The Pharmacist, "
                "https://www.thepharmacist.co.uk/news/latest-news/trimethoprim/"
            ),
            rulebook=None,
        ),
    ),
    "pyll-amenable": About(
        title="Potential years of life lost from causes amenable to healthcare",
        says=(
            "From a release of September 2015: the premium's own baselines may come "
            "from an earlier one.",
            "Rates are standardised and printed to one decimal: what was cut off can "
            "turn an outcome at the line.",
        ),
        against=Against(
            test=Shift(
                id="stated.pyll-amenable",
                says="The standardised rate falls by at least 3.2%.",
                source="gponline-draft",
                status="reported-from-draft",
                kind="change",
                indicator="pyll-amenable",
                period="2014-01-01..2014-12-31",
                baseline_period="2013-01-01..2013-12-31",
                change="percent-fall",
                comparison="at-least",
                threshold=Fraction("3.2"),
            ),
            scheme_year="2013-14",
            source=(
                "GPonline, https://www.gponline.com/local-ccg-quality-premium-targets-"
                "worth-11250-practices/article/1165220"
            ),
            rulebook=None,
        ),
    ),
    "rtt-incomplete": About(
        title="Incomplete pathways within 18 weeks of referral",
        says=(
            "One month's list, not the year's judgement: how months of a year were "
            "put together is not known.",
        ),
        against=Against(
            test=Level(
                id="stated.rtt-incomplete",
                says="At least 92% of incomplete pathways are within 18 weeks.",
                source="general-knowledge",
                status="assumed",
                kind="level",
                indicator="rtt-incomplete",
                period="2015-03-01..2015-03-31",
                comparison="at-least",
                threshold=Fraction(92),
            ),
            scheme_year="2014-15",
            source="The national standard; not read for the premium of any year",
            rulebook=None,
        ),
        not_submitted=_NOT_SUBMITTED,
    ),
}
"""Measure -> what is known of it. Of other measures nothing is stated."""


def not_submitted(measure: str, days: Window) -> tuple[NotSubmitted, ...]:
    """The trusts without figures in any part of a window."""
    about = ABOUT.get(measure)
    return tuple(
        one
        for one in (about.not_submitted if about else ())
        if one.days.first <= days.last and days.first <= one.days.last
    )
