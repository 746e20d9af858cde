"""`premium result correct --decide`: a correction and what follows, in one commit."""

import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from interfaces.cli import printing as printed
from interfaces.cli.questions.impact import by_year, signed
from interfaces.cli.session import Exit, Session, Write

if TYPE_CHECKING:
    from ledger.events import AwardProposed, BodyCode
    from ledger.request import Outcome, Request
    from ledger.rules.assess import Key
    from projections.questions.redeciding import Follows
    from projections.questions.replay import Records


def decide(
    here: Session,
    correction: "Request",
    key: "Key",
    subject: "BodyCode",
    write: Write,
) -> int:
    """Correct a result and decide again what rests on it: all of it, or nothing.

    Asked again under the same id it asks for the same, and nothing is doubled: what
    follows is then read from the log as it stood before the correction.

    Returns:
        FOUND where somebody judged another account on it while this was asked.
    """
    found = _follows(here, correction, key, subject, write)
    requests = [correction]
    for one in found:
        requests += [_request(command, correction) for command in one.commands]
    if write.dry_run:
        outcomes = here.ledger.rehearse(requests, together=True)
    else:
        outcomes = here.ledger.give_all(requests)
    code = _refused(requests, outcomes)
    missed: list[str] = []
    if not code and not write.dry_run:
        # Before the log was locked somebody may have judged another account on it.
        asked = {command for one in found for command in one.commands}
        missed += [
            one.account
            for one in _follows(here, correction, key, subject, write)
            if not asked.issuperset(one.commands)
        ]
    if write.json:
        _document(here, found, outcomes, write, missed)
    elif not code:
        _print(here, correction, found, outcomes, write)
    if missed:
        print(
            f"premium: {', '.join(missed)} was judged meanwhile and is not decided "
            f"again: make the same call with --id {correction.id}",
            file=sys.stderr,
        )
        return Exit.FOUND
    return code


def _follows(
    here: Session,
    correction: "Request",
    key: "Key",
    subject: "BodyCode",
    write: Write,
) -> "tuple[Follows, ...]":
    from projections.questions.redeciding import follows

    return follows(
        _before(here, correction),
        key,
        subject,
        on=write.decided_on or here.today,
        reason=correction.command.reason,
    )


def _before(here: Session, correction: "Request") -> "Records":
    """The log as it stood before the correction; as it stands, if that is new."""
    from ledger.request import Appended, Repeated

    (outcome,) = here.ledger.rehearse([correction])
    if isinstance(outcome, Repeated) and isinstance(outcome.first, Appended):
        for recorded in outcome.first.records[:1]:
            return here.ledger.known_at(recorded.position - 1)
    return here.ledger


def _request(command: Any, correction: "Request") -> "Request":
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


def _records(outcome: "Outcome") -> Sequence[Any]:
    """What a command recorded, now or the first time."""
    return getattr(getattr(outcome, "first", outcome), "records", ())


def _proposed(one: "Follows", outcomes: "Sequence[Outcome]") -> "AwardProposed | None":
    """The award that was calculated again for an account; None where none was."""
    from ledger.events import AwardProposed

    for outcome in outcomes:
        for recorded in _records(outcome):
            fact = recorded.fact
            if isinstance(fact, AwardProposed) and fact.account == one.account:
                return fact
    return None


def _items(one: "Follows") -> tuple[str, ...]:
    """What of an account is judged again, and its heads where they are."""
    named = (
        getattr(command, "measure", getattr(command, "gate", None))
        or getattr(command, "population", None)
        for command in one.commands
    )
    return tuple(name for name in named if name is not None)


def _refused(requests: "Sequence[Request]", outcomes: "Sequence[Outcome]") -> Exit:
    """Say which command was refused, and that nothing was recorded."""
    says = "nothing was recorded, the correction included"
    if _records(outcomes[0]):
        says = "nothing was recorded but the correction, which was before"
    for request, outcome in zip(requests, outcomes, strict=True):
        refusal = printed.refusal_of(outcome)
        if refusal is not None:
            whose = getattr(request.command, "account", None)
            print(
                f"premium: refused ({refusal.NAME}): {refusal}; "
                f"{f'for {whose}: ' if whose else ''}{says}",
                file=sys.stderr,
            )
            return printed.code_of(outcome)
    return Exit.OK


def _document(
    here: Session,
    found: "Sequence[Follows]",
    outcomes: "Sequence[Outcome]",
    write: Write,
    missed: Sequence[str],
) -> None:
    accounts = []
    for one in found:
        proposed = _proposed(one, outcomes)
        accounts.append(
            {
                **printed.years(one.account),
                "judged": _items(one),
                "stands_pence": one.total_pence,
                "determination": proposed.determination if proposed else None,
                "proposed_pence": proposed.total_pence if proposed else None,
            }
        )
    content = {
        "position": here.ledger.head(),
        "dry_run": write.dry_run,
        "accounts": accounts,
        "missed": missed,
        "outcomes": [printed.outcome_json(one) for one in outcomes],
    }
    printed.document(here, content)


def _print(
    here: Session,
    correction: "Request",
    found: "Sequence[Follows]",
    outcomes: "Sequence[Outcome]",
    write: Write,
) -> None:
    from ledger.money import pounds
    from ledger.recorded import account_parts
    from ledger.request import Repeated

    records = [one for outcome in outcomes for one in _records(outcome)]
    says = "Recorded in one commit:"
    if write.dry_run:
        says = "Would be recorded in one commit:"
    elif all(isinstance(one, Repeated) for one in outcomes):
        says = "Recorded before, by the same command:"
    says += f" {len(records):,} facts, {len(found):,} accounts decided again"
    title = printed.titled(here, f"{says} (id {correction.id})")
    here.out.print(title, soft_wrap=True)
    columns = ("body", "£ stands", "£ proposed", "£ change", "#number", "judged again")
    for title, of_year in by_year(found).items():
        rows = []
        for one in of_year:
            fact = _proposed(one, outcomes)
            stands, now = one.total_pence, fact.total_pence if fact else None
            change = "" if stands is None or now is None else signed(now - stands)
            rows.append(
                (
                    account_parts(one.account)[2],
                    "" if stands is None else pounds(stands),
                    "" if now is None else pounds(now),
                    change,
                    str(fact.determination) if fact else "",
                    ", ".join(_items(one)),
                )
            )
        printed.table(here, printed.titled(here, title), columns, rows)
    here.out.print(
        "  An award stands until another person confirms the next."
        if found
        else "  Nothing rests on it: no account was decided again."
    )
