"""LISTEN as a part: wakes loops on a notification, and at each reconnection, since those in between are lost."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

import asyncpg
import structlog

from chassis.core.process import Loop
from chassis.postgres.errors import is_outage
from chassis.postgres.settings import PostgresSettings

log = structlog.get_logger(__name__)


class Listener:
    """One connection of its own that listens; waking is a hint, the loops poll all the same."""

    name = "listener"

    def __init__(self, settings: PostgresSettings, wakes: dict[str, Callable[[], None]]) -> None:
        self._settings = settings
        self._wakes = wakes
        self._connection: asyncpg.Connection[asyncpg.Record] | None = None
        self._loop = Loop(self.name, self._keep_connected)

    async def start(self) -> None:
        await self._loop.start()

    async def stop(self) -> None:
        await self._loop.stop()
        if self._connection is not None:
            await self._connection.close(timeout=2)

    async def _keep_connected(self) -> timedelta:
        if self._connection is None or self._connection.is_closed():
            try:
                self._connection = await self._connect()
            except Exception as exc:
                if not is_outage(exc):
                    raise
                log.warning("listening connection lost", error_type=type(exc).__name__)
        return timedelta(seconds=2)

    async def _connect(self) -> asyncpg.Connection[asyncpg.Record]:
        connection = await asyncpg.connect(self._settings.dsn(), timeout=10)
        for channel, wake in self._wakes.items():
            await connection.add_listener(channel, lambda *_, wake=wake: wake())
            asyncio.get_running_loop().call_soon(wake)
        return connection
