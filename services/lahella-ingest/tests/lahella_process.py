"""The service's command line as real processes, and the simulator served to them."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from starlette.types import ASGIApp

from chassis.http.server import WebServer


@asynccontextmanager
async def served(simulator: ASGIApp, port: int) -> AsyncIterator[str]:
    server = WebServer(simulator, name="simulator", host="127.0.0.1", port=port)
    await server.start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        await server.stop()


@dataclass(frozen=True)
class CommandLine:
    """`python -m lahella_ingest` in an environment of its own."""

    environment: dict[str, str]

    async def start(self, *words: str) -> Process:
        inherited = {key: value for key, value in os.environ.items() if not key.startswith("HYTE_")}
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "lahella_ingest", *words),
            env=inherited | {"HYTE_KAFKA": "127.0.0.1:1", "COLUMNS": "200"} | self.environment,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )

    async def __call__(self, *words: str, told: str = "") -> tuple[int | None, str, str]:
        """Exit code, output and error output; `told` is what stands on its standard input."""
        process = await self.start(*words)
        out, err = await process.communicate(told.encode())
        return process.returncode, out.decode(), err.decode()
