"""Fills an empty ledger from an archive: all of it, or nothing and the line at fault.

Each line must be as `archive.write` would write it, and what it holds must be what
its own leaf hash, digest or commitment was made of.
"""

from collections.abc import Callable, Iterable
from functools import cache
from hashlib import sha256
from typing import Any, TypeVar, get_type_hints

from pydantic_core import from_json

from ledger.proof import leaf_hash, row_digest
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
from ledger.store.contract import Writing
from ledger.store.rows import (
    CommandRow,
    EventRow,
    Head,
    NotAppendable,
    PartyRow,
    TextRow,
)

_Row = TypeVar("_Row", EventRow, CommandRow, TextRow, PartyRow)


class Damaged(ValueError):
    """A line of an archive is not what was written. Nothing of it was taken in."""

    def __init__(self, line: int, why: str):
        super().__init__(f"line {line}: {why}")
        self.line = line  # From 1; one beyond the last where the file is cut short.
        self.why = why


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
        content = from_json(line)
    except ValueError as reason:
        raise Damaged(number, f"it is not JSON: {reason}") from None
    if not isinstance(content, dict) or line_of(content) != line:
        raise Damaged(number, "it is not as this format writes it")
    return content


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
        try:
            self._writing.append(
                rows["record"], rows["command"], rows["text"], rows["party"]
            )
        except NotAppendable as reason:
            raise Damaged(max(first, 2), f"from this line, {reason}") from None
        for gathered in rows.values():
            gathered.clear()

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
    return row


def _command(content: Any) -> CommandRow:
    row = _typed(CommandRow(**content))
    if row_digest(row[:-1]) != row.digest:
        raise ValueError("its columns are not those its digest was made of")
    return row


def _text(content: Any) -> TextRow:
    row = _typed(TextRow(**_beside(content)))
    _check_commitment(row.commitment, row.salt, row.text)
    return row


def _party(content: Any) -> PartyRow:
    row = _typed(PartyRow(**_beside(content)))
    _check_commitment(row.commitment, row.salt, row.name)
    return row


def _beside(content: Any) -> Any:
    digest = content.pop("digest")
    if row_digest(tuple(content.values())) != digest:
        raise ValueError("its columns are not those its digest was made of")
    return {**content, "salt": bytes.fromhex(content["salt"])}


def _check_commitment(commitment: str, salt: bytes, text: str) -> None:
    if sha256(salt + text.encode()).hexdigest() != commitment:
        raise ValueError("it is not what its commitment was made of")


def _typed(row: _Row) -> _Row:
    """The row, if each column holds what it must."""
    form: Any = type(row)
    for (name, kind), value in zip(_types(form), row, strict=True):
        if isinstance(value, bool) or not isinstance(value, kind):
            raise TypeError(f"its {name} may not be {value!r}")
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
