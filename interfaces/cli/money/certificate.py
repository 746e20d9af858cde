"""`premium certificate`: a payment year's money, as an auditor ties it to the bank."""

from collections.abc import Sequence
from contextlib import closing
from datetime import date
from typing import Any

from interfaces.cli import account_state, clocks, outcomes, printing
from interfaces.cli.clocks import NOW, TwoClocks
from interfaces.cli.exits import Exit, Misused, Stop
from interfaces.cli.known import body_meant
from interfaces.cli.options import WRITE, Json, Write
from interfaces.cli.session import Session
from ledger.calendar import scheme_year
from ledger.events import AccountId
from ledger.periods import closes
from ledger.premium import payment_years
from ledger.recorded import LEDGER_STREAM, account_stream, certificate_stream
from projections.questions.asserted import asserted
from projections.questions.certificate import Certificate, Preparation, preparations
from projections.questions.certificate import certificate as certified


def certificate(
    body: str,
    /,
    *,
    payment_year: str,
    known: str | None = None,
    json: Json = False,
    session: Session,
) -> int:
    """Show a body's money in a payment year, from the bank's figures to the ledger's.

    Of each premium: what was paid out, received, used and came back in the year, what
    was in transit and held before and after it, each payment that was in transit at its
    end, what the bank says stood there, and prior-period adjustments; then who prepared
    and approved these figures, and which of them are others now. Ends with exit code 1
    if anything differs.

    Parameters
    ----------
    body
        The body's code, such as 10C.
    payment_year
        The year in which money moved, such as 2014-15: from 1 April to 31 March.
    known
        As known then: a position, an instant, or a day, which means its end.
    """
    _checked(payment_year)
    when = TwoClocks(known=known) if known is not None else NOW
    body_meant(session, body)
    session = clocks.at(session, when)
    ids = account_state.account_ids(session, body=body)
    if not ids:
        raise Misused(f"{body} had no premium then: leave --known out")
    closed = closes(session.ledger.stream(LEDGER_STREAM))
    found = {
        one: certified(
            one, session.ledger.stream(account_stream(one)), closed, payment_year
        )
        for one in ids
    }
    figures = [one.figures for one in found.values()]
    stream = session.ledger.stream(certificate_stream(body, payment_year))
    prepared = preparations(stream, figures)
    with closing(session.views()) as views, views.reading() as db:
        at = clocks.clocks(session, when, views.position).known
        log = session.ledger.known_at(at)
        last = next(iter(found.values())).last
        said = [
            {**printing.years(one.account), **one._asdict()}
            | {"difference_pence": one.difference_pence}
            for one in asserted(log, db, at, ids)
            if one.on == last
        ]
    if json:
        content: dict[str, Any] = {"position": at, **when.as_json()}
        content |= {"body": body, "year": payment_year, "last": last}
        content["premiums"] = [_document(of, one) for of, one in found.items()]
        content["preparations"] = [
            one._asdict() | {"differs": [line._asdict() for line in one.differs]}
            for one in prepared
        ]
        printing.document(session, {**content, "said": said})
    else:
        _print(session, found, said, last)
        _print_prepared(session, prepared)
    differs = any(one["difference_pence"] for one in said)
    changed = any(one.differs for one in prepared if one.approved_by is not None)
    ties = all(one.ties for one in found.values())
    return Exit.OK if ties and not differs and not changed else Exit.FOUND


def prepare(
    body: str,
    /,
    *,
    payment_year: str,
    write: Write = WRITE,
    session: Session,
) -> int:
    """Put a body's figures of a payment year forward; another person approves them.

    They are those that `premium certificate` shows, of every premium of the body.

    Parameters
    ----------
    body
        The body's code, such as 10C.
    payment_year
        The year in which money moved, such as 2014-15: from 1 April to 31 March.
    """
    _checked(payment_year)
    premiums = [
        payment_years.certified(account_state.account(session, one), payment_year)
        for one in account_state.account_ids(session, body=body)
    ]
    if not premiums:
        raise Stop(
            Exit.REFUSED, f"{body} has no premium: premium account open opens one"
        )
    data: dict[str, Any] = {"body": body, "payment_year": payment_year}
    data["premiums"] = printing.plain(premiums)
    return outcomes.given(session, "prepare-certificate", data, write)


def _checked(payment_year: str) -> None:
    try:
        scheme_year(payment_year)
    except ValueError:
        raise Misused(f"{payment_year!r} is not a year: write it as 2014-15") from None


def _document(account: AccountId, found: Certificate) -> dict[str, Any]:
    """A premium's figures for a JSON document."""
    figures = found.figures
    return {
        **printing.years(account),
        "first": found.first,
        "last": found.last,
        "in_transit_before_pence": figures.in_transit_before_pence,
        "held_before_pence": figures.held_before_pence,
        "moved": found.moved,
        "in_transit_pence": figures.in_transit_pence,
        "held_pence": figures.held_pence,
        "debt_pence": figures.debt_pence,
        "in_transit_difference_pence": found.in_transit_difference_pence,
        "held_difference_pence": found.held_difference_pence,
        "cut_off_difference_pence": found.cut_off_difference_pence,
        "cut_off": [one._asdict() for one in found.cut_off],
        "prior_period": found.marks,
    }


def _print(
    session: Session,
    found: dict[AccountId, Certificate],
    said: list[dict[str, Any]],
    last: date,
) -> None:
    for account, one in found.items():
        title, figures = printing.account_title(session, account), one.figures
        rows = [
            {"line": f"in transit before {one.first}"}
            | {"pence": figures.in_transit_before_pence},
            {"line": f"held before {one.first}", "pence": figures.held_before_pence},
            *({"line": line, "pence": pence} for line, pence in one.moved.items()),
            {"line": f"in transit at {last}", "pence": figures.in_transit_pence},
            {"line": f"held at {last}", "pence": figures.held_pence},
            {"line": "debt outstanding", "pence": figures.debt_pence},
            {"line": "difference in transit"}
            | {"pence": one.in_transit_difference_pence},
            {"line": "difference held", "pence": one.held_difference_pence},
        ]
        printing.listing(session, title, "line, pence as £", rows)
        columns = (
            "disbursement as request, reference, paid_on as paid on,"
            "value_date as value date, pence as £"
        )
        if one.cut_off:
            says = f"In transit at {last}"
            printing.listing(session, says, columns, one.cut_off)
        printing.marks(session, one.marks)
    columns = (
        "body, years as year, of as account, says, asserted_pence as £ asserted,"
        "stood_pence as £ stood, difference_pence as £ more"
    )
    columns = printing.with_adjusted(columns, said)
    printing.listing(session, f"Said of {last}", columns, said)


def _print_prepared(session: Session, found: Sequence[Preparation]) -> None:
    for one in found:
        says = f"Preparation {one.preparation}: by {one.prepared_by}"
        says += f" on {one.prepared_on}, "
        if one.approved_by is None:
            says += "not approved"
        else:
            says += f"approved by {one.approved_by} on {one.approved_on}"
        stands = "its figures are others now" if one.differs else "its figures stand"
        session.say(f"  {says}; {stands}.")
        if one.differs:
            rows = [
                {**printing.years(line.account), **line._asdict()}
                for line in one.differs
            ]
            columns = (
                "body, years as year, line, certified_pence as £ prepared,"
                "stands_pence as £ now"
            )
            title = f"No longer as in preparation {one.preparation}"
            printing.listing(session, title, columns, rows)
