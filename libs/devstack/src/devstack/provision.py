"""What servers need before the services start: databases with their roles, topics, and development keys."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import asyncpg
from joserfc.jwk import KeySet

from chassis.kafka.settings import KafkaSettings
from chassis.kafka.topics import create_topics
from chassis.sealing.file_keys import FileKeys, read_key_set
from devstack.municipal_system import MunicipalKeys
from devstack.settings import SERVICES, package
from event_schemas.receivers import load_receivers
from event_schemas.registry import all_topics


async def create_databases(dsn: str) -> dict[str, str]:
    """One database and one role per service, each closed to the others; returns their addresses."""
    server = dsn.split("@", 1)[1].rsplit("/", 1)[0]
    admin = await asyncpg.connect(dsn)
    try:
        for service in SERVICES:
            await _create_database(admin, package(service))
    finally:
        await admin.close()
    return {service: f"postgresql://{package(service)}@{server}/{package(service)}" for service in SERVICES}


async def _create_database(admin: asyncpg.Connection[asyncpg.Record], name: str) -> None:
    if not await admin.fetchval("SELECT true FROM pg_roles WHERE rolname = $1", name):
        await admin.execute(f"CREATE ROLE {name} LOGIN")
    if not await admin.fetchval("SELECT true FROM pg_database WHERE datname = $1", name):
        await admin.execute(f"CREATE DATABASE {name} OWNER {name}")
        await admin.execute(f"REVOKE CONNECT ON DATABASE {name} FROM PUBLIC")


async def create_all_topics(kafka: str) -> int:
    """Every declared topic, the receivers' own and the dead letters' included; returns how many were missing."""
    return len(await create_topics(KafkaSettings(kafka=kafka), all_topics(load_receivers())))


def create_keys(folder: Path) -> None:
    """Development keys, made once: the county's, notify's, and a key pair of each kind for every receiver.

    What a receiver keeps to itself lies in `receivers/`, what the county knows of it in `receivers-public/`.
    """
    FileKeys.create(folder / "referral", names={"county": "enc"})
    FileKeys.create(folder / "notify", names={"notify": "enc"})
    _publish(folder / "notify" / "notify.jwks.json", folder / "public" / "notify.jwks.json")
    _publish(folder / "referral" / "county.jwks.json", folder / "public" / "county.jwks.json")
    for receiver in sorted({receiver.id for receiver in load_receivers()}):
        MunicipalKeys.create(receiver, private=folder / "receivers", public=folder / "receivers-public")


def _publish(private: Path, public: Path) -> None:
    public.parent.mkdir(parents=True, exist_ok=True)
    public.write_text(json.dumps(KeySet(list(read_key_set(private))).as_dict(private=False)))


def provision(dsn: str, kafka: str, keys: Path) -> tuple[dict[str, str], int]:
    """Databases, topics and keys; what is there already is left as it is."""
    create_keys(keys)

    async def servers() -> tuple[dict[str, str], int]:
        return await create_databases(dsn), await create_all_topics(kafka)

    return asyncio.run(servers())
