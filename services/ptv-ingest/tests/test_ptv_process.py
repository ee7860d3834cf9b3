"""The service as it runs: the loop beside the relay, and the command line."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from chassis.core.process import running
from chassis.http.server import WebServer
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


@pytest.fixture
async def ptv_port(bench: Bench) -> AsyncIterator[int]:
    """The simulated PTV on a port of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    server = WebServer(bench.app, name="ptv", host="127.0.0.1", port=port)
    await server.start()
    yield port
    await server.stop()


async def sync_command(bench: Bench, url: str, key: str, *options: str) -> tuple[int, str]:
    environment = {
        **os.environ,
        "HYTE_PTV_URL": url,
        "HYTE_PTV_API_KEY": key,
        "HYTE_KAFKA": bench.base.kafka.kafka,
        "HYTE_DATABASE_URL": bench.base.postgres.dsn(),
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "ptv_ingest",
        "sync",
        *options,
        env=environment,
        stdout=-1,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    return process.returncode or 0, output.decode()


async def test_command_reads_once_and_says_what_it_did(bench: Bench, ptv_port: int) -> None:
    code, output = await sync_command(bench, f"http://127.0.0.1:{ptv_port}", "a-key", "--full")
    assert code == 0, output
    assert f"published {len(bench.world.shelves['service'].live)}" in output
    assert len(await bench.state()) == len(bench.world.shelves["service"].live)


async def test_command_fails_with_one_sentence_where_ptv_refuses_the_key(bench: Bench, ptv_port: int) -> None:
    code, output = await sync_command(bench, f"http://127.0.0.1:{ptv_port}", "wrong")
    assert code == 1
    assert "ptv-ingest: the full run failed (source-refuses)" in output
    assert "Traceback" not in output
