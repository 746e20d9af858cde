"""The journal as the file that both ledger and hledger read, to re-add it.

One transaction an entry and effective date; amounts are exact pounds written from
whole pence. The last transaction asserts every balance, to the penny.

Source: the manuals of Ledger 3.3 and hledger 1.25, of the journal format.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import groupby
from urllib.parse import quote

from projections.formats.beancount import amount, pieces_of
from projections.views.journal import Entry


def account_name(premium: str, account: str) -> str:
    """The one name that an account of a premium is written as.

    Different accounts have different names, and none is the parent of another:
    whatever but letters, digits and `_.-~` is percent-encoded in each part, and `%`
    alone is an empty part.
    """
    pieces = (*premium.split("/"), *pieces_of(account))
    return ":".join(map(_encoded, pieces))


def _encoded(text: str) -> str:
    return quote(text, safe="") or "%"


def plaintext(
    entries: Iterable[Entry], *, title: str, simulated: bool
) -> Iterator[str]:
    """The lines of a journal.

    Args:
        entries: In the order of the ledger; each is written as it comes.
        title: Of the file, such as the name of the ledger.
        simulated: Whether the ledger is; the first line says so then.
    """
    said = " ".join(title.split())
    yield f"; SIMULATED: {said}" if simulated else f"; {said}"
    totals: dict[str, int] = {}
    names: dict[tuple[str, str], str] = {}
    last = date.min
    for entry in entries:
        for day, legs in groupby(entry.legs, key=lambda leg: leg.effective_on):
            last = max(last, day)
            yield ""
            yield f"{day} * {entry.topic}"
            # A colon in a comment would begin a tag, and some tags are dates.
            yield f"    ; record: {_encoded(entry.record_id)}"
            yield f"    ; position: {entry.position}"
            if entry.closed_through is not None:
                says = f"closed through {entry.closed_through}"
                yield f"    ; prior-period adjustment, {says}"
            for leg in legs:
                key = (leg.premium, leg.account)
                name = names.get(key) or names.setdefault(key, account_name(*key))
                totals[name] = totals.get(name, 0) + leg.pence
                sum_text = f"{amount(leg.pence)} GBP"
                of = f"  ; slice: {_encoded(leg.slice)}" if leg.slice else ""
                yield f"    {name}  {sum_text}{of}"
    if not totals:
        return
    yield ""
    yield f"{last + timedelta(days=1)} * balances"
    for name, pence in sorted(totals.items()):
        yield f"    {name}  0.00 GBP = {amount(pence)} GBP"
