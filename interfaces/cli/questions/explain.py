"""`premium explain`: why a figure is what it is, to the penny."""

from collections import Counter
from typing import TYPE_CHECKING, Any

from interfaces.cli import account_state as states
from interfaces.cli import clocks
from interfaces.cli import printing as printed
from interfaces.cli.clocks import BOTH, Both
from interfaces.cli.questions import standing
from interfaces.cli.session import YEAR, Exit, Here, Json, Session, Stop, Years

if TYPE_CHECKING:
    from ledger.events import ClaimRecorded
    from ledger.rules.readings import Fit

_VERDICTS = ("exact", "when rounded", "no")


def explain(
    account: str,
    /,
    *,
    claim: str | None = None,
    year: Years = YEAR,
    both: Both = BOTH,
    json: Json = False,
    here: Here,
) -> int:
    """Explain an award line by line; with --claim, what fits a published figure.

    With a claim, every population held for the body is tried with every reading of
    the rules that is not settled. Nothing is recorded.

    Parameters
    ----------
    account
        Body code, such as 10C, or a whole account id.
    claim
        Id of a published figure, such as received-2013-14-10C.
    """
    account_id = year.account(account)
    here = clocks.at(here, both)
    if claim is not None:
        return _against(here, account_id, claim, json)
    from ledger.rules.working import render_text, to_json

    state = states.account(here, account_id)
    line = states.working(here, state)
    stands = standing.standing(here, state, both.effective)
    published = standing.claims(here, state)
    if json:
        content = {
            "position": here.ledger.head(),
            **clocks.said(both),
            **printed.years(account_id),
            "standing": stands,
            "working": to_json(line),
            "claims": published,
        }
        printed.document(here, content)
        return Exit.OK
    here.out.print(printed.account_title(here, account_id))
    standing.print_standing(here, stands)
    here.out.print(render_text(line), soft_wrap=True)
    standing.print_claims(here, published)
    return Exit.OK


def _against(here: Session, account_id: str, claim: str, json: bool) -> int:
    from ledger.recorded import account_parts
    from ledger.rules.readings import fits

    body = account_parts(account_id)[2]
    said = _claim(here, claim)
    if (said.about, f"{said.scheme}/{said.scheme_year}") != (
        body,
        account_id.rpartition("/")[0],
    ):
        raise Stop(
            Exit.USAGE,
            f"{claim} is about {said.about} in {said.scheme} {said.scheme_year}, not "
            f"about {account_id}: name that account, or another claim",
        )
    if said.amount_pence is None:
        raise Stop(
            Exit.USAGE, f"{claim} is {said.as_published!r}: it is no sum of money"
        )
    rules = states.rules(here, account_id)
    heads = states.populations(here, body)
    found = fits(rules.rulebook, said.amount_pence, said.rounded_to_pence, heads)
    if json:
        content = {
            "position": here.ledger.head(),
            **printed.years(account_id),
            "claim": said,
            "recorded": False,
            "fits": [_fit_json(fit) for fit in found],
        }
        printed.document(here, content)
        return Exit.OK
    _print(here, account_id, said, found)
    return Exit.OK


def _claim(here: Session, claim: str) -> "ClaimRecorded":
    from ledger.events import ClaimRecorded
    from ledger.recorded import claim_stream

    stream = here.ledger.stream(claim_stream(claim))
    if not stream:
        raise Stop(
            Exit.USAGE,
            f"no claim {claim!r} is recorded: import claims first, or name another",
        )
    fact = stream[-1].fact
    assert isinstance(fact, ClaimRecorded)
    return fact


def _print(
    here: Session, account_id: str, said: "ClaimRecorded", found: tuple["Fit", ...]
) -> None:
    from ledger.money import exact_text, pounds

    assert said.amount_pence is not None
    here.out.print(printed.account_title(here, account_id))
    here.out.print(
        f"  Published: {said.as_published} {said.quantity} [{said.status}]",
        soft_wrap=True,
    )
    here.out.print(f"  {said.source}", soft_wrap=True)
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
    printed.table(here, "Every basis held, every reading", columns, rows)
    here.out.print(
        "  Readings: E, M: reductions of what was earned, or of the maximum; "
        "+, x: they add up, or multiply. Where nothing fits, the nearest is shown; "
        "--json has all.",
        soft_wrap=True,
    )
    tally: Counter[str] = Counter(fit.verdict for fit in found)
    says = ", ".join(f"{tally[verdict]} {verdict}" for verdict in _VERDICTS)
    here.out.print(f"  {len(found)} combinations: {says}. Nothing was recorded.")


def _alike(found: tuple["Fit", ...]) -> list[list["Fit"]]:
    """Fits that give the same, best first; of a population without any, the nearest."""
    alike: dict[tuple[Any, ...], list[Fit]] = {}
    for fit in sorted(found, key=_order):
        where = (fit.basis, fit.as_at, fit.verdict, fit.award_pence)
        alike.setdefault(where, []).append(fit)
    shown: set[tuple[Any, ...]] = set()
    best = []
    for (basis, day, verdict, _), fits in alike.items():
        if verdict != "no" or (basis, day) not in shown:
            best.append(fits)
        shown.add((basis, day))
    return best


def _readings(fits: list["Fit"]) -> str:
    """Readings in short, such as `E+ Ex M+`; `all` where they make no difference."""
    if len(fits) == 4:
        return "all"
    signs = {"additive": "+", "multiplicative": "x"}
    return " ".join(f"{fit.base[0].upper()}{signs[fit.combination]}" for fit in fits)


def _order(fit: "Fit") -> tuple[int, int]:
    return _VERDICTS.index(fit.verdict), abs(fit.difference_pence)


def _fit_json(fit: "Fit") -> dict[str, object]:
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
