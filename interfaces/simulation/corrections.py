"""A result that turns out lower two years later, and the money that comes back."""

from datetime import timedelta

from interfaces.simulation.evidence import moved_year
from interfaces.simulation.given import ANALYST, APPROVER
from interfaces.simulation.premiums import Premium, decided


def corrected(first: Premium, last: Premium | None) -> int:
    """The first year's Red 1 result is corrected to just below the standard.

    Args:
        last: The same group's premium of a later year, whose award is confirmed by
            then and nothing of it asked for; None: all of the debt comes back in cash.

    Returns:
        The pence of the later premium that settle the debt.
    """
    on = first.days.autumn(6).replace(year=first.days.begins.year + 4)
    first.given.give(
        first.id("result-corrected"),
        "correct-result",
        ANALYST,
        on,
        measure="red-1",
        subject=first.group.code,
        period=moved_year(first.year),
        value="74.83",
        unit="percent",
        reason="Simulated: calls were counted twice.",
        published_on=on.isoformat(),
    )
    first.give(
        "assess/constitution.red-1/again",
        "assess-gate",
        ANALYST,
        on,
        gate="constitution.red-1",
    )
    decided(first, 2, on, on + timedelta(days=1))
    debt_pence = first.award_pence() - first.award_pence(more_missed=1)
    set_off_pence = min(debt_pence, last.award_pence()) if last is not None else 0
    if last is not None:
        first.give(
            "set-off",
            "set-off-debt",
            APPROVER,
            on + timedelta(days=2),
            set_off="o1",
            against=last.account,
            amount_pence=set_off_pence,
        )
    left_pence = debt_pence - set_off_pence
    if left_pence:
        _recovered(first, left_pence)
    return set_off_pence


def _recovered(first: Premium, pence: int) -> None:
    """What is owed is proposed and ordered back, and comes in two payments."""
    year = first.days.begins.year + 4
    ordered = first.days.after(11, 15).replace(year=year)
    first.give(
        "recovery/proposed",
        "propose-recovery",
        ANALYST,
        ordered - timedelta(days=1),
        recovery="b1",
        amount_pence=pence,
        reason="Simulated: paid beyond the later award.",
        due_on=(ordered + timedelta(days=90)).isoformat(),
    )
    first.give("recovery/ordered", "order-recovery", APPROVER, ordered, recovery="b1")
    for number, part in ((1, pence // 2), (2, pence - pence // 2)):
        first.give(
            f"recovery/{number}",
            "receive-recovery",
            ANALYST,
            ordered + timedelta(days=30 * number),
            recovery="b1",
            payment=f"p{number}",
            reference=f"SIM-BACK-{first.group.code}-{number}",
            amount_pence=part,
        )
