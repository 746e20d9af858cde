"""What an explanation says besides its working: how far it got, and what is claimed."""

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from interfaces.cli import account_state, printing
from interfaces.cli.session import Session
from ledger.events import ClaimRecorded
from ledger.money import pounds, round_half_up
from ledger.postings import FUNDING
from ledger.premium.account import PremiumAccount, stage
from ledger.recorded import account_parts, account_stream
from ledger.rules.readings import Heads, fits
from ledger.rules.rulebook import Rulebook
from ledger.rules.value import maximum
from projections.questions.breakdown import (
    breakdown,
    in_words,
    part_of,
    words,
)

AWARDED = frozenset({"award", "received", "paid"})
"""Quantities of a claim that the award itself can be held against."""


def standing(
    session: Session, state: PremiumAccount, effective: date | None = None
) -> dict[str, Any]:
    """How far an award has got, who put it there, and where its money stands.

    Args:
        effective: The last day whose money counts; None: all of it.

    Once it is confirmed, its parts add up to the award; what counts only after
    `effective` is a part of its own.
    """
    found: dict[str, Any] = {"stage": stage(state), "terms": state.terms_record}
    proposal, confirmed = state.proposal, state.confirmed
    if proposal is not None:
        found["determination"] = proposal.fact.determination
        found["proposed_by"] = proposal.proposed_by
        found["proposal"] = proposal.record
        found["rulebook"] = proposal.fact.rulebook
    if confirmed is not None:
        record = next(
            one
            for one in session.ledger.stream(account_stream(state.account))
            if one.fact == confirmed
        )
        balances = account_state.balances(session, state.account, effective)
        found["confirmed_by"] = record.meta.actor
        found["confirmation"] = record.id
        found["confirmed_pence"] = confirmed.total_pence
        parts = breakdown(balances)
        whole = breakdown(account_state.balances(session, state.account))
        parts["later"] = sum(whole.values()) - sum(parts.values())
        found |= {f"{name}_pence": pence for name, pence in parts.items()}
    return found


def print_standing(session: Session, stands: dict[str, Any]) -> None:
    """The same for people, in at most three lines."""
    session.say(f"  It is {stands['stage']}.")
    if "proposal" in stands:
        says = (
            f"  Determination {stands['determination']} was proposed by "
            f"{stands['proposed_by']} ({stands['proposal']})"
        )
        if "confirmation" in stands:
            says += (
                f" and confirmed by {stands['confirmed_by']} ({stands['confirmation']})"
            )
        session.say(f"{says}.")
    if "confirmation" in stands:
        session.say(f"  Of {pounds(stands['confirmed_pence'])}: {in_words(stands)}.")


def print_parts(
    session: Session, title: str, parts: Mapping[str, int], balances: Mapping[str, int]
) -> None:
    """Where the maximum stands, an account a line; the lines add up to it.

    Args:
        parts: Of the maximum, as `parts_at` gives them.
        balances: Of the accounts, in pence.
    """
    rows: list[tuple[str, str, int]] = []
    inside = sorted(name for name in balances if name != FUNDING)
    for part, pence in parts.items():
        accounts = [name for name in inside if part_of(name) == part]
        lines = [(words(part), name, balances[name]) for name in accounts]
        rows += lines or [(words(part), "", pence)]
    shown = [(part, name, pounds(pence)) for part, name, pence in rows if pence]
    footer = ("maximum", "", pounds(sum(parts.values())))
    printing.table(session, title, ("of the maximum", "account", "£"), shown, footer)


def claims(session: Session, state: PremiumAccount) -> list[dict[str, Any]]:
    """Every figure published about the body and scheme year, and what it fits.

    `fits` counts combinations of basis and reading, or for a maximum bases alone:
    exact, when rounded, no. It is None where the figure is neither award nor maximum,
    or the rules cannot list what they can reach.
    """
    scheme, scheme_year, body = account_parts(state.account)
    about = [
        claim
        for claim in _claims(session)
        if (claim.about, claim.scheme, claim.scheme_year) == (body, scheme, scheme_year)
    ]
    heads = account_state.populations(session, body) if about else ()
    return [
        {
            "claim": claim.claim,
            "quantity": claim.quantity,
            "as_published": claim.as_published,
            "status": claim.status,
            "fits": _fits(session, state, claim, heads),
        }
        for claim in about
    ]


def print_claims(session: Session, found: list[dict[str, Any]]) -> None:
    """A table of them, where there are any."""
    if not found:
        return
    rows = [
        (one["claim"], one["quantity"], one["as_published"], one["status"], _says(one))
        for one in found
    ]
    columns = ("claim", "quantity", "as published", "status", "fits")
    printing.table(session, "Published about it, never evidence", columns, rows)
    session.say("  One in full: premium explain ACCOUNT --claim CLAIM")


def _claims(session: Session) -> Iterator[ClaimRecorded]:
    for name in session.ledger.streams("claim/"):
        fact = session.ledger.stream(name)[-1].fact
        assert isinstance(fact, ClaimRecorded)
        yield fact


def _fits(
    session: Session,
    state: PremiumAccount,
    claim: ClaimRecorded,
    heads: tuple[Heads, ...],
) -> dict[str, int] | None:
    rulebook = account_state.rules(session, state.account).rulebook
    pence, rounded_to = claim.amount_pence, claim.rounded_to_pence
    if pence is None:
        return None
    if claim.quantity == "maximum":
        return _tally([_verdict(rulebook, one[2], pence, rounded_to) for one in heads])
    if claim.quantity not in AWARDED:
        return None
    try:
        found = fits(rulebook, pence, rounded_to, heads, state.terms)
    except ValueError:
        return None
    return _tally([fit.verdict for fit in found])


def _verdict(
    rulebook: Rulebook, heads: int, published: int, rounded_to: int | None
) -> str:
    """How the maximum of a number of heads compares with a published one."""
    pence = maximum(rulebook, heads)
    if pence == published:
        return "exact"
    if pence is not None and rounded_to:
        printed_pence = round_half_up(Fraction(pence, rounded_to)) * rounded_to
        if printed_pence == published:
            return "when rounded"
    return "no"


def _tally(verdicts: list[str]) -> dict[str, int]:
    return {name: verdicts.count(name) for name in ("exact", "when rounded", "no")}


def _says(claim: dict[str, Any]) -> str:
    fits = claim["fits"]
    if fits is None:
        return "not compared"
    if not fits["exact"] and not fits["when rounded"]:
        return f"none of {sum(fits.values())}"
    return f"{fits['exact']} exact, {fits['when rounded']} when rounded"
