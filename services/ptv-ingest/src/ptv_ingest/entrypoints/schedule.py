"""The loop that reads again and again, and what it tells dashboards."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog

from chassis.core.errors import TemporaryError
from chassis.core.health import Health
from chassis.core.process import Loop
from chassis.postgres.errors import outage_as_temporary
from event_schemas.ingest_run import IngestRunEnded
from ptv_ingest.app.overview import Overview
from ptv_ingest.app.sync import Sync
from ptv_ingest.entrypoints.metrics import count_run, show_standing

log = structlog.get_logger(__name__)

_DATABASE_WAIT = timedelta(seconds=5)
_BEAT = timedelta(seconds=30)


class Schedule:
    """A part: a round, a wait, the next round. Stopping ends a round where it is; the next process goes on."""

    name = "sync"

    def __init__(
        self,
        sync: Sync,
        overview: Overview,
        close: Callable[[], Awaitable[None]],
        *,
        interval: timedelta,
        health: Health,
    ) -> None:
        self._sync = sync
        self._overview = overview
        self._close = close
        self._interval = interval
        self._health = health
        self._loop = Loop(self.name, self._turn, health=health)
        self._round: asyncio.Task[IngestRunEnded | None] | None = None

    async def start(self) -> None:
        await self._loop.start()

    async def stop(self) -> None:
        if self._round is not None:
            self._round.cancel()
        await self._loop.stop()
        await self._close()

    async def failure(self) -> BaseException:
        return await self._loop.failure()

    async def _turn(self) -> timedelta:
        try:
            with outage_as_temporary():
                return await self._read()
        except TemporaryError as error:
            log.warning("a run was lost", code=error.code, explanation=error.explanation)
            return min(self._interval, _DATABASE_WAIT)

    async def _read(self) -> timedelta:
        show_standing(await self._overview.standing())
        self._round = asyncio.create_task(self._sync(report=_report), name="ptv reading round")
        while not self._round.done():
            # A page may take as long as its retries do; each of them has an end of its own.
            self._health.beat(self.name)
            await asyncio.wait([self._round], timeout=_BEAT.total_seconds())
        if self._round.cancelled():
            return self._interval
        ended = self._round.result()
        if ended is not None:
            count_run(ended)
            _log(ended)
            show_standing(await self._overview.standing())
        return self._interval


def _report(stream: str, done: int, total: int) -> None:
    log.debug("read", stream=stream, done=done, total=total)


def _log(ended: IngestRunEnded) -> None:
    log.info(
        "run ended",
        run_id=ended.run_id,
        mode=ended.mode,
        outcome=ended.outcome,
        reason=ended.reason,
        read=ended.counts.read,
        changed=ended.counts.changed,
        removed=ended.counts.removed,
    )
