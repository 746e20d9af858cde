"""What two rulebooks say differently, clause by clause."""

import json
from typing import Any, Literal

from ledger.rules.book import Rulebook, clauses
from ledger.rules.clauses import AllOf, AnyOf, Clause, Judged, Status
from ledger.rules.elements import Gate, Measure, MeasurePart, Reduction
from ledger.values import value

_HEAD = ("scheme", "scheme_year", "version", "title", "applies_from")
_BELOW = {"test", "menu", "parts", "multipliers"}  # Clauses of their own.


@value
class Difference:
    """One clause that only one rulebook has, or one field that they fill otherwise."""

    clause: str  # Its id; `rulebook` for what stands above all clauses.
    kind: Literal["added", "removed", "changed"]
    field: str | None = None  # What changed; None where the whole clause did.
    was: str | None = None  # None: it was not there.
    now: str | None = None
    status_was: Status | None = None
    status_now: Status | None = None


def diff(a: Rulebook, b: Rulebook) -> tuple[Difference, ...]:
    """What the second rulebook says otherwise than the first.

    Returns:
        The head first, then clauses in the order of the second, then those that only
        the first has; empty where they say the same.
    """
    found = [
        Difference(clause="rulebook", kind="changed", field=field, was=was, now=now)
        for field in _HEAD
        if (was := str(getattr(a, field))) != (now := str(getattr(b, field)))
    ]
    before = {one.id: one for one in clauses(a)}
    after = {one.id: one for one in clauses(b)}
    for id, clause in after.items():
        if id in before:
            found.extend(_changes(before[id], clause))
        else:
            found.append(
                Difference(
                    clause=id, kind="added", now=clause.says, status_now=clause.status
                )
            )
    found.extend(
        Difference(clause=id, kind="removed", was=clause.says, status_was=clause.status)
        for id, clause in before.items()
        if id not in after
    )
    return tuple(found)


def _changes(a: Clause, b: Clause) -> list[Difference]:
    was, now = _fields(a), _fields(b)
    return [
        Difference(
            clause=b.id,
            kind="changed",
            field=field,
            was=was.get(field),
            now=now.get(field),
            status_was=a.status,
            status_now=b.status,
        )
        for field in dict.fromkeys((*was, *now))
        if was.get(field) != now.get(field)
    ]


def _fields(clause: Clause) -> dict[str, str]:
    """A clause's own fields as text; of what lies below it, how it hangs together."""
    data = clause.model_dump(mode="json", exclude_none=True, exclude=_BELOW)
    fields = {field: _text(value) for field, value in data.items()}
    if isinstance(clause, Measure) and clause.parts:
        fields["parts"] = ", ".join(part.id for part in clause.parts)
    match clause:
        case Measure(test=test) | MeasurePart(test=test) if test is not None:
            fields["test"] = shape(test)
        case Reduction(test=tested) | Gate(test=tested):
            fields["test"] = shape(tested)
    return fields


def shape(test: Judged | str) -> str:
    """How a test is put together: `one of (a, all of (b, c))`, or its word."""
    match test:
        case AllOf(all=tests):
            return f"all of ({', '.join(shape(one) for one in tests)})"
        case AnyOf(any=tests):
            return f"one of ({', '.join(shape(one) for one in tests)})"
        case str():
            return test
        case _:
            return test.id


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
