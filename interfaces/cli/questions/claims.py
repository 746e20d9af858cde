"""`premium claims`: every published figure, and whether what is recorded gives it."""

from collections import Counter
from contextlib import closing
from typing import Any

from interfaces.cli import printing
from interfaces.cli.exits import Exit, Stop
from interfaces.cli.options import SCHEME, Json
from interfaces.cli.session import Session
from ledger.claims.inputs import Counted, Inputs
from ledger.claims.reconcile import reconciled
from ledger.claims.verdicts import Reconciled
from ledger.events import RulebookPublished
from ledger.rules.book import Rulebook
from ledger.rules.lines import render_text, to_json
from ledger.rules.rulebook import parse
from projections.views import claims as view
from projections.views import results

VERDICTS = (
    "agrees",
    "agrees when rounded",
    "fits only one basis",
    "cannot be reached",
    "unknown",
)


def claims(
    *,
    scheme_year: str | None = None,
    about: str | None = None,
    claim: str | None = None,
    json: Json = False,
    session: Session,
) -> int:
    """Hold every published figure against what is recorded; nothing is forced.

    A claim is never evidence for an award. Nothing is recorded.

    Parameters
    ----------
    scheme_year
        Only figures of this scheme year, such as 2013-14.
    about
        Only figures about this body, such as 13P, england or north-west-33.
    claim
        Only this one, with its working.
    """
    known, position = _known(session)
    found = [
        one
        for one in reconciled(known)
        if scheme_year in (None, one.claim.fact.scheme_year)
        and about in (None, one.claim.fact.about)
        and claim in (None, one.claim.fact.claim)
    ]
    if not found:
        raise Stop(Exit.REFUSED, _none(known))
    if json:
        documents = [_document(one) for one in found]
        printing.document(session, {"position": position, "claims": documents})
        return Exit.OK
    if len(found) == 1:
        [only] = found
        session.say(session.titled(only.claim.fact.claim))
        session.say(render_text(only.working))
        _tell(session, only)
        return Exit.OK
    _print(session, found)
    return Exit.OK


def rulebooks(session: Session) -> dict[str, tuple[str, Rulebook]]:
    """Scheme year -> the record and content of its latest rulebook in this ledger."""
    found = {}
    for name in session.ledger.streams(f"rulebook/{SCHEME}/"):
        recorded = session.ledger.stream(name)[-1]
        fact = recorded.fact
        assert isinstance(fact, RulebookPublished)
        found[str(fact.scheme_year)] = (str(recorded.id), parse(fact.content))
    return found


def _known(session: Session) -> tuple[Inputs, int]:
    with closing(session.views()) as views, views.reading() as db:
        known = Inputs(
            claims=view.claims(db),
            populations=tuple(
                Counted(
                    measure=measure,
                    as_at=one.days.last,
                    body=one.subject,
                    heads=one.value,
                    record=one.record,
                )
                for measure, one in results.populations(db)
            ),
            groups=results.groups(db),
            rulebooks=rulebooks(session),
        )
        return known, views.position


def _none(known: Inputs) -> str:
    if not known.claims:
        return "no claim is recorded: import claims first"
    years = sorted({one.fact.scheme_year for one in known.claims.values()})
    return (
        f"no such claim is recorded: there are {len(known.claims)}, of "
        f"{', '.join(years)}; leave out the options to see all"
    )


def _document(one: Reconciled) -> dict[str, Any]:
    fact = one.claim.fact
    return {
        "claim": fact.claim,
        "record": one.claim.record,
        "about": fact.about,
        "scheme": fact.scheme,
        "scheme_year": fact.scheme_year,
        "quantity": fact.quantity,
        "as_published": fact.as_published,
        "amount_pence": fact.amount_pence,
        "value": fact.value,
        "source": fact.source,
        "status": fact.status,
        "verdict": one.verdict,
        "basis": one.basis,
        "why": one.why,
        "at_odds_with": one.at_odds_with,
        "working": to_json(one.working),
    }


def _print(session: Session, found: list[Reconciled]) -> None:
    """A figure and its verdict; below it why, and what opposes it."""
    title = f"Published figures beside what is recorded: {len(found)}"
    session.say(session.titled(title))
    wide = max(map(len, VERDICTS))
    for one in found:
        fact = one.claim.fact
        said = f"{fact.as_published} [{printing.marked(one.claim.fact.status)}]"
        session.say(f"{one.verdict:<{wide}}  {fact.claim}: {said}")
        session.say(f"{'':<{wide}}  {one.why}.")
        if one.at_odds_with:
            names = ", ".join(one.at_odds_with)
            session.say(f"{'':<{wide}}  At odds with {names}.")
    tally: Counter[str] = Counter(one.verdict for one in found)
    says = ", ".join(f"{tally[verdict]} {verdict}" for verdict in VERDICTS)
    session.say(f"  {len(found)} figures: {says}.")
    session.say("  A claim is never evidence. Nothing was recorded.")


def _tell(session: Session, one: Reconciled) -> None:
    fact = one.claim.fact
    session.say(f"  {one.why}.")
    session.say(f"  [{printing.marked(one.claim.fact.status)}] {fact.source}")
    if one.at_odds_with:
        names = ", ".join(one.at_odds_with)
        session.say(f"  At odds with {names}.")
