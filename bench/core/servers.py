"""A real broker and database of a benchmark's own, on data that is thrown away."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import asyncpg

from chassis.kafka.settings import KafkaSettings
from chassis.kafka.topics import create_topics
from devstack.kafka import KafkaServer
from devstack.places import open_place
from devstack.postgres import PostgresServer
from devstack.show import set_up_step
from event_schemas.registry import TopicSpec, dead_letter_topic, topic_for


@dataclass(frozen=True)
class Servers:
    """Addresses and process ids; `scratch` is for keys, logs and files of the run."""

    kafka: str
    postgres: str
    pids: dict[str, int]
    scratch: Path

    def new_database(self) -> str:
        """The address of a new, empty database."""
        name = f"bench_{uuid4().hex[:8]}"
        asyncio.run(_statement(self.postgres, f"CREATE DATABASE {name}"))
        return f"{self.postgres.rpartition('/')[0]}/{name}"

    def new_topics(self, names: Sequence[str]) -> KafkaSettings:
        """The broker under a prefix of its own, with topics as they are declared."""
        settings = KafkaSettings(kafka=self.kafka, topic_prefix=f"b{uuid4().hex[:8]}.")
        asyncio.run(create_topics(settings, [spec for name in names for spec in _specs(name)]))
        return settings


def _specs(name: str) -> list[TopicSpec]:
    topic = topic_for(name)
    dead = [TopicSpec(dead_letter_topic(name, group), 1, topic.dead_letter_config()) for group in topic.groups]
    return [TopicSpec(name, topic.partitions, topic.kafka_config()), *dead]


async def _statement(dsn: str, sql: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(sql)
    finally:
        await connection.close()


@contextmanager
def started_servers() -> Iterator[Servers]:
    """Both running; stopped, and their data deleted, in the end."""
    place = Path(tempfile.mkdtemp(prefix="bench-", dir=open_place("bench-data"))).absolute()
    place.chmod(0o755)  # the database's own user passes through it
    kafka, postgres = KafkaServer(place / "kafka"), PostgresServer(place / "postgres")
    try:
        with set_up_step("PostgreSQL and Apache Kafka"):
            postgres.start()
            kafka.start()
        pids = {"broker": kafka.process.pid, "database": postgres.process.pid}
        yield Servers(kafka.bootstrap, postgres.dsn, pids, place)
    finally:
        kafka.stop()
        postgres.stop()
        shutil.rmtree(place, ignore_errors=True)
