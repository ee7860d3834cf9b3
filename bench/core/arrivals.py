"""When records become visible to a read_committed consumer, and work begun at a steady rate."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager

from aiokafka.errors import ConsumerStoppedError

from chassis.kafka.follow import assigned
from chassis.kafka.settings import KafkaSettings
from devstack.processes import StackError


class Arrivals:
    """Moments (`time.perf_counter`) at which keys were first seen."""

    def __init__(self) -> None:
        self.seen: dict[bytes, float] = {}
        self._news = asyncio.Event()

    def note(self, key: bytes | None) -> None:
        if key is not None:
            self.seen.setdefault(key, time.perf_counter())
            self._news.set()

    async def all_of(self, keys: Sequence[bytes], *, seconds: float = 60) -> list[float]:
        """The moments of `keys` in their order, once all have arrived; StackError when they don't within `seconds`."""
        try:
            async with asyncio.timeout(seconds):
                while not all(key in self.seen for key in keys):
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError as exc:
            missing = sum(key not in self.seen for key in keys)
            raise StackError(f"{missing} of {len(keys)} records did not arrive within {seconds:.0f} s") from exc
        return [self.seen[key] for key in keys]


@asynccontextmanager
async def arrivals(kafka: KafkaSettings, topic: str) -> AsyncIterator[Arrivals]:
    """Follows a topic while the context lasts."""
    noted = Arrivals()
    async with assigned(kafka, [topic]) as consumer:

        async def follow() -> None:
            try:
                while True:
                    for records in (await consumer.getmany(timeout_ms=100)).values():
                        for one in records:
                            noted.note(one.key)
            except ConsumerStoppedError:
                return

        following = asyncio.create_task(follow())
        try:
            yield noted
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)


Work = Callable[[int, float], Coroutine[None, None, None]]


async def at_rate(per_second: float, count: int, work: Work) -> None:
    """Begins `work(number, due)` `count` times, evenly spread; `due` is the moment it had to begin.

    Open loop: slow work delays no other, and what a late beginning costs is counted from `due`.
    """
    first = time.perf_counter() + 0.05
    tasks = []
    for number in range(count):
        due = first + number / per_second
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        tasks.append(asyncio.create_task(work(number, due)))
    await asyncio.gather(*tasks)


async def most_per_second(work: Work, numbers: Sequence[int], *, at_once: int) -> float:
    """How often a second `work` can be done by `at_once` doers: the driver's own limit."""
    waiting = iter(numbers)
    began = time.perf_counter()

    async def one_after_another() -> None:
        for number in waiting:
            await work(number, time.perf_counter())

    await asyncio.gather(*(one_after_another() for _ in range(at_once)))
    return len(numbers) / (time.perf_counter() - began)
