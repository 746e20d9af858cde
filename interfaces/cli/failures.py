"""What can go wrong outside the program, as an exit code and a sentence."""

from pathlib import Path

from kafka.errors import KafkaError, KafkaTimeoutError

from interfaces.cli.exits import Exit
from ledger.request import Malformed
from ledger.service import BatchInterrupted, Unavailable, Unreadable, WriterFailed
from ledger.values import Fault
from projections.following.position import LogDiffers, ViewsUnreadable


def ending(error: Exception) -> tuple[Exit, str] | None:
    """How a call ends that an error stopped; None if the error is a bug of ours."""
    match error:
        case KafkaTimeoutError():
            return Exit.UNAVAILABLE, (
                "the broker does not answer: look whether it runs, or name another "
                "one with --broker or KAFKA_BOOTSTRAP_SERVERS"
            )
        case KafkaError():
            return Exit.UNAVAILABLE, f"the broker says {error!r}: see its log"
        case Malformed(faults=faults):
            return Exit.USAGE, "; ".join(map(_said, faults))
        case LogDiffers():
            return Exit.FOUND, str(error)
        case Unreadable():
            return Exit.FOUND, f"{error}: run premium verify"
        case Unavailable() | BatchInterrupted() | WriterFailed() | ViewsUnreadable():
            return Exit.UNAVAILABLE, str(error)
        case OSError(filename=str() | Path() as path, strerror=str(says)):
            return Exit.UNAVAILABLE, f"{path} cannot be used ({says}): name another"
        case _:
            return None


def _said(fault: Fault) -> str:
    where = f"{fault.where}, " if fault.where else ""
    field = fault.field.removeprefix("data.") or "request"
    return f"{where}{field} {fault.value}: {fault.remedy}"
