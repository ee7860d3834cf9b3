"""The broker and the database as processes: what they keep over a stop, a kill and a start."""

import asyncio

import asyncpg
import pytest
from aiokafka import AIOKafkaProducer

from chassis.kafka.follow import read_all
from chassis.kafka.settings import KafkaSettings
from chassis.kafka.topics import create_topics
from devstack.kafka import KafkaServer
from devstack.postgres import PostgresServer
from devstack.processes import StackError
from devstack.testing import topic_specs

TOPIC = "hyte.ingest-runs.v1"


async def execute(server: PostgresServer, *statements: str) -> None:
    connection = await asyncpg.connect(server.dsn)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


async def count(server: PostgresServer) -> int:
    connection = await asyncpg.connect(server.dsn)
    try:
        return int(await connection.fetchval("SELECT count(*) FROM thing"))
    finally:
        await connection.close()


@pytest.mark.postgres
async def test_database_keeps_data_and_port_over_a_stop_and_committed_rows_over_a_kill(
    own_postgres: PostgresServer,
) -> None:
    await execute(own_postgres, "CREATE TABLE thing (a int)", "INSERT INTO thing VALUES (1)")
    await asyncio.to_thread(own_postgres.stop)
    again = PostgresServer(own_postgres.folder)
    await asyncio.to_thread(again.start)
    try:
        assert again.port == own_postgres.port
        assert await count(again) == 1
        await execute(again, "INSERT INTO thing SELECT generate_series(1, 1000)")
        await asyncio.to_thread(again.kill)
        with pytest.raises(StackError, match="not running"):
            _ = again.process
        await asyncio.to_thread(again.start)
        assert await count(again) == 1001
        assert "CREATE TABLE public.thing" in again.dump("postgres")
    finally:
        await asyncio.to_thread(again.stop)


@pytest.mark.kafka
async def test_broker_keeps_records_and_port_over_a_stop(own_kafka: KafkaServer) -> None:
    settings = KafkaSettings(kafka=own_kafka.bootstrap)
    assert await create_topics(settings, topic_specs(TOPIC, dead_letters=False)) == [TOPIC]
    await produce(own_kafka.bootstrap, b"kept")
    await asyncio.to_thread(own_kafka.stop)
    again = KafkaServer(own_kafka.folder)
    await asyncio.to_thread(again.start)
    try:
        assert again.bootstrap == own_kafka.bootstrap
        assert await create_topics(settings, topic_specs(TOPIC, dead_letters=False)) == []
        assert [record.value async for record in read_all(settings, TOPIC)] == [b"kept"]
    finally:
        await asyncio.to_thread(again.stop)


async def produce(bootstrap: str, value: bytes) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap)
    await producer.start()
    try:
        await producer.send_and_wait(TOPIC, value=value, key=b"k")
    finally:
        await producer.stop()


@pytest.mark.postgres
async def test_port_of_a_running_server_is_refused_to_another(own_postgres: PostgresServer) -> None:
    with pytest.raises(StackError, match=f"port {own_postgres.port}, asked for PostgreSQL, is taken"):
        PostgresServer(own_postgres.folder.parent / "other", port=own_postgres.port)
    with pytest.raises(StackError, match=f"port {own_postgres.port}, asked for the Kafka broker, is taken"):
        KafkaServer(own_postgres.folder / "other", port=own_postgres.port)
