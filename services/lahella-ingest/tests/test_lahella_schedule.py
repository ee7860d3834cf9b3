"""The loop of the role `sync`: what it shows right after a start, and what it does first."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from lahella_activities import REGIONS, wire
from lahella_reader import Reader
from prometheus_client import REGISTRY

from chassis.core.health import Health
from chassis.core.process import running
from chassis.ingest.scope import Scope
from devstack.testing import eventually
from event_schemas.ingest_run import RunMode, RunOutcome
from lahella_ingest.domain.rules import Rules
from lahella_ingest.entrypoints.schedule import SourceReading

pytestmark = pytest.mark.postgres


@asynccontextmanager
async def started(reader: Reader) -> AsyncIterator[None]:
    async def nothing_to_close() -> None:
        return None

    loop = SourceReading(
        reader.read, reader.replay, close=nothing_to_close, interval=timedelta(minutes=15), health=Health()
    )
    async with running([loop], grace=timedelta(seconds=5)) as failed:
        yield
        assert not failed.is_set()


def shown(name: str, **labels: str) -> float | None:
    return REGISTRY.get_sample_value(name, labels)


async def test_after_a_start_the_metrics_tell_of_the_runs_before_it(reader: Reader) -> None:
    await reader.put(wire("1", traits={"region": ["city/FI/Atlantis"]}))
    await reader.run()
    completed_at = reader.now.timestamp()
    reader.now += timedelta(minutes=15)
    await reader.delete("710001", "710002", "710003", "710004")
    assert (await reader.run()).outcome is RunOutcome.HELD

    async def held() -> bool:
        return shown("lahella_run_held") == 1

    async with started(reader):
        await eventually(held, what="the gauge of held runs")
    assert shown("lahella_last_completed_timestamp_seconds") == completed_at
    assert shown("lahella_rejected_items", reason="unknown-region") == 1


async def test_start_with_other_rules_makes_listings_again_before_anything_is_read(reader: Reader) -> None:
    await reader.run()
    await reader.events()
    await reader.fault(path="/v1/", kind="504-html")
    reader.follow(Rules(REGIONS, Scope(frozenset({"061"}), frozenset(), nationwide=False)))

    async def caught_up() -> bool:
        async with reader.store.transaction() as work:
            last = (await work.standing()).runs[0]
        return last.mode is RunMode.REPLAY and last.outcome is not None

    async with started(reader):
        await eventually(caught_up, what="the replay")
    kinds, _, ends = await reader.told()
    assert [(end.mode, end.outcome) for end in ends] == [(RunMode.REPLAY, RunOutcome.COMPLETED)]
    assert kinds["removed"] > 0
