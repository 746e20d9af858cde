"""`premium compare --all`: every award of a year, as it is and as it would be."""

from collections.abc import Iterator
from fractions import Fraction

from interfaces.cli import known, printing
from interfaces.cli.evidence.rulebook import named
from interfaces.cli.exits import Exit, Misused, Stop
from interfaces.cli.lists import columns, written
from interfaces.cli.lists.asked import Shape
from interfaces.cli.lists.columns import Row, money, text
from interfaces.cli.options import Year
from interfaces.cli.progress import progress_bar
from interfaces.cli.session import Session
from ledger.money import exact
from ledger.recorded import account_parts
from ledger.rules.assess import Key
from ledger.rules.outlook import compared, keys
from ledger.rules.rulebook import Rulebook
from projections.questions.outlook import Values, now_recorded, outlook_of, values

COLUMNS = (
    *columns.PREMIUM,
    money("before_worst_pence", "now at worst"),
    money("before_best_pence", "now at best"),
    money("after_worst_pence", "then at worst"),
    money("after_best_pence", "then at best"),
    money("change_worst_pence", "change at worst"),
    money("change_best_pence", "change at best"),
    text("moves", "clauses that move"),
)


def listed(
    session: Session,
    year: Year,
    shape: Shape,
    rulebook: str | None,
    with_: tuple[str, ...],
) -> int:
    """List what each award of a scheme year is, and what it would be."""
    scheme, scheme_year = year.scheme_meant, year.needed()
    known.year_meant(session, scheme, scheme_year)
    other = None if rulebook is None else named(session, rulebook)
    rows = list(_rows(session, scheme, scheme_year, other, with_))
    about = {"position": session.ledger.head(), "recorded": False}
    says = [f"under {rulebook}"] if rulebook else []
    title = f"Awards compared {' '.join([*says, *(f'with {one}' for one in with_)])}"
    made = written.List("awards", title, COLUMNS, rows, about)
    written.write(session, shape, made)
    if shape.form == "table":
        session.say("Nothing was recorded.")
    return Exit.OK


def _rows(
    session: Session,
    scheme: str,
    scheme_year: str,
    rulebook: Rulebook | None,
    with_: tuple[str, ...],
) -> Iterator[Row]:
    on = session.today
    meant = [
        one
        for one in known.accounts(session)
        if account_parts(one)[:2] == (scheme, scheme_year)
    ]
    with progress_bar(session, "Comparing") as progress:
        for number, account in enumerate(meant, start=1):
            of = now_recorded(session.ledger, account, on)
            if of is None:
                raise Stop(Exit.REFUSED, f"no rulebook applies to {account} on {on}")
            other = of.rulebook if rulebook is None else rulebook
            wanted = keys(of.rulebook, of.state.terms)
            wanted_too = keys(other, of.state.terms)
            body = account_parts(account)[2]
            read = tuple(dict.fromkeys((*wanted, *wanted_too)))
            results = values(session.ledger, body, read)
            changed = changed_by(with_, wanted_too)
            before = outlook_of(of, results, on)
            after = outlook_of(of, {**results, **changed}, on, rulebook=other)
            row = {
                **printing.years(account),
                "before_worst_pence": before.worst_pence,
                "before_best_pence": before.best_pence,
                "after_worst_pence": after.worst_pence,
                "after_best_pence": after.best_pence,
                "change_worst_pence": _less(after.worst_pence, before.worst_pence),
                "change_best_pence": _less(after.best_pence, before.best_pence),
                "moves": tuple(one.id for one in compared(before, after) if one.moves),
            }
            if progress is not None:
                progress(number, len(meant))
            yield row


def _less(after: int | None, before: int | None) -> int | None:
    return None if after is None or before is None else after - before


# Reading what was asked ---------------------------------------------------------------


def exact_number(text: str) -> Fraction:
    """An exact number as given; stops where it is none."""
    try:
        return exact(text)
    except ValueError as reason:
        raise Misused(str(reason)) from None


def changed_by(given: tuple[str, ...], wanted: tuple[Key, ...]) -> Values:
    """Results as `--with` states them, by indicator and period."""
    changed: dict[Key, Fraction] = {}
    for one in given:
        said, equals, value = one.partition("=")
        indicator, _, period = said.partition("@")
        found = [
            key for key in wanted if key[0] == indicator and period in ("", key[1])
        ]
        if not equals:
            raise Misused(f"{one!r}: write it as indicator=value")
        if not found:
            read = ", ".join(sorted({key[0] for key in wanted}))
            raise Misused(f"no test of the rules reads {said!r}; they read {read}")
        if len(found) > 1:
            periods = " or ".join(f"{indicator}@{key[1]}={value}" for key in found)
            raise Misused(f"{indicator} of which period? write {periods}")
        changed[found[0]] = exact_number(value)
    return changed
