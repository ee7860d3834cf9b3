"""The simulated PTV in the test's own process, with a clock that stands still."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from devstack.simulators import ptv
from devstack.simulators.ptv.testing import KEY, Clock, client_of
from devstack.simulators.ptv.v11.pages import PageSizes


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(clock: Clock) -> FastAPI:
    return ptv.create_app(KEY, clock=clock, v11_sizes=PageSizes(ids=20))


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(app) as client:
        yield client
