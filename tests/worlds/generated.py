"""Generated records without end: accounts that are awarded, paid and spend."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from random import Random
from typing import Any

from ledger import events
from ledger.events import AccountId, Commitment, Draw, Fact, PartyId, Slice
from ledger.recorded import Meta, Recorded, account_id, account_stream
from tests.worlds.ledgers import EACH_PENCE
from tests.worlds.payable import MEASURES, payable

GROUPS, EACH = 211, 316
"""Groups of a scheme year, and records of an account: 200,000 are three years."""

FIRST = date(2014, 4, 1)
DAYS = 1_000


def slices(number: int) -> tuple[Slice, ...]:
    """A few pounds of each measure."""
    return tuple(Slice(measure=one, pence=100 + number % 900) for one in MEASURES)


def facts(account: AccountId) -> Iterator[Fact]:
    """An account's records without end: opened, awarded, then paid and spent."""
    body = account.rpartition("/")[2]
    _, opened, proposed, confirmed = payable(body, EACH_PENCE * len(MEASURES))
    for one in (opened, proposed, confirmed):
        fact: Any = one
        yield replace(fact, account=account)
    number = 0
    while True:
        number += 1
        pieces = slices(number)
        pence = sum(piece.pence for piece in pieces)
        of: Any = {"account": account, "amount_pence": pence}
        yield events.DisbursementRequested(
            **of, disbursement=f"d{number}", slices=pieces
        )
        yield events.DisbursementPaid(
            **of,
            disbursement=f"d{number}",
            receipt=f"r{number}",
            kind="cash",
            reference=f"{account} {number}",
            value_date=FIRST,
            slices=pieces,
        )
        for spending in range(2):
            drawn = pieces[spending : spending + 1]
            yield events.SpendingRecorded(
                **of | {"amount_pence": drawn[0].pence},
                spending=f"s{number}-{spending}",
                payee=PartyId(f"payee-{number % 9}"),
                purpose="ab"[spending],
                service=Commitment("0" * 64),
                draws=(Draw(receipt=f"r{number}", slices=drawn),),
            )


@lru_cache(maxsize=DAYS * 2)
def meta(day: date) -> Meta:
    """The meta of every record of a day."""
    return Meta(
        recorded_at=datetime(2014, 10, 1, 9, tzinfo=UTC),
        effective_on=day,
        actor=PartyId("ana"),
        role="analyst",
        command_id="seed",
        request_hash="0" * 64,
        correlation_id="seed",
    )


def records(how_many: int) -> Iterator[Recorded]:
    """So many records, going round accounts of as many schemes and years as needed."""
    random = Random(20140401)
    accounts = [
        account_id(
            f"scheme-{year // 3}", f"20{13 + year % 3}-{14 + year % 3}", f"{n:02d}"
        )
        for year in range(max(1, round(how_many / EACH / GROUPS)))
        for n in range(GROUPS)
    ]
    sources = [facts(one) for one in accounts]
    versions: Counter[str] = Counter()
    for position in range(1, how_many + 1):
        at = position % len(accounts)
        fact = next(sources[at])
        stream = account_stream(accounts[at])
        versions[stream] += 1
        # Most count about when they are recorded, some up to a year before or after.
        late = random.randrange(-360, 361) if random.random() * 10 < 1 else 0
        day = FIRST + timedelta(days=position * DAYS // how_many + late)
        yield Recorded(
            position=position,
            stream=stream,
            version=versions[stream],
            meta=meta(day),
            fact=fact,
        )
