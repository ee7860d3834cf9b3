"""pytest fixtures: the real broker and database, shared by the session; topics and databases of a test's own.

`HYTE_KAFKA` and `HYTE_POSTGRES` point at servers that exist; otherwise both are started for the session.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

import asyncpg
import pytest
from aiokafka.admin import AIOKafkaAdminClient
from pydantic import SecretStr

from chassis.kafka.settings import GuardSettings, KafkaSettings
from chassis.kafka.topics import create_topics
from chassis.postgres.migrate import Migration, migrate, migrations_of
from chassis.postgres.settings import PostgresSettings
from chassis.service.base import Base
from devstack.kafka import KafkaServer
from devstack.places import open_place
from devstack.postgres import PostgresServer
from devstack.processes import Process
from devstack.settings import Folders, Wanted
from devstack.stack import Stack
from event_schemas.registry import TopicSpec, dead_letter_topic, topic_for

S = TypeVar("S", KafkaServer, PostgresServer)


@dataclass(frozen=True)
class Servers:
    """Addresses of the servers under test."""

    kafka: str
    postgres: str

    def database(self, name: str) -> str:
        return self.postgres.rsplit("/", 1)[0] + f"/{name}"


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """The session's broker and database."""
    kafka, postgres = os.environ.get("HYTE_KAFKA"), os.environ.get("HYTE_POSTGRES")
    with ExitStack() as stack:
        if kafka is None:
            kafka = stack.enter_context(started(KafkaServer(_fresh_place("kafka")))).bootstrap
        if postgres is None:
            postgres = stack.enter_context(started(PostgresServer(_fresh_place("postgres")))).dsn
        yield Servers(kafka, postgres)


@contextmanager
def started(server: S) -> Iterator[S]:
    """The server running, its data thrown away in the end."""
    server.start()
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(server.folder, ignore_errors=True)


def _fresh_place(name: str) -> Path:
    """A folder of this session alone: test data is never kept."""
    place = open_place("test")
    folder = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=place)).absolute()
    folder.chmod(0o755)  # the database's own user passes through it
    return folder


@pytest.fixture
def own_postgres() -> Iterator[PostgresServer]:
    """A database server that the test may stop and kill."""
    with started(PostgresServer(_fresh_place("postgres"))) as server:
        yield server


@pytest.fixture
def own_kafka() -> Iterator[KafkaServer]:
    """A broker that the test may stop and kill."""
    with started(KafkaServer(_fresh_place("kafka"))) as server:
        yield server


@pytest.fixture(scope="session")
def whole_stack() -> Iterator[Stack]:
    """Everything that the demo starts, on servers and data of the session's own."""
    with pytest.MonkeyPatch.context() as environment:
        environment.delenv("HYTE_KAFKA", raising=False)
        environment.delenv("HYTE_POSTGRES", raising=False)
        places = [_fresh_place(name) for name in ("stack-postgres", "stack-kafka", "stack-keys", "stack-run")]
        with Stack(Folders(*places), Wanted(), step=lambda _: nullcontext()) as stack:
            yield stack
    for place in places:
        shutil.rmtree(place, ignore_errors=True)


StartWorker = Callable[..., Process]
MakeDatabase = Callable[[list[Migration]], Awaitable[str]]
MakeTopics = Callable[..., Awaitable[None]]


@pytest.fixture
async def make_database(servers: Servers) -> AsyncIterator[MakeDatabase]:
    """Makes an empty database with the given migrations; gives its address; drops it after the test."""
    made: list[str] = []

    async def make(migrations: list[Migration]) -> str:
        name = f"test_{uuid4().hex[:12]}"
        await _statement(servers.postgres, f"CREATE DATABASE {name}")
        made.append(name)
        await migrate(servers.database(name), migrations)
        return servers.database(name)

    yield make
    for name in made:
        await _statement(servers.postgres, f"DROP DATABASE {name} WITH (FORCE)")


async def _statement(dsn: str, sql: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(sql)
    finally:
        await connection.close()


@pytest.fixture
async def kafka_settings(servers: Servers) -> AsyncIterator[KafkaSettings]:
    """The broker under a prefix of this test's own; the topics under it go with the test."""
    settings = KafkaSettings(kafka=servers.kafka, topic_prefix=f"t{uuid4().hex[:8]}.")
    yield settings
    admin = AIOKafkaAdminClient(bootstrap_servers=servers.kafka)
    await admin.start()
    try:
        own = [topic for topic in await admin.list_topics() if topic.startswith(settings.topic_prefix)]
        if own:
            await admin.delete_topics(own)
    finally:
        await admin.close()


@pytest.fixture
def make_topics(kafka_settings: KafkaSettings) -> MakeTopics:
    """Creates concrete topics with the dead-letter topics of their reading groups."""

    async def make(*names: str, dead_letters: bool = True) -> None:
        await create_topics(kafka_settings, topic_specs(*names, dead_letters=dead_letters))

    return make


def topic_specs(*names: str, dead_letters: bool = True) -> list[TopicSpec]:
    """What to create for concrete topic names, from their declaration; with few partitions, for tests are many."""
    specs = []
    for name in names:
        topic = topic_for(name)
        specs.append(TopicSpec(name, min(topic.partitions, 3), topic.kafka_config()))
        groups = topic.groups if dead_letters else ()
        specs += [TopicSpec(dead_letter_topic(name, group), 1, topic.dead_letter_config()) for group in groups]
    return specs


MakeBase = Callable[..., Awaitable[Base]]


@pytest.fixture
async def make_base(make_database: MakeDatabase, kafka_settings: KafkaSettings) -> AsyncIterator[MakeBase]:
    """Makes a service's base on a database of its own; the database part is started and stopped by the fixture."""
    bases: list[Base] = []

    async def make(name: str, migrations_folder: Path, guards: GuardSettings | None = None) -> Base:
        dsn = await make_database(migrations_of(name, migrations_folder))
        base = Base(
            name,
            postgres=PostgresSettings(database_url=SecretStr(dsn)),
            kafka=kafka_settings,
            guards=guards or GuardSettings(),
        )
        await base.database.start()
        bases.append(base)
        return base

    yield make
    for base in bases:
        await base.dead_letters.stop()
        await base.database.stop()


async def eventually(condition: Callable[[], Awaitable[bool]], *, seconds: float = 20, what: str = "condition") -> None:
    """Waits until `condition` holds; fails the test when it does not within `seconds`."""
    deadline = asyncio.get_running_loop().time() + seconds
    while not await condition():
        if asyncio.get_running_loop().time() > deadline:
            pytest.fail(f"{what} did not come true within {seconds} s")
        await asyncio.sleep(0.05)
