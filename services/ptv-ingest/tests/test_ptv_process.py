"""The service as it runs: the loop beside the relay."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from chassis.core.process import running
from chassis.kafka.follow import Follower
from chassis.kafka.records import Record
from devstack.testing import eventually
from ptv_ingest.entrypoints.schedule import Schedule

if TYPE_CHECKING:
    from conftest import Bench

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]


async def test_change_in_ptv_is_on_the_topic_within_two_seconds_of_a_one_second_interval(bench: Bench) -> None:
    seen: list[bytes] = []

    async def collect(records: object) -> None:
        assert isinstance(records, list)
        seen.extend(one.value for one in records if isinstance(one, Record) and one.value)

    schedule = Schedule(
        bench.sync, bench.overview, bench.clients.close, interval=timedelta(seconds=1), health=bench.base.health
    )
    follower = Follower(bench.base.kafka, ["hyte.listings.v1"], collect, health=bench.base.health)
    async with running([*bench.base.relay(), follower, schedule], grace=timedelta(seconds=5)) as failed:
        services = len(bench.world.shelves["service"].live)
        await eventually(lambda: holds(len(seen) >= services), what="first whole reading on the topic")
        key = (bench.service_named("Liikuntaneuvonta"),)
        wire = bench.wire("service", key)
        versions = {**wire["languageVersions"], "fi": {**wire["languageVersions"]["fi"], "summary": "Muutos nähty"}}
        bench.clock.forward(seconds=30)
        rest = {name: part for name, part in wire.items() if name != "publishedAt"}
        bench.world.put("service", {**rest, "languageVersions": versions})
        changed = "Muutos nähty".encode()
        await eventually(lambda: holds(any(changed in value for value in seen)), seconds=2, what="the change")
        assert not failed.is_set()


async def holds(condition: bool) -> bool:
    return condition
