"""The columns of one kind of file, and which of some kinds a header names."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from typing import Any

from ledger.events import DocumentId
from ledger.excerpts import printable
from ledger.intake.table import Row, UnreadableSheet, nearest
from ledger.values import value


@value
class Layout:
    """The columns of one kind of file, and how a row of it becomes a command."""

    name: str  # What its rows are, in the plural: `groups`.
    required: tuple[str, ...]  # Columns that must be there; a cell may be empty.
    optional: tuple[str, ...] = ()
    also: Mapping[str, str] = field(default_factory=dict)  # Other heading -> column.
    read: Callable[[Row, DocumentId], Any]  # Notes on the row what it cannot read.
    key: Callable[[Any], tuple[str, ...]]  # What a command is about: one row each.
    personal: tuple[str, ...] = ()  # Columns whose values no error may show.
    left_out: Callable[[Row], str] = lambda row: ""  # Why a row is not read; or none.
    key_column: str  # The column that a second row on the same is reported under.
    fields: Mapping[str, str] = field(default_factory=dict)
    """A command's field -> the column it is read from, where that has another name."""
    count: Callable[[Sequence[Any]], dict[str, int]] | None = None
    """How many of what there are, for people; None: so many of its name."""

    def counts(self, commands: Sequence[Any]) -> dict[str, int]:
        """How many of what there are, for people."""
        if self.count is None:
            return {self.name: len(commands)}
        return self.count(commands)

    def columns(self, headings: Sequence[str]) -> dict[str, int]:
        """The place, from 0, of each column of this kind that is there."""
        known = (*self.required, *self.optional)
        found = {name: headings.index(name) for name in known if name in headings}
        for other, name in self.also.items():
            if other in headings:
                found.setdefault(name, headings.index(other))
        return found

    def column_of(self, place: str) -> str:
        """The column that a place in the command, such as `measure`, is read from."""
        name = place.partition(".")[0]
        column = self.fields.get(name, name)
        known = (*self.required, *self.optional)
        return column if column in known else self.key_column

    def missing(self, headings: Sequence[str]) -> tuple[str, ...]:
        """The required columns that are not there."""
        found = self.columns(headings)
        return tuple(name for name in self.required if name not in found)


def recognise(
    kind: str, layouts: Mapping[str, Sequence[Layout]], headings: Sequence[str]
) -> Layout:
    """The layout whose required columns are all there; the first where several are.

    Args:
        layouts: The layouts of each kind of file.

    Raises:
        UnreadableSheet: Names the columns that are missing and those found.
    """
    for layout in layouts[kind]:
        if not layout.missing(headings):
            return layout
    found = ", ".join(printable(name) for name in headings if name)
    for other, others in layouts.items():
        if any(not layout.missing(headings) for layout in others):
            raise UnreadableSheet(
                1, f"these are columns of {other}: import it as {other}"
            )
    for separator, called in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        if len(headings) == 1 and separator in headings[0]:
            raise UnreadableSheet(
                1, f"columns are separated by {called}: save with commas"
            )
    closest = min(layouts[kind], key=lambda layout: len(layout.missing(headings)))
    missing = closest.missing(headings)
    near = [
        f"is {printable(given)} meant as {name}?"
        for name in missing
        if (given := nearest(name, [one for one in headings if one], 75))
        and given not in closest.columns(headings)
    ]
    remedy = f"columns missing: {', '.join(missing)}; found: {found or 'none'}"
    raise UnreadableSheet(1, "; ".join((remedy, *near)))


def ignored(layout: Layout, headings: Sequence[str]) -> tuple[str, ...]:
    """The named columns that are not read, in their order.

    Raises:
        UnreadableSheet: If one looks like a misspelt column that is not there.
    """
    columns = layout.columns(headings)
    read = set(columns.values())
    absent = [name for name in layout.optional if name not in columns]
    unread = [name for at, name in enumerate(headings) if name and at not in read]
    for name in unread:
        meant = nearest(name, absent, 85)
        if meant is not None:
            shown = printable(name)
            remedy = f"column {shown}: write it as {meant}, or name it otherwise"
            raise UnreadableSheet(1, remedy)
    return tuple(unread)
