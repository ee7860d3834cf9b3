"""Composition root: the only place where adapters are built."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import httpx

from chassis.core.process import Part
from chassis.core.settings import read_settings
from chassis.http.client import JsonClient
from chassis.postgres.single_run import SingleRun
from chassis.service.base import Base, Service
from ptv_ingest.adapters.postgres_listings import PostgresListings
from ptv_ingest.adapters.postgres_objects import PostgresObjects
from ptv_ingest.adapters.postgres_runs import PostgresRuns
from ptv_ingest.adapters.ptv_v12.source import PtvV12
from ptv_ingest.app.sync import Rules, Sync
from ptv_ingest.domain.objects import FORM
from ptv_ingest.domain.scope import Scope
from ptv_ingest.entrypoints.schedule import Schedule
from ptv_ingest.settings import PtvSettings

NAME = "ptv-ingest"


def client_of(base: Base, settings: PtvSettings, transport: httpx.AsyncBaseTransport | None = None) -> JsonClient:
    return JsonClient(
        settings.ptv_url,
        headers={"x-api-key": settings.ptv_api_key.get_secret_value()},
        clock=base.clock,
        in_flight=settings.ptv_in_flight,
        timeout=settings.ptv_timeout,
        transport=transport,
    )


def sync_of(base: Base, settings: PtvSettings, client: JsonClient) -> Sync:
    scope = Scope(
        municipalities=settings.ptv_municipalities,
        regions=settings.ptv_regions,
        counties=settings.ptv_counties,
        nationwide=settings.ptv_nationwide,
    )
    single = SingleRun(base.database, name=NAME)
    return Sync(
        source=PtvV12(client),
        objects=PostgresObjects(base.database, single, clock=base.clock),
        listings=PostgresListings(base.database, single, base.outbox, scope=scope, new_id=base.new_id),
        runs=PostgresRuns(
            base.database, single, base.outbox, form=form_of(scope), clock=base.clock, new_id=base.new_id
        ),
        rules=Rules(
            overlap=settings.ptv_overlap,
            full_every=settings.ptv_full_every,
            most_absent=settings.ptv_most_absent,
        ),
        clock=base.clock,
    )


def form_of(scope: Scope) -> str:
    """Changes with how objects are read and with the scope, either of which asks for a whole reading."""
    places = (sorted(scope.municipalities), sorted(scope.regions), sorted(scope.counties), scope.nationwide)
    return f"{FORM}-{sha256(repr(places).encode()).hexdigest()[:16]}"


def sync_role(base: Base) -> Sequence[Part]:
    settings = read_settings(PtvSettings)
    client = client_of(base, settings)
    sync = sync_of(base, settings, client)
    return [Schedule(sync, client.close, interval=settings.ptv_interval, health=base.health)]


SERVICE = Service(
    name=NAME,
    migrations_folder=Path(__file__).parents[2] / "migrations",
    roles={"sync": sync_role, "relay": lambda base: base.relay()},
)
