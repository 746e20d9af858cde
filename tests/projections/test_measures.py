"""The view of results and groups: the latest of each, and only those in a window."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

from ledger.events import BodyCode, BodyRegistered, ResultRecorded
from ledger.measures.windows import window
from projections.verify.verify import verify
from projections.views import results
from projections.views.results import KnownMeasure
from tests.decisions.given import Book
from tests.projections.histories import MemoryLog, followed, history

RATE = ResultRecorded(
    measure="m",
    subject=BodyCode("X01"),
    period="2015-03-01..2015-03-31",
    value=Fraction(1, 3),
    unit="ratio",
    numerator=Fraction(1),
    denominator=Fraction(3),
)


def test_results_are_exact_and_only_those_within_the_window(tmp_path: Path):
    book = Book()
    book.tell(RATE)
    book.tell(replace(RATE, period="2015-02-01..2015-03-31"))
    book.tell(replace(RATE, period="2015-03-15..2015-04-14"))
    book.tell(replace(RATE, period="2015-04-01"))
    book.tell(replace(RATE, measure="m2"))
    with followed(MemoryLog(history(book)), tmp_path) as views:
        [one] = results.within(views.db, "m", window("2015-03"))
        assert (one.value, one.numerator, one.denominator) == (
            Fraction(1, 3),
            Fraction(1),
            Fraction(3),
        )
        assert one.record == "result/m/X01/2015-03-01..2015-03-31@1"
        assert len(results.within(views.db, "m", window("2015"))) == 4
        assert results.known_measures(views.db) == (
            KnownMeasure("m", date(2015, 2, 1), date(2015, 4, 14), 4, 1),
            KnownMeasure("m2", date(2015, 3, 1), date(2015, 3, 31), 1, 1),
        )


def test_a_later_version_of_a_result_takes_the_place_of_the_earlier(tmp_path: Path):
    book = Book()
    book.tell(RATE)
    log = MemoryLog(history(book))
    with followed(log, tmp_path):
        pass
    book.tell(replace(RATE, value=Fraction(2, 3), numerator=Fraction(2)))
    log.append(history(book)[1:])
    with followed(log, tmp_path) as views:
        [one] = results.within(views.db, "m", window("2015"))
        assert (one.value, one.record[-2:]) == (Fraction(2, 3), "@2")
        assert verify(views) == ()


def test_populations_are_found_apart_from_other_measures(tmp_path: Path):
    book = Book()
    book.tell(RATE)
    book.tell(
        replace(RATE, measure="population.registered.gp-list", period="2013-04-01")
    )
    with followed(MemoryLog(history(book)), tmp_path) as views:
        [(measure, one)] = results.populations(views.db)
        assert (measure, one.days) == (
            "population.registered.gp-list",
            window("2013-04-01"),
        )


def test_groups_are_those_registered_as_such_with_their_days(tmp_path: Path):
    book = Book()
    group = BodyRegistered(
        body=BodyCode("X01"),
        kind="group",
        name="Group",
        opened_on=date(2013, 4, 1),
        area_team="Q46",
    )
    book.tell(group)
    book.tell(replace(group, body=BodyCode("RXX"), kind="provider"))
    with followed(MemoryLog(history(book)), tmp_path) as views:
        [one] = results.groups(views.db)
        assert (one.body, one.name, one.opened_on, one.closed_on, one.area_team) == (
            *("X01", "Group"),
            *(date(2013, 4, 1), None, "Q46"),
        )
