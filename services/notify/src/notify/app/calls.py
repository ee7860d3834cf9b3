"""The calls to the gateway that are under way: so many at most, none of them waiting for another."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from notify.app.attempt import attempt
from notify.app.claim_due import claim_due
from notify.app.sender import Claim, Sender


class Calls:
    """A part of the process: each call ends and is recorded by itself, whatever becomes of the others.

    An error that no call may end with is a failure of this part; its notification ends as one that a dead process left.
    """

    name = "gateway calls"

    def __init__(self, sender: Sender) -> None:
        self.sender = sender
        self._under_way: set[asyncio.Task[None]] = set()
        self.broken: list[BaseException] = []
        self._has_broken = asyncio.Event()
        self._tell: Callable[[], None] = lambda: None

    @property
    def places(self) -> int:
        """How many more calls may begin now."""
        return self.sender.policy.at_once - len(self._under_way)

    def at_each_end(self, tell: Callable[[], None]) -> None:
        """`tell` is called when a call has ended: a place is free, and a next attempt may be due soon."""
        self._tell = tell

    async def begin_due(self) -> int:
        """Begins the calls of due notifications, as places allow; returns how many notifications were looked at."""
        claimed = await claim_due(self.sender, self.places)
        for claim in claimed.claims:
            self._begin(claim)
        return claimed.looked_at

    async def start(self) -> None:
        """Begins nothing by itself."""

    async def stop(self) -> None:
        """Lets the calls under way end and be recorded."""
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def failure(self) -> BaseException:
        await self._has_broken.wait()
        return self.broken[0]

    def _begin(self, claim: Claim) -> None:
        task = asyncio.create_task(attempt(self.sender, claim), name=f"attempt {claim.attempt.id}")
        self._under_way.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            self.broken.append(error)
            self._has_broken.set()
        self._tell()
