"""The pool of a service's own database, as a part of its process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from typing import Protocol, TypeAlias

import asyncpg
import structlog
from asyncpg.pool import PoolConnectionProxy

from chassis.core.backoff import Backoff
from chassis.core.errors import StartError
from chassis.postgres.errors import is_outage, outage_as_temporary
from chassis.postgres.settings import PostgresSettings

log = structlog.get_logger(__name__)

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]"
"""What adapters work on: a connection inside a transaction, however it was got."""

# A transaction of ours that waits for nothing holds back vacuum: the server ends it (field case: outbox table bloat).
_SESSION = {"idle_in_transaction_session_timeout": "60000", "timezone": "UTC", "jit": "off"}


class Attempts(Protocol):
    """Whoever gives transactions."""

    def attempt(self) -> AbstractAsyncContextManager[Connection]:
        """A transaction for whoever tries again.

        Raises TemporaryError where the database is away or two transactions met.
        """


class Database:
    """A part: connects at start (waiting for a database that is still coming up), closes at stop."""

    name = "database"

    def __init__(
        self, settings: PostgresSettings, *, application: str, patience: timedelta = timedelta(minutes=1)
    ) -> None:
        self._settings = settings
        self._application = application
        self._patience = patience
        self._pool: asyncpg.Pool[asyncpg.Record] | None = None

    @property
    def pool(self) -> asyncpg.Pool[asyncpg.Record]:
        if self._pool is None:
            raise RuntimeError("the database was not started")
        return self._pool

    async def start(self) -> None:
        deadline = asyncio.get_running_loop().time() + self._patience.total_seconds()
        attempt = 0
        while self._pool is None:
            try:
                self._pool = await self._connect()
            except (asyncpg.InvalidAuthorizationSpecificationError, asyncpg.InvalidCatalogNameError) as exc:
                raise StartError(f"the database refuses us ({type(exc).__name__}): check HYTE_DATABASE_URL") from exc
            except Exception as exc:
                attempt += 1
                if not is_outage(exc) or asyncio.get_running_loop().time() > deadline:
                    raise StartError("the database does not answer: check HYTE_DATABASE_URL and the server") from exc
                log.warning("database not there yet", attempt=attempt)
                await asyncio.sleep(Backoff().wait(attempt).total_seconds())

    async def stop(self) -> None:
        if self._pool is not None:
            await self._pool.close()
            self._pool = None

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """A connection inside one transaction: commits at the end, rolls back on an error."""
        async with self.pool.acquire(timeout=10) as connection, connection.transaction():
            yield connection

    @asynccontextmanager
    async def attempt(self) -> AsyncIterator[Connection]:
        """A transaction for whoever tries again.

        Raises TemporaryError where the database is away or two transactions met.
        """
        with outage_as_temporary():
            async with self.transaction() as connection:
                yield connection

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """A connection for single statements."""
        async with self.pool.acquire(timeout=10) as connection:
            yield connection

    async def _connect(self) -> asyncpg.Pool[asyncpg.Record]:
        return await asyncpg.create_pool(
            self._settings.dsn(),
            min_size=1,
            max_size=self._settings.database_pool,
            command_timeout=30,
            timeout=10,
            server_settings={**_SESSION, "application_name": self._application},
        )
