"""What a check found, and where."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Something that is not as it must be, and where."""

    what: str  # One sentence: what stands there, and what must.
    position: int | None = None  # Of the record, where it is about one.
    stream: str | None = None
    table: str | None = None
    since: int | None = None  # The first position at which it can have begun.

    def __str__(self) -> str:
        places = (
            ("position", self.position),
            ("stream", self.stream),
            ("table", self.table),
            ("since position", self.since),
        )
        where = ", ".join(f"{name} {at}" for name, at in places if at is not None)
        return f"{self.what} ({where})" if where else self.what
