"""Events for tests of consumers, without a broker: facts as the relay sends them."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from consumers.loop import Batch, Message, Partition, run_once
from consumers.results.results import Results
from ledger.events import (
    AccountId,
    BodyCode,
    BodyRegistered,
    Commitment,
    DisbursementApproved,
    DisbursementPaid,
    DisbursementReturned,
    Draw,
    Fact,
    Move,
    PartyId,
    PassedOn,
    RecordId,
    RulebookPublished,
    Slice,
    SpendingCorrected,
    SpendingRecorded,
)
from ledger.recorded import Meta, Recorded, account_stream, body_stream, rulebook_stream
from projections.feed.events.fields import Origin
from projections.feed.events.message import message
from tests.consumers.given import word

Kind = Literal["group", "practice", "provider"]
WORDS = Commitment("0" * 64)
BODY = "X01"


class Happening:
    """A ledger's facts, told one after the other as messages of one partition."""

    def __init__(self, origin: Origin = "real", source: str = "urn:test:1") -> None:
        self.origin = origin
        self.source = source
        self.messages: list[Message] = []
        self._versions: Counter[str] = Counter()

    def tell(self, stream: str, fact: Fact, on: date) -> None:
        """One more fact."""
        position = len(self.messages) + 1
        self._versions[stream] += 1
        meta = Meta(
            recorded_at=datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=position),
            effective_on=on,
            actor=PartyId("p1"),
            role="payer",
            command_id=f"c{position}",
            request_hash="0" * 64,
            correlation_id=f"c{position}",
        )
        version = self._versions[stream]
        record = Recorded(
            position=position, stream=stream, version=version, meta=meta, fact=fact
        )
        said = message(record, self.source, self.origin)
        assert said is not None
        offset = len(self.messages)
        headers = dict(said.headers)
        self.messages.append(
            Message("events", 0, offset, said.key.encode(), said.value, headers)
        )

    def registers(self, body: str, name: str | None, kind: Kind = "group") -> None:
        """A body became known."""
        fact = BodyRegistered(
            body=BodyCode(body),
            kind=kind,
            name=name,
            name_commitment=WORDS if name is None else None,
        )
        self.tell(body_stream(body), fact, date(2013, 4, 1))

    def publishes_rules(
        self, year: str, version: int, purposes: dict[str, str]
    ) -> None:
        """Rules were published, of which nothing but the purposes matters here."""
        said = [{"id": one, "name": name} for one, name in purposes.items()]
        fact = RulebookPublished(
            scheme="quality-premium",
            scheme_year=year,
            rulebook_version=version,
            applies_from=date(2013, 4, 1),
            content=json.dumps({"purposes": said}),
            content_hash="0" * 64,
        )
        self.tell(rulebook_stream("quality-premium", year), fact, date(2013, 4, 1))

    def spends(
        self,
        spending: str,
        pence: int,
        on: date,
        *,
        body: str = BODY,
        payee: str = "supplier-1",
        number: str | None = "AP-1",
        year: str = "2013-14",
    ) -> None:
        """A body spent money."""
        fact = SpendingRecorded(
            account=premium(body, year),
            spending=spending,
            payee=PartyId(payee),
            purpose="a",
            service=WORDS,
            amount_pence=pence,
            draws=draws(pence),
            transaction=number,
        )
        self.tell(account_stream(fact.account), fact, on)

    def corrects(
        self, spending: str, was: tuple[int, date], pence: int, on: date
    ) -> None:
        """A spending was another one, or none at all."""
        fact = SpendingCorrected(
            account=premium(BODY),
            spending=spending,
            corrects=RecordId("r@1"),
            payee=PartyId("supplier-1"),
            purpose="a",
            service=WORDS,
            amount_pence=pence,
            draws=draws(pence),
            stands_on=was[1],
            undone_payee=PartyId("supplier-1"),
            undone_purpose="a",
            undone=draws(was[0]),
            undone_effective_on=was[1],
            credits=(),
            reason=WORDS,
            transaction="AP-1",
        )
        self.tell(account_stream(fact.account), fact, on)

    def passes_on(
        self, spending: str, pence: int, on: date, *, payee: str = "charity-1"
    ) -> None:
        """A body passed money on."""
        fact = PassedOn(
            account=premium(BODY),
            spending=spending,
            payee=PartyId(payee),
            purpose="c",
            service=WORDS,
            amount_pence=pence,
            draws=draws(pence),
        )
        self.tell(account_stream(fact.account), fact, on)

    def pays(self, disbursement: str, pence: int, on: date, body: str = BODY) -> None:
        """The payer paid a body."""
        account = premium(body)
        approved = DisbursementApproved(
            account=account, disbursement=disbursement, amount_pence=pence
        )
        self.tell(account_stream(account), approved, on - timedelta(days=3))
        paid = DisbursementPaid(
            account=account,
            disbursement=disbursement,
            receipt=disbursement,
            kind="cash",
            reference=f"BACS {disbursement}",
            value_date=on,
            amount_pence=pence,
            slices=(Slice(measure="m", pence=pence),),
        )
        self.tell(account_stream(account), paid, on)

    def gets_back(self, disbursement: str, pence: int, on: date) -> None:
        """A payment came back from the bank."""
        fact = DisbursementReturned(
            account=premium(BODY),
            disbursement=disbursement,
            receipt=disbursement,
            amount_pence=pence,
            slices=(Slice(measure="m", pence=pence),),
            value_date=on,
            moves=(
                Move(
                    source="board:in-transit",
                    target="premium:payable",
                    slices=(Slice(measure="m", pence=pence),),
                ),
            ),
            reason=WORDS,
        )
        self.tell(account_stream(fact.account), fact, on)


def premium(body: str, year: str = "2013-14") -> AccountId:
    """A body's premium for a scheme year."""
    return AccountId(f"quality-premium/{year}/{body}")


def draws(pence: int) -> tuple[Draw, ...]:
    """Pence of the receipt d1."""
    return (Draw(receipt="d1", slices=(Slice(measure="m", pence=pence),)),)


class Told:
    """Messages in memory, as a topic of one partition."""

    def __init__(self, messages: Iterable[Message], most: int = 2_000) -> None:
        self._left = list(messages)
        self._word = word(self._left)
        self._most = most

    def poll(self, timeout_ms: int) -> Batch:
        """The next ones."""
        batch, self._left = self._left[: self._most], self._left[self._most :]
        after = {Partition(one.topic, one.partition): one.offset + 1 for one in batch}
        return Batch(batch, after, self._word)

    def saved(self, following: object) -> None:
        """No broker is told."""


def takes(
    results: Results, messages: Sequence[Message], *, twice: bool = False, most: int = 7
) -> None:
    """Take messages into the results; `twice`, each comes a second time at once."""
    if twice:
        messages = [one for message in messages for one in (message, message)]
    results.begins({Partition(one.topic, one.partition) for one in messages})
    source = Told(messages, most)
    while run_once(source, results).messages:
        pass
