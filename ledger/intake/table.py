"""A CSV file as people have it: its bytes to rows of cells, or what is wrong.

Nothing is guessed about a figure. What differs only in the writing (encoding,
line ends, order of columns, case of headings, empty lines) is taken as it comes.
"""

import csv
import difflib
import io
import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from ledger.excerpts import printable, shortened
from ledger.values import value


@value
class RowError:
    """What is wrong in one row of a file, and what to do about it."""

    file: str
    row: int  # Line in the file, the header being line 1.
    field: str  # The column; empty for the whole row or file.
    value: str  # As given, shortened; empty where nothing was given.
    remedy: str

    def __str__(self) -> str:
        column = f", {self.field}" if self.field else ""
        given = f" {self.value!r}" if self.value else ""
        return f"{self.file}, line {self.row}{column}{given}: {self.remedy}"


@dataclass(slots=True)
class Row:
    """One row by column. Readers of cells note here what they cannot read."""

    file: str
    line: int
    cells: dict[str, str]
    personal: Collection[str] = ()  # Columns whose values no error may show.
    errors: list[RowError] = field(default_factory=list)

    def given(self, column: str) -> str:
        """What the cell holds, without outer spaces; empty for no such column."""
        return self.cells.get(column, "")

    def faulty(self, *columns: str) -> bool:
        """Whether one of some columns could not be read."""
        return any(error.field in columns for error in self.errors)

    def fault(self, column: str, remedy: str) -> None:
        """Note that a cell cannot be read; the row then makes no command."""
        value = "" if column in self.personal else shortened(self.given(column))
        self.errors.append(
            RowError(
                file=self.file, row=self.line, field=column, value=value, remedy=remedy
            )
        )


@dataclass(frozen=True, slots=True)
class Sheet:
    """The cells of a file: its headings, and every line that is not empty."""

    headings: tuple[str, ...]  # In their normal form; empty for an empty column.
    lines: tuple[tuple[int, list[str]], ...]  # With the line each begins on.


class UnreadableSheet(ValueError):
    """The file as a whole cannot be read."""

    def __init__(self, row: int, remedy: str) -> None:
        super().__init__(remedy)
        self.row = row
        self.remedy = remedy


def text_of(content: bytes) -> tuple[str, tuple[str, ...]]:
    """The text of a file, and a note where its encoding was not UTF-8.

    Raises:
        UnreadableSheet: For a workbook, UTF-16, or bytes that are not text.
    """
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise UnreadableSheet(1, "this is a workbook: save its sheet as CSV (UTF-8)")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableSheet(1, "this is UTF-16: save it as CSV (UTF-8)")
    notes: tuple[str, ...] = ()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as first:
        line = _line(content[: first.start].decode("latin-1"))
        try:
            text = content.decode("cp1252")
        except UnicodeDecodeError as second:
            line = _line(content[: second.start].decode("latin-1"))
            raise UnreadableSheet(
                line,
                f"byte 0x{content[second.start]:02x} is neither UTF-8 nor "
                "Windows-1252: save the file as CSV (UTF-8)",
            ) from None
        notes = (f"not UTF-8 on line {line}: read as Windows-1252",)
    if "\0" in text:
        line = _line(text[: text.index("\0")])
        raise UnreadableSheet(line, "this is not text: save it as CSV (UTF-8)")
    return unicodedata.normalize("NFC", text), notes


def _line(before: str) -> int:
    """The line, from 1, on which a text goes on; line ends are LF, CRLF or CR."""
    return before.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1


def lines_of(text: str, separator: str = ",") -> list[tuple[int, list[str]]]:
    """The cells of every row, without outer spaces, with the line each begins on.

    Raises:
        UnreadableSheet: For quotes left open.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    found: list[tuple[int, list[str]]] = []
    begins = 1
    try:
        for cells in reader:
            found.append((begins, [cell.strip() for cell in cells]))
            begins = reader.line_num + 1
    except csv.Error as reason:
        remedy = f"quotes cannot be read from here ({reason}): close or double them"
        raise UnreadableSheet(begins, remedy) from None
    return found


def sheet_of(text: str) -> Sheet:
    """Split a text into headings and rows. Lines without any value are left out.

    Raises:
        UnreadableSheet: For no headings, one heading twice, more or fewer headings
            than every row has cells, or quotes left open.
    """
    found = [(line, cells) for line, cells in lines_of(text) if any(cells)]
    if not found:
        raise UnreadableSheet(1, "the file is empty: its first line names the columns")
    line, first = found[0]
    headings = tuple(
        heading(cell) or _unnamed(at, found[1:]) for at, cell in enumerate(first)
    )
    for name in headings:
        if name and headings.count(name) > 1:
            raise UnreadableSheet(
                line, f"two columns are named {printable(name)}: leave one of them"
            )
    widths = {len(cells) for _, cells in found[1:]}
    if len(found) > 2 and len(widths) == 1 and len(headings) not in widths:
        raise UnreadableSheet(
            line,
            f"headings: {len(headings)}, cells in every row: {widths.pop()}; write a "
            "heading for each cell",
        )
    return Sheet(headings, tuple(found[1:]))


def _unnamed(at: int, lines: Sequence[tuple[int, list[str]]]) -> str:
    """What a column without a heading is called; empty where it holds nothing."""
    filled = any(cells[at] for _, cells in lines if at < len(cells))
    return f"column_{at + 1}_without_heading" if filled else ""


def heading(cell: str) -> str:
    """The normal form of a heading: `ODS Code` and `ods-code` are `ods_code`."""
    return re.sub(r"[ \xa0_-]+", "_", cell.strip().casefold())


def rows_of(
    file: str, sheet: Sheet, columns: dict[str, int], personal: Collection[str]
) -> Iterator[Row | RowError]:
    """The rows of a sheet, or what is wrong where a row has too few or many cells.

    Args:
        columns: The place in a row, from 0, of each column that is read.
        personal: The columns whose values no error may show.
    """
    width = len(sheet.headings)
    for line, cells in sheet.lines:
        if len(cells) != width:
            yield RowError(
                file=file,
                row=line,
                field="",
                value="",
                remedy=f"headings: {width}, cells here: {len(cells)}; quote a value "
                "that holds a comma, and keep the commas of empty cells",
            )
            continue
        given = {name: cells[at] for name, at in columns.items()}
        yield Row(file, line, given, personal)


def nearest(name: str, names: Sequence[str], at_least_percent: int) -> str | None:
    """The one of some names most like another, if that much of both is alike."""
    best, best_alike = None, at_least_percent
    for other in names:
        blocks = difflib.SequenceMatcher(None, name, other).get_matching_blocks()
        common = sum(block.size for block in blocks)
        alike = 200 * common // max(1, len(name) + len(other))
        if alike >= best_alike and (best is None or alike > best_alike):
            best, best_alike = other, alike
    return best
