"""What holds for a whole call: from options, otherwise the environment."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from interfaces.environment import AS, DB, Unset
from ledger.store.place import place_of


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What holds for a whole call of the program, as given; checked when used."""

    db: str | None
    acting: str | None
    at_least: int = 0  # The position that a read must know of.
    db_from: str = "not set"  # Where it was given: an option, or the environment.
    acting_from: str = "not set"

    def where(self) -> str | Path:
        """The file of the ledger, or the address of its database.

        Raises:
            Unset: If none is named.
            Unavailable: If what is named is neither.
        """
        if not self.db:
            raise Unset(f"no ledger is named: give --db FILE, or set {DB}")
        return place_of(self.db)


def settings(
    environment: Mapping[str, str],
    db: str | None = None,
    acting: str | None = None,
    at_least: int = 0,
) -> Settings:
    """The settings of a call: what is given, otherwise what the environment says."""
    return Settings(
        db=db if db is not None else environment.get(DB),
        acting=acting if acting is not None else environment.get(AS),
        at_least=at_least,
        db_from=_said("--db", db, DB, environment),
        acting_from=_said("--as", acting, AS, environment),
    )


def _said(
    option: str, given: str | None, name: str, environment: Mapping[str, str]
) -> str:
    if given is not None:
        return option
    return name if name in environment else "not set"
