"""A client of the simulated PTV in the same process, what tests read through it, and ids in its content."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
from fastapi import FastAPI

from devstack.simulators.ptv.identity import content_id

KEY = "a-key"
SERVICE = content_id("service", "hml-liikuntaneuvonta")
OTHER_SERVICE = content_id("service", "forssa-uimahalli")
CHANNEL = content_id("channel", "hml-hyvinvointitalo")
ORGANISATION = content_id("organization", "hameenlinna")
UNKNOWN = "00000000-0000-4000-8000-000000000000"


@dataclass
class Clock:
    now: datetime = datetime(2026, 11, 25, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@asynccontextmanager
async def client_of(app: FastAPI, base_url: str = "http://ptv") -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url=base_url, headers={"x-api-key": KEY}) as client:
        yield client


async def get(client: httpx.AsyncClient, path: str, **query: Any) -> Any:
    """The JSON of an answer. Raises httpx.HTTPStatusError."""
    answer = await client.get(path, params=query)
    answer.raise_for_status()
    return answer.json()


async def ids(client: httpx.AsyncClient, path: str, **query: Any) -> list[str]:
    """Of one page of a v11 listing."""
    return [item["id"] for item in (await get(client, path, **query))["itemList"] or []]


async def all_ids(client: httpx.AsyncClient, path: str, **query: Any) -> list[str]:
    """Of every page of a v11 listing."""
    count = (await get(client, path, **query))["pageCount"]
    return [one for page in range(1, count + 1) for one in await ids(client, path, page=page, **query)]


async def happen(client: httpx.AsyncClient, step: str, **fields: Any) -> None:
    """Plays one step of a scenario."""
    answer = await client.post("/_control/scenario", json=[{"step": step, **fields}])
    answer.raise_for_status()
