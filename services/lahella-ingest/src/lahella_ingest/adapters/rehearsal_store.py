"""A store for rehearsals: all transactions are parts of one that is rolled back in the end."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from chassis.postgres.database import Connection
from chassis.postgres.errors import outage_as_temporary
from lahella_ingest.adapters.postgres_store import PostgresStore
from lahella_ingest.app.ports import Work


class RehearsalStore:
    """The rows of a rehearsal stay locked while it lasts, so the service's own reading waits for it."""

    def __init__(self, store: PostgresStore) -> None:
        self._store = store
        self._connection: Connection | None = None

    @asynccontextmanager
    async def only_reader(self) -> AsyncIterator[bool]:
        async with self._store.only_reader() as alone:
            if not alone:
                yield False
                return
            with outage_as_temporary():
                async with self._store.rolled_back() as self._connection:
                    yield True
                self._connection = None

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Work]:
        if self._connection is None:
            raise RuntimeError("a rehearsal works only while it is the only reader")
        with outage_as_temporary():
            async with self._connection.transaction():
                yield self._store.work_on(self._connection)

    def reader_transaction(self) -> AbstractAsyncContextManager[Work]:
        return self.transaction()
