"""Floor of reading: the same pages, as many at a time, parsed and thrown away."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import httpx
import orjson

from bench.core.program import curtain_of_a_loop, given, tell

PATHS = ("organization", "general-description", "service", "service-channel", "connection")


async def main() -> None:
    asked = given()
    limits = httpx.Limits(max_connections=asked["at_once"], max_keepalive_connections=asked["at_once"])
    async with httpx.AsyncClient(base_url=asked["url"], limits=limits, timeout=60) as client:
        await curtain_of_a_loop()
        began = time.perf_counter()
        rows = [await _read(client, path, asked["at_once"]) for path in PATHS]
        seconds = time.perf_counter() - began
    tell({"seconds": seconds, "rows": sum(rows)})


async def _read(client: httpx.AsyncClient, path: str, at_once: int) -> int:
    """Rows of one list; the first page tells how many there are."""
    first = await _page(client, path, 1)
    numbers = iter(range(2, first["totalPages"] + 1))

    async def one_after_another() -> int:
        return sum([len((await _page(client, path, number))["items"]) for number in numbers])

    return len(first["items"]) + sum(await asyncio.gather(*(one_after_another() for _ in range(at_once))))


async def _page(client: httpx.AsyncClient, path: str, number: int) -> dict[str, Any]:
    answer = await client.get(f"/api/v12/{path}/search", params={"page": number, "pageSize": 100})
    answer.raise_for_status()
    page: dict[str, Any] = orjson.loads(answer.content)
    return page


if __name__ == "__main__":
    asyncio.run(main())
