"""What the legs of a fact did, in words: the change of each account."""

from datetime import date

from ledger.events import Fact
from ledger.money import pounds
from ledger.postings import (
    COMMITTED,
    FUNDING,
    HELD,
    NOT_EARNED,
    OVERPAID,
    PAYABLE,
    POTENTIAL,
    SETTLED,
    legs,
)
from projections.story.words import both

_CHANGES = {
    FUNDING: ("was taken off the maximum", "was added to the maximum"),
    POTENTIAL: ("was put back as not yet decided", "was decided on"),
    NOT_EARNED: ("was not earned", "was no longer unearned"),
    PAYABLE: ("became payable", "was no longer payable"),
    COMMITTED: ("was committed", "was no longer committed"),
    HELD: ("was held", "was no longer held"),
    OVERPAID: ("of debt ended", "had been paid beyond it as a debt"),
    SETTLED: ("of settled debt was opened again", "of debt was settled"),
}
"""Account -> what it says of more in it, and of less."""


def changes(fact: Fact, *said: str) -> str:
    """The change of each account that a fact's legs made; empty where there is none.

    Args:
        said: How accounts begin whose change the sentence says otherwise.
    """
    changed: dict[str, int] = {}
    for leg in legs(fact, date.min):
        changed[leg.account] = changed.get(leg.account, 0) + leg.pence
    found = [
        f"{pounds(abs(pence))} {_words(account, pence > 0)}"
        for account, pence in changed.items()
        if pence and not account.startswith(said or ("none",))
    ]
    return both(found) if found else ""


def _words(account: str, more: bool) -> str:
    kind, _, of = account.removeprefix("premium:").partition(":")
    match kind:
        case "reduced":
            return f"was {'' if more else 'no longer '}taken off for {of}"
        case "withheld":
            return f"was {'' if more else 'no longer '}withheld"
        case _:
            gained, lost = _CHANGES[account]
            return gained if more else lost
