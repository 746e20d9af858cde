"""What there is beside the things of accounts: accounts, bodies, results, people ..."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from ledger.events import (
    AccountId,
    AccountOpened,
    AwardConfirmed,
    AwardProposed,
    BodyRegistered,
    BodySucceeded,
    DocumentRecorded,
    Result,
)
from ledger.recorded import account_stream
from ledger.store.reader import LedgerReader
from ledger.writer.refusals import decode_refusal

MOST = 10_000
"""Rows that are read at once."""


class Register(NamedTuple):
    """What there is of one kind."""

    fields: tuple[str, ...]
    rows: Callable[[LedgerReader, Any], Iterable[Mapping[str, Any]]]
    """Of the ledger as it was known; and of accounts, or of a body or None."""
    of_accounts: bool = False


def _accounts(log: LedgerReader, of: Sequence[AccountId]) -> Iterator[dict[str, Any]]:
    streams = [account_stream(one) for one in of]
    records = log.of_kinds((AccountOpened, AwardProposed, AwardConfirmed), streams)
    for account, stream in zip(of, streams, strict=True):
        row: dict[str, Any] = {"account": account, "state": "open"}
        row |= {"total_pence": None}
        for recorded in records[stream]:
            match recorded.fact:
                case AccountOpened() as fact:
                    row |= {"heads": fact.heads, "maximum_pence": fact.maximum_pence}
                    row |= {"opened_on": recorded.meta.effective_on}
                    row |= {"opened_by": recorded.meta.actor}
                case AwardProposed() as fact:
                    row |= {"state": "award proposed", "total_pence": fact.total_pence}
                case AwardConfirmed() as fact:
                    row |= {"state": "award confirmed", "total_pence": fact.total_pence}
        yield {**row, "opens": account}


def _bodies(log: LedgerReader, body: str | None) -> Iterator[dict[str, Any]]:
    for stream in log.streams("body/"):
        row: dict[str, Any] = {"successor": None, "succeeded_on": None}
        for recorded in log.stream(stream):
            match recorded.fact:
                case BodyRegistered() as fact:
                    row |= {
                        field: getattr(fact, field)
                        for field in ("body", "kind", "name", "opened_on", "closed_on")
                    }
                    row |= {"region": fact.region, "area_team": fact.area_team}
                case BodySucceeded() as fact:
                    row |= {"successor": fact.successor, "succeeded_on": fact.on}
        if "body" in row and body in (None, row["body"]):
            yield {**row, "opens": stream}


def _results(begin: str) -> Callable[[LedgerReader, Any], Iterator[dict[str, Any]]]:
    def rows(log: LedgerReader, body: str | None) -> Iterator[dict[str, Any]]:
        for stream in log.streams(begin):
            is_population = stream.startswith("result/population.")
            if is_population != (begin != "result/"):
                continue
            recorded = log.stream(stream)[-1]
            fact = recorded.fact
            assert isinstance(fact, Result)
            if body not in (None, fact.subject):
                continue
            yield {
                "measure": fact.measure,
                "subject": fact.subject,
                "period": fact.period,
                "value": fact.value,
                "unit": fact.unit,
                "published_on": fact.published_on,
                "recorded_on": recorded.meta.recorded_at.date(),
                "version": recorded.version,
                "opens": recorded.id,
            }

    return rows


def _documents(log: LedgerReader, body: str | None) -> Iterator[dict[str, Any]]:
    for stream in log.streams("document/"):
        fact = log.stream(stream)[-1].fact
        assert isinstance(fact, DocumentRecorded)
        yield {
            "document": fact.document,
            "title": fact.title,
            "publisher": fact.publisher,
            "published_on": fact.published_on,
            "licence": fact.licence,
            "url": fact.url,
            "opens": stream,
        }


def _parties(log: LedgerReader, body: str | None) -> Iterator[dict[str, Any]]:
    for stream in log.streams("party/"):
        recorded = log.stream(stream)[-1]
        party = stream.removeprefix("party/")
        name = log.name(getattr(recorded.fact, "party", party))
        kind = getattr(recorded.fact, "kind", None)
        yield {
            "party": getattr(recorded.fact, "party", party),
            "kind": kind,
            "name": name,
            "opens": stream,
        }


def _commands(log: LedgerReader, body: str | None) -> Iterator[dict[str, Any]]:
    after = 0
    while rows := log.command_rows(after, MOST):
        for one in rows:
            why = None if one.refusal is None else decode_refusal(one.refusal)
            yield {
                "number": one.number,
                "command": one.id,
                "outcome": one.outcome,
                "recorded_at": one.recorded_at,
                "count": one.count,
                "refusal": None if why is None else why.NAME,
                "opens": f"command/{one.id}",
            }
        after = rows[-1].number


_RESULT = (
    *("measure", "subject", "period", "value", "unit", "published_on"),
    *("recorded_on", "version", "opens"),
)
REGISTERS = {
    "accounts": Register(
        (
            *("state", "heads", "maximum_pence", "total_pence"),
            *("opened_on", "opened_by", "opens"),
        ),
        _accounts,
        of_accounts=True,
    ),
    "bodies": Register(
        (
            *("body", "kind", "name", "opened_on", "closed_on", "region"),
            *("area_team", "successor", "succeeded_on", "opens"),
        ),
        _bodies,
    ),
    "results": Register(_RESULT, _results("result/")),
    "populations": Register(_RESULT, _results("result/population.")),
    "documents": Register(
        (
            *("document", "title", "publisher", "published_on", "licence", "url"),
            "opens",
        ),
        _documents,
    ),
    "parties": Register(("party", "kind", "name", "opens"), _parties),
    "commands": Register(
        (
            *("number", "command", "outcome", "recorded_at", "count", "refusal"),
            "opens",
        ),
        _commands,
    ),
}
"""Name -> what there is, in the order of the help."""
