"""Where the ledger lies and who acts: from options, otherwise the environment."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ledger.request import By
    from projections.feed.topics import Broker

DB = "PREMIUM_DB"
AS = "PREMIUM_AS"
BROKER = "KAFKA_BOOTSTRAP_SERVERS"
TOPICS = "PREMIUM_TOPICS"
ADDRESSES = ("postgresql://", "postgres://")
"""How the address of a database begins; anything else names a file."""
WAIT_MS = 5_000
"""How long a read waits for the position it was asked for."""

_ACTING = re.compile(r"(?P<role>[a-z-]+):(?P<party>[^@\s]+)(@(?P<body>[^@\s]+))?")


class Unset(ValueError):
    """A setting is missing or unreadable; the message says how to give it."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What holds for a whole call of the program, as given; checked when used."""

    db: str | None
    acting: str | None
    at_least: int = 0  # The position that a read must know of.
    db_from: str = "not set"  # Where it was said: an option, or the environment.
    acting_from: str = "not set"

    def path(self) -> Path:
        """The file of the ledger.

        Raises:
            Unset: If none is named.
        """
        if not self.db:
            raise Unset(f"no ledger is named: give --db FILE, or set {DB}")
        return Path(self.db)

    def where(self) -> str | Path:
        """The file of the ledger, or the address of its database.

        Raises:
            Unset: If none is named.
        """
        if self.db and self.db.startswith(ADDRESSES):
            return self.db
        return self.path()

    def by(self) -> "By":
        """Who acts, in which role, and for which body if for any.

        Raises:
            Unset: If nobody is named, or not as ROLE:PARTY or ROLE:PARTY@BODY.
        """
        if not self.acting:
            raise Unset(
                "nobody is named who acts: give --as ROLE:PARTY, such as "
                f"analyst:a.patel or finance-officer:b.jones@10C, or set {AS}"
            )
        return acting(self.acting)


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


def acting(text: str) -> "By":
    """Read who acts: `analyst:a.patel`, or `finance-officer:b.jones@10C`.

    Raises:
        Unset: If the text is no such thing, or the role does not exist.
    """
    from ledger.decisions.roles import ROLES
    from ledger.events import BodyCode, PartyId
    from ledger.request import By

    match = _ACTING.fullmatch(text)
    if match is None:
        raise Unset(
            f"{text!r} does not say who acts: write ROLE:PARTY, such as "
            "analyst:a.patel, and @BODY behind it for whoever acts for a body"
        )
    if match["role"] not in ROLES:
        raise Unset(f"there is no role {match['role']!r}: it is {', '.join(ROLES)}")
    return By(
        role=match["role"],
        party=PartyId(match["party"]),
        on_behalf_of=BodyCode(match["body"]) if match["body"] else None,
    )


_SECURITY = (
    *("security_protocol", "sasl_mechanism", "sasl_plain_username"),
    *("sasl_plain_password", "ssl_cafile", "ssl_certfile", "ssl_keyfile"),
)


def broker(
    environment: Mapping[str, str], given: str | None = None, prefix: str | None = None
) -> "Broker":
    """The Kafka brokers, and what the topics are called there.

    How to be let in is said by the environment alone, in KAFKA_SECURITY_PROTOCOL,
    KAFKA_SASL_MECHANISM and so on: no password stands in a command line.

    Raises:
        Unset: If no broker is named.
    """
    from projections.feed.topics import Broker

    bootstrap = given if given is not None else environment.get(BROKER)
    if not bootstrap:
        raise Unset(f"no broker is named: give --broker HOST:PORT, or set {BROKER}")
    security = {
        name: environment[f"KAFKA_{name.upper()}"]
        for name in _SECURITY
        if f"KAFKA_{name.upper()}" in environment
    }
    named = prefix if prefix is not None else environment.get(TOPICS, "premium")
    return Broker(bootstrap, named, security)
