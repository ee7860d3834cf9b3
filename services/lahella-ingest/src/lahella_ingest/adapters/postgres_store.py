"""The store on PostgreSQL: a transaction of the service's database, its outbox, and the reader's lock."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import asyncpg

from chassis.core.errors import TemporaryError
from chassis.postgres.changes import ChangedStates
from chassis.postgres.database import Database
from chassis.postgres.errors import is_conflict, is_outage
from chassis.postgres.outbox import Outbox
from lahella_ingest.adapters.postgres_work import LISTINGS, PostgresWork, queries
from lahella_ingest.app.ports import Work

_READER_LOCK = 0x6C616865  # "lahe"; any number that nobody else uses in this database


class PostgresStore:
    def __init__(self, database: Database, outbox: Outbox) -> None:
        self._database = database
        self._outbox = outbox
        self._listings = ChangedStates(outbox, topic=LISTINGS)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Work]:
        with _outage_as_temporary():
            async with self._database.transaction() as tx:
                yield PostgresWork(tx, self._outbox, self._listings)

    @asynccontextmanager
    async def only_reader(self) -> AsyncIterator[bool]:
        """A session's lock, held outside any transaction: the server frees it when the process dies."""
        with _outage_as_temporary():
            async with self._database.connection() as connection:
                taken = bool(await queries.try_reader_lock(connection, lock=_READER_LOCK))
                try:
                    yield taken
                finally:
                    if taken and not connection.is_closed():
                        await queries.release_reader_lock(connection, lock=_READER_LOCK)


@contextmanager
def _outage_as_temporary() -> Iterator[None]:
    try:
        yield
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as exc:
        if not (is_outage(exc) or is_conflict(exc)):
            raise
        raise TemporaryError("database-away", type(exc).__name__) from exc
