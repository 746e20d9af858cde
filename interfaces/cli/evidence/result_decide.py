"""`premium result correct --decide`: a correction and what follows, in one commit."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from interfaces.cli import outcomes, printing
from interfaces.cli.exits import Exit, complain
from interfaces.cli.options import Write
from interfaces.cli.questions.impact import by_year, signed
from interfaces.cli.session import Session
from ledger.events import AwardProposed, BodyCode
from ledger.request import Appended, Outcome, Repeated, Request
from ledger.rules.assess import Key
from ledger.wording import counted
from projections.questions.redeciding import Follows, follows
from projections.questions.replay import Records


def judge_again(
    session: Session,
    correction: Request,
    key: Key,
    subject: BodyCode,
    write: Write,
) -> int:
    """Correct a result and decide again what rests on it: all of it, or nothing.

    Asked again under the same id it asks for the same, and nothing is doubled: what
    follows is then read from the log as it stood before the correction.

    Returns:
        FOUND where somebody judged another account on it while this was asked.
    """
    found = _follows(session, correction, key, subject, write)
    requests = [correction]
    for one in found:
        requests += [_request(command, correction) for command in one.commands]
    if write.dry_run:
        replies = session.writer().rehearse(requests, together=True)
    else:
        replies = session.writer().give_all(requests)
    code = _refused(requests, replies)
    missed: list[str] = []
    if not code and not write.dry_run:
        # Before the log was locked somebody may have judged another account on it.
        asked = {command for one in found for command in one.commands}
        missed += [
            one.account
            for one in _follows(session, correction, key, subject, write)
            if not asked.issuperset(one.commands)
        ]
    if write.json:
        _document(session, found, replies, write, missed)
    elif not code:
        _print(session, correction, found, replies, write)
    if missed:
        complain(
            f"{', '.join(missed)} was judged meanwhile and is not decided "
            f"again: make the same call with --id {correction.id}"
        )
        return Exit.FOUND
    return code


def _follows(
    session: Session,
    correction: Request,
    key: Key,
    subject: BodyCode,
    write: Write,
) -> tuple[Follows, ...]:
    return follows(
        _before(session, correction),
        key,
        subject,
        on=write.decided_on or session.today,
        reason=correction.command.reason,
    )


def _before(session: Session, correction: Request) -> Records:
    """The log as it stood before the correction; as it stands, if that is new."""
    (outcome,) = session.writer().rehearse([correction])
    if isinstance(outcome, Repeated) and isinstance(outcome.first, Appended):
        for recorded in outcome.first.records[:1]:
            return session.ledger.known_at(recorded.position - 1)
    return session.ledger


def _request(command: Any, correction: Request) -> Request:
    """A command that follows from the correction, and says so."""
    about = getattr(command, "measure", getattr(command, "gate", command.NAME))
    return replace(
        correction,
        id=f"{correction.id}/{command.account}/{about}",
        command=command,
        if_version=None,
        correlation_id=correction.id,
        causation_id=correction.id,
    )


def _proposed(one: Follows, replies: Sequence[Outcome]) -> AwardProposed | None:
    """The award that was calculated again for an account; None where none was."""
    for outcome in replies:
        for recorded in outcomes.records_of(outcome):
            fact = recorded.fact
            if isinstance(fact, AwardProposed) and fact.account == one.account:
                return fact
    return None


def _items(one: Follows) -> tuple[str, ...]:
    """What of an account is judged again, and its heads where they are."""
    named = (
        getattr(command, "measure", getattr(command, "gate", None))
        or getattr(command, "population", None)
        for command in one.commands
    )
    return tuple(name for name in named if name is not None)


def _refused(requests: Sequence[Request], replies: Sequence[Outcome]) -> Exit:
    """Say which command was refused, and that nothing was recorded."""
    says = "nothing was recorded, the correction included"
    if outcomes.records_of(replies[0]):
        says = "nothing was recorded but the correction, which was before"
    for request, outcome in zip(requests, replies, strict=True):
        refusal = outcomes.refusal_of(outcome)
        if refusal is not None:
            whose = getattr(request.command, "account", None)
            complain(
                f"refused ({refusal.NAME}): {refusal}; "
                f"{f'for {whose}: ' if whose else ''}{says}"
            )
            return outcomes.code_of(outcome)
    return Exit.OK


def _account(one: Follows, replies: Sequence[Outcome]) -> dict[str, Any]:
    """An account that was decided again, as a JSON document has it."""
    proposed = _proposed(one, replies)
    return {
        **printing.years(one.account),
        "judged": _items(one),
        "stands_pence": one.total_pence,
        "determination": proposed.determination if proposed else None,
        "proposed_pence": proposed.total_pence if proposed else None,
    }


def _document(
    session: Session,
    found: Sequence[Follows],
    replies: Sequence[Outcome],
    write: Write,
    missed: Sequence[str],
) -> None:
    content = {
        "position": session.ledger.head(),
        "dry_run": write.dry_run,
        "accounts": [_account(one, replies) for one in found],
        "missed": missed,
        "outcomes": [outcomes.outcome_json(one) for one in replies],
    }
    printing.document(session, content)


def _print(
    session: Session,
    correction: Request,
    found: Sequence[Follows],
    replies: Sequence[Outcome],
    write: Write,
) -> None:
    records = [one for outcome in replies for one in outcomes.records_of(outcome)]
    says = "Recorded in one commit:"
    if write.dry_run:
        says = "Would be recorded in one commit:"
    elif all(isinstance(one, Repeated) for one in replies):
        says = "Recorded before, by the same command:"
    of = counted(len(found), "account")
    says += f" {counted(len(records), 'fact')}, {of} decided again"
    session.say(session.titled(f"{says} (id {correction.id})"))
    columns = (
        "body, stands_pence as £ stands, proposed_pence as £ proposed,"
        "change as £ change, determination as #number, judged as judged again"
    )
    for title, of_year in by_year(found).items():
        rows = [_account(one, replies) for one in of_year]
        for row in rows:
            stands, now = row["stands_pence"], row["proposed_pence"]
            known = stands is not None and now is not None
            row["change"] = signed(now - stands) if known else ""
        printing.listing(session, session.titled(title), columns, rows)
    session.say(
        "  An award stands until another person confirms the next."
        if found
        else "  Nothing rests on it: no account was decided again."
    )
