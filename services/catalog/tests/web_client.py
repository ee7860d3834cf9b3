"""Pages and API asked without a server between."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import httpx
from fastapi import FastAPI


class Client:
    """Asks the application without a server between."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app

    def get(
        self, path: str, *, params: Mapping[str, str | int] | None = None, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self._app)
            async with httpx.AsyncClient(transport=transport, base_url="https://tray.example") as client:
                return await client.get(path, params=params, headers=headers)

        return asyncio.run(ask())
