"""A database of the version before this one, and that version beside this one during a roll-out."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import orjson
import pytest
from lahella_activities import moment, wire
from lahella_reader import URL, Reader
from pydantic import SecretStr

from chassis.kafka.settings import KafkaSettings
from chassis.postgres.migrate import migrate
from chassis.postgres.settings import PostgresSettings
from chassis.service.base import Base
from devstack.simulators import lahella
from devstack.testing import MakeDatabase
from lahella_ingest.bootstrap import SERVICE

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]

NOW = moment("2026-03-18 12:00")
KEPT_BEFORE = """
INSERT INTO activity (key, raw, content_hash, group_id, organization_name, business_id, shown, seen_run, due_at)
VALUES ($1, $2, $3, NULL, NULL, NULL, true, gen_random_uuid(), NULL)
"""
RUN_BEFORE = "INSERT INTO run (id, started_at) VALUES (gen_random_uuid(), now())"


@pytest.fixture
async def upgraded(make_database: MakeDatabase, kafka_settings: KafkaSettings) -> AsyncIterator[Reader]:
    """A reader on a database that the version before has filled with one activity, and this one has migrated."""
    migrations = SERVICE.migrations()
    before = [one for one in migrations if (one.component, one.number) != (SERVICE.name, 2)]
    dsn = await make_database(before)
    base = Base(SERVICE.name, postgres=PostgresSettings(database_url=SecretStr(dsn)), kafka=kafka_settings)
    await base.database.start()
    await keep_as_before(base, "1")
    await migrate(dsn, migrations)
    simulator = lahella.create_app("key", today=NOW.date())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(simulator), base_url=URL) as control:
        reader = Reader(base, simulator, control, NOW)
        yield reader
        await reader.source.close()
    await base.database.stop()


async def keep_as_before(base: Base, key: str) -> None:
    async with base.database.transaction() as tx:
        await tx.execute(KEPT_BEFORE, key, orjson.dumps(wire(key)).decode(), b"old hash")
        await tx.execute(RUN_BEFORE)


async def test_activities_of_the_version_before_are_made_into_listings_without_the_source(upgraded: Reader) -> None:
    assert await upgraded.replay.is_due()
    assert (await upgraded.derive_again()).counts.changed == 1
    assert not await upgraded.replay.is_due()
    await upgraded.put(wire("1"))
    # Its organisation, which the rows of before lack, makes "1" the sixty-first.
    assert (await upgraded.run()).counts.changed == 61
    assert (await upgraded.run()).counts.changed == 0


async def test_version_before_still_writes_while_this_one_runs(upgraded: Reader) -> None:
    await upgraded.derive_again()
    await keep_as_before(upgraded.base, "2")
    await upgraded.put(wire("1"))
    await upgraded.put(wire("2"))
    assert (await upgraded.run()).counts.changed == 62
    async with upgraded.store.transaction() as work:
        assert (await work.standing()).stored == 62
