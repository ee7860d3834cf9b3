"""What the steps of the journey share: the running stack, clients to it, and waiting for what should come true."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx

from chassis.kafka.settings import KafkaSettings
from devstack.show import Journey
from devstack.stack import Stack

T = TypeVar("T")


class JourneyFailed(RuntimeError):
    """A step did not come true; the message says which and what was seen."""


@dataclass
class World:
    stack: Stack
    show: Journey
    http: httpx.AsyncClient
    kafka: KafkaSettings

    async def search(self, question: str, **filters: str) -> list[dict[str, Any]]:
        """Entries the tray's API gives for a question, best first."""
        answer = await self.http.get(f"{self.stack.tray_url}/v1/entries", params={"q": question, **filters})
        answer.raise_for_status()
        entries: list[dict[str, Any]] = answer.json()["entries"]
        return entries

    async def all_entries(self) -> list[dict[str, Any]]:
        """Every entry the tray's API gives, page by page."""
        found: list[dict[str, Any]] = []
        query = {"limit": "100"}
        while True:
            answer = await self.http.get(f"{self.stack.tray_url}/v1/entries", params=query)
            page = answer.raise_for_status().json()
            found += page["entries"]
            if not page["next_cursor"]:
                return found
            query["cursor"] = page["next_cursor"]

    async def control(self, simulator: str, method: str, path: str, body: dict[str, Any] | None = None) -> None:
        """Changes something in a simulated source, as its users would."""
        answer = await self.http.request(method, f"{self.stack.simulator_url(simulator)}/_control/{path}", json=body)
        answer.raise_for_status()


async def until(condition: Callable[[], Awaitable[T | None]], *, seconds: float, what: str) -> tuple[T, float]:
    """The first truthy value of `condition` and the seconds it took; JourneyFailed when the time is over."""
    began = time.monotonic()
    while not (found := await condition()):
        if time.monotonic() - began > seconds:
            raise JourneyFailed(f"{what} did not come true within {seconds:.0f} s")
        await asyncio.sleep(0.05)
    return found, time.monotonic() - began


def name_of(entry: dict[str, Any], language: str = "fi") -> str:
    names = entry["name"]
    return str((names.get(language) or next(iter(names.values())))["text"])


def expect(holds: bool, otherwise: str) -> None:
    if not holds:
        raise JourneyFailed(otherwise)
