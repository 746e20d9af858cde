"""Publishing the rules of a scheme year, and which of them apply to a decision."""

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar

from ledger.decisions.fields import Document
from ledger.decisions.handling import on_stream
from ledger.events import AccountId, RulebookPublished
from ledger.recorded import Recorded, account_parts, rulebook_stream
from ledger.request import Asked, Decision, States
from ledger.rules.rulebook import Rulebook, canonical, content_hash, parse
from ledger.values import value


@value
class PublishRulebook:
    """Put the rules of a scheme year, or a new version of them, into force."""

    NAME: ClassVar[str] = "publish-rulebook"

    rulebook: Rulebook
    """The rules of a scheme year, whole."""
    document: Document = None


@value
class VersionTaken:
    """Another rulebook stands under this version."""

    NAME: ClassVar[str] = "version-taken"

    version: int
    recorded_hash: str
    given_hash: str

    def __str__(self) -> str:
        return (
            f"version {self.version} is published with other content "
            f"({self.recorded_hash[:12]}, not {self.given_hash[:12]}): "
            f"a change is a new version"
        )


@value
class VersionNotNext:
    """Versions follow each other without gaps."""

    NAME: ClassVar[str] = "version-not-next"

    version: int
    next: int

    def __str__(self) -> str:
        return f"version {self.version} does not follow: the next is {self.next}"


@value
class NoRulebook:
    """No rules are published for the scheme year that apply on the day."""

    NAME: ClassVar[str] = "no-rulebook"

    scheme: str
    scheme_year: str
    decided_on: date

    def __str__(self) -> str:
        return (
            f"no rulebook of {self.scheme} {self.scheme_year} applies on "
            f"{self.decided_on}: publish one first"
        )


REFUSALS = (VersionTaken, VersionNotNext, NoRulebook)


@value
class Rules:
    """A rulebook as published: its record, and its content read."""

    recorded: Recorded
    published: RulebookPublished
    rulebook: Rulebook


def publish_rulebook(
    command: PublishRulebook, stream: Sequence[Recorded], asked: Asked
) -> Decision:
    """Decide whether a rulebook may be published; the same one again adds nothing.

    Args:
        stream: The records of the scheme year's rulebook stream.
    """
    rulebook = command.rulebook
    content = canonical(rulebook)
    digest = content_hash(content)
    for recorded in stream:
        published = recorded.fact
        assert isinstance(published, RulebookPublished)
        if published.rulebook_version == rulebook.version:
            if published.content_hash == digest:
                return ()
            return VersionTaken(
                version=rulebook.version,
                recorded_hash=published.content_hash,
                given_hash=digest,
            )
    if rulebook.version != len(stream) + 1:
        return VersionNotNext(version=rulebook.version, next=len(stream) + 1)
    return (
        RulebookPublished(
            scheme=rulebook.scheme,
            scheme_year=rulebook.scheme_year,
            rulebook_version=rulebook.version,
            applies_from=rulebook.applies_from,
            content=content,
            content_hash=digest,
            document=command.document,
        ),
    )


def in_force(stream: Sequence[Recorded], decided_on: date) -> Rules | None:
    """The latest version that applies to decisions of a day, or None.

    Source: DESIGN 6 (`decided_on` selects the rulebook version).
    """
    for recorded in reversed(stream):
        published = recorded.fact
        assert isinstance(published, RulebookPublished)
        if published.applies_from <= decided_on:
            return Rules(
                recorded=recorded,
                published=published,
                rulebook=parse(published.content),
            )
    return None


def no_rulebook(account: AccountId, asked: Asked) -> NoRulebook:
    """The refusal where no rules of an account's scheme year apply on a day."""
    scheme, scheme_year, _ = account_parts(account)
    return NoRulebook(
        scheme=scheme, scheme_year=scheme_year, decided_on=asked.decided_on
    )


def rules_of(command: Any, asked: Asked, states: States) -> Rules | None:
    """The rules of an account's scheme year on the day of the decision."""
    scheme, scheme_year, _ = account_parts(command.account)
    stream = states.records(rulebook_stream(scheme, scheme_year))
    return in_force(stream, asked.decided_on)


def _stream(command: PublishRulebook) -> str:
    return rulebook_stream(command.rulebook.scheme, command.rulebook.scheme_year)


HANDLES = (on_stream(PublishRulebook, publish_rulebook, _stream, by="approver"),)
