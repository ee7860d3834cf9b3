"""Work done in full and then undone: what a run would change, without changing it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from chassis.postgres.database import Connection, Database


class _Undo(Exception):
    """Rolls the rehearsal's transaction back."""


class Rehearsal(Database):
    """A database whose transactions are parts of one that is rolled back.

    One connection carries everything, so work on it comes one after the other. Rows it changes stay locked meanwhile:
    the service's own runs wait.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection: Connection | None = None

    @property
    def pool(self) -> asyncpg.Pool[asyncpg.Record]:
        return self._database.pool

    @asynccontextmanager
    async def undone(self) -> AsyncIterator[None]:
        """Within it the database can be used; at its end nothing has happened."""
        try:
            async with self._database.transaction() as self._connection:
                # Between two statements a source may take longer than a transaction of ours may usually idle.
                await self._connection.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
                yield
                raise _Undo
        except _Undo:
            self._connection = None

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        async with self.connection() as connection, connection.transaction():
            yield connection

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        if self._connection is None:
            raise RuntimeError("a rehearsal works only while it lasts")
        yield self._connection
