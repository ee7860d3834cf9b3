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
from chassis.postgres.single_run import SingleRun
from lahella_ingest.adapters.postgres_work import LISTINGS, PostgresWork
from lahella_ingest.app.ports import Work


class PostgresStore:
    def __init__(self, database: Database, outbox: Outbox) -> None:
        self._database = database
        self._outbox = outbox
        self._listings = ChangedStates(outbox, topic=LISTINGS)
        self._single = SingleRun(database, name="lahella-reading")

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Work]:
        with _outage_as_temporary():
            async with self._database.transaction() as tx:
                yield PostgresWork(tx, self._outbox, self._listings)

    @asynccontextmanager
    async def reader_transaction(self) -> AsyncIterator[Work]:
        with _outage_as_temporary():
            async with self._single.transaction() as tx:
                yield PostgresWork(tx, self._outbox, self._listings)

    @asynccontextmanager
    async def only_reader(self) -> AsyncIterator[bool]:
        with _outage_as_temporary():
            async with self._single.hold() as alone:
                yield alone


@contextmanager
def _outage_as_temporary() -> Iterator[None]:
    try:
        yield
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as exc:
        if not (is_outage(exc) or is_conflict(exc)):
            raise
        raise TemporaryError("database-away", type(exc).__name__) from exc
