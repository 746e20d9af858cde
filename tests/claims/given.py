"""The shipped data as the ledger would hold it, and figures of our own."""

import csv
from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from ledger.claims.claimed import Claimed
from ledger.claims.inputs import Counted, Inputs
from ledger.events import BodyCode, ClaimRecorded, DocumentId, RecordId
from ledger.intake.files import read_file
from ledger.measures.groups import Group
from ledger.recorded import claim_stream, result_stream
from ledger.rules.rulebook import packaged
from tests.decisions.given import ANALYST

DATA = Path(__file__).parents[2] / "data"
YEARS = ("2013-14", "2014-15", "2015-16", "2016-17", "2017-18")


def commands(kind: str, file: str) -> Iterator[Any]:
    intake = read_file(kind, file, (DATA / file).read_bytes(), ANALYST)
    for request in intake.requests[1:]:
        yield request.command


def claimed(command: Any) -> Claimed:
    """A claim as its first record would hold it."""
    names = [one.name for one in fields(ClaimRecorded)]
    fact = ClaimRecorded(**{name: getattr(command, name) for name in names})
    return Claimed(record=RecordId(f"{claim_stream(fact.claim)}@1"), fact=fact)


def counted(command: Any) -> Counted:
    stream = result_stream(command.measure, command.subject, command.period)
    return Counted(
        measure=command.measure,
        as_at=date.fromisoformat(command.period),
        body=command.subject,
        heads=command.value,
        record=RecordId(f"{stream}@1"),
    )


@cache
def known() -> Inputs:
    """Everything that is shipped: claims, populations, groups, five rulebooks."""
    populations = [
        counted(command)
        for file in ("ccg_population.csv", "derived_populations.csv")
        for command in commands("populations", file)
    ]
    groups = [
        Group(
            body=command.body,
            name=command.name,
            opened_on=command.opened_on,
            closed_on=command.closed_on,
            area_team=command.area_team,
        )
        for command in commands("bodies", "ccgs.csv")
    ]
    claims = (claimed(command) for command in commands("claims", "claims.csv"))
    return Inputs(
        claims={one.fact.claim: one for one in claims},
        populations=tuple(populations),
        groups=tuple(groups),
        rulebooks={
            year: (
                f"rulebook/quality-premium/{year}@1",
                packaged(f"quality-premium-{year}"),
            )
            for year in YEARS
        },
    )


def figure(
    printed: str,
    *,
    pounds: str | None = None,
    value: str | None = None,
    rounded_to: str | None = None,
    quantity: str = "maximum",
    about: str = "england",
    year: str = "2015-16",
    source: str = "https://example.org",
) -> Claimed:
    """A published figure of our own."""

    def pence(text: str | None) -> int | None:
        return None if text is None else int(Fraction(text) * 100)

    return Claimed(
        record=RecordId("claim/c@1"),
        fact=ClaimRecorded(
            claim=f"{quantity}-{year}-{about}",
            about=about,
            scheme="quality-premium",
            scheme_year=year,
            quantity=quantity,
            as_published=printed,
            source=source,
            status="confirmed",
            amount_pence=pence(pounds),
            value=None if value is None else Fraction(value),
            rounded_to_pence=pence(rounded_to),
            document=DocumentId("0" * 64),
        ),
    )


def population(body: str, heads: int, measure: str, day: str) -> Counted:
    return Counted(
        measure=f"population.{measure}",
        as_at=date.fromisoformat(day),
        body=BodyCode(body),
        heads=Fraction(heads),
        record=RecordId(f"result/{measure}/{body}/{day}@1"),
    )


def cases() -> list[dict[str, str]]:
    with (DATA / "worked_cases.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
