"""`premium claims`: every published figure, and whether what is recorded gives it."""

from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from typing import Any

from interfaces.cli import printing
from interfaces.cli.exits import Exit
from interfaces.cli.known import none
from interfaces.cli.lists import columns, written
from interfaces.cli.lists.asked import SHAPE, Shape
from interfaces.cli.lists.columns import Row, data, key, money, number, text
from interfaces.cli.lists.written import List
from interfaces.cli.options import SCHEME
from interfaces.cli.session import Session
from ledger.claims.inputs import Counted, Inputs
from ledger.claims.reconcile import reconciled
from ledger.claims.verdicts import Reconciled
from ledger.events import RulebookPublished
from ledger.rules.book import Rulebook
from ledger.rules.lines import render_text, to_json
from ledger.rules.rulebook import parse
from ledger.wording import counted
from projections.views import claims as view
from projections.views import results

_NAMED = 12
"""Names that a sentence lists."""

VERDICTS = (
    "agrees",
    "agrees when rounded",
    "fits only one basis",
    "cannot be reached",
    "unknown",
)


_COLUMNS = (
    text("verdict"),
    key("claim"),
    key("record", shown=False),
    text("about", shown=False),
    text("scheme", shown=False),
    columns.year(key=False, shown=False),
    text("quantity"),
    text("as_published", "as published"),
    money("amount_pence", shown=False, total=False),
    number("value", shown=False),
    text("status"),
    text("source", shown=False),
    text("basis", shown=False),
    text("why"),
    text("at_odds_with", "at odds with"),
    data("working"),
)


def claims(
    *,
    scheme_year: str | None = None,
    about: str | None = None,
    claim: str | None = None,
    shape: Shape = SHAPE,
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
    facts = [one.fact for one in known.claims.values()]
    for option, name, names in (
        ("of", scheme_year, {one.scheme_year for one in facts}),
        ("about", about, {one.about for one in facts}),
        ("called", claim, {one.claim for one in facts}),
    ):
        if facts and name is not None and name not in names:
            says = f"no claim {option} {name} is recorded"
            few = ", ".join(sorted(names)[:_NAMED])
            all_ = f"there are {few}{' and others' if len(names) > _NAMED else ''}"
            raise none(says, name, names, all_)
    found = [
        one
        for one in reconciled(known)
        if scheme_year in (None, one.claim.fact.scheme_year)
        and about in (None, one.claim.fact.about)
        and claim in (None, one.claim.fact.claim)
    ]
    rows = [{**_document(one), "found": one} for one in found]
    title = f"Published figures beside what is recorded: {len(found)}"
    empty = "no claim is recorded: premium import claims brings them in"
    if facts:
        empty = f"none of {counted(len(facts), 'claim')} is of that year and about that"

    def told(rows: Sequence[Row]) -> None:
        _tell(session, [one["found"] for one in rows])

    content = {"position": position}
    made = List("claims", title, _COLUMNS, rows, content, empty, told=told)
    written.write(session, shape, made)
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


def _tell(session: Session, found: list[Reconciled]) -> None:
    """A figure and its verdict, below it why and what opposes it; one with its working.

    Args:
        found: One at least.
    """
    if len(found) == 1:
        [only] = found
        session.say(session.titled(only.claim.fact.claim))
        session.say(render_text(only.working))
        session.say(f"  {only.why}.")
        session.say(
            f"  [{printing.marked(only.claim.fact.status)}] {only.claim.fact.source}"
        )
        if only.at_odds_with:
            session.say(f"  At odds with {', '.join(only.at_odds_with)}.")
        return
    says = counted(len(found), "figure")
    session.say(session.titled(f"Published figures beside what is recorded: {says}"))
    wide = max(map(len, VERDICTS))
    for one in found:
        fact = one.claim.fact
        said = f"{fact.as_published} [{printing.marked(fact.status)}]"
        session.say(f"{one.verdict:<{wide}}  {fact.claim}: {said}")
        session.say(f"{'':<{wide}}  {one.why}.")
        if one.at_odds_with:
            names = ", ".join(one.at_odds_with)
            session.say(f"{'':<{wide}}  At odds with {names}.")
    tally: Counter[str] = Counter(one.verdict for one in found)
    says = ", ".join(f"{tally[verdict]} {verdict}" for verdict in VERDICTS)
    session.say(f"  {counted(len(found), 'figure')}: {says}.")
    session.say("  A claim is never evidence. Nothing was recorded.")
