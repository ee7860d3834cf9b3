"""A simulated PTV in this process, the service upon it, and a reader of what it publishes."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from chassis.core.process import running
from chassis.http.client import JsonClient
from chassis.kafka.follow import read_all
from chassis.kafka.records import Delivery, decode
from chassis.service.base import Base
from devstack.simulators.ptv.app import create_app
from devstack.simulators.ptv.world import World
from devstack.testing import MakeBase, MakeTopics, eventually
from event_schemas.ingest_run import IngestRunEnded
from event_schemas.listing import ListingPublished
from ptv_ingest.adapters.postgres_overview import PostgresOverview
from ptv_ingest.app.sync import Sync
from ptv_ingest.bootstrap import SERVICE, Clients, overview_of, scope_of, sync_of
from ptv_ingest.settings import PtvSettings

# With pytest's import mode `importlib` test modules don't find what lies beside them.
sys.path.append(str(Path(__file__).parent))

from ptv_process import CommandLine, served
from ptv_truth import Told, Truth

KEY = "a-key"
LISTINGS = "hyte.listings.v1"
VOCABULARIES = "hyte.vocabularies.v1"
RUNS = "hyte.ingest-runs.v1"


@dataclass
class Clock:
    """Goes when told to; PTV and the service share it. It begins now, since PTV's Date header is the machine's."""

    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class Bench:
    """One service with its PTV."""

    app: FastAPI
    base: Base
    clients: Clients
    sync: Sync
    overview: PostgresOverview
    settings: PtvSettings
    clock: Clock

    @property
    def world(self) -> World:
        found: World = self.app.state.world
        return found

    @property
    def ptv_client(self) -> JsonClient:
        """One more client of the same PTV."""
        return JsonClient(
            "http://ptv", headers={"x-api-key": KEY}, clock=self.clock, transport=httpx.ASGITransport(self.app)
        )

    async def run(self, *, full: bool = False, since: datetime | None = None) -> IngestRunEnded:
        ended = await self.sync(report=lambda *_: None, full=full, since=since)
        assert ended is not None
        return ended

    async def accept_removals(self, run_id: str) -> IngestRunEnded:
        ended = await self.sync.accept_removals(run_id, report=lambda *_: None)
        assert ended is not None
        return ended

    async def told(self) -> list[Told]:
        """Events committed since it was asked last, in their order; they are not sent."""
        async with self.base.database.transaction() as tx:
            rows = await tx.fetch("SELECT aggregatetype, aggregateid, type, payload, version FROM outbox ORDER BY seq")
            await tx.execute("DELETE FROM outbox")
        return [Told(*row) for row in rows]

    @property
    def truth(self) -> dict[str, bytes]:
        """The listings that follow from what PTV holds now."""
        return Truth(self.world, scope_of(self.settings)).listings()

    async def published(self, topic: str = LISTINGS) -> list[Delivery]:
        """Everything on the topic, after the relay has emptied the outbox."""
        relay = self.base.relay()
        async with running(relay, grace=timedelta(seconds=5)):
            await eventually(self._nothing_waits, what="empty outbox")
        return [decode(record) async for record in read_all(self.base.kafka, topic)]

    async def state(self) -> dict[str, ListingPublished]:
        """What a fresh reader of the listings ends with."""
        newest: dict[str, Delivery] = {}
        for delivery in await self.published():
            if delivery.key not in newest or delivery.version > newest[delivery.key].version:
                newest[delivery.key] = delivery
        return {key: one.event for key, one in newest.items() if isinstance(one.event, ListingPublished)}

    async def fault(self, **fault: Any) -> None:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url="http://ptv") as control:
            (await control.post("/_control/faults", json=fault)).raise_for_status()

    async def clear_faults(self) -> None:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url="http://ptv") as control:
            (await control.delete("/_control/faults")).raise_for_status()

    def wire(self, kind: str, key: tuple[str, ...]) -> dict[str, Any]:
        return dict(self.world.shelves[kind].live[key].wire)

    def vanish(self, kind: str, key: tuple[str, ...]) -> None:
        """Takes an object away without a trace in the archive."""
        self.world.archive(kind, key)
        del self.world.shelves[kind].archived[key]

    async def renew(self) -> None:
        """PTV as it was at first, without faults, and now."""
        self.clock.now = datetime.now(UTC)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url="http://ptv") as control:
            (await control.post("/_control/reset")).raise_for_status()

    def service_named(self, name: str) -> str:
        """Content id of the service with this Finnish name."""
        for (content_id,), stored in self.world.shelves["service"].live.items():
            if stored.wire["languageVersions"].get("fi", {}).get("name") == name:
                return content_id
        raise KeyError(name)

    async def _nothing_waits(self) -> bool:
        async with self.base.database.connection() as connection:
            return not await connection.fetchval("SELECT count(*) FROM outbox")


MakeBench = Callable[..., Awaitable[Bench]]


@pytest.fixture
async def make_bench(make_base: MakeBase, make_topics: MakeTopics) -> AsyncIterator[MakeBench]:
    opened: list[Clients] = []

    async def make(**settings: Any) -> Bench:
        await make_topics(LISTINGS, VOCABULARIES, RUNS, dead_letters=False)
        clock = Clock()
        base = await make_base(SERVICE.name, SERVICE.migrations_folder)
        base.clock = clock
        app = create_app(KEY, clock=clock)
        chosen = PtvSettings(**{"ptv_url": "http://ptv", "ptv_api_key": SecretStr(KEY), **settings})
        clients = Clients(base, chosen, httpx.ASGITransport(app))
        opened.append(clients)
        sync = sync_of(base, chosen, clients.sources)
        return Bench(app, base, clients, sync, overview_of(base, chosen, clients.sources), chosen, clock)

    yield make
    for clients in opened:
        await clients.close()


@pytest.fixture
async def bench(make_bench: MakeBench) -> Bench:
    return await make_bench()


@pytest.fixture
async def run(bench: Bench) -> AsyncIterator[CommandLine]:
    """The command line of the bench's service."""
    async with served(bench.app) as url:
        yield CommandLine(
            {
                "HYTE_PTV_URL": url,
                "HYTE_PTV_API_KEY": KEY,
                "HYTE_KAFKA": bench.base.kafka.kafka,
                "HYTE_DATABASE_URL": bench.base.postgres.dsn(),
            }
        )
