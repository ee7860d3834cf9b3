"""One role of the catalogue as a process of its own, that a test may kill."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from chassis.service.base import Base
from devstack.processes import Process, free_port
from devstack.testing import eventually

from .conftest import environment


class RoleProcess:
    """Starts and kills one role; always at the same addresses."""

    def __init__(self, base: Base, role: str, folder: Path) -> None:
        self._role = role
        self._log = folder / f"{role}.log"
        port, self._health_port = free_port(), free_port()
        self.address = f"http://127.0.0.1:{port}"
        self._variables = {
            **environment(base),
            "HYTE_HTTP_PORT": str(port),
            "HYTE_HEALTH_PORT": str(self._health_port),
            "HYTE_READ_RATE": "100000/second",
        }
        self.process = self._started()

    def _started(self) -> Process:
        command = (sys.executable, "-m", "catalog", "run", "--role", self._role)
        return Process(self._role, command, log=self._log, env=self._variables)

    def kill_and_start_again(self) -> None:
        self.process.kill()
        self.process = self._started()

    def stop(self) -> None:
        self.process.stop()

    async def is_ready(self) -> bool:
        assert self.process.returncode is None, self.process.last_words()
        async with httpx.AsyncClient() as client:
            try:
                return (await client.get(f"http://127.0.0.1:{self._health_port}/ready")).is_success
            except httpx.TransportError:
                return False

    async def ready(self, *, seconds: float = 20) -> None:
        await eventually(self.is_ready, seconds=seconds, what=f"{self._role} ready")


@asynccontextmanager
async def role(base: Base, name: str, folder: Path) -> AsyncIterator[str]:
    """The role running and ready, at this address."""
    one = RoleProcess(base, name, folder)
    try:
        await one.ready()
        yield one.address
    finally:
        one.stop()
