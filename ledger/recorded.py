"""What the ledger adds to a fact, and the grammar of stream names.

A stream is named in readable text, percent-encoded where a part holds anything
but letters, digits and `-._~+:`; versions count from 1. The grammar is DESIGN's
table of streams, and `stream_of` is the only place that writes it.
"""

from collections.abc import Callable
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any, get_args, get_type_hints
from urllib.parse import quote, unquote

from ledger import events
from ledger.calendar import RecordedDay, business_date
from ledger.events import AccountId, BodyCode, Commitment, Fact, PartyId, RecordId
from ledger.excerpts import shown
from ledger.limits import CommandId, Label, Line, Sha256
from ledger.values import value


@value
class Meta:
    """When, by whom, and by which command. The same for all facts of a command."""

    recorded_at: datetime
    """UTC; never before the record before it."""
    effective_on: RecordedDay
    """The accounting date."""
    actor: PartyId
    role: Label
    command_id: CommandId
    request_hash: Sha256
    """SHA-256 of the request without its texts and names."""
    correlation_id: CommandId
    decided_on: RecordedDay | None = None
    """When people decided, if it was earlier."""
    on_behalf_of: BodyCode | None = None
    causation_id: Line | None = None


@value
class Recorded:
    """A fact with its place and meta, as stored."""

    position: int
    """In the whole ledger: from 1, without gaps."""
    stream: str
    version: int
    """In its stream: from 1, without gaps."""
    meta: Meta
    fact: Fact

    @property
    def id(self) -> RecordId:
        """`stream@version`."""
        return RecordId(f"{self.stream}@{self.version}")


def decided_day(recorded: Recorded) -> date:
    """The day from which a record counts, by its recorder's word.

    It is the day people decided; else the day its source was published; else its
    accounting date. The day it was recorded, in London, where that is earlier.
    """
    meta = recorded.meta
    said = meta.decided_on or getattr(recorded.fact, "published_on", None)
    return min(said or meta.effective_on, business_date(meta.recorded_at))


@lru_cache(maxsize=4_096)
def part(text: str) -> str:
    """One part of a stream name: what could be mistaken for grammar is encoded."""
    return quote(text, safe="+:")


def account_id(scheme: str, scheme_year: str, body: str) -> AccountId:
    """The id of one body's premium for one scheme year."""
    return AccountId(f"{part(scheme)}/{part(scheme_year)}/{part(body)}")


@lru_cache(maxsize=4_096)
def account_parts(account: str) -> tuple[str, str, BodyCode]:
    """Scheme, scheme year and body of an account's id.

    Raises:
        ValueError: If it has not exactly three parts.
    """
    parts = [unquote(piece) for piece in account.split("/")]
    if len(parts) != 3 or not all(parts):
        raise ValueError(
            f"{shown(account)} is not an account: write scheme/scheme-year/body, "
            "such as quality-premium/2013-14/10C"
        )
    return parts[0], parts[1], BodyCode(parts[2])


def stream_and_version(record: str) -> tuple[str, int]:
    """The stream and version that a record's id names.

    Raises:
        ValueError: If it is not of the form `stream@version`.
    """
    stream, _, version = record.rpartition("@")
    if not stream or not version.isdecimal():
        raise ValueError(f"{shown(record)} is not a record: write stream@version")
    return stream, int(version)


def account_stream(account: str) -> str:
    """Where an account's facts stand."""
    return f"account/{account}"


def rulebook_stream(scheme: str, scheme_year: str) -> str:
    """Where the versions of a scheme year's rules stand."""
    return f"rulebook/{part(scheme)}/{part(scheme_year)}"


def body_stream(body: str) -> str:
    """Where a body's registration, sightings and succession stand."""
    return f"body/{part(body)}"


def party_stream(party: str) -> str:
    """Where a party stands: ids that differ in capitals alone are one party."""
    return f"party/{part(party.lower())}"


def document_stream(document: str) -> str:
    """Where a source document stands."""
    return f"document/{part(document)}"


def result_stream(measure: str, subject: str, period: str) -> str:
    """Where a result and its corrections stand."""
    return f"result/{part(measure)}/{part(subject)}/{part(period)}"


def attribution_stream(measure: str, period: str) -> str:
    """Where it stands whose provider's result of a measure and period counts."""
    return f"attribution/{part(measure)}/{part(period)}"


def payment_run_stream(scheme: str, scheme_year: str, run: int) -> str:
    """Where a payment run of a scheme year stands."""
    return f"payment-run/{part(scheme)}/{part(scheme_year)}/{run}"


def claim_stream(claim: str) -> str:
    """Where a published figure stands."""
    return f"claim/{part(claim)}"


def interests_stream(body: str) -> str:
    """Where the interests of a body's people stand, and who took part in what."""
    return f"interests/{part(body)}"


def payment_reference_stream(reference: str) -> str:
    """Where a payment reference, in its normal form, is taken."""
    return f"payment-reference/{part(reference)}"


def certificate_stream(body: str, payment_year: str) -> str:
    """Where what was certified of a body's payment year stands."""
    return f"certificate/{part(body)}/{part(payment_year)}"


LEDGER_STREAM = "ledger"


@cache
def committed(form: type) -> tuple[str, ...]:
    """The fields of a fact that hold a commitment."""
    return tuple(
        name
        for name, hint in get_type_hints(form).items()
        if hint is Commitment or Commitment in get_args(hint)
    )


_STREAMS: dict[type, Callable[[Any], str]] = {
    events.LedgerOpened: lambda fact: LEDGER_STREAM,
    events.RulebookPublished: lambda fact: rulebook_stream(
        fact.scheme, fact.scheme_year
    ),
    events.BodyRegistered: lambda fact: body_stream(fact.body),
    events.BodySucceeded: lambda fact: body_stream(fact.body),
    events.PracticeSeen: lambda fact: body_stream(fact.practice),
    events.PartyRegistered: lambda fact: party_stream(fact.party),
    events.DocumentRecorded: lambda fact: document_stream(fact.document),
    **dict.fromkeys(
        (events.ResultRecorded, events.ResultCorrected),
        lambda fact: result_stream(fact.measure, fact.subject, fact.period),
    ),
    events.AttributionPublished: lambda fact: attribution_stream(
        fact.measure, fact.period
    ),
    events.ClaimRecorded: lambda fact: claim_stream(fact.claim),
    events.PaymentReferenceTaken: lambda fact: payment_reference_stream(fact.reference),
    **dict.fromkeys(
        (
            events.PaymentRunProposed,
            events.PaymentRunApproved,
            events.PaymentRunClosed,
        ),
        lambda fact: payment_run_stream(fact.scheme, fact.scheme_year, fact.run),
    ),
    events.PeriodClosed: lambda fact: LEDGER_STREAM,
    **dict.fromkeys(
        (events.CertificatePrepared, events.CertificateApproved),
        lambda fact: certificate_stream(fact.body, fact.payment_year),
    ),
    **dict.fromkeys(
        (
            events.InterestDeclared,
            events.InterestEnded,
            events.ParticipationRecorded,
        ),
        lambda fact: interests_stream(fact.body),
    ),
}
_ACCOUNT_FACTS = frozenset(events.AccountFact.__args__)


def stream_of(fact: Fact) -> str:
    """The stream a fact stands in."""
    kind = type(fact)
    if kind in _ACCOUNT_FACTS:
        return account_stream(fact.account)  # type: ignore[union-attr]
    return _STREAMS[kind](fact)
