"""Brings a reporting database up to the head of the ledger."""

from contextlib import closing
from typing import NamedTuple

from consumers.log import LogEvents
from consumers.loop import OtherLedger
from consumers.reporting.job import JOB
from consumers.results.results import Results
from consumers.service import keep_consuming
from interfaces.cli.exits import Exit, Stop
from interfaces.cli.feed.consume import Tally, usable
from interfaces.cli.operations.until_stopped import told_to_stop
from interfaces.cli.outputs import spared
from interfaces.cli.progress import progress_bar
from interfaces.cli.session import Session
from ledger.wording import counted
from projections.feed.events import log


class BroughtUp(NamedTuple):
    """What became of it."""

    taken: int
    """Events that were new to it."""
    position: int
    """The last record that it holds."""
    name: str
    """Of the place, without a password."""


def brought_up(session: Session, to: str) -> BroughtUp:
    """Take what the ledger holds and a reporting database does not."""
    spared(session, to)
    tally = Tally()
    ledger = session.ledger
    with (
        progress_bar(session, "Exporting") as progress,
        closing(Results(to, JOB)) as results,
        usable(results.place.name),
        told_to_stop() as stopping,
    ):

        def moved(position: int) -> None:
            if progress is not None:
                progress(position, ledger.head())

        try:
            events = LogEvents(ledger, results.begins, results.mark, moved=moved)
            keep_consuming(events, results, stopping, once=True, took=tally.add)
        except (OtherLedger, log.OtherLedger) as reason:
            raise Stop(Exit.FOUND, str(reason)) from None
        if tally.parked:
            raise Stop(
                Exit.FOUND,
                f"{counted(tally.parked, 'event')} could not be taken: see premium "
                f"parked list reporting --to {results.place.name}",
            )
        return BroughtUp(tally.applied, events.position, results.place.name)
