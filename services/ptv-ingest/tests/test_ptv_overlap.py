"""Two rounds that overlap, since a session was lost or somebody changed things between reading and deriving."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from chassis.core.errors import TemporaryError
from chassis.core.process import running
from chassis.postgres.single_run import SingleRun
from devstack.testing import eventually
from event_schemas.ingest_run import RunOutcome
from event_schemas.listing import RemovalReason
from ptv_ingest.adapters.ptv_v12.source import PtvV12
from ptv_ingest.app.ports import Tally
from ptv_ingest.domain.objects import Kind
from ptv_ingest.entrypoints.schedule import Schedule

if TYPE_CHECKING:
    from conftest import Bench

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]

END_THE_HOLDER = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND state = 'idle'
  AND pid IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory')
"""
WAITING = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock' AND wait_event = 'advisory'
"""


async def end_the_holder(bench: Bench) -> None:
    """Ends the session that holds the run's lock, as a replaced server does; the process goes on."""
    async with bench.base.database.connection() as connection:
        await connection.execute(END_THE_HOLDER)


class LosingTheSession(PtvV12):
    """PTV, during whose first answer about the archive the session is lost."""

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench.ptv_client)
        self._bench = bench
        self._lost = False

    async def archived(self, kind: Kind, since: datetime) -> frozenset[str]:
        if not self._lost:
            self._lost = True
            await end_the_holder(self._bench)
        return await super().archived(kind, since)


async def test_object_marked_again_while_listings_are_derived_is_derived_by_the_next_round(bench: Bench) -> None:
    await bench.run()
    service = bench.service_named("Liikuntaneuvonta")
    objects, listings = bench.sync.objects, bench.sync.listings
    tally = Tally()
    async with bench.sync.runs.lock():
        channels = sorted(await objects.live(Kind.CHANNEL, [key[0] for key in bench.world.shelves["channel"].live]))
        await objects.mark_gone(Kind.CHANNEL, channels[:1], RemovalReason.ABSENT)
        taker = await listings.take_changes()
        await listings.derive(await listings.changed_services(), tally)
        await objects.mark_gone(Kind.SERVICE, [service], RemovalReason.ARCHIVED)
        await listings.forget_changes(taker)
        assert await listings.changed_services() == [service]


async def test_change_taken_by_a_round_that_died_is_taken_by_the_next(bench: Bench) -> None:
    await bench.run()
    service = bench.service_named("Liikuntaneuvonta")
    listings = bench.sync.listings
    async with bench.sync.runs.lock():
        await bench.sync.objects.mark_gone(Kind.SERVICE, [service], RemovalReason.ARCHIVED)
        died = await listings.take_changes()
        taker = await listings.take_changes()
        await listings.forget_changes(died)
        assert await listings.changed_services() == [service]
        await listings.forget_changes(taker)
        assert await listings.changed_services() == []


async def test_round_that_lost_its_session_writes_nothing_more_and_the_next_tells_its_end(bench: Bench) -> None:
    await bench.run()
    bench.clock.forward(days=1)
    told = len(await bench.published("hyte.ingest-runs.v1"))
    content_id = bench.service_named("Liikuntaneuvonta")
    bench.world.archive("service", (content_id,))
    with pytest.raises(TemporaryError, match="run-lost"):
        await replace(bench.sync, sources=[LosingTheSession(bench)])(report=lambda *_: None)
    assert f"ptv:{content_id}" in await bench.state()
    assert (await bench.run()).outcome == RunOutcome.COMPLETED
    outcomes = [getattr(one.event, "outcome", None) for one in (await bench.published("hyte.ingest-runs.v1"))[told:]]
    assert outcomes == [None, RunOutcome.INTERRUPTED, None, RunOutcome.COMPLETED]


async def test_loop_goes_on_with_another_round_after_one_that_lost_its_session(bench: Bench) -> None:
    await bench.run()
    health = bench.base.health
    sync = replace(bench.sync, sources=[LosingTheSession(bench)])
    schedule = Schedule(sync, bench.overview, bench.clients.close, interval=timedelta(milliseconds=100), health=health)

    async def outcomes() -> list[object]:
        return [getattr(one.event, "outcome", None) for one in await bench.published("hyte.ingest-runs.v1")]

    async def completed_again() -> bool:
        told = await outcomes()
        return RunOutcome.INTERRUPTED in told and told.count(RunOutcome.COMPLETED) >= 2

    async with running([schedule], grace=timedelta(seconds=5)) as failed:
        await eventually(completed_again, what="a completed round after the lost one")
        assert not failed.is_set()


async def test_next_holder_begins_only_after_what_the_lost_one_was_writing_has_ended(bench: Bench) -> None:
    lost, following = (SingleRun(bench.base.database, name="round") for _ in range(2))
    entered = asyncio.Event()

    async def follow() -> None:
        async with following.hold() as held:
            assert held
            entered.set()

    async def somebody_waits() -> bool:
        async with bench.base.database.connection() as connection:
            return bool(await connection.fetchval(WAITING))

    async with lost.hold() as held:
        assert held
        async with lost.transaction():
            await end_the_holder(bench)
            waiting = asyncio.create_task(follow())
            await eventually(somebody_waits, what="the next holder waiting")
            assert not entered.is_set()
        await waiting
        with pytest.raises(TemporaryError, match="run-lost"):
            async with lost.transaction():
                pytest.fail("a lost holder may not write")


async def test_nobody_writes_without_holding_the_lock(bench: Bench) -> None:
    single = SingleRun(bench.base.database, name="round")
    with pytest.raises(TemporaryError, match="run-lost"):
        async with single.transaction():
            pytest.fail("nobody holds the lock")
