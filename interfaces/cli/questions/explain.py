"""`premium explain`: why a figure is what it is, to the penny."""

from collections import Counter
from typing import Any
from urllib.parse import unquote

from interfaces.cli import account_state, clocks, decided, known, printing
from interfaces.cli.clocks import WHOLE, History
from interfaces.cli.exits import Exit, Misused
from interfaces.cli.options import YEAR, Account, Json, Year
from interfaces.cli.questions import standing
from interfaces.cli.session import Session
from ledger.events import ClaimRecorded
from ledger.money import exact_text, pounds
from ledger.recorded import account_parts, claim_stream
from ledger.rules.readings import Fit, fits
from ledger.rules.working import render_text, to_json
from ledger.wording import counted

_VERDICTS = ("exact", "when rounded", "no")


def explain(
    account: Account,
    /,
    *,
    claim: str | None = None,
    year: Year = YEAR,
    when: History = WHOLE,
    json: Json = False,
    session: Session,
) -> int:
    """Explain an award line by line; with --claim, what fits a published figure.

    With a claim, every population held for the body is tried with every reading of
    the rules that is not settled. Nothing is recorded.

    Parameters
    ----------
    claim
        Id of a published figure, such as received-2013-14-10C.
    """
    account_id = year.account(account)
    everything, session = session, clocks.at(session, when)
    if claim is not None:
        return _against(session, account_id, claim, json)
    known.account(everything, year, account)

    state = account_state.account(session, account_id)
    line = account_state.working(session, state)
    stands = standing.standing(session, state, when.effective)
    published = standing.claims(session, state)
    marks = account_state.marks(session, account_id, when.effective)
    if json:
        content = {
            "position": session.ledger.head(),
            **when.as_json(),
            **decided.said(session, when, account_id),
            **printing.years(account_id),
            "standing": stands,
            "working": to_json(line),
            "claims": published,
            "prior_period": marks,
        }
        printing.document(session, content)
        return Exit.OK
    session.say(printing.account_title(session, account_id))
    standing.print_standing(session, stands)
    printing.marks(session, marks)
    session.say(render_text(line))
    standing.print_claims(session, published)
    decided.say(session, when, account_id)
    return Exit.OK


def _against(session: Session, account_id: str, claim: str, json: bool) -> int:
    body = account_parts(account_id)[2]
    said = _claim(session, claim)
    if (said.about, f"{said.scheme}/{said.scheme_year}") != (
        body,
        account_id.rpartition("/")[0],
    ):
        raise Misused(
            f"{claim} is about {said.about} in {said.scheme} {said.scheme_year}, not "
            f"about {account_id}: name that account, or another claim"
        )
    if said.amount_pence is None:
        raise Misused(f"{claim} is {said.as_published!r}: it is not a sum of money")
    rules = account_state.rules(session, account_id)
    heads = account_state.populations(session, body)
    found = fits(rules.rulebook, said.amount_pence, said.rounded_to_pence, heads)
    if json:
        content = {
            "position": session.ledger.head(),
            **printing.years(account_id),
            "claim": said,
            "recorded": False,
            "fits": [_fit_json(fit) for fit in found],
        }
        printing.document(session, content)
        return Exit.OK
    _print(session, account_id, said, found)
    return Exit.OK


def _claim(session: Session, claim: str) -> ClaimRecorded:
    stream = session.ledger.stream(claim_stream(claim))
    if not stream:
        start = claim_stream("")
        names = [
            unquote(one.removeprefix(start)) for one in session.ledger.streams(start)
        ]
        otherwise = "premium claims shows every one, and premium import brings them in"
        raise known.none(f"no claim {claim!r} is recorded", claim, names, otherwise)
    fact = stream[-1].fact
    assert isinstance(fact, ClaimRecorded)
    return fact


def _print(
    session: Session, account_id: str, said: ClaimRecorded, found: tuple[Fit, ...]
) -> None:
    assert said.amount_pence is not None
    session.say(printing.account_title(session, account_id))
    session.say(f"  Published: {said.as_published} {said.quantity} [{said.status}]")
    session.say(f"  {said.source}")
    alike = _alike(found)
    rows = [
        (
            fit.verdict,
            fit.basis.removeprefix("population."),
            fit.as_at.isoformat(),
            f"{fit.heads:,}",
            _readings(fits),
            f"{exact_text(fit.state.percent)}%",
            pounds(fit.award_pence),
            pounds(fit.difference_pence),
        )
        for fits in alike
        for fit in fits[:1]
    ]
    columns = (
        *("fits", "heads from", "#as at", "#heads", "readings"),
        *("#nearest", "£ award", "£ off by"),
    )
    printing.table(session, "Every basis held, every reading", columns, rows)
    session.say(
        "  Readings: E, M: reductions of what was earned, or of the maximum; "
        "+, x: they add up, or multiply. Where nothing fits, the nearest is shown; "
        "--json has all."
    )
    tally: Counter[str] = Counter(fit.verdict for fit in found)
    says = ", ".join(f"{tally[verdict]} {verdict}" for verdict in _VERDICTS)
    session.say(
        f"  {counted(len(found), 'combination')}: {says}. Nothing was recorded."
    )


def _alike(found: tuple[Fit, ...]) -> list[list[Fit]]:
    """Fits that give the same, best first; of a population without any, the nearest."""
    alike: dict[tuple[Any, ...], list[Fit]] = {}
    for fit in sorted(found, key=_order):
        where = (fit.basis, fit.as_at, fit.verdict, fit.award_pence)
        alike.setdefault(where, []).append(fit)
    shown: set[tuple[Any, ...]] = set()
    best = []
    for (basis, day, verdict, _), same in alike.items():
        if verdict != "no" or (basis, day) not in shown:
            best.append(same)
        shown.add((basis, day))
    return best


def _readings(fits: list[Fit]) -> str:
    """Readings in short, such as `E+ Ex M+`; `all` where they make no difference."""
    if len(fits) == 4:
        return "all"
    signs = {"additive": "+", "multiplicative": "x"}
    return " ".join(f"{fit.base[0].upper()}{signs[fit.combination]}" for fit in fits)


def _order(fit: Fit) -> tuple[int, int]:
    return _VERDICTS.index(fit.verdict), abs(fit.difference_pence)


def _fit_json(fit: Fit) -> dict[str, object]:
    """A fit without the many ways to its percentage, and its simplest one."""
    return {
        "verdict": fit.verdict,
        "basis": fit.basis,
        "as_at": fit.as_at,
        "heads": fit.heads,
        "reductions_of": fit.base,
        "combined": fit.combination,
        "maximum_pence": fit.maximum_pence,
        "percent": fit.state.percent,
        "met": fit.state.met,
        "missed": fit.state.missed,
        "award_pence": fit.award_pence,
        "difference_pence": fit.difference_pence,
    }
