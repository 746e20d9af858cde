"""The command `premium`: its subjects, its global options, and how it ends."""

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Annotated, BinaryIO

from cyclopts import App, CycloptsError, Group, Parameter

from interfaces.cli.commands import SUBJECTS
from interfaces.cli.session import Exit, Session, Stop
from interfaces.settings import AS, DB, WAIT_MS, Unset, settings

HELP = """The ledger of record for the NHS England quality premium.

An ACCOUNT is one body's premium for one scheme year: give the body's code and
--scheme-year (or --payment-year, one later), or the whole id, such as
quality-premium/2013-14/10C."""

EPILOGUE = (
    "Exit codes: 0 done, 1 a check found something, 2 not understood, "
    "3 refused by a rule, 4 conflict, 5 ledger not available."
)


def build() -> App:
    """The application. Its modules import the ledger only inside their commands."""
    app = App(
        name="premium",
        help=HELP,
        help_epilogue=EPILOGUE,
        help_format="plaintext",
        version=_version,
        exit_on_error=False,
        print_error=False,
        result_action="return_value",
    )
    for subject, about, commands in SUBJECTS:
        room = app
        if subject:
            room = App(name=subject, help=about)
            app.command(room)
        for name, where in commands:
            module, _, function = where.partition(":")
            found = getattr(import_module(f"interfaces.cli.{module}"), function)
            room.command(found, name=name)
    app.meta.group_parameters = Group("Global options", sort_key=0)
    return app


def call(tokens: Sequence[str], stdin: BinaryIO | None = None) -> int:
    """Run one call.

    Args:
        tokens: The words behind `premium`.
        stdin: What `-` reads, if not the standard input of the process.

    Returns:
        The exit code; answers went to standard output, complaints to standard error.
    """
    app = build()

    @app.meta.default
    def launch(
        *words: Annotated[str, Parameter(show=False, allow_leading_hyphen=True)],
        db: Annotated[str | None, Parameter(help=f"The ledger's file ({DB}).")] = None,
        as_: Annotated[
            str | None,
            Parameter(name="--as", help=f"Who acts: ROLE:PARTY[@BODY] ({AS})."),
        ] = None,
        at_least: Annotated[
            int,
            Parameter(
                help="Wait until the ledger knows of this position, at most "
                f"{WAIT_MS // 1000} seconds."
            ),
        ] = 0,
    ) -> int:
        here = Session(settings(os.environ, db, as_, at_least), stdin)
        command, bound, ignored = app.parse_args(words)
        try:
            done = command(*bound.args, **bound.kwargs, **dict.fromkeys(ignored, here))
        finally:
            here.close()
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
    except BrokenPipeError:
        # Nobody reads the answers any more; keep the interpreter from saying so again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.UNAVAILABLE
    except _outside() as error:
        return _complain(*_said(error))
    return int(done or 0)


def main() -> None:
    """The entry point of the command `premium`."""
    sys.exit(call(sys.argv[1:]))


def _outside() -> tuple[type[Exception], ...]:
    """What can go wrong outside the program; anything else is a bug and shows so.

    Imported only once something went wrong: help must not wait for it.
    """
    from ledger.intake.requests import Malformed
    from ledger.service import (
        BatchInterrupted,
        Unavailable,
        Unreadable,
        WriterFailed,
    )
    from projections.following.position import LogDiffers, ViewsUnreadable

    found = (*_of_the_broker(), Malformed, LogDiffers, Unreadable)
    return (*found, Unavailable, BatchInterrupted, WriterFailed, ViewsUnreadable)


def _of_the_broker() -> tuple[type[Exception], ...]:
    """What Kafka's client raises, if this call has asked a broker at all."""
    if "kafka" not in sys.modules:
        return ()
    from kafka.errors import KafkaError

    return (KafkaError,)


def _said(error: Exception) -> tuple[Exit, str]:
    if isinstance(error, _of_the_broker()):
        return Exit.UNAVAILABLE, _said_by_the_broker(error)
    from ledger.intake.requests import Malformed
    from ledger.service import Unreadable
    from projections.following.position import LogDiffers

    match error:
        case Malformed(faults=faults):
            says = "; ".join(
                f"{fault.field.removeprefix('data.') or 'request'} {fault.value}: "
                f"{fault.remedy}"
                for fault in faults
            )
            return Exit.USAGE, says
        case LogDiffers():
            return Exit.FOUND, str(error)
        case Unreadable():
            return Exit.FOUND, f"{error}: run premium verify"
        case _:
            return Exit.UNAVAILABLE, str(error)


def _said_by_the_broker(error: Exception) -> str:
    from kafka.errors import KafkaTimeoutError

    if isinstance(error, KafkaTimeoutError):
        return (
            "the broker does not answer: look whether it runs, or name another one "
            "with --broker or KAFKA_BOOTSTRAP_SERVERS"
        )
    return f"the broker says {error!r}: see its log"


def _plain(error: CycloptsError) -> str:
    text = " ".join(str(error).split())
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _complain(code: int, says: str) -> int:
    print(f"premium: {says}", file=sys.stderr)
    return code


def _version() -> str:
    from importlib.metadata import version

    return version("premium-ledger")


if __name__ == "__main__":
    main()
