"""A simulated year whose rules have a menu, parts, a linear test and unknowns."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

from ledger.decisions.terms import AgreeTerms
from ledger.events import Fact, MenuPick, PartyId, RulebookPublished
from ledger.money import exact
from ledger.rules.rulebook import Rulebook, canonical, content_hash, parse
from tests.decisions.given import (
    ACCOUNT,
    GROUP,
    HEADS,
    OPENED,
    RULEBOOK,
    YEAR,
    Book,
)

CLAUSE: dict[str, Any] = {
    "says": "As simulated.",
    "source": "ledger-decision",
    "status": "assumed",
}


def level(id: str, threshold: str, **more: Any) -> dict[str, Any]:
    """A level test: the indicator bears the clause's name."""
    return {
        **CLAUSE,
        "id": f"{id}.test",
        "kind": "level",
        "indicator": id,
        "period": YEAR,
        "comparison": "at-least",
        "threshold": threshold,
        **more,
    }


def part(id: str, test: Any, **more: Any) -> dict[str, Any]:
    return {**CLAUSE, "id": id, "name": id, "test": test, **more}


def linear(id: str, **more: Any) -> dict[str, Any]:
    return {
        **CLAUSE,
        "id": f"{id}.test",
        "kind": "linear",
        "indicator": id,
        "period": YEAR,
        "nothing_at": "50",
        "full_at": "90",
        **more,
    }


CARE: dict[str, Any] = {
    **CLAUSE,
    "id": "care",
    "name": "Care",
    "domain": "quality",
    "weight_percent": "60",
    "menu": {**CLAUSE, "id": "care.menu", "least": 1, "most": 2, "split": "agreed"},
    "parts": [
        part("care.weekend", level("care.weekend", "30")),
        part("care.transfers", "agreed"),
        part("care.survey", linear("care.survey")),
    ],
}
AMR: dict[str, Any] = {
    **CLAUSE,
    "id": "amr",
    "name": "Antibiotics",
    "domain": "safety",
    "weight_percent": "40",
    "parts": [
        part("amr.items", level("amr.items", "4"), share_percent="75"),
        part("amr.broad", level("amr.broad", "10"), share_percent="25"),
    ],
}


def rules(**changes: Any) -> RulebookPublished:
    """The rules of 2013/14 with these measures and no standards, changed further."""
    data = json.loads(canonical(RULEBOOK))
    data |= {"measures": [CARE, AMR], "reductions": [], **changes}
    book = parse(json.dumps(data))
    return published(book)


def published(book: Rulebook) -> RulebookPublished:
    content = canonical(book)
    return RulebookPublished(
        scheme=book.scheme,
        scheme_year=book.scheme_year,
        rulebook_version=book.version,
        applies_from=book.applies_from,
        content=content,
        content_hash=content_hash(content),
    )


def ground(*more: Fact, **changes: Any) -> tuple[Fact, ...]:
    """A group with heads under these rules, and more facts."""
    return (OPENED, GROUP, rules(**changes), HEADS, *more)


def pick(part: str, weight: str, menu: str = "care") -> MenuPick:
    return MenuPick(menu=menu, measure=part, weight_percent=exact(weight))


PICKED = AgreeTerms(
    account=ACCOUNT,
    agreed_on=date(2013, 6, 1),
    agreed_by=(PartyId("X01"), PartyId("area-team")),
    picks=(pick("care.survey", "45"), pick("care.weekend", "15")),
)


def picking(*picks: MenuPick) -> AgreeTerms:
    return replace(PICKED, picks=picks)


def told(*facts: Fact) -> Book:
    book = Book()
    for fact in facts:
        book.tell(fact)
    return book
