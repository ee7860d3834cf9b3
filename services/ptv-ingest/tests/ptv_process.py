"""The service as the process that operators run, and a simulated PTV on a port of its own."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from fastapi import FastAPI

from chassis.http.server import WebServer


@dataclass(frozen=True)
class CommandLine:
    """`python -m ptv_ingest …` with these settings."""

    settings: dict[str, str]

    async def start(self, *words: str) -> Process:
        environment = {**os.environ, "COLUMNS": "300", **self.settings}
        command = (sys.executable, "-m", "ptv_ingest", *words)
        return await asyncio.create_subprocess_exec(*command, env=environment, stdin=PIPE, stdout=PIPE, stderr=PIPE)

    async def __call__(self, *words: str, given: str = "") -> tuple[int, str, str]:
        """Exit code, standard output and standard error."""
        process = await self.start(*words)
        out, err = await process.communicate(given.encode())
        return process.returncode or 0, out.decode(), err.decode()


@asynccontextmanager
async def served(app: FastAPI) -> AsyncIterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    server = WebServer(app, name="ptv", host="127.0.0.1", port=port)
    await server.start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        await server.stop()
