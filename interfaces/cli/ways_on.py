"""What is to be done next: by whom, by whom not, and how it is given."""

from collections.abc import Iterator, Sequence

from interfaces.cli.commands import GIVEN
from interfaces.cli.session import Session
from ledger.decisions.every import HANDLES
from ledger.events import AccountId, AccountOpened, AwardConfirmed
from ledger.recorded import Recorded
from projections.questions import things
from projections.questions.things import KINDS, Waiting

_WORDS = {given.command: words for words, given in GIVEN.items()} | {
    "confirm-award": "award confirm"
}
"""Command -> the words that give it."""
_THEN = {
    AccountOpened: ("analyst", "premium assess {account}"),
    AwardConfirmed: ("finance-officer", "premium disburse request {account} ID POUNDS"),
}
"""Fact -> what follows it where nothing waits: a role, and the words."""
_MOST = 3
"""Accounts of which each is said; of more, where it can be seen."""


def given(one: Waiting, command: str) -> str:
    """The words that give a command, but for what they decide."""
    premium, kind = one.thing["account"], KINDS[one.kind].id
    option = "--determination " if kind == "determination" else ""
    return f"premium {_WORDS[command]} {premium} {option}{one.thing[kind]}"


def say(session: Session, records: Sequence[Recorded]) -> None:
    """Say what follows from what was recorded, a line each."""
    named = (getattr(one.fact, "account", None) for one in records)
    accounts = dict.fromkeys(AccountId(one) for one in named if one is not None)
    if len(accounts) > _MOST:
        session.say("Next: premium waiting shows what waits, and for whom")
        return
    for account in accounts:
        for line in dict.fromkeys(_lines(session, account, records)):
            session.say(line)


def _lines(
    session: Session, account: AccountId, records: Sequence[Recorded]
) -> Iterator[str]:
    facts = [one.fact for one in records]
    for one in things.waiting(session.ledger, [account], None):
        kind = KINDS[one.kind]
        if any(getattr(fact, kind.id, None) == one.thing[kind.id] for fact in facts):
            by = " or ".join(HANDLES[one.commands[0]].by)
            bars = f", not {', '.join(one.barred)}" if one.barred else ""
            for command in one.commands:
                yield f"Next, by {by}{bars}: {given(one, command)}"
    for fact in facts:
        if type(fact) in _THEN and getattr(fact, "account", None) == account:
            by, words = _THEN[type(fact)]
            yield f"Next, by {by}: {words.format(account=account)}"
