"""The store on PostgreSQL: a transaction of the service's database, its outbox, and the reader's lock."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from chassis.postgres.changes import ChangedStates
from chassis.postgres.database import Database
from chassis.postgres.errors import outage_as_temporary
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
        with outage_as_temporary():
            async with self._database.transaction() as tx:
                yield PostgresWork(tx, self._outbox, self._listings)

    @asynccontextmanager
    async def reader_transaction(self) -> AsyncIterator[Work]:
        with outage_as_temporary():
            async with self._single.transaction() as tx:
                yield PostgresWork(tx, self._outbox, self._listings)

    @asynccontextmanager
    async def only_reader(self) -> AsyncIterator[bool]:
        with outage_as_temporary():
            async with self._single.hold() as alone:
                yield alone
