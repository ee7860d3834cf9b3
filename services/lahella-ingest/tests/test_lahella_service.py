"""The service as it runs: its parts against a served simulator, and its command line."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from lahella_process import served
from lahella_reader import Reader

from chassis.core.errors import TemporaryError
from chassis.core.health import Health
from chassis.core.process import running
from chassis.kafka.follow import read_all
from chassis.kafka.records import decode
from chassis.service.base import Base
from devstack.simulators import lahella
from devstack.testing import MakeBase, MakeTopics, eventually
from event_schemas.ingest_run import IngestRunEnded, RunOutcome
from event_schemas.listing import ListingPublished
from lahella_ingest.app.ports import Found, Page
from lahella_ingest.bootstrap import SERVICE
from lahella_ingest.entrypoints.schedule import Patient, SourceReading

LISTINGS, RUNS = "hyte.listings.v1", "hyte.ingest-runs.v1"


@pytest.mark.kafka
@pytest.mark.postgres
async def test_both_roles_bring_every_activity_to_the_topic_once(
    make_base: MakeBase, make_topics: MakeTopics, free_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    await make_topics(LISTINGS, RUNS)
    base = await make_base(SERVICE.name, SERVICE.migrations_folder)
    async with served(lahella.create_app("key"), free_port) as url:
        monkeypatch.setenv("HYTE_LAHELLA_URL", url)
        monkeypatch.setenv("HYTE_LAHELLA_TOKEN", "key")
        monkeypatch.setenv("HYTE_LAHELLA_INTERVAL_SECONDS", "0.2")
        parts = [part for role in SERVICE.roles.values() for part in role(base)]
        async with running(parts, grace=base.guards.stop_grace) as failed:
            await eventually(lambda: three_runs_told(base), what="three readings told")
            assert not failed.is_set()
    published = [decode(record) async for record in read_all(base.kafka, LISTINGS)]
    assert len(published) == len({each.key for each in published}) == 60
    assert all(isinstance(each.event, ListingPublished) for each in published)
    assert base.health.reasons() == {}


async def three_runs_told(base: Base) -> bool:
    events = [decode(record).event async for record in read_all(base.kafka, RUNS)]
    return sum(isinstance(event, IngestRunEnded) for event in events) >= 3


@pytest.mark.postgres
async def test_stop_gives_up_a_source_that_hangs(reader: Reader) -> None:
    asked = asyncio.Event()

    class Hanging:
        async def page(self, skip: int) -> Page:
            asked.set()
            await asyncio.Event().wait()
            raise AssertionError(skip)

        async def one(self, key: str) -> Found | None:
            raise AssertionError(key)

    async def nothing_to_close() -> None:
        return None

    reading = SourceReading(
        replace(reader.read, source=Hanging()),
        reader.replay,
        close=nothing_to_close,
        interval=timedelta(minutes=15),
        health=Health(),
        patience=timedelta(0),
    )
    await reading.start()
    await asked.wait()
    await asyncio.wait_for(reading.stop(), 5)
    assert (await reader.run()).outcome is RunOutcome.COMPLETED
    _, _, ends = await reader.told()
    assert [end.outcome for end in ends] == [RunOutcome.INTERRUPTED, RunOutcome.COMPLETED]


async def test_loop_waits_for_a_database_that_is_away_and_is_ready_again_afterwards() -> None:
    health, back = Health(), asyncio.Event()
    turns = 0

    async def turn() -> timedelta:
        nonlocal turns
        turns += 1
        if not back.is_set():
            raise TemporaryError("database-away")
        return timedelta(seconds=10)

    async def tried_twice() -> bool:
        return turns >= 2

    async def ready() -> bool:
        return health.reasons() == {}

    loop = Patient("lahella-due", turn, health)
    async with running([loop], grace=timedelta(seconds=5)) as failed:
        await eventually(tried_twice)
        assert health.reasons() == {"lahella-due": "database-away"}
        back.set()
        await eventually(ready)
        assert not failed.is_set()
