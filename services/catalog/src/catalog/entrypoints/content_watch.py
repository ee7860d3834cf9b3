"""The content folder, looked at every few seconds: what has changed is taken, what is at fault is told and left."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Generic, TypeVar

import structlog

from catalog.entrypoints.metrics import CONTENT_FAULTS
from chassis.core.errors import StartError
from chassis.core.health import Health

log = structlog.get_logger(__name__)

C = TypeVar("C")


class ContentWatch(Generic[C]):
    """A turn for a loop.

    Args:
        digest: another text whenever any file is another; the one of the files in use is taken at once.
        load: reads the pack, in a thread; raises StartError, which names the faults.
        take: puts a new pack to use.
    """

    def __init__(
        self,
        digest: Callable[[], str],
        load: Callable[[], C],
        take: Callable[[C], Awaitable[None]],
        *,
        health: Health,
        every: timedelta,
    ) -> None:
        self._digest = digest
        self._load = load
        self._take = take
        self._health = health
        self._every = every
        self._seen = digest()

    async def __call__(self) -> timedelta:
        found = await asyncio.to_thread(self._digest)
        if found != self._seen:
            await self._renew()
            self._seen = found
        return self._every

    async def _renew(self) -> None:
        try:
            content = await asyncio.to_thread(self._load)
        except StartError as exc:
            self._tell(str(exc), len(getattr(exc, "faults", ("",))))
            return
        await self._take(content)
        self._tell(None, 0)
        log.info("content renewed")

    def _tell(self, fault: str | None, faults: int) -> None:
        """Pages and filing go on by the last good content."""
        CONTENT_FAULTS.set(faults)
        self._health.note("content", fault and f"the content pack in use is older than the folder's: {fault}")
        if fault:
            log.error("content refused", fault=fault)
