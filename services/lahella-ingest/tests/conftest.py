"""The service against the simulated Lähellä.fi and the real database."""

from __future__ import annotations

import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from devstack.simulators import lahella
from devstack.testing import MakeBase
from lahella_ingest.bootstrap import SERVICE

# With pytest's import mode `importlib` test modules don't find what lies beside them.
sys.path.append(str(Path(__file__).parent))

from lahella_activities import moment
from lahella_reader import URL, Reader

NOW = moment("2026-03-18 12:00")


@pytest.fixture
async def reader(make_base: MakeBase) -> AsyncIterator[Reader]:
    simulator = lahella.create_app("key", today=NOW.date())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(simulator), base_url=URL) as control:
        made = Reader(await make_base(SERVICE.name, SERVICE.migrations_folder), simulator, control, NOW)
        yield made
        await made.source.close()


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
