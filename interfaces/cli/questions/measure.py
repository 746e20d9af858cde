"""`premium measure`: a measure of every group against another window and a test."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from fractions import Fraction
from typing import Annotated, Any

from cyclopts import Parameter

from interfaces.cli import known, printing
from interfaces.cli.exits import Exit, Misused
from interfaces.cli.lists import written
from interfaces.cli.lists.asked import SHAPE, Shape
from interfaces.cli.lists.columns import Row, data, flag, key, number, text
from interfaces.cli.lists.written import List
from interfaces.cli.questions.claims import rulebooks
from interfaces.cli.session import Session
from ledger.measures.margins import Against, test_for
from ledger.measures.measuring import LABELS, Measures, Standing, measured
from ledger.measures.stated import ABOUT, not_submitted
from ledger.measures.windows import Window, window
from ledger.rules.book import Rulebook
from ledger.rules.clauses import Shift
from ledger.wording import counted
from projections.views import results as view
from projections.views.results import KnownMeasure, known_measures
from projections.views.view import Database

NEAREST = 10
"""Groups on each side of the line that are shown unless more are asked for."""


_COLUMNS = (
    text("outcome"),
    flag("within_rounding", shown=False),
    text("name", "group"),
    key("body", "code"),
    number("value"),
    number("numerator", shown=False),
    number("denominator", shown=False),
    number("baseline", "before"),
    number("change"),
    number("margin", "from the line"),
    data("records"),
    data("baseline_records"),
)


_COMPARED = ("baseline", "change")


def measure(
    measure: str,
    /,
    *,
    period: str,
    against: str | None = None,
    scheme_year: str | None = None,
    nearest: int = NEAREST,
    all_: Annotated[bool, Parameter(name="--all")] = False,
    shape: Shape = SHAPE,
    session: Session,
) -> int:
    """Hold a measure of every group against its test; nearest misses first.

    Results under our reading of the test: no determination of anybody's.

    Parameters
    ----------
    measure
        Name of a measure of which results are recorded, such as rtt-incomplete.
    period
        Window: 2014, 2015-03, 2015-03-31, or two of these as 2016-12..2017-11.
    against
        Window to compare with.
    scheme_year
        Take the test of this year's rulebook, such as 2013-14.
    nearest
        Show this many groups on each side of the line.
    all_
        Show every group.
    """
    days = _window(period, "--period")
    baseline = None if against is None else _window(against, "--against")
    with closing(session.views()) as views, views.reading() as db:
        position = views.position
        books = rulebooks(session)
        if scheme_year is not None:
            books = {scheme_year: _book(books, scheme_year)}
        _known(db, measure)
        found = _measured(db, measure, days, baseline, books)
        empty = _none(db, measure, days, baseline)
    about = {"position": position, **_document(session, found)}
    most = len(found.standings) if all_ or shape.where or shape.top else nearest
    rows = [{**_standing(one), "standing": one} for one in found.standings]

    def told(shown: Sequence[Row]) -> None:
        _tell(session, found, [one["standing"] for one in shown], max(0, most))

    title = f"{_title(measure)}: {found.days}"
    columns = [
        one._replace(shown=baseline is not None) if one.field in _COMPARED else one
        for one in _COLUMNS
    ]
    made = List("standings", title, tuple(columns), rows, about, empty, told=told)
    written.write(session, shape, made)
    return Exit.OK


def _window(text: str, option: str) -> Window:
    try:
        return window(text)
    except ValueError as reason:
        raise Misused(f"{option}: {reason}") from None


def _book(books: Mapping[str, tuple[str, Rulebook]], year: str) -> tuple[str, Rulebook]:
    if year not in books:
        held = ", ".join(sorted(books)) or "none"
        raise Misused(f"no rulebook of {year} is recorded: those that are: {held}")
    return books[year]


def _known(db: Database, measure: str) -> None:
    """Stop where no result of a measure is recorded."""
    names = [one.measure for one in known_measures(db) if not _is_population(one)]
    if measure not in names:
        held = f"measures recorded: {', '.join(names) or 'none'}"
        says = f"no result of {measure} is recorded"
        raise known.none(says, measure, names, held)


def _measured(
    db: Database,
    measure: str,
    days: Window,
    baseline: Window | None,
    books: Mapping[str, tuple[str, Rulebook]],
) -> Measures:
    now = view.within(db, measure, days)
    before = () if baseline is None else view.within(db, measure, baseline)
    if baseline is not None and not before:
        now = ()  # There is nothing to compare with.
    return measured(
        measure,
        view.groups(db),
        now=now,
        days=days,
        before=before,
        baseline=baseline,
        against=_test(measure, days, baseline, books),
    )


def _test(
    measure: str,
    days: Window,
    baseline: Window | None,
    books: Mapping[str, tuple[str, Rulebook]],
) -> Against | None:
    """The rulebook's test, or the one stated; none for a change without a baseline."""
    stated = ABOUT[measure].against if measure in ABOUT else None
    found = test_for(measure, days, baseline, books) or stated
    if found and isinstance(found.test, Shift) and baseline is None:
        return None
    return found


def _none(db: Database, measure: str, days: Window, baseline: Window | None) -> str:
    """Why there is nothing to show, and what there is."""
    if baseline is not None and view.within(db, measure, days):
        days = baseline
    [one] = [one for one in known_measures(db) if one.measure == measure]
    return (
        f"no result of {measure} lies within {days}: those recorded are from "
        f"{one.first} to {one.last}"
    )


def _is_population(measure: KnownMeasure) -> bool:
    return measure.measure.startswith("population.")


def _title(measure: str) -> str:
    about = ABOUT.get(measure)
    return about.title if about else measure


def _label(session: Session) -> str:
    return LABELS[session.ledger.origin() or "real"]


def _says(session: Session, measure: str) -> tuple[str, ...]:
    """What is to be known of the real results of a measure; nothing of others."""
    about = ABOUT.get(measure)
    return about.says if about and not session.simulated else ()


def _document(session: Session, found: Measures) -> dict[str, Any]:
    about = ABOUT.get(found.measure)
    tested = found.against
    return {
        "measure": found.measure,
        "title": about.title if about else None,
        "label": _label(session),
        "says": _says(session, found.measure),
        "period": str(found.days),
        "against": str(found.baseline) if found.baseline else None,
        "unit": found.unit,
        "change_in": found.change_in,
        "test": {
            "clause": tested.test.id,
            "says": tested.test.says,
            "status": tested.test.status,
            "comparison": tested.test.comparison,
            "threshold": tested.test.threshold,
            "scheme_year": tested.scheme_year,
            "source": tested.source,
            "rulebook": tested.rulebook,
        }
        if tested
        else None,
        "groups": len(found.standings),
        "met": found.met(),
        "not_met": found.missed(),
        "england": _standing(found.england) if found.england else None,
        "missing": found.missing,
        "trusts_without_data": [
            {"trust": one.trust, "name": one.name, "days": str(one.days)}
            | {"what": one.what}
            for one in not_submitted(found.measure, found.days)
        ],
    }


def _standing(one: Standing) -> dict[str, Any]:
    return {
        "body": one.body,
        "name": one.name,
        "value": one.now.value,
        "numerator": one.now.numerator,
        "denominator": one.now.denominator,
        "baseline": one.before.value if one.before else None,
        "change": one.change,
        "margin": one.margin,
        "outcome": _outcome(one),
        "within_rounding": one.within_rounding,
        "records": one.now.records,
        "baseline_records": one.before.records if one.before else (),
    }


def _outcome(one: Standing) -> str:
    return {None: "open", True: "met", False: "not met"}[one.met]


def _tell(
    session: Session, found: Measures, standings: Sequence[Standing], nearest: int
) -> None:
    against = f" against {found.baseline}" if found.baseline else ""
    say = session.say
    say(session.titled(f"{_title(found.measure)}: {found.days}{against}"))
    say(f"  {_label(session)}")
    for sentence in _says(session, found.measure):
        say(f"  {sentence}")
    _tell_test(session, found)
    _table(session, found, standings, nearest)
    if found.against:
        says = f"{found.met()} of {counted(len(found.standings), 'group')} met it"
        say(f"  {says}, {found.missed()} did not.")
    if any(one.within_rounding for one in found.standings):
        say("  ~ what was cut off in print could turn this outcome.")
    for one in found.missing:
        say(f"  Missing: {one.name} ({one.body}): {one.why}")
    if trusts := not_submitted(found.measure, found.days):
        names = "; ".join(f"{one.name} ({one.trust}): {one.what}" for one in trusts)
        say(f"  Trusts that did not submit: {names}.")
        say("  Groups around them rest on their other providers.")


def _tell_test(session: Session, found: Measures) -> None:
    tested = found.against
    if tested is None:
        why = "It asks for a change: give --against." if not found.baseline else ""
        session.say(f"  No test is held against it. {why}".rstrip())
        return
    status = printing.marked(tested.test.status)
    of = f"clause {tested.test.id} of {tested.scheme_year}"
    where = of if tested.rulebook else f"our stated reading of {tested.scheme_year}"
    session.say(f"  Test: {tested.test.says} [{where}: {status}]")
    session.say(f"  {tested.source}")


def _table(
    session: Session, found: Measures, standings: Sequence[Standing], nearest: int
) -> None:
    """Misses, nearest first, and then what was met by least."""
    missed = [one for one in standings if one.met is False]
    rest = [one for one in standings if one.met is not False]
    shown = (*missed[:nearest], *rest[:nearest])
    left = len(standings) - len(shown)
    rows = [_row(found, one) for one in (*shown, *filter(None, (found.england,)))]
    change = "#change %" if found.change_in == "percent" else "#change"
    compared = ("#before", change) if found.baseline else ()
    columns = ("outcome", "group", "code", "#value", *compared, "#from the line")
    printing.table(session, "", columns, rows)
    if left:
        lie = "lies" if left == 1 else "lie"
        says = f"{counted(left, 'more group')} {lie} farther from the line"
        session.say(f"  {says}; --all shows all.")


def _row(found: Measures, one: Standing) -> tuple[str, ...]:
    compared = (_shown(one.before.value if one.before else None), _shown(one.change))
    return (
        f"{_outcome(one)}{' ~' if one.within_rounding else ''}",
        one.name,
        one.body,
        _shown(one.now.value),
        *(compared if found.baseline else ()),
        _shown(one.margin),
    )


def _shown(number: Fraction | None) -> str:
    """Cut off, never rounded: 91.9999 does not become 92."""
    if number is None:
        return ""
    cut = abs(number.numerator) * 10**5 // number.denominator
    sign = "-" if number < 0 else ""
    return f"{sign}{cut // 10**5:,}.{cut % 10**5:05d}"
