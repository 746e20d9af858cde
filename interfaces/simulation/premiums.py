"""One simulated group's premium for one year: from its opening to its award."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from interfaces.simulation.days import Days
from interfaces.simulation.evidence import GATES, MEASURES, STANDARDS, Outcome
from interfaces.simulation.given import (
    ANALYST,
    APPROVER,
    HEARING,
    REFUSED,
    Given,
    finance,
)
from interfaces.simulation.groups import Group
from interfaces.simulation.rules import scheme, scheme_year
from interfaces.simulation.terms import terms
from ledger.money import round_half_up

_PENCE_PER_HEAD = 500
_LIST = "population.registered.gp-list"


@dataclass(frozen=True, slots=True, kw_only=True)
class Premium:
    """A group's premium for a year."""

    group: Group
    year: int  # Counted from 0.
    heads: int
    outcome: Outcome
    given: Given

    @property
    def account(self) -> str:
        """Its account's id."""
        return f"{scheme(self.year)}/{scheme_year(self.year)}/{self.group.code}"

    @property
    def days(self) -> Days:
        """Its days."""
        return Days(year=self.year, late=self.group.fate == "late-evidence")

    def id(self, about: str) -> str:
        """The id of a command about it."""
        return f"{self.group.code}/{scheme_year(self.year)}/{about}"

    def give(
        self, about: str, name: str, by: dict[str, str], day: date, /, **data: Any
    ) -> None:
        """Give a command that is about its account."""
        self.given.give(self.id(about), name, by, day, account=self.account, **data)

    def award_pence(self, more_missed: int = 0) -> int:
        """What the rules give, worked out apart from the ledger.

        Args:
            more_missed: Standards that were missed besides those of the outcome.
        """
        if self.outcome.missed & GATES.keys():
            return 0
        missed = len(self.outcome.missed) + more_missed
        kept = Fraction(max(0, 4 - missed), 4)
        earned = Fraction(self.outcome.thousandths, 1000)
        return round_half_up(self.heads * _PENCE_PER_HEAD * earned * kept)


def opened(premium: Premium) -> None:
    """Heads, the account, and what was agreed."""
    group, days = premium.group, premium.days
    as_at = days.begins.isoformat()
    premium.given.give(
        premium.id("heads"),
        "record-result",
        ANALYST,
        days.begins,
        measure=_LIST,
        subject=group.code,
        period=as_at,
        value=f"{premium.heads}",
        unit="heads",
    )
    premium.give(
        "open",
        "open-account",
        ANALYST,
        days.start(5, 15),
        population=_LIST,
        as_at=as_at,
    )
    agreed = days.start(6, 1)
    premium.give(
        "terms",
        "agree-terms",
        ANALYST,
        agreed,
        agreed_on=agreed.isoformat(),
        agreed_by=[group.finance, ANALYST["party"]],
        **terms(premium.year),
    )


def awarded(premium: Premium) -> None:
    """Every measure, standard and gate judged, and the award confirmed."""
    days = premium.days
    if days.late and premium.group.first:
        early = Days(year=premium.year, late=False).autumn(0)
        premium.give(
            f"{REFUSED}too-early", "assess-indicator", ANALYST, early, measure="local-3"
        )
    for one in MEASURES:
        premium.give(
            f"assess/{one}", "assess-indicator", ANALYST, days.autumn(0), measure=one
        )
    for one in (*STANDARDS, *GATES):
        premium.give(f"assess/{one}", "assess-gate", ANALYST, days.autumn(0), gate=one)
    decided(premium, 1, days.autumn(0), days.autumn(5))


def decided(premium: Premium, number: int, proposed: date, on: date) -> None:
    """An award proposed, and confirmed by another person."""
    premium.give(f"propose/{number}", "propose-award", ANALYST, proposed)
    premium.give(
        f"confirm/{number}", "confirm-award", APPROVER, on, determination=number
    )


_WITHHELD: dict[str, tuple[str, str, str]] = {
    "withheld-quality": ("quality-indicators", "assessment", "dismissed"),
    "withheld-financial": ("financial-requirements", "4(1)(c)", "upheld-in-part"),
    "withheld-constitution": ("constitution-standards", "4(1)(f)", "upheld"),
    "withheld-serious": ("serious-quality-failure", "assessment", "dismissed"),
    "withholding-refused": ("quality-indicators", "assessment", ""),
}
"""Fate -> ground, legal basis, and how the group's representation ends."""


def withheld(premium: Premium) -> int:
    """What is kept back of the award by decision, disputed and answered.

    Returns:
        The pence that stay kept back once the representation is answered.
    """
    fate, award_pence = premium.group.fate, premium.award_pence()
    if fate not in _WITHHELD:
        return 0
    ground, basis, answer = _WITHHELD[fate]
    days, kept_pence = premium.days, 0
    part: dict[str, Any] = {}
    match fate:
        case "withheld-quality" | "withholding-refused":
            part = {"share": "1/4"}
            kept_pence = round_half_up(Fraction(award_pence, 4))
        case "withheld-financial":
            part = {"amount_pence": award_pence // 5}
            kept_pence = award_pence // 10
        case "withheld-serious":
            part = {"share": "1/3"}
            kept_pence = round_half_up(Fraction(award_pence, 3))
    premium.give(
        "withhold",
        "propose-withholding",
        ANALYST,
        days.autumn(6),
        withholding="w1",
        ground=ground,
        legal_basis=basis,
        discretion="Simulated: what was found was weighed.",
        **part,
    )
    if not answer:
        premium.give(
            "withhold/refused",
            "refuse-withholding",
            APPROVER,
            days.autumn(7),
            withholding="w1",
            reason="Simulated: not appropriate in this case.",
        )
        return 0
    premium.give(
        "withhold/decided",
        "decide-withholding",
        APPROVER,
        days.autumn(7),
        withholding="w1",
    )
    _disputed(premium, answer)
    if fate == "withheld-quality":
        kept_pence = award_pence // 3
        _more(premium, kept_pence, "decide")
    if fate == "withheld-serious":
        _more(premium, award_pence // 2, "refuse")
    return 0 if answer == "upheld" else kept_pence


def _more(premium: Premium, amount_pence: int, answer: str) -> None:
    """More is proposed to be kept back in all, and decided or refused."""
    on = premium.days.autumn(9)
    premium.give(
        "withhold/more",
        "propose-variation",
        ANALYST,
        on,
        withholding="w1",
        amount_pence=amount_pence,
        reason="Simulated: more was found since.",
    )
    why = {"reason": "Simulated: it was weighed already."}
    premium.give(
        f"withhold/more/{answer}",
        f"{answer}-variation",
        APPROVER,
        on,
        withholding="w1",
        **(why if answer == "refuse" else {}),
    )


def _disputed(premium: Premium, answer: str) -> None:
    """The group speaks against it, is answered, and gets what follows from that."""
    days = premium.days
    premium.give(
        "represent",
        "make-representation",
        finance(premium.group),
        days.autumn(8),
        representation="r1",
        about="withholding",
        subject="w1",
        grounds="Simulated: the group sees it otherwise.",
    )
    premium.give(
        "represent/decided",
        "decide-representation",
        HEARING,
        days.autumn(9),
        representation="r1",
        outcome=answer,
        reason="Simulated: both sides were heard.",
    )
    reason = {"reason": "Simulated: follows from the representation."}
    if answer == "upheld":
        premium.give(
            "withhold/released",
            "release-withholding",
            APPROVER,
            days.autumn(9),
            withholding="w1",
            **reason,
        )
    if answer == "upheld-in-part":
        premium.give(
            "withhold/varied",
            "vary-withholding",
            APPROVER,
            days.autumn(9),
            withholding="w1",
            **reason,
            amount_pence=premium.award_pence() // 10,
        )
