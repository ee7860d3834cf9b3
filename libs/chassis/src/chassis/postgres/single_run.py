"""Work that one process does at a time, across replicas, and that a process which was replaced can't go on with."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from secrets import randbelow

from chassis.core.errors import TemporaryError
from chassis.postgres.database import Connection, Database

# Second keys of the advisory locks of one name; tokens are above them.
_RUN, _WRITING, _FIRST_TOKEN = 0, 1, 2

_TRY_RUN = "SELECT pg_try_advisory_lock(hashtext($1), $2)"
_TAKE = "SELECT pg_advisory_lock(hashtext($1), $2)"
# Outside a transaction, so it ends at once: it waits for the writing transactions of whoever held the lock before.
_AWAIT_WRITERS = "SELECT pg_advisory_xact_lock(hashtext($1), $2)"
_BEGIN_WRITING = "SELECT pg_advisory_xact_lock_shared(hashtext($1), $2)"
_STILL_HELD = """
SELECT EXISTS (
    SELECT FROM pg_locks
    WHERE locktype = 'advisory' AND granted AND objsubid = 2
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND classid = hashtext($1)::oid AND objid = $2::integer::oid
)
"""


class SingleRun:
    """A session's lock of this name in the service's own database: the server frees it when the process dies.

    A session may also end while its process goes on (a restarted or replaced server, a cut connection), and another
    process take the lock. So what the run writes, it writes in `transaction`, which refuses a holder that was lost.
    """

    def __init__(self, database: Database, *, name: str) -> None:
        self._database = database
        self._name = name
        # Of the present holding. Not the server's process id: another server may give the same one.
        self._token: int | None = None

    @asynccontextmanager
    async def hold(self) -> AsyncIterator[bool]:
        """Whether this process may run now; it holds the lock until it leaves the context.

        The pool frees a session's locks when it takes a connection back.
        """
        async with self._database.connection() as connection:
            if not await connection.fetchval(_TRY_RUN, self._name, _RUN):
                yield False
                return
            try:
                self._token = await self._begin(connection)
                yield True
            finally:
                self._token = None

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """A transaction of the run that holds the lock: no later holder begins before it has ended.

        Raises:
            TemporaryError: `run-lost`, when the lock is no longer held; nothing may be written for this run.
        """
        async with self._database.transaction() as tx:
            await tx.execute(_BEGIN_WRITING, self._name, _WRITING)
            if self._token is None or not await tx.fetchval(_STILL_HELD, self._name, self._token):
                raise TemporaryError("run-lost", f"the lock of {self._name} is no longer held by this process")
            yield tx

    async def _begin(self, connection: Connection) -> int:
        token = _FIRST_TOKEN + randbelow(2**31 - _FIRST_TOKEN)
        await connection.execute(_TAKE, self._name, token)
        await connection.execute(_AWAIT_WRITERS, self._name, _WRITING)
        return token
