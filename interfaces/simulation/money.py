"""What simulated groups are paid, and what they spend of it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from interfaces.simulation.days import Days
from interfaces.simulation.given import ANALYST, APPROVER, REFUSED, Given, finance
from interfaces.simulation.interests import decided
from interfaces.simulation.premiums import Premium
from interfaces.simulation.rules import scheme, scheme_year
from ledger.decisions.disbursements.runs import list_hash
from ledger.events import AccountId, RunItem

LONGEST_RUN = 500
"""Requests in one payment run; more are paid in several."""

Due = tuple[Premium, int]
"""A premium, and the pence its group asks for."""


def requested(due: Due) -> None:
    """A group asks for all that is payable to it."""
    premium, pence = due
    _ask(premium, "d1", pence, 11)
    if premium.days.late:
        _paid_alone(premium, "d1", 13)


def paid_together(given: Given, dues: Sequence[Due], year: int) -> None:
    """Everything that was asked for in time, under one approval a run."""
    days = Days(year=year, late=False)
    for start in range(0, len(dues), LONGEST_RUN):
        number = start // LONGEST_RUN + 1
        about: dict[str, Any] = {
            "scheme": scheme(year),
            "scheme_year": scheme_year(year),
            "run": number,
        }
        chosen = sorted(
            dues[start : start + LONGEST_RUN], key=lambda due: due[0].account
        )
        items = [
            RunItem(
                account=AccountId(premium.account),
                disbursement="d1",
                amount_pence=pence,
            )
            for premium, pence in chosen
        ]
        run = f"{scheme_year(year)}/run/{number}"
        given.give(
            f"{run}/proposed",
            "propose-payment-run",
            ANALYST,
            days.autumn(13),
            **about,
            requests=[
                {"account": one.account, "disbursement": one.disbursement}
                for one in items
            ],
        )
        given.give(
            f"{run}/approved",
            "approve-payment-run",
            APPROVER,
            days.autumn(15),
            **about,
            list_hash=list_hash(items),
            total_pence=sum(pence for _, pence in chosen),
        )
        for premium, _ in chosen:
            _pay(premium, "d1", 18)
            _received(premium)
        given.give(
            f"{run}/closed", "close-payment-run", ANALYST, days.autumn(26), **about
        )


def _ask(premium: Premium, name: str, pence: int, day: int) -> None:
    premium.give(
        f"{name}/requested",
        "request-disbursement",
        finance(premium.group),
        premium.days.autumn(day),
        disbursement=name,
        amount_pence=pence,
    )


def _paid_alone(premium: Premium, name: str, day: int) -> None:
    premium.give(
        f"{name}/approved",
        "approve-disbursement",
        APPROVER,
        premium.days.autumn(day),
        disbursement=name,
    )
    _pay(premium, name, day + 2)


def _pay(premium: Premium, name: str, day: int) -> None:
    on = premium.days.autumn(day)
    premium.give(
        f"{name}/paid",
        "pay-disbursement",
        ANALYST,
        on,
        disbursement=name,
        reference=f"SIM-{scheme_year(premium.year)}-{premium.group.code}-{name}",
        kind="allocation-adjustment",
        value_date=(on + timedelta(days=2)).isoformat(),
    )


def _received(premium: Premium) -> None:
    if premium.group.fate == "duplicate-invoice":
        return
    on = premium.days.autumn(20)
    premium.give(
        "d1/received",
        "confirm-receipt",
        finance(premium.group),
        on,
        receipt="d1",
        received_on=on.isoformat(),
    )


# Use ----------------------------------------------------------------------------------


def used(due: Due) -> None:
    """What a group spends of what it was paid: most of them all, in three parts."""
    premium, pence = due
    first, second = pence * 2 // 5, pence * 3 // 10
    rest = pence - first - second
    if premium.group.fate == "duplicate-invoice":
        _returned(due)
        _spend(premium, "s1", "transport", first // 2)
        _spend(premium, "s1-again", "transport", first // 2)
        rest += first - 2 * (first // 2)
    else:
        _spend(premium, "s1", "clinic", first)
    _spend(premium, "s2", "nurses", second)
    match premium.group.fate:
        case "withheld-serious":
            _spend(premium, "s3", "charity", rest, command="pass-on")
            _passed_on_otherwise(premium, rest)
        case "unspent":
            _unspent(premium, rest)
        case "corrected-cash":
            pass  # What it pays back comes from here.
        case _:
            payee = f"sim-charity-{premium.group.code}"
            decided(premium, "s3", payee, premium.days.after(3, 20))
            _spend(premium, "s3", "charity", rest)
    if premium.group.fate == "withheld-quality":
        _corrected(premium, second)
        _credited(premium, "s1", "credit-spending", first // 20)


_USES: dict[str, tuple[int, int, str, str]] = {
    "clinic": (1, 15, "a", "Memory clinic, a year"),
    "transport": (1, 15, "c", "Transport for outlying villages"),
    "nurses": (2, 10, "b", "Diabetes nurses, six months"),
    "charity": (3, 20, "c", "Help to stop smoking"),
}
"""Payee -> month and day, purpose, and what was bought."""


def _spend(
    premium: Premium,
    name: str,
    payee: str,
    pence: int,
    *,
    command: str = "record-spending",
    id: str | None = None,
) -> None:
    month, day, purpose, service = _USES[payee]
    premium.give(
        id or f"spending/{name}",
        command,
        finance(premium.group),
        premium.days.after(month, day),
        spending=name,
        payee=f"sim-{payee}-{premium.group.code}",
        purpose=purpose,
        service=f"Simulated: {service}",
        amount_pence=pence,
        transaction=f"SIM-{premium.group.code}-{premium.year}-{payee}",
    )


def _unspent(premium: Premium, pence: int) -> None:
    """What is left is declared, and half lapses, not all as was proposed first.

    The first group overdraws in vain.
    """
    days, by = premium.days, finance(premium.group)
    end = days.after(3, 31)
    if premium.group.first:
        refused = f"{REFUSED}a-penny-beyond"
        _spend(premium, "s3", "charity", pence + 1, id=refused)
    premium.give(
        "unspent", "declare-unspent", by, end, on=end.isoformat(), amount_pence=pence
    )
    reference = f"SIM-LAPSE-{scheme_year(premium.year)}-{premium.group.code}"
    _to_lapse(premium, "l1", pence, reference)
    premium.give(
        "lapse/l1/refused",
        "refuse-lapse",
        APPROVER,
        days.after(6, 29),
        lapse="l1",
        reason="Simulated: half of it is carried forward.",
    )
    _to_lapse(premium, "l2", pence // 2, reference)
    premium.give("lapse/l2/decided", "lapse", APPROVER, days.after(6, 30), lapse="l2")


def _to_lapse(premium: Premium, name: str, pence: int, reference: str) -> None:
    premium.give(
        f"lapse/{name}/proposed",
        "propose-lapse",
        ANALYST,
        premium.days.after(6, 28),
        lapse=name,
        reference=reference,
        amount_pence=pence,
        reason="Simulated: it was not spent in its year.",
    )


def _corrected(premium: Premium, pence: int) -> None:
    """A spending turns out to have been a tenth less, for another purpose."""
    premium.give(
        "spending/s2/corrected",
        "correct-spending",
        finance(premium.group),
        premium.days.after(5, 12),
        spending="s2",
        payee=f"sim-nurses-{premium.group.code}",
        purpose="a",
        service="Simulated: Diabetes nurses, five months",
        amount_pence=pence * 9 // 10,
        reason="Simulated: the invoice was lower.",
    )


def _passed_on_otherwise(premium: Premium, pence: int) -> None:
    """What was passed on was for another purpose, and a tenth of it comes back."""
    premium.give(
        "spending/s3/corrected",
        "correct-passed-on",
        finance(premium.group),
        premium.days.after(4, 20),
        spending="s3",
        payee=f"sim-charity-{premium.group.code}",
        purpose="b",
        service="Simulated: Help to stop smoking, for mothers",
        amount_pence=pence,
        reason="Simulated: the purpose was another.",
        transaction=f"SIM-{premium.group.code}-{premium.year}-charity",
    )
    _credited(premium, "s3", "credit-passed-on", pence // 10)


def _credited(premium: Premium, name: str, command: str, pence: int) -> None:
    premium.give(
        f"spending/{name}/credited",
        command,
        finance(premium.group),
        premium.days.after(6, 10),
        spending=name,
        credit="c1",
        amount_pence=pence,
        reason="Simulated: a credit note.",
    )


def _returned(due: Due) -> None:
    """The bank sends the first payment back; it is asked for and paid again."""
    premium, pence = due
    premium.give(
        "d1/returned",
        "return-disbursement",
        ANALYST,
        premium.days.autumn(28),
        disbursement="d1",
        reason="Simulated: the bank account was closed.",
    )
    _ask(premium, "d2", pence, 32)
    _paid_alone(premium, "d2", 34)
