"""The service as it runs: its parts against a served simulator, and its command line."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from lahella_reader import Reader

from chassis.core.errors import TemporaryError
from chassis.core.health import Health
from chassis.core.process import running
from chassis.http.server import WebServer
from chassis.kafka.follow import read_all
from chassis.kafka.records import decode
from chassis.service.base import Base
from devstack.simulators import lahella
from devstack.testing import MakeBase, MakeDatabase, MakeTopics, eventually
from event_schemas.ingest_run import IngestRunEnded, RunOutcome
from event_schemas.listing import ListingPublished
from lahella_ingest.app.ports import Page
from lahella_ingest.bootstrap import SERVICE
from lahella_ingest.entrypoints.schedule import Patient, SourceReading

LISTINGS, RUNS = "hyte.listings.v1", "hyte.ingest-runs.v1"


@asynccontextmanager
async def served_simulator(port: int) -> AsyncIterator[str]:
    server = WebServer(lahella.create_app("key"), name="simulator", host="127.0.0.1", port=port)
    await server.start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        await server.stop()


@pytest.mark.kafka
@pytest.mark.postgres
async def test_both_roles_bring_every_activity_to_the_topic_once(
    make_base: MakeBase, make_topics: MakeTopics, free_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    await make_topics(LISTINGS, RUNS)
    base = await make_base(SERVICE.name, SERVICE.migrations_folder)
    async with served_simulator(free_port) as url:
        monkeypatch.setenv("HYTE_LAHELLA_URL", url)
        monkeypatch.setenv("HYTE_LAHELLA_TOKEN", "key")
        monkeypatch.setenv("HYTE_LAHELLA_INTERVAL_SECONDS", "0.2")
        parts = [part for role in SERVICE.roles.values() for part in role(base)]
        async with running(parts, grace=base.guards.stop_grace) as failed:
            await eventually(lambda: three_runs_told(base), what="three readings told")
            assert not failed.is_set()
    published = [decode(record) async for record in read_all(base.kafka, LISTINGS)]
    assert len(published) == len({each.key for each in published}) == 25
    assert all(isinstance(each.event, ListingPublished) for each in published)
    assert base.health.reasons() == {}


async def three_runs_told(base: Base) -> bool:
    events = [decode(record).event async for record in read_all(base.kafka, RUNS)]
    return sum(isinstance(event, IngestRunEnded) for event in events) >= 3


@pytest.mark.postgres
async def test_sync_command_reads_once_and_says_what_it_did(make_database: MakeDatabase, free_port: int) -> None:
    dsn = await make_database([])
    async with served_simulator(free_port) as url:
        environment = {"HYTE_LAHELLA_URL": url, "HYTE_LAHELLA_TOKEN": "key", "HYTE_DATABASE_URL": dsn}
        _, _, err = await command("sync", environment)
        assert "run `migrate` before" in err
        assert (await command("migrate", environment))[0] == 0
        code, out, err = await command("sync", environment)
        assert (code, "completed: 25 read, 25 changed, 0 removed" in out) == (0, True), (out, err)
        code, out, _ = await command("sync", environment | {"HYTE_LAHELLA_TOKEN": "other"})
        assert (code, "failed (source-refuses)" in out) == (1, True)


async def test_command_without_a_token_says_so_in_one_sentence() -> None:
    code, out, err = await command("sync", {"HYTE_DATABASE_URL": "postgresql://localhost/none"})
    assert (code, out) == (1, "")
    assert "HYTE_LAHELLA_TOKEN" in err
    assert "Traceback" not in err


async def command(name: str, environment: dict[str, str]) -> tuple[int | None, str, str]:
    """Exit code, output and error output of one command of the service."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("HYTE_")}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "lahella_ingest", name),
        env=inherited | {"HYTE_KAFKA": "127.0.0.1:1", "COLUMNS": "200"} | environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    return process.returncode, out.decode(), err.decode()


@pytest.mark.postgres
async def test_stop_gives_up_a_source_that_hangs(reader: Reader) -> None:
    asked = asyncio.Event()

    class Hanging:
        async def page(self, skip: int) -> Page:
            asked.set()
            await asyncio.Event().wait()
            raise AssertionError(skip)

        async def exists(self, key: str) -> bool:
            raise AssertionError(key)

    async def nothing_to_close() -> None:
        return None

    reading = SourceReading(
        replace(reader.read, source=Hanging()),
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
