"""The store as a plug-in of the eventsourcing library.

`LedgerApplication({"SQLITE_DBNAME": file})` gives the library's notification log
and repository over the same file, and with POSTGRES_ADDRESS over the same database.
Writing goes through `ledger.service`.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.persistence import (
    ApplicationRecorder,
    InfrastructureFactory,
    InfrastructureFactoryError,
    IntegrityError,
    Mapper,
    Notification,
    OperationalError,
    StoredEvent,
    TrackingRecorder,
)
from eventsourcing.utils import Environment

from ledger.store.contract import Store
from ledger.store.mapper import decode, encode, encode_meta
from ledger.store.rows import EventRow, NotAppendable
from ledger.store.sqlite.store import SQLiteStore


class LedgerRecorder(ApplicationRecorder):
    """The library's recorder over our store; positions are its notification ids."""

    def __init__(self, store: Store):
        self.store = store

    def insert_events(
        self, stored_events: Sequence[StoredEvent], **kwargs: Any
    ) -> Sequence[int]:
        """Write one group, all or nothing, without a command.

        Names, versions and states are taken as they come (the library's own cases
        begin at version 0); the writer of the ledger checks them in `append`.

        Returns:
            Their positions.

        Raises:
            IntegrityError: If a version of a stream is there already.
            OperationalError: If they could not be written: in a database, only the
                owner of its tables may.
        """
        try:
            with self.store.writing() as writing:
                first = writing.head().position + 1
                rows = [
                    EventRow(
                        first + i,
                        str(one.originator_id),
                        one.originator_version,
                        one.topic,
                        one.state,
                    )
                    for i, one in enumerate(stored_events)
                ]
                writing.insert_unchecked(rows)
        except NotAppendable as error:
            raise IntegrityError(error) from error
        except Exception as error:
            unavailable = self.store.unavailable(error)
            if unavailable is None:
                raise
            raise OperationalError(unavailable) from error
        return [row.position for row in rows]

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[Notification]:
        """A stream's records; as Notifications, so that the mapper knows positions."""
        with self.store.reading() as reading:
            rows = [
                row
                for row in reading.stream(str(originator_id))
                if (gt is None or row.version > gt)
                and (lte is None or row.version <= lte)
            ]
        if desc:
            rows.reverse()
        return [_notification(row) for row in rows[:limit]]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """Up to `limit` records from `start` to `stop`, of some topics or of all."""
        after = 0 if start is None else start - inclusive_of_start
        found: list[Notification] = []
        with self.store.reading() as reading:
            while len(found) < limit:
                rows = reading.events(after, limit)
                for row in rows:
                    if stop is not None and row.position > stop:
                        return found
                    if (not topics or row.topic in topics) and len(found) < limit:
                        found.append(_notification(row))
                if len(rows) < limit:
                    break
                after = rows[-1].position
        return found

    def max_notification_id(self) -> int | None:
        """The last position, or None for an empty log."""
        with self.store.reading() as reading:
            return reading.head().position or None

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> Any:
        """Not offered: a follower reads `Ledger.read(after, limit)` instead."""
        raise NotImplementedError("follow the log with Ledger.read(after, limit)")


def _notification(row: EventRow) -> Notification:
    return Notification(
        id=row.position,
        originator_id=row.stream,
        originator_version=row.version,
        topic=row.topic,
        state=row.state,
    )


class FactMapper(Mapper[str]):
    """Facts under the eventsourcing library.

    Its domain events are our `Recorded`. It takes the library's arguments and
    refuses a cipher or compressor: records are plain JSON, readable without us.
    """

    def __init__(
        self, transcoder: Any = None, compressor: Any = None, cipher: Any = None
    ):
        if compressor is not None or cipher is not None:
            raise ValueError(
                "records are plain JSON: take COMPRESSOR_TOPIC, CIPHER_TOPIC and "
                "CIPHER_KEY out of the settings"
            )
        super().__init__(transcoder=transcoder)

    def to_stored_event(self, domain_event: Any) -> StoredEvent:
        """The stored form of a `Recorded`."""
        return StoredEvent(
            originator_id=domain_event.stream,
            originator_version=domain_event.version,
            topic=domain_event.fact.TOPIC,
            state=encode(domain_event.fact, encode_meta(domain_event.meta)),
        )

    def to_domain_event(self, stored_event: StoredEvent) -> Any:
        """A `Recorded`; our recorders give Notifications, which know the position."""
        assert isinstance(stored_event, Notification), "its position is not known"
        return decode(
            stored_event.id,
            str(stored_event.originator_id),
            stored_event.originator_version,
            stored_event.topic,
            stored_event.state,
        )


class Factory(InfrastructureFactory[TrackingRecorder]):
    """Makes the recorder of an existing ledger: SQLITE_DBNAME, or POSTGRES_ADDRESS."""

    def application_recorder(self) -> ApplicationRecorder:
        """A recorder on the ledger, which `close` closes."""
        address = self.env.get("POSTGRES_ADDRESS")
        if address:
            from ledger.store.postgres.store import PostgresStore  # noqa: PLC0415 (an extra)

            self._store: Store = PostgresStore(address)
        else:
            self._store = SQLiteStore(self.env.get("SQLITE_DBNAME", ""))
        return LedgerRecorder(self._store)

    def close(self) -> None:
        """Close the ledger."""
        if hasattr(self, "_store"):
            self._store.close()

    def aggregate_recorder(self, purpose: str = "events") -> Any:
        """Not offered: snapshots would be a second record of one thing."""
        raise InfrastructureFactoryError("the ledger keeps no snapshots")

    def tracking_recorder(self, tracking_recorder_class: Any = None) -> Any:
        """Not offered: views keep their positions in files of their own."""
        raise InfrastructureFactoryError("views keep their own positions")

    def process_recorder(self) -> Any:
        """Not offered, as `tracking_recorder`."""
        raise InfrastructureFactoryError("views keep their own positions")


class LedgerApplication(Application[str]):
    """The library's application over a ledger, for reading."""

    env = {  # noqa: RUF012 (the library declares it so)
        "PERSISTENCE_MODULE": "ledger.store.eventsourcing_plugin:Factory",
        "MAPPER_TOPIC": "ledger.store.eventsourcing_plugin:FactMapper",
    }

    def construct_env(
        self, name: str, env: Mapping[str, str] | None = None
    ) -> Environment:
        """Settings from here and from the caller alone.

        The library would merge os.environ in, and a MAPPER_TOPIC there would
        replace our mapper: the log would be read, or worse written, in another form.
        """
        return Environment(name, {**(env or {}), **type(self).env})
