"""Every account of a scheme year at once: what all such calls share.

Each account is a command of its own, with an id that follows from what it is about.
So a call that was stopped half-way is made again and does the rest. Views say only
which accounts there are; what is decided is read from the log.
"""

from collections.abc import Sequence, Set
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from interfaces.acting import acting
from interfaces.cli import account_state, outcomes, printing
from interfaces.cli.exits import Exit, Misused, Stop
from interfaces.cli.options import Write, Year
from interfaces.cli.progress import progress_bar
from interfaces.cli.session import Session
from ledger.calendar import both_years, payment_year
from ledger.decisions.every import CONFLICTS, HANDLES
from ledger.decisions.rulebooks import Rules, in_force
from ledger.events import BodyCode
from ledger.premium.account import PremiumAccount
from ledger.recorded import account_parts, rulebook_stream
from ledger.request import Appended, Outcome, Refusal, Request
from ledger.wording import counted
from projections.views.awards import awards

CHUNK = 512
"""Commands that share a transaction: as many as the one writer takes."""


@dataclass(kw_only=True)
class Tally:
    """What a call for many accounts came to, body by body."""

    recorded: int = 0  # Commands that recorded something, or would.
    as_before: int = 0  # Those that had nothing to add.
    open: dict[BodyCode, list[str]] = field(default_factory=dict)  # By body.
    refused: list[tuple[BodyCode, Refusal]] = field(default_factory=list)

    def code(self) -> Exit:
        """Conflict before refused, if anybody was; what is open is not an error."""
        if any(isinstance(refusal, CONFLICTS) for _, refusal in self.refused):
            return Exit.CONFLICT
        return Exit.REFUSED if self.refused else Exit.OK

    def document(self) -> dict[str, Any]:
        """As it stands in a JSON document."""
        return {
            "recorded": self.recorded,
            "as_before": self.as_before,
            "open": [
                {"body": body, "clauses": clauses}
                for body, clauses in self.open.items()
            ],
            "exceptions": [
                {"body": body, "refusal": refusal.NAME, "says": str(refusal)}
                for body, refusal in self.refused
            ],
        }


def only_all(account: str | None, option: str, *, given: bool) -> None:
    """Stops unless either one account is named or the option for many is given."""
    if (account is None) is not given:
        raise Misused(f"name an account or give {option}: one of them, not both")


def asked_year(year: Year, write: Write) -> str:
    """The scheme year; stops at options that can only be meant for one account."""
    if write.id is not None or write.if_version is not None:
        raise Misused(
            "--id and --if-version are for one account: here each account has a "
            "command of its own"
        )
    return year.needed()


def rules_of(session: Session, year: Year, write: Write) -> Rules:
    """The rules in force on the day decided on; stops where there are none."""
    on = write.decided_on or session.today
    found = in_force(
        session.ledger.stream(rulebook_stream(year.scheme_meant, year.needed())), on
    )
    if found is None:
        raise Stop(
            Exit.REFUSED,
            f"no rulebook of {year.scheme_meant} {year.needed()} applies on {on}: "
            "publish one first, with premium rulebook publish",
        )
    return found


def accounts_of(session: Session, year: Year) -> tuple[PremiumAccount, ...]:
    """Every open account of the scheme year, as the log has it, by id."""
    with closing(session.views()) as views:
        found = awards(views.db, None, year.needed())
    return tuple(
        account_state.account(session, one.account)
        for one in found
        if one.scheme == year.scheme_meant
    )


def body_of(state: PremiumAccount) -> BodyCode:
    """Whose account it is."""
    return account_parts(state.account)[2]


# Giving -------------------------------------------------------------------------------


def give_each(
    session: Session,
    asked: Sequence[tuple[BodyCode, str, Request]],
    write: Write,
    is_open: Any,
    sure: Set[str] = frozenset(),
) -> Tally:
    """Rehearse, then give what would record something.

    What would be refused is only listed: were it recorded, its id would be spent,
    and the same round could not be made again once the reason is gone.

    Args:
        asked: Body, clause, request.
        is_open: What a refusal leaves open, as clauses; empty where it is an exception.
        sure: Ids of requests that need no rehearsal.
    """
    tally = Tally()
    given: list[tuple[BodyCode, str, Request]] = []
    by = acting(session.settings.acting)
    if write.dry_run or any(
        by.role not in HANDLES[r.command.NAME].by for _, _, r in asked[:1]
    ):
        sure = frozenset()
    doubtful = [one for _, _, one in asked if one.id not in sure]
    rehearsed = {one.id: one for one in session.writer().rehearse(doubtful)}
    for body, name, request in asked:
        outcome = rehearsed.get(request.id)
        if outcome is None or (isinstance(outcome, Appended) and outcome.records):
            given.append((body, name, request))
        else:
            _take(tally, body, name, outcome, is_open)
    if write.dry_run:
        tally.recorded = len(given)
        return tally
    with progress_bar(session, "Recording") as progress:
        for start in range(0, len(given), CHUNK):
            chunk = given[start : start + CHUNK]
            replies = session.writer().give_each([request for _, _, request in chunk])
            for (body, name, _), outcome in zip(chunk, replies, strict=True):
                _take(tally, body, name, outcome, is_open)
            if progress is not None:
                progress(start + len(chunk), len(given))
    return tally


def _take(
    tally: Tally, body: BodyCode, name: str, outcome: Outcome, is_open: Any
) -> None:
    refusal = outcomes.refusal_of(outcome)
    if refusal is None:
        records = getattr(outcome, "records", ())
        tally.recorded += bool(records)
        tally.as_before += not records
        return
    clauses = is_open(name, refusal)
    if clauses:
        tally.open.setdefault(body, []).extend(clauses)
    else:
        tally.refused.append((body, refusal))


# Answering ----------------------------------------------------------------------------


def answered(
    session: Session,
    year: Year,
    write: Write,
    tally: Tally,
    *,
    says: str,
    more: dict[str, Any] | None = None,
) -> int:
    """Print what came of it; every exception by its body."""
    scheme_year = year.needed()
    if write.json:
        content = {
            "position": session.ledger.head(),
            "scheme": year.scheme_meant,
            "scheme_year": scheme_year,
            "payment_year": payment_year(scheme_year),
            "dry_run": write.dry_run,
            **tally.document(),
            **(more or {}),
        }
        printing.document(session, content)
        return tally.code()
    title = f"{year.scheme_meant} {both_years(scheme_year)}: {says}"
    session.say(session.titled(title))
    would = "would be recorded" if write.dry_run else "recorded"
    session.say(f"  {tally.recorded:,} {would}, {tally.as_before:,} as before.")
    if tally.open:
        still = sum(len(clauses) for clauses in tally.open.values())
        of = counted(len(tally.open), "account")
        session.say(f"  {still:,} {'stays' if still == 1 else 'stay'} open, of {of}.")
    _print_exceptions(session, tally.refused)
    return tally.code()


def _print_exceptions(
    session: Session, refused: Sequence[tuple[BodyCode, Refusal]]
) -> None:
    """Who was refused, and why."""
    if refused:
        rows = [(body, one.NAME, str(one)) for body, one in refused]
        title = session.titled(f"Exceptions: {len(refused)}")
        printing.table(session, title, ("body", "refusal", "why"), rows)
