"""`premium trail`: the story of one account."""

from contextlib import closing
from datetime import date

from interfaces.cli import account_state, clocks, decided, known, printing
from interfaces.cli.clocks import WHOLE, History
from interfaces.cli.exits import Exit, Stop
from interfaces.cli.options import YEAR, Account, Json, Year
from interfaces.cli.session import Session
from projections.story.story import story


def trail(
    account: Account,
    /,
    *,
    year: Year = YEAR,
    when: History = WHOLE,
    json: Json = False,
    session: Session,
) -> int:
    """Tell an account's story, cause before effect.

    Every record that was known is told; what counts only after --effective is marked,
    and so is a prior-period adjustment: money that came in for days that were closed.
    """
    account_id = known.account(session, year, account)
    session = clocks.at(session, when)
    account_state.account(session, account_id)
    with closing(session.views()) as views:
        position = clocks.clocks(session, when, views.position).known
        try:
            told = (session.ledger, views.db, account_id, position)
            steps = story(*told, by=when.decided)
        except LookupError as reason:
            raise Stop(Exit.FOUND, f"{reason}: run premium verify") from None
    last = when.effective or date.max
    if json:
        content = {
            "position": position,
            **when.as_json(),
            **decided.said(session, when, account_id),
            **printing.years(account_id),
            "steps": [
                {**one._asdict(), "counts": one.effective_on <= last} for one in steps
            ],
        }
        printing.document(session, content)
        return Exit.OK
    session.say(printing.account_title(session, account_id))
    for step in steps:
        day = f"{step.effective_on}"
        if step.decided_on is not None and step.decided_on != step.effective_on:
            day += f", decided {step.decided_on}"
        if step.effective_on > last:
            day += ", counts only then"
        session.say(f"{step.position:>6}  {day}  {step.who}")
        session.say(f"        {step.sentence}")
        if step.closed_through is not None:
            session.say(f"        {printing.mark(step.closed_through)}")
        if step.because:
            because = ", ".join(step.because[:3])
            more = len(step.because) - 3
            rest = f" and {more} more" if more > 0 else ""
            session.say(f"        because of {because}{rest}")
    decided.say(session, when, account_id)
    return Exit.OK
