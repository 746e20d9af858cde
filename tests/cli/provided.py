"""Groups that are judged on what one provider's results are, and who works them."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from ledger.decisions.assessments.attributing import PublishAttribution
from ledger.decisions.bodies import RegisterBody
from ledger.decisions.evidence import RecordResult
from ledger.events import BodyCode, PartyId
from ledger.money import exact
from ledger.request import Appended, By, Request
from tests.worlds.years import ledger_of, year_of

SCHEME_YEAR = ("--scheme-year", "2013-14")
SCORE = "2013-04-01..2014-03-31"
RED_1 = f"red-1/P01/{SCORE}"
DIABETES = f"diabetes-admissions/P01/{SCORE}"
MEASURED = {"red-1": "74.9", "diabetes-admissions": "380"}
ANALYST = ("--as", "analyst:payer-analyst-2")
APPROVER = ("--as", "approver:payer-approver-1")
ON = ("--effective-on", "2016-01-11", "--decided-on", "2016-01-11")
DECIDE = ("--reason", "Recounted", "--decide", *ON, *ANALYST)
CORRECT = ("result", "correct", RED_1, "--value", "75", *DECIDE)
BY = By(role="analyst", party=PartyId("payer-analyst-1"))
HEADS = [41_237 + 37 * number for number in range(33)]


def award_pence(heads: int, *, red_1: bool) -> int:
    """87.5% of £5 a head, less a quarter where Red 1 is missed; half a penny up.

    Of the invented year, by hand: local-3, an eighth, is missed and the rest is met.
    """
    thousandths = heads * 500 * 875 * (100 if red_1 else 75)
    return (thousandths + 50_000) // 100_000


def request(id: str, command: Any) -> Request:
    day = date(2015, 10, 15)
    return Request(id=id, by=BY, command=command, effective_on=day, decided_on=day)


def provider(codes: Sequence[str], measured: dict[str, str]) -> list[Request]:
    """A provider whose results count for groups."""
    name = "Imaginary Hospital (simulated provider)"
    code = BodyCode("P01")
    commands: list[Any] = [RegisterBody(body=code, kind="provider", name=name)]
    for measure, value in measured.items():
        commands += [
            RecordResult(
                measure=measure,
                subject=code,
                period=SCORE,
                value=exact(value),
                unit="x",
            ),
            PublishAttribution(
                measure=measure,
                period=SCORE,
                provider=code,
                bodies=tuple(BodyCode(one) for one in codes),
            ),
        ]
    return [request(f"provider/{n}", one) for n, one in enumerate(commands)]


def attributed(
    path: Path, codes: Sequence[str], until: str, measured: dict[str, str]
) -> None:
    """Groups up to a line of their year, judged on what one provider's results are."""
    first, rest = [], []
    for code, heads in zip(codes, HEADS, strict=False):
        year = [
            one
            for one in year_of(code, heads, until)
            if not any(f"/result/{m}/{SCORE}" in one.id for m in measured)
        ]
        judged = next(n for n, one in enumerate(year) if "/assess/" in one.id)
        first += year[:judged]
        rest += year[judged:]
    with ledger_of(path, []) as ledger:
        asked = [*first, *provider(codes, measured), *rest]
        outcomes = ledger.give_each(asked)
    assert {type(one) for one in outcomes} == {Appended}, outcomes
