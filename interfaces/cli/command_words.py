"""Words that are one command each, made from the command's own fields.

Each field becomes an argument or an option of its name. What people write otherwise
than machines is taken as people write it: an account as its body's code and a year,
pence in pounds, exact numbers as text.
"""

from collections.abc import Callable
from dataclasses import MISSING, fields
from datetime import date
from inspect import Parameter as Argument
from inspect import Signature
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

from cyclopts import Parameter

from interfaces.cli import outcomes
from interfaces.cli.amounts import pence
from interfaces.cli.commands import GIVEN, Given
from interfaces.cli.exits import Misused
from interfaces.cli.options import WRITE, YEAR, Write, Year
from interfaces.cli.session import Session
from ledger.decisions.every import COMMANDS
from ledger.descriptions import described

ACCOUNT = "Body code, such as 10C, or a whole account id."
POUNDS = "In pounds, such as 1,234.56."


def __getattr__(words: str) -> Callable[..., int]:
    """The function of some words, such as `disburse pay`."""
    if words not in GIVEN:
        raise AttributeError(f"{words!r} is not a word that is one command")
    return function_of(GIVEN[words])


def function_of(word: Given) -> Callable[..., int]:
    """A function that gives the command, with a signature of the command's fields."""
    form = COMMANDS[word.command]

    def give(
        *arguments: str,
        year: Year = YEAR,
        write: Write = WRITE,
        session: Session,
        **options: Any,
    ) -> int:
        said = dict(word.defaults) | options
        said |= zip(word.arguments, arguments, strict=True)
        if word.either and all(said.get(one) is not None for one in word.either):
            first, second = word.either
            raise Misused(f"give --{first} or --{second}, not both of them")
        data = {
            field.name: _value(field.name, said[_name(field.name)], year)
            for field in fields(form)
            if _name(field.name) in said
        }
        return outcomes.given(session, word.command, data, write)

    shared = [
        Argument("write", Argument.KEYWORD_ONLY, default=WRITE),
        Argument("session", Argument.KEYWORD_ONLY),
    ]
    if "account" in word.arguments:
        shared.insert(0, Argument("year", Argument.KEYWORD_ONLY, default=YEAR))
    give.__doc__ = form.__doc__
    give.__signature__ = Signature(  # type: ignore[attr-defined]
        [*_arguments(form, word), *shared]
    )
    return give


def _arguments(form: type, word: Given) -> list[Argument]:
    """The fields of a command as parameters: arguments in the order of the word."""
    hints, about = get_type_hints(form), described(form)
    found = {}
    for field in fields(form):
        name = _name(field.name)
        text = about.get(field.name, "")
        if field.name == "account":
            text = ACCOUNT
        elif name != field.name:
            text = POUNDS if "pence" in text.lower() else f"{text} {POUNDS}".lstrip()
        if name in word.either:
            [other] = set(word.either) - {name}
            text = f"{text.rstrip('.')}; or give --{other}."
        placed = name in word.arguments
        default = dict(word.defaults).get(name, field.default)
        found[name] = Argument(
            name,
            Argument.POSITIONAL_ONLY if placed else Argument.KEYWORD_ONLY,
            default=Argument.empty if default is MISSING else default,
            annotation=Annotated[
                _type(field.name, hints[field.name]),
                Parameter(help=text),
            ],
        )
    first = [found.pop(name) for name in word.arguments]
    # What must be given stands before what may be.
    return first + sorted(found.values(), key=lambda one: one.default is not one.empty)


def _name(field: str) -> str:
    """What a field is called on the command line: pence are an amount."""
    return "amount" if field == "pence" else field.removesuffix("_pence")


def _type(field: str, hint: Any) -> Any:
    """What is read for a field: text, unless it is a date, a number or a choice."""
    parts = get_args(hint)
    if type(None) in parts:
        [inner] = [one for one in parts if one is not type(None)]
        return _type(field, inner) | None
    if get_origin(hint) is tuple:
        return tuple[str, ...]
    if get_origin(hint) is Literal or (hint in (date, int) and _name(field) == field):
        return hint
    return str


def _part(given: str, year: Year) -> dict[str, Any]:
    """One part of a bank's movement, such as `10C,disbursement/d1,1,234.56`."""
    pieces = given.split(",", 2)
    if len(pieces) < 3:
        raise Misused(
            f"{given!r} is not a part: write body, what and pounds, such as "
            "10C,disbursement/d1,1234.56"
        )
    account, what, pounds = pieces
    return {"account": year.account(account), "what": what, "pence": pence(pounds)}


def _value(field: str, given: Any, year: Year) -> Any:
    """A field of the command, of what was given for it."""
    if field == "account":
        return year.account(given)
    if field == "parts":
        return [_part(one, year) for one in given]
    if _name(field) == field or given is None:
        return given
    above = given.removeprefix("-") if field == "pence" else given
    return pence(above) * (1 if above == given else -1)
