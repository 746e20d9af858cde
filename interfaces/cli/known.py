"""What a question may name: schemes, years and accounts that are there.

A name that is not there is an error, and says what comes near it.
"""

from collections.abc import Iterable
from difflib import get_close_matches

from interfaces.cli.exits import Misused
from interfaces.cli.options import Year
from interfaces.cli.session import Session
from ledger.events import AccountId
from ledger.recorded import account_parts, account_stream, part


def accounts(session: Session) -> tuple[AccountId, ...]:
    """Every account that was opened, in order."""
    start = account_stream("")
    names = session.ledger.streams(start)
    return tuple(AccountId(one.removeprefix(start)) for one in names)


def account(session: Session, year: Year, text: str) -> AccountId:
    """The account that is meant, a body's code with a year or a whole id.

    Raises:
        Misused: If it is not open.
    """
    meant = year.account(text)
    there = accounts(session)
    if meant in there:
        return meant
    scheme, of_year, body = account_parts(meant)
    parts = [account_parts(one) for one in there]
    elsewhere = [one for one in there if one.endswith(f"/{of_year}/{part(body)}")]
    others = [one for of, one, whose in parts if (of, whose) == (scheme, body)]
    if elsewhere:
        says = f"did you mean {' or '.join(elsewhere)}?"
    elif others:
        says = f"{body} has accounts of {', '.join(others)} alone"
    else:
        year_meant(session, scheme)
        year_meant(session, scheme, of_year)
        codes = {whose for of, one, whose in parts if (of, one) == (scheme, of_year)}
        says = near(body, codes, "premium balances shows every one")
    raise Misused(f"no account {meant} is open: {says}")


def accounts_meant(
    session: Session, year: Year, text: str | None
) -> tuple[AccountId, ...]:
    """The accounts that are meant: one, those of a body, of a year, or all.

    Raises:
        Misused: If none is open.
    """
    chosen = year.chosen()
    if text is not None and (chosen is not None or "/" in text):
        return (account(session, year, text),)
    if text is None:
        year_meant(session, year.scheme, chosen)
    else:
        body_meant(session, text)
    return tuple(
        one
        for one in accounts(session)
        for scheme, scheme_year, body in [account_parts(one)]
        if year.scheme in (None, scheme)
        and chosen in (None, scheme_year)
        and text in (None, body)
    )


def year_meant(
    session: Session, scheme: str | None, scheme_year: str | None = None
) -> None:
    """Stop where no account of a scheme, or of a year of it, is open.

    Args:
        scheme: None: any.
        scheme_year: None: any.
    """
    parts = [account_parts(one) for one in accounts(session)]
    schemes = {of for of, _, _ in parts}
    if scheme is not None and scheme not in schemes:
        none = f"there is {', '.join(sorted(schemes)) or 'none yet'}"
        says = near(scheme, schemes, none)
        raise Misused(f"no account of a scheme {scheme!r} is open: {says}")
    years = sorted({one for of, one, _ in parts if scheme in (None, of)})
    if scheme_year is not None and scheme_year not in years:
        of = scheme_year if scheme is None else f"{scheme} {scheme_year}"
        there = f"those of {', '.join(years)}" if years else "none is yet"
        raise Misused(f"no account of {of} is open: {there}")


def body_meant(session: Session, body: str) -> None:
    """Stop where a body has no account of any year."""
    bodies = {account_parts(one)[2] for one in accounts(session)}
    if body not in bodies:
        otherwise = "premium account open opens one"
        raise none(f"{body} has no premium", body, bodies, otherwise)


def none(what: str, name: str, names: Iterable[str], otherwise: str) -> Misused:
    """What a call ends with that names something which is not there.

    Args:
        what: What is not there: `no claim 'x' is recorded`.
        names: Those that are there.
        otherwise: What is said where none of them comes near.
    """
    return Misused(f"{what}: {near(name, names, otherwise)}")


def near(name: str, names: Iterable[str], otherwise: str) -> str:
    """A question after the names that come nearest to one that is not there."""
    folded = {one.casefold(): one for one in names}
    found = get_close_matches(name.casefold(), folded, n=3, cutoff=0.6)
    if not found:
        return otherwise
    return f"did you mean {' or '.join(folded[one] for one in found)}?"
