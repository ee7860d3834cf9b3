"""The two loops of the role `sync`: the reading, and what falls due between readings."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import timedelta

import structlog

from chassis.core.backoff import Backoff
from chassis.core.clock import Clock
from chassis.core.errors import TemporaryError
from chassis.core.health import Health
from chassis.core.process import Loop
from event_schemas.ingest_run import RunOutcome
from lahella_ingest.app.ports import Run, Standing, Store
from lahella_ingest.app.read_source import ReadSource
from lahella_ingest.app.refresh_due import BATCH, refresh_due
from lahella_ingest.app.replay import Replay
from lahella_ingest.domain.rules import Rules
from lahella_ingest.entrypoints.metrics import count_due, count_run, show_standing

log = structlog.get_logger(__name__)

_BEAT = timedelta(seconds=10)
_RETRY = timedelta(minutes=1)
_POLL = timedelta(seconds=30)
_DUE_POLL = timedelta(seconds=1)


class Patient:
    """A loop over turns that may meet a database that is away: it waits, says so, and goes on."""

    def __init__(self, name: str, turn: Callable[[], Awaitable[timedelta | None]], health: Health) -> None:
        self.name = name
        self._turn = turn
        self.health = health
        self._failures = 0
        self._loop = Loop(name, self._patient_turn, health=health)

    async def start(self) -> None:
        await self._loop.start()

    async def stop(self) -> None:
        await self._loop.stop()

    async def failure(self) -> BaseException:
        return await self._loop.failure()

    async def _patient_turn(self) -> timedelta | None:
        try:
            pause = await self._turn()
        except TemporaryError as exc:
            self._failures += 1
            log.warning("loop waits", loop=self.name, code=exc.code, attempt=self._failures)
            self.health.not_ready(self.name, exc.code)
            return Backoff(most=timedelta(seconds=15)).wait(self._failures)
        self._failures = 0
        self.health.ready(self.name)
        return pause


class SourceReading(Patient):
    """Reads the source every `interval`; of all replicas one at a time, and none sooner for having more of them."""

    def __init__(
        self,
        read: ReadSource,
        replay: Replay,
        *,
        close: Callable[[], Awaitable[None]],
        interval: timedelta,
        health: Health,
        patience: timedelta = timedelta(seconds=10),
    ) -> None:
        super().__init__("lahella-reading", self._read_when_due, health)
        self._read = read
        self._replay = replay
        self._close = close
        self._interval = interval
        self._patience = patience
        self._stopping = False
        self._reading: asyncio.Task[Run] | None = None

    async def stop(self) -> None:
        """Lets the page in flight end within `patience`; a source that hangs is given up, and the run left open.

        The next reading ends such a run as interrupted.
        """
        self._stopping = True
        if self._reading is not None:
            await asyncio.wait([self._reading], timeout=self._patience.total_seconds())
            self._reading.cancel()
        await super().stop()
        await self._close()

    async def _read_when_due(self) -> timedelta:
        async with self._read.store.only_reader() as alone:
            if not alone:
                return min(self._interval, _POLL)
            if await self._replay.is_due():
                return await self._run(self._replay(keep_going=self._keep_going))
            show_standing(await self._standing())
            wait = await until_next(self._read.store, self._read.clock, self._interval)
            if wait > timedelta(0):
                return min(wait, _POLL)
            return await self._run(self._read(keep_going=self._keep_going))

    def _keep_going(self) -> bool:
        return not self._stopping

    async def _standing(self) -> Standing:
        async with self._read.store.transaction() as work:
            return await work.standing()

    async def _run(self, run: Coroutine[None, None, Run]) -> timedelta:
        self._reading = asyncio.create_task(run, name=self.name)
        await self._ended(self._reading)
        if not self._reading.cancelled():
            ended = self._reading.result()
            count_run(ended)
            log_run(ended)
        return timedelta(0)

    async def _ended(self, reading: asyncio.Task[Run]) -> None:
        """Waiting for a slow source is no standstill: its client has time limits of its own."""
        while not reading.done():
            self.health.beat(self.name)
            await asyncio.wait([reading], timeout=_BEAT.total_seconds())


async def until_next(store: Store, clock: Clock, interval: timedelta) -> timedelta:
    """Time until the next reading, from the start of the last; one that failed is repeated sooner."""
    async with store.transaction() as work:
        last = await work.runs.last()
    if last is None or last.outcome in (None, RunOutcome.INTERRUPTED):
        return timedelta(0)
    pause = min(interval, _RETRY) if last.outcome is RunOutcome.FAILED else interval
    return last.started_at + pause - clock()


def log_run(run: Run) -> None:
    level = log.info if run.outcome is RunOutcome.COMPLETED else log.warning
    level(
        "run ended",
        run_id=str(run.id),
        mode=str(run.mode),
        outcome=str(run.outcome),
        reason=run.reason,
        read=run.counts.read,
        changed=run.counts.changed,
        removed=run.counts.removed,
        rejected={rejection.reason: rejection.count for rejection in run.counts.rejected},
    )


def due_loop(store: Store, rules: Rules, clock: Clock, health: Health) -> Patient:
    """Publishes and takes away what time alone changes."""

    async def turn() -> timedelta | None:
        count, changes = await refresh_due(store=store, rules=rules, now=clock())
        count_due(changes)
        return None if count == BATCH else _DUE_POLL

    return Patient("lahella-due", turn, health)
