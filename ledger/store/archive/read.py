"""Fills an empty ledger from an archive: all of it, or nothing and the line at fault.

Each line must be as `archive.write` would write it, and what it holds must be what
its own leaf hash, digest or commitment was made of.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from hashlib import sha256
from typing import Any, TypeVar, get_type_hints

from ledger.excerpts import printable, shown
from ledger.limits import (
    COMMAND_ID,
    HEXADECIMAL,
    LABEL,
    MOST_WHOLE,
    PARAGRAPHS,
)
from ledger.proof import leaf_hash, row_digest
from ledger.recorded import stream_of
from ledger.store.archive.write import (
    BATCH,
    FORMAT,
    FORMAT_VERSION,
    Header,
    Progress,
    header_json,
    line_of,
    opened_by,
)
from ledger.store.contract import EARLIER, Writing
from ledger.store.mapper import FACTS, Unreadable, decode, encode, encode_meta
from ledger.store.rows import (
    CommandRow,
    EventRow,
    Head,
    NotAppendable,
    PartyRow,
    TextRow,
)
from ledger.strict_json import NotJson, parse

LONGEST = 1 << 24
"""Bytes of the longest line that is read; that of a rulebook has 60,000."""

_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z"
)

_Row = TypeVar("_Row", EventRow, CommandRow, TextRow, PartyRow)


class Damaged(ValueError):
    """A line of an archive is not what was written. Nothing of it was taken in."""

    def __init__(self, line: int, why: str):
        self.line = line  # From 1; one beyond the last where the file is cut short.
        self.why = printable(why, most=400)
        super().__init__(f"line {line}: {self.why}")


class Earlier(Damaged):
    """An archive from before: to export it again would not help."""


class NotEmpty(ValueError):
    """The ledger that an archive was to fill holds something already."""


def read(
    writing: Writing, lines: Iterable[bytes], progress: Progress | None = None
) -> Header:
    """Fill an empty ledger from the lines of an archive.

    Args:
        writing: A transaction of the caller, who commits it if this returns.

    Raises:
        NotEmpty: If anything stands in the ledger.
        Damaged: At the first line that is not what was written, or is missing.
    """
    if writing.head() != Head(0, 0, "") or writing.texts(0, 1):
        raise NotEmpty("an archive is read into an empty ledger, and this one is not")
    filling = _Filling(writing)
    digest = sha256()
    for number, line in enumerate(lines, start=1):
        content = _content(number, line)
        filling.take(number, content, digest.hexdigest())
        digest.update(line)
        header = filling.header
        if progress is not None and header is not None and number % BATCH == 0:
            progress(min(number, header.head), header.head)
    return filling.ended()


def _content(number: int, line: bytes) -> Any:
    """What a line holds, if it is as it would be written."""
    try:
        content = parse(line, LONGEST)
    except NotJson as reason:
        raise Damaged(number, str(reason)) from None
    if not unicodedata.is_normalized("NFC", line.decode()):
        raise Damaged(number, "its text is not in Unicode's normal form NFC")
    if not isinstance(content, dict) or _written(content) != line:
        raise Damaged(number, "it is not as this format writes it")
    return content


def _written(content: Any) -> bytes:
    """A line as it would be written; empty where it holds what cannot be."""
    try:
        return line_of(content)
    except ValueError:
        return b""


class _Filling:
    """What was read so far, and the rows that are not yet written."""

    def __init__(self, writing: Writing) -> None:
        self._writing = writing
        self.header: Header | None = None
        self._line = 0  # The last one read.
        self._kind = ""  # Of the last line.
        self._done = False
        self._rows: dict[str, list[Any]] = {kind: [] for kind in _ROWS}
        self._counts = dict.fromkeys(_ROWS, 0)
        self._leaves = sha256()
        self._beside: set[str] = set()  # The commitments of texts and names so far.

    def take(self, number: int, content: Any, digest: str) -> None:
        """Take in a line; rows are written a batch at a time."""
        self._line = number
        if self._done:
            raise Damaged(number, "it stands behind the end")
        if self.header is None:
            self.header = _header_of(content)
            return
        [kind] = content if len(content) == 1 else [""]
        if kind not in _ORDER or _ORDER.index(kind) < _ORDER.index(self._kind):
            raise Damaged(number, "no such line may stand here")
        if kind != self._kind:
            self._write()
        self._kind = kind
        if kind == "end":
            self._end(content[kind], digest)
            return
        try:
            row = _ROWS[kind](content[kind])
        except Unreadable as reason:
            raise Damaged(number, str(reason)) from None
        except (TypeError, KeyError, ValueError, AttributeError) as reason:
            raise Damaged(number, f"it is not a {kind}: {reason}") from None
        self._counts[kind] += 1
        self._check_place(kind, row)
        if kind == "record":
            self._leaves.update(leaf_hash(*row[1:]))
        self._rows[kind].append(row)
        if len(self._rows[kind]) == BATCH:
            self._write()

    def _check_place(self, kind: str, row: Any) -> None:
        if kind in ("record", "command") and row[0] != self._counts[kind]:
            wanted = self._counts[kind]
            raise Damaged(self._line, f"{kind} {row[0]} stands where {wanted} must")
        if kind in ("text", "party"):
            if row.commitment in self._beside:
                raise Damaged(self._line, f"this {kind} is there already")
            self._beside.add(row.commitment)
        if kind == "record" and row.position == 1:
            assert self.header is not None
            opened = opened_by((row,))
            stated = (self.header.name, self.header.origin)
            if opened is not None and (opened.name, opened.origin) != stated:
                raise Damaged(1, "its name and origin are not those of record 1")

    def _write(self) -> None:
        """Write what was gathered. A crash before the commit leaves none of it."""
        rows = self._rows
        if not any(rows.values()):
            return
        first = self._line - max(len(one) for one in rows.values())
        self._check_ids(rows["command"])
        try:
            self._writing.append(
                rows["record"], rows["command"], rows["text"], rows["party"]
            )
        except NotAppendable as reason:
            raise Damaged(max(first, 2), f"from this line, {reason}") from None
        for gathered in rows.values():
            gathered.clear()

    def _check_ids(self, commands: Sequence[CommandRow]) -> None:
        """No id of a batch may stand twice in it, or in an earlier one."""
        _, known = self._writing.look_up([one.id for one in commands])
        for place, one in enumerate(commands):
            if one.id in known:
                line = self._line - len(commands) + place
                raise Damaged(line, f"the command {one.id!r} is there already")
            known[one.id] = one

    def _end(self, content: Any, digest: str) -> None:
        assert self.header is not None
        header = self.header
        stated = (header.head, header.commands, header.texts, header.parties)
        if stated != tuple(self._counts.values()):
            raise Damaged(
                1,
                f"it states {stated} rows of each kind, and there are "
                f"{tuple(self._counts.values())}",
            )
        if self._leaves.hexdigest() != header.leaves:
            raise Damaged(1, "its digest is not that of the records")
        if content != {"lines": self._line - 1, "sha256": digest}:
            raise Damaged(
                self._line, "the lines before it are not those it was made of"
            )
        self._done = True

    def ended(self) -> Header:
        """What was taken in, if all of it was there."""
        if not self._done or self.header is None:
            raise Damaged(self._line + 1, "the file ends before its end")
        return self.header


def _header_of(content: Any) -> Header:
    if content.get("format") != FORMAT:
        raise Damaged(1, f"it is not a ledger's archive: its format is not {FORMAT}")
    if content.get("version") == 1:
        raise Earlier(1, f"it {EARLIER}")
    if content.get("version") != FORMAT_VERSION:
        raise Damaged(
            1,
            f"it is of version {content.get('version')} and this program reads "
            f"{FORMAT_VERSION}: use the program that wrote it",
        )
    try:
        header = Header(**{name: content[name] for name in Header._fields})
    except KeyError as missing:
        raise Damaged(1, f"it states no {missing}") from None
    if header_json(header) != content:
        raise Damaged(1, "it states more than this format has")
    return header


def _record(content: Any) -> EventRow:
    leaf = content.pop("leaf")
    row = _typed(EventRow(**{**content, "state": content["state"].encode()}))
    if leaf_hash(*row[1:]).hex() != leaf:
        raise ValueError(f"its leaf hash is not {leaf}")
    recorded = decode(*row)
    if stream_of(recorded.fact) != row.stream:
        raise ValueError(f"its stream must be {stream_of(recorded.fact)}")
    if row.topic in FACTS and row.state != encode(
        recorded.fact, encode_meta(recorded.meta)
    ):
        raise ValueError("its state is not as the ledger writes it")
    return row


def _command(content: Any) -> CommandRow:
    row = _typed(CommandRow(**content))
    if row_digest(row[:-1]) != row.digest:
        raise ValueError("its columns are not those its digest was made of")
    _must("id", COMMAND_ID, row.id)
    _must("hash", HEXADECIMAL, row.hash)
    if not _INSTANT.fullmatch(row.recorded_at):
        raise ValueError(f"its recorded_at may not be {shown(row.recorded_at)}")
    return row


def _text(content: Any) -> TextRow:
    row = _typed(TextRow(**_beside(content)))
    _must("text", PARAGRAPHS, row.text)
    _check_commitment(row.commitment, row.salt, row.text)
    return row


def _party(content: Any) -> PartyRow:
    row = _typed(PartyRow(**_beside(content)))
    _must("party", LABEL, row.party)
    _must("name", PARAGRAPHS, row.name)
    _check_commitment(row.commitment, row.salt, row.name)
    return row


def _beside(content: Any) -> Any:
    digest = content.pop("digest")
    if row_digest(tuple(content.values())) != digest:
        raise ValueError("its columns are not those its digest was made of")
    return {**content, "salt": bytes.fromhex(content["salt"])}


def _must(column: str, pattern: str, text: str) -> None:
    if re.fullmatch(pattern, text) is None:
        raise ValueError(f"its {column} may not be {shown(text)}")


def _check_commitment(commitment: str, salt: bytes, text: str) -> None:
    if sha256(salt + text.encode()).hexdigest() != commitment:
        raise ValueError("it is not what its commitment was made of")


def _typed(row: _Row) -> _Row:
    """The row, if each column holds what it must."""
    form: Any = type(row)
    for (name, kind), value in zip(_types(form), row, strict=True):
        if isinstance(value, bool) or not isinstance(value, kind):
            raise TypeError(f"its {name} may not be {shown(value)}")
        if isinstance(value, int) and not 0 <= value <= MOST_WHOLE:
            raise ValueError(f"its {name} is larger than any ledger")
    return row


@cache
def _types(form: Any) -> tuple[tuple[str, Any], ...]:
    return tuple(get_type_hints(form).items())


_ROWS: dict[str, Callable[[Any], Any]] = {
    "record": _record,
    "command": _command,
    "text": _text,
    "party": _party,
}
_ORDER = ("", *_ROWS, "end")
