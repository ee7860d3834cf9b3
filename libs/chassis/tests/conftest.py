"""The reference service on topics and a database of the test's own."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from chassis.core.health import Health
from chassis.core.process import running
from chassis.kafka.settings import GuardSettings
from chassis.testing.read_model import EFFECT_TOPIC, MIGRATIONS, STATE_TOPIC
from chassis.testing.reference import Reference
from devstack.processes import Process
from devstack.testing import MakeBase, MakeTopics, StartWorker, eventually

QUICK = GuardSettings(guard_patience=timedelta(milliseconds=600), guard_bug_limit=3)


@pytest.fixture
async def reference(make_base: MakeBase, make_topics: MakeTopics) -> AsyncIterator[Reference]:
    """After each fault the same is asked: an undisturbed consumer, and then a fresh reader equal to the live model.

    What a test's own handler refused for good is a dead letter and not part of either (`reference.refused`).
    """
    await make_topics(STATE_TOPIC, EFFECT_TOPIC)
    reference = Reference(await make_base("catalog", MIGRATIONS, QUICK))
    yield reference
    undisturbed = Reference(replace(reference.base, guards=QUICK, health=Health()))
    await undisturbed.base.database.start()
    try:
        async with running([*undisturbed.base.relay(), undisturbed.state_consumer()], grace=QUICK.stop_grace):
            await eventually(undisturbed.outbox_is_empty, what="everything is published")
            await eventually(
                lambda: undisturbed.live_equals_fresh(without=reference.refused),
                what="a fresh reader equals the live model",
            )
    finally:
        await undisturbed.base.dead_letters.stop()
        await undisturbed.base.database.stop()


@pytest.fixture
def start_worker(tmp_path: Path) -> Iterator[StartWorker]:
    """Starts parts of the reference service as processes; ends them with the test."""
    started: list[Process] = []

    def start(reference: Reference, part: str, *options: str) -> Process:
        command = [sys.executable, "-m", "chassis.testing.worker", part, *options]
        log = tmp_path / f"{part}-{len(started)}.log"
        started.append(Process(part, command, log=log, env=reference.environment()))
        return started[-1]

    yield start
    for process in started:
        process.kill()
