"""The store on PostgreSQL: a transaction of the service's database, its outbox, and the reader's lock."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from chassis.core.clock import Clock
from chassis.postgres.changes import ChangedStates
from chassis.postgres.database import Connection, Database
from chassis.postgres.errors import outage_as_temporary
from chassis.postgres.outbox import Outbox
from chassis.postgres.single_run import SingleRun
from lahella_ingest.adapters.postgres_bodies import PostgresBodies
from lahella_ingest.adapters.postgres_runs import PostgresRuns
from lahella_ingest.adapters.postgres_work import LISTINGS, PostgresWork
from lahella_ingest.app.ports import Work

# A rehearsal waits for the source inside its transaction, which the server would end after a minute.
_PATIENT = "SET LOCAL idle_in_transaction_session_timeout = 0"


class PostgresStore:
    """`form` is the one in which listings are made now; superseded bodies are kept for `raw_retention`."""

    def __init__(
        self, database: Database, outbox: Outbox, *, form: str, raw_retention: timedelta, clock: Clock
    ) -> None:
        self._database = database
        self._outbox = outbox
        self._listings = ChangedStates(outbox, topic=LISTINGS)
        self._single = SingleRun(database, name="lahella-reading")
        self._form = form
        self._clock = clock
        self._raw_retention = raw_retention

    def work_on(self, tx: Connection) -> Work:
        return PostgresWork(
            tx,
            listings=self._listings,
            runs=PostgresRuns(tx, self._outbox),
            bodies=PostgresBodies(tx, clock=self._clock, retention=self._raw_retention),
            form=self._form,
        )

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Work]:
        async with self._database.attempt() as tx:
            yield self.work_on(tx)

    @asynccontextmanager
    async def reader_transaction(self) -> AsyncIterator[Work]:
        with outage_as_temporary():
            async with self._single.transaction() as tx:
                yield self.work_on(tx)

    @asynccontextmanager
    async def only_reader(self) -> AsyncIterator[bool]:
        with outage_as_temporary():
            async with self._single.hold() as alone:
                yield alone

    @asynccontextmanager
    async def rolled_back(self) -> AsyncIterator[Connection]:
        """A connection whose work comes to nothing."""
        async with self._database.connection() as connection:
            whole = connection.transaction()
            await whole.start()
            try:
                await connection.execute(_PATIENT)
                yield connection
            finally:
                await whole.rollback()
