"""One sentence a fact, in plain English, written at reading.

Texts and names are looked up beside the log each time; where a row is gone stands
"(forgotten)". Amounts are in pounds, years are the scheme year and the year it is
paid in, rules bear the name and the id of their clause.
"""

from collections.abc import Callable
from typing import Any

from ledger.events import Fact
from projections.story.sentences import money, others, premium, rules
from projections.story.words import Lookup

SENTENCES: dict[type, Callable[[Any, Lookup], str]] = {
    **rules.SENTENCES,
    **premium.SENTENCES,
    **money.SENTENCES,
    **others.SENTENCES,
}
"""Every fact there is: a story reaches whatever a result rests on."""


def sentence(fact: Fact, lookup: Lookup) -> str:
    """A fact in one sentence.

    Raises:
        RuntimeError: For a fact without one: a bug of ours, not of the ledger.
    """
    told = SENTENCES.get(type(fact))
    if told is None:
        raise RuntimeError(f"no sentence tells {fact.TOPIC}: a bug of ours")
    return told(fact, lookup)
