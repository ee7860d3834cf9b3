"""notify as a process of its own: killed in the middle of a call, and what it leaves behind of a person."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from chassis.kafka.dead_letters import read_dead_letters
from chassis.kafka.follow import read_all
from devstack.processes import free_port
from devstack.testing import eventually
from event_schemas.notification import NotificationRequested
from notify.adapters.postgres_notifications import STATUS_TOPIC
from notify.entrypoints.kafka import GROUP, REQUESTS_TOPIC

if TYPE_CHECKING:
    from services.notify.tests.conftest import Journey

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]

ROUNDS, A_ROUND = 4, 50

CANARY = "+358401234590"
CANARY_FAILING = "+358401234503"
CANARY_LANDLINE = "+35891234590"
CANARY_LINK = "canary7Yq2"


@asynccontextmanager
async def process(
    journey: Journey, log: Path, health_port: int, *roles: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    environment = {
        **os.environ,
        "HYTE_DATABASE_URL": journey.base.postgres.dsn(),
        "HYTE_KAFKA": journey.base.kafka.kafka,
        "HYTE_TOPIC_PREFIX": journey.base.kafka.topic_prefix,
        "HYTE_HTTP_PORT": str(journey.base.http.http_port),
        "HYTE_HEALTH_PORT": str(health_port),
        "HYTE_LOG_LEVEL": "DEBUG",
        "HYTE_TRACES_FILE": str(log.with_suffix(".traces")),
    }
    options = [option for role in roles for option in ("--role", role)]
    with log.open("ab") as output:
        started = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "notify", "run", *options, env=environment, stdout=output, stderr=output
        )
    try:
        yield started
    finally:
        if started.returncode is None:
            started.terminate()
        await started.wait()


async def test_a_process_killed_during_the_call_leaves_one_sms_that_its_receipt_settles(
    journey: Journey, tmp_path: Path, health_port: int
) -> None:
    journey.answers.delay = timedelta(seconds=1)
    async with journey.running("relay", "requests"):
        await journey.publish(journey.requests.make())
        async with process(journey, tmp_path / "log", health_port, "sender") as sender:
            await eventually(lambda: message_is_taken(journey))
            sender.send_signal(signal.SIGKILL)
            await sender.wait()
        assert await journey.are(sending=1)
        async with journey.running("sender", "receipts"):
            await eventually(lambda: journey.are(delivered=1))
    assert len(await journey.messages()) == 1


async def message_is_taken(journey: Journey) -> bool:
    return len(await journey.messages()) == 1


async def test_a_process_asked_to_stop_during_the_call_finishes_it(
    journey: Journey, tmp_path: Path, health_port: int
) -> None:
    journey.answers.delay = timedelta(seconds=1)
    async with journey.running("relay", "requests"):
        await journey.publish(journey.requests.make())
        async with process(journey, tmp_path / "log", health_port, "sender") as sender:
            await eventually(lambda: message_is_taken(journey))
            sender.terminate()
            assert await sender.wait() == 0
    assert await journey.are(sent=1)


async def test_processes_that_start_and_stop_amid_calls_leave_one_sms_each(journey: Journey, tmp_path: Path) -> None:
    journey.answers.delay = timedelta(seconds=0.5)
    numbers = [f"+35840{1_000_001 + 100 * number}" for number in range(ROUNDS * A_ROUND)]
    logs = [tmp_path / f"log{number}" for number in range(ROUNDS + 1)]
    async with journey.running("relay", "receipts"), AsyncExitStack() as stack:
        old = await stack.enter_async_context(process(journey, logs[0], free_port(), "requests", "sender"))
        for position, log in enumerate(logs[1:]):
            asked = [journey.requests.make(number) for number in numbers[position * A_ROUND :][:A_ROUND]]
            old = await take_over(journey, stack, old, log, asked)
        await eventually(lambda: journey.are(delivered=len(numbers)))
    assert sorted(message["destination"] for message in await journey.messages()) == sorted(numbers)
    assert await outcomes(journey) == {"taken": len(numbers)}
    assert not any(says(log, b"Traceback") for log in logs)
    assert any(says(log, b"process stopping", b"notification attempted") for log in logs)


async def take_over(
    journey: Journey,
    stack: AsyncExitStack,
    old: asyncio.subprocess.Process,
    log: Path,
    asked: Sequence[NotificationRequested],
) -> asyncio.subprocess.Process:
    """A new process joins amid the calls of the old one, which is asked to stop amid calls, and ends well."""
    half = len(asked) // 2
    await journey.publish(*asked[:half])
    await eventually(lambda: calls_under_way(journey))
    new = await stack.enter_async_context(process(journey, log, free_port(), "requests", "sender"))

    async def has_started() -> bool:
        return says(log, b"process started")

    await eventually(has_started)
    await journey.publish(*asked[half:])
    await eventually(lambda: calls_under_way(journey))
    old.terminate()
    assert await old.wait() == 0
    return new


def says(log: Path, *parts: bytes) -> bool:
    """Whether the log holds these one after the other."""
    return re.search(b".*".join(map(re.escape, parts)), log.read_bytes(), re.DOTALL) is not None


async def calls_under_way(journey: Journey) -> bool:
    async with journey.base.database.connection() as connection:
        return bool(await connection.fetchval("SELECT EXISTS (SELECT FROM attempt WHERE outcome IS NULL)"))


async def outcomes(journey: Journey) -> dict[str | None, int]:
    async with journey.base.database.connection() as connection:
        rows = await connection.fetch("SELECT outcome, count(*) AS n FROM attempt GROUP BY outcome")
    return {row["outcome"]: row["n"] for row in rows}


async def test_no_number_or_link_is_left_in_logs_traces_topics_or_tables(
    journey: Journey, tmp_path: Path, health_port: int
) -> None:
    log = tmp_path / "log"
    link = {"link": f"https://asiointi.example/v/{CANARY_LINK}"}
    good, failing = journey.requests.make(CANARY, content=link), journey.requests.make(CANARY_FAILING, content=link)
    landline = journey.requests.make(CANARY_LANDLINE, content=link)
    stranger = journey.requests.make(CANARY, content={"notification_id": good.notification_id})
    await journey.control("faults", {"path": "/messages", "kind": "429", "times": 1})
    async with process(journey, log, health_port, "requests", "sender", "receipts", "relay"):
        await journey.publish(good, failing, landline, stranger)
        await eventually(lambda: journey.are(delivered=1, failed=2))
    told = log.read_bytes() + log.with_suffix(".traces").read_bytes()
    left = told + await of_topics(journey) + await of_tables(journey)
    assert good.notification_id.encode() in left
    for canary in (CANARY[4:], CANARY_FAILING[4:], CANARY_LANDLINE[4:], CANARY_LINK):
        assert canary.encode() not in left


async def of_topics(journey: Journey) -> bytes:
    """Everything on the topics in the clear, reasons of dead letters included."""
    records = [record async for record in read_all(journey.base.kafka, REQUESTS_TOPIC)]
    records += [record async for record in read_all(journey.base.kafka, STATUS_TOPIC)]
    letters = [letter async for letter in read_dead_letters(journey.base.kafka, topic=REQUESTS_TOPIC, group=GROUP)]
    assert [letter.failure.code for letter in letters] == ["content-of-another"]
    return repr((records, letters)).encode()


async def of_tables(journey: Journey) -> bytes:
    async with journey.base.database.connection() as connection:
        tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        names = [row["tablename"] for row in tables]
        rows = [await connection.fetch(f"SELECT t::text FROM {name} AS t") for name in names]  # noqa: S608 - own names
    assert "contact" in names
    return repr(rows).encode()
