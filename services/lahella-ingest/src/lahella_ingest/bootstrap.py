"""Where the service is put together: settings are read and adapters built here only."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from chassis.core.process import Part
from chassis.core.settings import read_settings
from chassis.http.client import JsonClient
from chassis.ingest.scope import Scope
from chassis.postgres.migrate import require_schema
from chassis.service.base import Base, Service
from lahella_ingest.adapters.lahella_api import LahellaApi, session_headers
from lahella_ingest.adapters.operator_files import OWN_REGIONS, read_business_ids, read_regions
from lahella_ingest.adapters.postgres_store import PostgresStore
from lahella_ingest.adapters.rehearsal_store import RehearsalStore
from lahella_ingest.app.forget_contacts import ForgetContacts
from lahella_ingest.app.ingest import Ingest
from lahella_ingest.app.read_source import ReadSource
from lahella_ingest.app.remove_absent import RemovalGuard
from lahella_ingest.app.replay import Replay
from lahella_ingest.domain.form import form_of
from lahella_ingest.domain.rules import Rules
from lahella_ingest.entrypoints.schedule import SourceReading, due_loop
from lahella_ingest.settings import LahellaSettings

NAME = "lahella-ingest"


def source_of(base: Base, settings: LahellaSettings) -> LahellaApi:
    headers = session_headers(settings.lahella_url, settings.lahella_token.get_secret_value())
    business_ids = read_business_ids(settings.lahella_business_ids) if settings.lahella_business_ids else {}
    client = JsonClient(settings.lahella_url, headers=headers, clock=base.clock)
    return LahellaApi(client, groups=settings.groups, business_ids=business_ids)


def rules_of(settings: LahellaSettings) -> Rules:
    scope = Scope(
        municipalities=settings.lahella_municipalities,
        regions=settings.lahella_regions,
        nationwide=settings.lahella_nationwide,
    )
    return Rules(read_regions(settings.lahella_region_names or OWN_REGIONS), scope)


def ingest_of(base: Base, settings: LahellaSettings, source: LahellaApi) -> Ingest:
    rules = rules_of(settings)
    store = PostgresStore(
        base.database, base.outbox, form=form_of(rules), raw_retention=settings.raw_retention, clock=base.clock
    )
    guard = RemovalGuard(settings.lahella_removal_share, settings.lahella_removal_least)
    replay = Replay(store, rules, base.clock, base.new_id)
    return Ingest(
        store=store,
        rehearsal=RehearsalStore(store),
        read=ReadSource(source, store, rules, guard, base.clock, base.new_id),
        replay=replay,
        forget=ForgetContacts(store, replay),
    )


def sync(base: Base) -> Sequence[Part]:
    """Reads the source on time, and publishes what falls due in between."""
    settings = read_settings(LahellaSettings)
    source = source_of(base, settings)
    ingest = ingest_of(base, settings, source)
    return [
        SourceReading(ingest.read, ingest.replay, close=source.close, interval=settings.interval, health=base.health),
        due_loop(ingest.store, ingest.read.rules, base.clock, base.health),
    ]


@asynccontextmanager
async def open_ingest() -> AsyncIterator[Ingest]:
    """The use cases for one command, with its own connections."""
    settings = read_settings(LahellaSettings)
    base = Base(NAME)
    source = source_of(base, settings)
    await base.database.start()
    try:
        async with base.database.connection() as connection:
            await require_schema(connection, SERVICE.migrations())
        yield ingest_of(base, settings, source)
    finally:
        await base.database.stop()
        await source.close()


SERVICE = Service(
    name=NAME,
    migrations_folder=Path(__file__).parents[2] / "migrations",
    roles={"sync": sync, "relay": lambda base: base.relay()},
)
