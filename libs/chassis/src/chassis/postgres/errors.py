"""Which database errors mean that the database is away, and which that the statement is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg

from chassis.core.errors import TemporaryError

_AWAY = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.CannotConnectNowError,
    asyncpg.ReadOnlySQLTransactionError,
)
# Files of our own that are missing or closed are a fault of the installation, not of a server.
_LOCAL = (FileNotFoundError, FileExistsError, PermissionError, NotADirectoryError, IsADirectoryError)
_CONFLICT = (asyncpg.SerializationError, asyncpg.DeadlockDetectedError, asyncpg.LockNotAvailableError)


def is_outage(error: BaseException) -> bool:
    """The database is down, restarting, out of resources or read-only: waiting helps, dead-lettering would flood."""
    if isinstance(error, _AWAY) and not isinstance(error, _LOCAL):
        return True
    closed = isinstance(error, asyncpg.InterfaceError) and not isinstance(error, asyncpg.DataError)
    return closed and any(word in str(error) for word in ("closed", "closing", "released"))


@contextmanager
def outage_as_temporary() -> Iterator[None]:
    """For work that no guard watches over: an outage or a conflict becomes TemporaryError `database-away`."""
    try:
        yield
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as exc:
        if not (is_outage(exc) or is_conflict(exc)):
            raise
        raise TemporaryError("database-away", type(exc).__name__) from exc


def is_conflict(error: BaseException) -> bool:
    """Two transactions met: the same work done again succeeds."""
    return isinstance(error, _CONFLICT)
