"""The words of the program as an application, and how a call of one ends."""

import os
from collections.abc import Callable, Container, Sequence
from importlib import import_module
from typing import Annotated, BinaryIO

from cyclopts import App, CycloptsError, Group, Parameter

from interfaces.cli.commands import GROUPS, WORDS
from interfaces.cli.exits import Exit, Stop, complain
from interfaces.cli.overview import EPILOGUE, GLOBAL_OPTIONS, HELP
from interfaces.cli.standard import UNREAD, Unread
from interfaces.environment import Unset

OPTION = Parameter(parse="^(?!session$)", negative="")
"""An option has no negative. `session` is not an option: the call itself gives it."""


def build(whole: Container[str] = WORDS) -> App:
    """The application.

    Args:
        whole: Words whose own help may be asked for. Of the others only one sentence
            is known, and their modules are not imported before they are called.
    """
    app = App(
        name="premium",
        help=HELP,
        help_epilogue=EPILOGUE,
        help_format="markdown",
        version=_version,
        exit_on_error=False,
        print_error=False,
        result_action="return_value",
        default_parameter=OPTION,
    )
    for place, (heading, words) in enumerate(GROUPS.items()):
        group = Group(heading, sort_key=place)
        for number, word in enumerate(words):
            if word.verbs:
                room = App(name=word.name, help=word.about, sort_key=number)
                room.group = group
                app.command(room)
                for order, (name, function) in enumerate(word.commands()):
                    if name != word.name:
                        room.command(function, name=name, sort_key=order)
                    elif word.name in whole:
                        room.default(_imported(function))
                        room.help = None  # Its docstring says more.
            else:
                room = app
                [(name, function)] = word.commands()
                about = None if name in whole else word.about
                app.command(
                    function, name=name, help=about, group=group, sort_key=number
                )
            if word.name in whole:
                for name in room if word.verbs else (word.name,):
                    room[name]  # Imported now, for its help is its docstring.
    last = Group("Help", sort_key=len(GROUPS))
    app["--help"].group = app["--version"].group = last
    app.meta.group_parameters = Group("Global options", sort_key=len(GROUPS))
    return app


def _imported(function: str) -> Callable[..., int]:
    module, _, name = function.partition(":")
    found: Callable[..., int] = getattr(import_module(module), name)
    return found


def run(tokens: Sequence[str], stdin: BinaryIO | None = None) -> int:
    """Run one call.

    Args:
        tokens: The words behind `premium`.
        stdin: What `-` reads, if not the standard input of the process.

    Returns:
        The exit code; answers went to standard output, complaints to standard error.
    """
    # Looking for plugins, of which there are none, reads about every package.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    app = build(tokens)

    @app.meta.default
    def launch(
        *words: Annotated[str, Parameter(show=False, allow_leading_hyphen=True)],
        db: Annotated[str | None, Parameter(help=GLOBAL_OPTIONS["--db STR"])] = None,
        as_: Annotated[
            str | None,
            Parameter(name="--as", help=GLOBAL_OPTIONS["--as STR"]),
        ] = None,
        at_least: Annotated[
            int,
            Parameter(help=GLOBAL_OPTIONS["--at-least INT"]),
        ] = 0,
    ) -> int:
        command, bound, ignored = app.parse_args(words)
        if "session" not in ignored:  # Such as --help.
            return int(command(*bound.args, **bound.kwargs) or 0)
        # Help needs no ledger.
        from interfaces.cli.session import Session  # noqa: PLC0415
        from interfaces.settings import settings  # noqa: PLC0415

        session = Session(settings(os.environ, db, as_, at_least), stdin)
        try:
            done = command(*bound.args, **bound.kwargs, session=session)
        finally:
            session.close()
        return int(done or 0)

    try:
        done = app.meta(
            tokens, exit_on_error=False, print_error=False, result_action="return_value"
        )
    except CycloptsError as error:
        return _complain(Exit.USAGE, f"{_plain(error)} See premium --help.")
    except Unset as error:
        return _complain(Exit.USAGE, str(error))
    except Stop as stop:
        return _complain(stop.code, str(stop))
    except KeyboardInterrupt:
        return _complain(130, "interrupted: what was acknowledged is recorded")
    except Unread:
        return UNREAD
    except Exception as error:
        from interfaces.cli import failures  # noqa: PLC0415

        found = failures.ending(error)
        if found is None:
            raise  # A bug, and shows so.
        return _complain(*found)
    return int(done or 0)


def _plain(error: CycloptsError) -> str:
    text = " ".join(str(error).split())
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _complain(code: int, says: str) -> int:
    complain(says)
    return code


def _version() -> str:
    from importlib.metadata import version  # noqa: PLC0415 (seldom asked for)

    return version("premium-ledger")
