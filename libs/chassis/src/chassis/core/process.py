"""One process of one service: its parts run together, and end together within the grace period.

A part is started in order, and stopped in reverse order, so that what takes work in stops before what it needs.
"""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import timedelta
from typing import Protocol

import structlog

from chassis.core.health import Health

log = structlog.get_logger(__name__)


class Part(Protocol):
    """Something that runs for as long as the process does."""

    @property
    def name(self) -> str: ...

    async def start(self) -> None: ...

    async def stop(self) -> None:
        """Finishes or returns what is in flight; called once, also after a failed start of a later part."""


class Failed(Protocol):
    """A part that may end by itself offers this: it returns only when the part has failed for good."""

    async def failure(self) -> BaseException: ...


class Loop:
    """A part that calls `turn` again and again; each turn returns how long to wait, None to go on at once.

    `wake` ends a wait early. An exception of a turn ends the process: a loop handles what it can handle itself.
    """

    def __init__(
        self, name: str, turn: Callable[[], Awaitable[timedelta | None]], *, health: Health | None = None
    ) -> None:
        self.name = name
        self._turn = turn
        self._health = health
        self._wake = asyncio.Event()
        self._stopping = False
        self._task: asyncio.Task[None] | None = None

    def wake(self) -> None:
        self._wake.set()

    async def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name=self.name)

    async def stop(self) -> None:
        """Lets the present turn end."""
        self._stopping = True
        self._wake.set()
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)
        if self._health is not None:
            self._health.ended(self.name)

    async def failure(self) -> BaseException:
        if self._task is None:
            raise RuntimeError(f"{self.name} was not started")
        await asyncio.wait([self._task])
        error = self._task.exception()
        if error is None:
            await asyncio.Event().wait()  # ended because it was asked to: no failure
        return error or RuntimeError(f"{self.name} ended")

    async def _run(self) -> None:
        while not self._stopping:
            if self._health is not None:
                self._health.beat(self.name)
            pause = await self._turn()
            if pause is not None and not self._stopping:
                await self._rest(pause)

    async def _rest(self, pause: timedelta) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._wake.wait(), pause.total_seconds())
        self._wake.clear()


async def run_until_signal(parts: Sequence[Part], *, grace: timedelta) -> int:
    """Starts the parts, waits for SIGTERM or SIGINT or a part's failure, stops them; returns the exit code."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with running(parts, grace=grace) as failed:
        log.info("process started", parts=[part.name for part in parts])
        first = await _first_of(stop.wait(), failed.wait())
        log.info("process stopping", reason="signal" if first == 0 else "a part failed")
    return 0 if first == 0 else 1


@asynccontextmanager
async def running(parts: Sequence[Part], *, grace: timedelta) -> AsyncIterator[asyncio.Event]:
    """The parts started; gives an event that is set when one of them fails for good."""
    failed = asyncio.Event()
    deadline = _Deadline(grace)
    watchers: list[asyncio.Task[None]] = []
    async with AsyncExitStack() as stack:
        try:
            for part in parts:
                stack.push_async_callback(_stop, part, deadline)
                await part.start()
                if hasattr(part, "failure"):
                    watchers.append(asyncio.create_task(_watch(part, failed)))
            yield failed
        finally:
            deadline.begin()
            for watcher in watchers:
                watcher.cancel()
            await asyncio.gather(*watchers, return_exceptions=True)


async def first_failure(loops: Sequence[Loop]) -> BaseException:
    """Returns only when one of a part's loops has failed for good."""
    waits = [asyncio.create_task(loop.failure()) for loop in loops]
    try:
        done, _ = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        return done.pop().result()
    finally:
        for wait in waits:
            wait.cancel()


async def _watch(part: Part, failed: asyncio.Event) -> None:
    error = await part.failure()  # type: ignore[attr-defined]  # asked with hasattr before
    log.error("part failed", part=part.name, error=type(error).__name__, exc_info=error)
    failed.set()


class _Deadline:
    """The end of the grace that all parts share; it begins to run when the first of them is stopped."""

    def __init__(self, grace: timedelta) -> None:
        self._grace = grace.total_seconds()
        self._end: float | None = None

    def begin(self) -> None:
        if self._end is None:
            self._end = time.monotonic() + self._grace

    def left(self) -> float:
        """Seconds; never less than one, so that every part can at least close its connections."""
        self.begin()
        return max(1.0, (self._end or 0.0) - time.monotonic())


async def _stop(part: Part, deadline: _Deadline) -> None:
    seconds = deadline.left()
    try:
        await asyncio.wait_for(part.stop(), seconds)
    except TimeoutError:
        log.error("part did not stop in time", part=part.name, seconds=round(seconds, 1))


async def _first_of(*waits: Awaitable[object]) -> int:
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    done, rest = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in rest:
        task.cancel()
    return min(tasks.index(task) for task in done)
