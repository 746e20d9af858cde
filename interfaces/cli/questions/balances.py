"""`premium balances`, `trail` and `export journal`: what stands where, and why."""

import sys
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from interfaces.cli import account_state as states
from interfaces.cli import clocks
from interfaces.cli import printing as printed
from interfaces.cli.clocks import BOTH, Both, TwoClocks
from interfaces.cli.session import YEAR, Exit, Here, Json, Session, Stop, Years

if TYPE_CHECKING:
    from projections.views.balances import Balance


def balances(
    account: str | None = None,
    /,
    *,
    year: Years = YEAR,
    slices: bool = False,
    both: Both = BOTH,
    json: Json = False,
    here: Here,
) -> int:
    """Show what stands in each account, of one premium, one year or all.

    Parameters
    ----------
    account
        Body code, such as 10C, or a whole account id.
    slices
        Show each measure's pence.
    """
    from ledger.calendar import both_years
    from ledger.money import pounds
    from ledger.recorded import account_parts

    premium = year.account(account) if account is not None else None
    scheme_year = year.chosen()
    position, found, pieces = _found(here, both, premium, scheme_year, slices)
    if json:
        rows = [
            {**printed.years(one.premium), "ledger_account": one.account}
            | {"balance_pence": one.pence}
            for one in found
        ]
        content: dict[str, Any] = {"position": position, **clocks.said(both)}
        content["balances"] = rows
        if slices:
            content["slices"] = [
                {**printed.years(of), "ledger_account": name, "slice": measure}
                | {"balance_pence": pence}
                for (of, name, measure), pence in pieces.items()
            ]
        printed.document(here, content)
        return Exit.OK
    shown: list[tuple[str, ...]] = []
    for one in found:
        _, of_year, body = account_parts(one.premium)
        shown.append((body, both_years(of_year), one.account, pounds(one.pence)))
        shown += [
            ("", "", f"  {measure}", pounds(pence))
            for (of, name, measure), pence in pieces.items()
            if (of, name) == (one.premium, one.account) and pence
        ]
    title = printed.titled(here, f"Balances at position {position}{clocks.told(both)}")
    printed.table(here, title, ("body", "year", "account", "£"), shown)
    return Exit.OK


def _found(
    here: Session,
    both: TwoClocks,
    premium: str | None,
    scheme_year: str | None,
    slices: bool,
) -> tuple[int, tuple["Balance", ...], dict[tuple[str, str, str], int]]:
    """The position that is known, balances, and slices where they are wanted."""
    from projections.views import balances as now
    from projections.views import clocks as then

    with closing(here.views()) as views, views.reading() as db:
        at = clocks.clocks(here, both, views.position)
        if clocks.said(both):
            found = then.balances(db, at, premium, scheme_year)
        else:
            found = now.balances(db, premium, scheme_year)
        pieces: dict[tuple[str, str, str], int] = {
            (one.premium, one.account, one.slice): one.pence
            for of in ({one.premium for one in found} if slices else ())
            for one in then.slices(db, at, of)
        }
    return at.known, found, pieces


def trail(
    account: str,
    /,
    *,
    year: Years = YEAR,
    both: Both = BOTH,
    json: Json = False,
    here: Here,
) -> int:
    """Tell an account's story, cause before effect.

    Every record that was known is told; what counts only after --effective is marked.

    Parameters
    ----------
    account
        Body code, such as 10C, or a whole account id.
    """
    from projections.story.story import story

    account_id = year.account(account)
    here = clocks.at(here, both)
    states.account(here, account_id)
    with closing(here.views()) as views:
        position = clocks.clocks(here, both, views.position).known
        try:
            steps = story(here.ledger, views.db, account_id, position)
        except LookupError as reason:
            raise Stop(Exit.FOUND, f"{reason}: run premium verify") from None
    last = both.effective or date.max
    if json:
        content = {
            "position": position,
            **clocks.said(both),
            **printed.years(account_id),
            "steps": [
                {**one._asdict(), "counts": one.effective_on <= last} for one in steps
            ],
        }
        printed.document(here, content)
        return Exit.OK
    here.out.print(printed.account_title(here, account_id))
    for step in steps:
        when = f"{step.effective_on}"
        if step.decided_on is not None and step.decided_on != step.effective_on:
            when += f", decided {step.decided_on}"
        if step.effective_on > last:
            when += ", counts only then"
        here.out.print(f"{step.position:>6}  {when}  {step.who}", soft_wrap=True)
        here.out.print(f"        {step.sentence}", soft_wrap=True)
        if step.because:
            because = ", ".join(step.because[:3])
            more = len(step.because) - 3
            rest = f" and {more} more" if more > 0 else ""
            here.out.print(f"        because of {because}{rest}", soft_wrap=True)
    return Exit.OK


def journal(
    *,
    format: Literal["beancount", "ledger", "hledger"] = "beancount",  # noqa: A002
    output: Path | None = None,
    both: Both = BOTH,
    here: Here,
) -> int:
    """Write the whole journal for a double-entry program, in exact pounds.

    Parameters
    ----------
    format
        Whose format.
    output
        File to write; otherwise standard output.
    """
    from projections.formats.beancount import beancount
    from projections.formats.plaintext import plaintext
    from projections.views.clocks import counted
    from projections.views.journal import entries

    opened = here.ledger.opened()
    name = getattr(opened, "name", None) or "Premium ledger"
    with closing(here.views()) as views, views.reading() as db:
        at = clocks.clocks(here, both, views.position)
        write = beancount if format == "beancount" else plaintext
        text = write(counted(entries(db), at), title=name, simulated=here.simulated)
        lines = (f"{line}\n" for line in text)
        if output is None:
            sys.stdout.writelines(lines)
            return Exit.OK
        try:
            with output.open("w", encoding="utf-8") as file:
                file.writelines(lines)
        except OSError as reason:
            raise Stop(
                Exit.UNAVAILABLE,
                f"{output} cannot be written ({reason.strerror}): name another file",
            ) from None
    here.out.print(printed.titled(here, f"Journal written to {output}"))
    return Exit.OK
