"""One command as a line of NDJSON, and the order in which all of them are given."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from interfaces.simulation.groups import Group

ANALYST = {"role": "analyst", "party": "sim-analyst-1"}
APPROVER = {"role": "approver", "party": "sim-approver-1"}
HEARING = {"role": "approver", "party": "sim-approver-2"}
"""Who hears what is said against decisions of the other approver."""

REFUSED = "refused/"
"""Part of the id of a command that is meant to be refused."""


def finance(group: Group) -> dict[str, str]:
    """A group's finance officer, on the group's behalf."""
    return {
        "role": "finance-officer",
        "party": group.finance,
        "on_behalf_of": group.code,
    }


class Given:
    """Commands as they are thought of, given in the order of their days."""

    def __init__(self) -> None:
        self._lines: list[tuple[date, str]] = []
        self._heirs: dict[str, tuple[date, dict[str, str]]] = {}

    def succeeded(self, group: Group, successor: Group, on: date) -> None:
        """From a day the successor's finance officer acts for a group."""
        self._heirs[group.code] = on, finance(successor)

    def give(
        self, id: str, name: str, by: dict[str, str], on: date, /, **data: Any
    ) -> None:
        """One command; ids follow from what it is about, and so are the same again."""
        begins, heir = self._heirs.get(by.get("on_behalf_of", ""), (on, by))
        by = heir if on >= begins else by
        asked = {
            "id": f"simulated/{id}",
            "command": name,
            "origin": "simulated",
            "by": by,
            "data": data,
            "effective_on": on.isoformat(),
            "decided_on": on.isoformat(),
        }
        line = json.dumps(asked, ensure_ascii=False, separators=(",", ":"))
        self._lines.append((on, line))

    def lines(self) -> Iterator[bytes]:
        """Each command by its day; those of one day as they were thought of."""
        self._lines.sort(key=lambda one: one[0])
        for _, line in self._lines:
            yield line.encode() + b"\n"
