"""`premium replay`: does every decision still come out as it is recorded?"""

import json
import time
from typing import Any

from interfaces.cli import account_state, known, printing
from interfaces.cli.exits import Exit, Misused
from interfaces.cli.options import YEAR, AnyAccount, Json, Year
from interfaces.cli.progress import progress_bar
from interfaces.cli.session import Session
from ledger.decisions.replay import Later, Replay, ReplayDifference
from ledger.events import Fact
from ledger.request import Decision
from ledger.wording import counted
from projections.questions.replay import replay_account, replay_all

MOST_SHOWN = 20
"""Differences, and later records, that are printed in full."""


def replay(
    account: AnyAccount = None,
    /,
    *,
    all: bool = False,
    year: Year = YEAR,
    json: Json = False,
    session: Session,
) -> int:
    """Decide every decision again from exactly the records and rules it cites.

    Ends with exit code 1 if any comes out differently. Rules are read from the log,
    so no file changes a replay. Nothing is recorded.

    Parameters
    ----------
    all
        Every account of the ledger.
    """
    if (account is None) is not all:
        raise Misused("replay what? name an account, or give --all")
    began = time.perf_counter()
    head = session.ledger.head()
    if account is not None:
        account_id = known.account(session, year, account)
        account_state.account(session, account_id)
        found = replay_account(session.ledger, account_id)
        of: dict[str, Any] = printing.years(account_id)
        title = printing.account_title(session, account_id)
    else:
        of, title = {}, session.titled("Every account")
        with progress_bar(session, "Replaying") as progress:
            found = replay_all(session.ledger, progress)
    took_ms = max(1, round((time.perf_counter() - began) * 1000))
    if json:
        printing.document(session, {"position": head, **of, **_json(found, took_ms)})
    else:
        session.say(title)
        _print(session, found, took_ms)
    return Exit.FOUND if found.differences else Exit.OK


def _json(found: Replay, took_ms: int) -> dict[str, Any]:
    decisions = sum(found.decisions.values())
    return {
        "decisions": decisions,
        "decisions_by_topic": dict(found.decisions),
        "engines": dict(found.engines),
        "took_ms": took_ms,
        "decisions_per_second": decisions * 1000 // took_ms,
        "differences": [_difference_json(one) for one in found.differences],
        "recorded_since": found.later,
    }


def _difference_json(one: ReplayDifference) -> dict[str, Any]:
    return {
        "decision": one.decision,
        "position": one.position,
        "account": one.account,
        "why": one.why,
        "says": one.says,
        "recorded": [_fact_json(fact) for fact in one.recorded],
        "decided": _decision_json(one.decided),
        "differing": [
            {"field": name, "recorded": recorded, "decided": decided}
            for name, recorded, decided in _differing(one)
        ],
    }


def _fact_json(fact: Fact) -> dict[str, Any]:
    return {"topic": fact.TOPIC, "fact": printing.plain(fact)}


def _decision_json(decided: Decision | None) -> Any:
    if decided is None:
        return None
    if isinstance(decided, tuple):
        return {"facts": [_fact_json(fact) for fact in decided]}
    return {"refusal": decided.NAME, "says": str(decided)}


def _differing(one: ReplayDifference) -> list[tuple[str, str, str]]:
    """Field, as recorded, as decided; where both are facts of one kind."""
    if not isinstance(one.decided, tuple):
        return []
    found = []
    for recorded, decided in zip(one.recorded, one.decided, strict=False):
        if type(recorded) is not type(decided):
            continue
        stands, comes_out = printing.plain(recorded), printing.plain(decided)
        found += [
            (name, _cell(stands[name]), _cell(comes_out[name]))
            for name in stands
            if stands[name] != comes_out[name]
        ]
    return found


def _cell(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _print(session: Session, found: Replay, took_ms: int) -> None:
    decisions = sum(found.decisions.values())
    says = f"{len(found.differences):,} come out differently"
    if not found.differences:
        says = "each comes out as it is recorded"
    session.say(
        f"  {counted(decisions, 'decision')}, decided again in "
        f"{took_ms // 1000}.{took_ms % 1000 // 100} s "
        f"({decisions * 1000 // took_ms:,} a second): {says}."
    )
    for one in found.differences[:MOST_SHOWN]:
        _print_difference(session, one)
    if len(found.differences) > MOST_SHOWN:
        session.say(f"  --json has all {len(found.differences):,}.")
    if found.later:
        _print_later(session, found.later)


def _print_difference(session: Session, one: ReplayDifference) -> None:
    ways = {
        "differs": "from what it cites it comes out differently",
        "overlooked": "from all that was known then it comes out differently",
        "not recorded": "it rests on what was not there",
        "not decidable": "it cannot be decided again",
    }
    session.say(
        f"  {session.titled(one.decision)} (position {one.position}): {ways[one.why]}"
    )
    if one.says:
        session.say(f"      {one.says}")
    if one.decided == ():
        session.say("      decided: nothing to record, it is so already")
    elif one.decided is not None and not isinstance(one.decided, tuple):
        session.say(f"      decided: refused ({one.decided.NAME}): {one.decided}")
    for name, recorded, decided in _differing(one):
        session.say(f"      {name}")
        session.say(f"          recorded: {recorded}")
        session.say(f"          decided:  {decided}")


def _print_later(session: Session, later: list[Later]) -> None:
    """What the decisions could not know; no difference."""
    session.say("  Recorded since, and not used (it could not be known then):")
    for one in later[:MOST_SHOWN]:
        concerned = ", ".join(one.decisions[:3])
        more = len(one.decisions) - 3
        rest = f" and {more} more" if more > 0 else ""
        session.say(f"      {one.record} concerns {concerned}{rest}")
    if len(later) > MOST_SHOWN:
        session.say(f"      --json has all {len(later):,}.")
