"""Checking a rulebook before it is published: what is wrong, and what is unusual."""

from ledger.rules.faults import RulebookError
from ledger.rules.rulebook import Rulebook, canonical, content_hash, read_toml, warnings
from ledger.values import Fault, value


@value
class Checked:
    """What was found in a rulebook's text."""

    faults: tuple[Fault, ...]  # It is refused while there is one.
    warnings: tuple[str, ...]  # Unusual or not known; it may be published.
    rulebook: Rulebook | None  # None where there are faults.
    content_hash: str | None  # Of its canonical content.


def check(text: str | bytes, file: str) -> Checked:
    """Check a rulebook as people write it; nothing is raised for its faults.

    Args:
        text: TOML, or its bytes.
        file: Its name, for the faults.
    """
    try:
        rulebook = read_toml(text, file)
    except RulebookError as refused:
        return Checked(
            faults=refused.faults, warnings=(), rulebook=None, content_hash=None
        )
    return Checked(
        faults=(),
        warnings=warnings(rulebook),
        rulebook=rulebook,
        content_hash=content_hash(canonical(rulebook)),
    )
