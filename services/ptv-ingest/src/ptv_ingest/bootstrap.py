"""Composition root: the only place where adapters are built."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path

import httpx

from chassis.core.process import Part
from chassis.core.settings import read_settings
from chassis.http.client import JsonClient
from chassis.ingest.scope import Scope
from chassis.postgres.database import Database
from chassis.postgres.migrate import require_schema
from chassis.postgres.rehearsal import Rehearsal
from chassis.postgres.single_run import SingleRun
from chassis.service.base import Base, Service
from ptv_ingest.adapters.postgres_listings import PostgresListings
from ptv_ingest.adapters.postgres_objects import PostgresObjects
from ptv_ingest.adapters.postgres_overview import PostgresOverview
from ptv_ingest.adapters.postgres_runs import PostgresRuns
from ptv_ingest.adapters.ptv_v11.source import PtvV11
from ptv_ingest.adapters.ptv_v12.source import PtvV12
from ptv_ingest.app.overview import Ingest
from ptv_ingest.app.ports import PtvSource
from ptv_ingest.app.sync import Rules, Sync
from ptv_ingest.domain.objects import FORM
from ptv_ingest.entrypoints.schedule import Schedule
from ptv_ingest.settings import PtvSettings

NAME = "ptv-ingest"


class Clients:
    """One polite client per version of PTV's interface that is read; v12 comes first where both are."""

    def __init__(self, base: Base, settings: PtvSettings, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._base, self._settings, self._transport = base, settings, transport
        self._open: list[JsonClient] = []
        self.sources: list[PtvSource] = []
        if settings.ptv_api_key is not None:
            key = settings.ptv_api_key.get_secret_value()
            self.sources.append(PtvV12(self._client(settings.ptv_url, {"x-api-key": key})))
        if settings.ptv_v11_url is not None:
            # A malformed Authorization header makes v11 answer 500, so none is sent.
            self.sources.append(PtvV11(self._client(settings.ptv_v11_url, {})))

    def _client(self, url: str, headers: dict[str, str]) -> JsonClient:
        client = JsonClient(
            url,
            headers=headers,
            clock=self._base.clock,
            in_flight=self._settings.ptv_in_flight,
            timeout=self._settings.ptv_timeout,
            contact=self._settings.ptv_contact,
            transport=self._transport,
        )
        self._open.append(client)
        return client

    async def close(self) -> None:
        for client in self._open:
            await client.close()


def scope_of(settings: PtvSettings) -> Scope:
    return Scope(
        municipalities=settings.ptv_municipalities,
        regions=settings.ptv_regions,
        counties=settings.ptv_counties,
        nationwide=settings.ptv_nationwide,
    )


def sync_of(base: Base, settings: PtvSettings, sources: Sequence[PtvSource], database: Database | None = None) -> Sync:
    """The use case on the service's database, or on another."""
    database = database or base.database
    scope = scope_of(settings)
    single = SingleRun(database, name=NAME)
    readers = readers_of(base, sources)
    return Sync(
        sources=sources,
        objects=PostgresObjects(
            database, single, readers, scope=scope, retention=settings.ptv_raw_retention, clock=base.clock
        ),
        listings=PostgresListings(
            database, single, base.outbox, readers, scope=scope, clock=base.clock, new_id=base.new_id
        ),
        runs=PostgresRuns(database, single, base.outbox, form=form_of(scope), clock=base.clock, new_id=base.new_id),
        rules=Rules(
            overlap=settings.ptv_overlap,
            full_every=settings.ptv_full_every,
            most_absent=settings.ptv_most_absent,
        ),
        clock=base.clock,
    )


def readers_of(base: Base, sources: Sequence[PtvSource]) -> list[PtvSource]:
    """The sources, and those switched off: what was stored of them can still be read again."""
    names = {source.name for source in sources}
    nowhere = JsonClient("http://switched-off.invalid", headers={}, clock=base.clock)
    every: tuple[PtvSource, ...] = (PtvV12(nowhere), PtvV11(nowhere))
    return [*sources, *(source for source in every if source.name not in names)]


def overview_of(base: Base, settings: PtvSettings, sources: Sequence[PtvSource]) -> PostgresOverview:
    return PostgresOverview(base.database, readers_of(base, sources), scope=scope_of(settings))


def form_of(scope: Scope) -> str:
    """Changes with how listings are made and with the scope: either makes them again from what is stored."""
    places = (sorted(scope.municipalities), sorted(scope.regions), sorted(scope.counties), scope.nationwide)
    return f"{FORM}-{sha256(repr(places).encode()).hexdigest()[:16]}"


def sync_role(base: Base) -> Sequence[Part]:
    settings = read_settings(PtvSettings)
    clients = Clients(base, settings)
    overview = overview_of(base, settings, clients.sources)
    sync = sync_of(base, settings, clients.sources)
    return [Schedule(sync, overview, clients.close, interval=settings.ptv_interval, health=base.health)]


@asynccontextmanager
async def open_ingest() -> AsyncIterator[Ingest]:
    """The use cases for one command, with its own connections."""
    base = Base(NAME)
    settings = read_settings(PtvSettings)
    clients = Clients(base, settings)
    await base.database.start()
    try:
        async with base.database.connection() as connection:
            await require_schema(connection, SERVICE.migrations())
        yield Ingest(
            sync=sync_of(base, settings, clients.sources),
            overview=overview_of(base, settings, clients.sources),
            rehearsal=_rehearsal(base, settings, clients.sources),
        )
    finally:
        await clients.close()
        await base.database.stop()


@asynccontextmanager
async def _rehearsal(base: Base, settings: PtvSettings, sources: Sequence[PtvSource]) -> AsyncIterator[Sync]:
    rehearsal = Rehearsal(base.database)
    async with rehearsal.undone():
        yield sync_of(base, settings, sources, rehearsal)


SERVICE = Service(
    name=NAME,
    migrations_folder=Path(__file__).parents[2] / "migrations",
    roles={"sync": sync_role, "relay": lambda base: base.relay()},
)
