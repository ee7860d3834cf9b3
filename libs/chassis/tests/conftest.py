"""The reference service on topics and a database of the test's own."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from chassis.kafka.settings import GuardSettings
from chassis.testing.read_model import EFFECT_TOPIC, MIGRATIONS, STATE_TOPIC
from chassis.testing.reference import Reference
from devstack.processes import Process
from devstack.testing import MakeBase, MakeTopics, StartWorker

QUICK = GuardSettings(guard_patience=timedelta(milliseconds=600), guard_bug_limit=3)


@pytest.fixture
async def reference(make_base: MakeBase, make_topics: MakeTopics) -> Reference:
    await make_topics(STATE_TOPIC, EFFECT_TOPIC)
    return Reference(await make_base("catalog", MIGRATIONS, QUICK))


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
