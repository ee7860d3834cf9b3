"""How a consumer waits: calmly through outages, never for ever in one place, and never against a stop."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from typing import TypeVar

import structlog

from chassis.core.backoff import Backoff
from chassis.core.health import Health
from chassis.kafka.errors import is_outage
from chassis.postgres.errors import is_conflict
from chassis.telemetry.metrics import RETRIES, STOPPED

log = structlog.get_logger(__name__)
T = TypeVar("T")

# Returning to the consumer's loop now and then keeps its place in the group through an outage of any length.
_LONGEST_PAUSE_IN_PLACE = timedelta(seconds=60)


class Interrupted(Exception):
    """The process is stopping, or an outage lasts: the records stay unread and come again."""


class Patience:
    """The waits of one consumer group in one process, told to its health."""

    def __init__(self, *, group: str, health: Health) -> None:
        self._group = group
        self._health = health
        self._part = f"consumer {group}"
        self._stopping = asyncio.Event()
        self._attempts = 0
        self._held = False

    def stop_soon(self) -> None:
        """Ends every wait with Interrupted."""
        self._stopping.set()

    async def insist(self, work: Callable[[], Awaitable[T]]) -> T:
        """Repeats `work` through outages of our own database, broker or dead-letter topic; other errors pass.

        Raises:
            Interrupted: the process stops, or the outage has lasted long in this place.
        """
        began = asyncio.get_running_loop().time()
        while True:
            try:
                result = await work()
            except Exception as exc:
                if not (is_outage(exc) or is_conflict(exc)):
                    raise
                await self._wait_out(exc, began)
            else:
                self._attempts = 0
                if not self._held:
                    self._health.ready(self._part)
                return result

    async def _wait_out(self, error: Exception, began: float) -> None:
        self._attempts += 1
        cause = "conflict" if is_conflict(error) else "outage"
        RETRIES.labels(self._group, cause).inc()
        kind = type(error).__name__
        log.warning(
            "waiting for our own database or broker", group=self._group, attempt=self._attempts, error_type=kind
        )
        if cause == "outage":
            self._health.not_ready(self._part, f"waiting: {kind}")
        self.beat()
        await self.rest(Backoff().wait(self._attempts))
        if asyncio.get_running_loop().time() - began > _LONGEST_PAUSE_IN_PLACE.total_seconds():
            raise Interrupted

    async def rest(self, wait: timedelta) -> None:
        await self._nap(wait)
        if self._stopping.is_set():
            raise Interrupted

    def beat(self) -> None:
        self._health.beat(self._part)

    def tell_stopped(self, reason: str) -> None:
        """Not ready until the process is restarted."""
        if not self._held:
            log.critical("consumer stopped", group=self._group, reason=reason)
        self._held = True
        STOPPED.labels(self._group).set(1)
        self._health.not_ready(self._part, f"stopped: {reason}")

    async def hold(self, reason: str) -> None:
        """Consumes no more, offsets uncommitted, until the process is restarted. Ends with Interrupted."""
        self.tell_stopped(reason)
        while not self._stopping.is_set():
            self.beat()
            await self._nap(timedelta(seconds=10))
        raise Interrupted

    async def _nap(self, wait: timedelta) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), wait.total_seconds())
