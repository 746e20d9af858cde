"""One sentence a fact, in plain English, written at reading.

Texts and names are looked up beside the log each time; where a row is gone stands
"(forgotten)". Amounts are in pounds, years are the scheme year and the year it is
paid in, rules bear the name and the id of their clause.
"""

from collections.abc import Callable
from typing import Any

from ledger.events import Fact
from projections.story.sentences import money, premium, rules
from projections.story.words import Lookup

SENTENCES: dict[type, Callable[[Any, Lookup], str]] = {
    **rules.SENTENCES,
    **premium.SENTENCES,
    **money.SENTENCES,
}
"""Every fact that an account's story can hold."""


def sentence(fact: Fact, lookup: Lookup) -> str:
    """A fact in one sentence.

    Raises:
        KeyError: For a fact that no account's story holds.
    """
    return SENTENCES[type(fact)](fact, lookup)
