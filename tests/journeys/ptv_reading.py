"""One reading of the PTV simulator, in this process."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from fastapi import FastAPI
from pydantic import SecretStr

from chassis.service.base import Base
from event_schemas.ingest_run import IngestRunEnded
from ptv_ingest.bootstrap import Clients, sync_of
from ptv_ingest.settings import PtvSettings

KEY = "a-key"
RUNS = "hyte.ingest-runs.v1"


@asynccontextmanager
async def asking(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport, headers = httpx.ASGITransport(app), {"x-api-key": KEY}
    async with httpx.AsyncClient(transport=transport, base_url="http://app", headers=headers) as http:
        yield http


async def answer(http: httpx.AsyncClient, path: str, **query: str) -> Any:
    got = await http.get(path, params=query)
    got.raise_for_status()
    return got.json()


async def read_once(base: Base, app: FastAPI, areas: dict[str, Any]) -> IngestRunEnded:
    scope = {f"ptv_{name}": found for name, found in areas.items()}
    settings = PtvSettings(ptv_url="http://ptv", ptv_api_key=SecretStr(KEY), ptv_v11_url="http://ptv", **scope)
    clients = Clients(base, settings, httpx.ASGITransport(app))
    try:
        ended = await sync_of(base, settings, clients.sources)(report=lambda *_: None, full=True, since=None)
    finally:
        await clients.close()
    assert ended is not None
    return ended
