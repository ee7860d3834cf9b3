"""The loop that reads again and again, and what it tells dashboards."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog
from prometheus_client import Counter, Gauge

from chassis.core.errors import TemporaryError
from chassis.core.health import Health
from chassis.core.process import Loop
from chassis.postgres.errors import is_conflict, is_outage
from event_schemas.ingest_run import IngestRunEnded, RunOutcome
from ptv_ingest.app.sync import Sync

log = structlog.get_logger(__name__)

_DATABASE_WAIT = timedelta(seconds=5)
_BEAT = timedelta(seconds=30)

RUNS = Counter(
    "ptv_ingest_runs_total",
    "Reading rounds by mode and outcome. Failed or held ones: the log and the topic of runs say why.",
    ["mode", "outcome"],
)
COMPLETED_AT = Gauge(
    "ptv_ingest_completed_timestamp_seconds",
    "When the last reading round was completed. Older than an hour: PTV or this service is in trouble.",
)
REJECTED = Counter(
    "ptv_ingest_rejected_total",
    "Rows and parts of rows not taken, by reason. A jump: PTV has changed its interface, or somebody's texts are odd.",
    ["reason"],
)


class Schedule:
    """A part: a round, a wait, the next round. Stopping ends a round where it is; the next process goes on."""

    name = "sync"

    def __init__(
        self, sync: Sync, close: Callable[[], Awaitable[None]], *, interval: timedelta, health: Health
    ) -> None:
        self._sync = sync
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
        self._round = asyncio.create_task(self._sync(report=_report), name="ptv reading round")
        while not self._round.done():
            # A page may take as long as its retries do; each of them has an end of its own.
            self._health.beat(self.name)
            await asyncio.wait([self._round], timeout=_BEAT.total_seconds())
        if self._round.cancelled():
            return self._interval
        error = self._round.exception()
        if error is None:
            _count(self._round.result())
            return self._interval
        if not (is_outage(error) or is_conflict(error) or isinstance(error, TemporaryError)):
            raise error
        log.warning("database or lock lost during a run", error_type=type(error).__name__)
        return min(self._interval, _DATABASE_WAIT)


def _report(stream: str, done: int, total: int) -> None:
    log.debug("read", stream=stream, done=done, total=total)


def _count(ended: IngestRunEnded | None) -> None:
    if ended is None:
        return
    RUNS.labels(ended.mode, ended.outcome).inc()
    for rejection in ended.counts.rejected:
        REJECTED.labels(rejection.reason).inc(rejection.count)
    if ended.outcome == RunOutcome.COMPLETED:
        COMPLETED_AT.set(ended.ended_at.timestamp())
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
