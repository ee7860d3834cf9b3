"""Floor of the catalogue: listings read, validated and written by the same statements, with no thought in between.

Every listing becomes an entry as it stands: no blocks, links, merging or filing.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import orjson
from aiokafka import AIOKafkaConsumer

from bench.core.program import curtain_of_a_loop, given, tell
from chassis.postgres.queries import load_queries
from chassis.postgres.queries import queries as chassis
from event_schemas.entry import EntryPublished
from event_schemas.listing import ListingPublished

ENTRIES = "hyte.catalog.entries.v1"
_BATCH = 1000
_queries = load_queries(Path(__file__).with_name("queries.sql"))
Connection = Any
"""asyncpg's connection from a pool."""


async def main() -> None:
    asked = given()
    consumer = AIOKafkaConsumer(
        asked["topic"],
        bootstrap_servers=asked["kafka"],
        group_id=f"floor-{uuid4().hex[:8]}",
        isolation_level="read_committed",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        max_poll_records=_BATCH,
    )
    async with asyncpg.create_pool(asked["dsn"], min_size=1, max_size=2) as pool:
        async with pool.acquire() as connection:
            await _queries.create_tables(connection)
        await curtain_of_a_loop()
        began = time.perf_counter()
        await consumer.start()
        done = 0
        while done < asked["listings"]:
            batch = await consumer.getmany(timeout_ms=500, max_records=_BATCH)
            values = [record.value for records in batch.values() for record in records]
            if values:
                await _keep(pool, values)
                await consumer.commit()
            done += len(values)
        seconds = time.perf_counter() - began
        await consumer.stop()
    tell({"seconds": seconds})


async def _keep(pool: asyncpg.Pool[asyncpg.Record], values: Sequence[bytes]) -> None:
    listings = [ListingPublished.from_json(value) for value in values]
    now = datetime.now(UTC)
    async with pool.acquire() as connection, connection.transaction():
        await _write_listings(connection, listings, values)
        await _write_entries(connection, listings, values, now)


async def _write_listings(tx: Connection, listings: Sequence[ListingPublished], values: Sequence[bytes]) -> None:
    codes = [listing.classification for listing in listings]
    await _queries.keep_listings(
        tx,
        ids=[listing.listing_id for listing in listings],
        versions=[1] * len(listings),
        descriptions=values,
        concepts=[orjson.dumps([*one.service_classes, *one.ontology_terms]).decode() for one in codes],
    )


async def _write_entries(
    tx: Connection, listings: Sequence[ListingPublished], values: Sequence[bytes], now: datetime
) -> None:
    ids = [uuid4() for _ in listings]
    members = [listing.listing_id for listing in listings]
    await _queries.keep_entries(tx, ids=ids, listing_ids=members, bodies=values, now=now)
    await _write_outbox(tx, ids, values, now)


async def _write_outbox(tx: Connection, ids: Sequence[UUID], values: Sequence[bytes], now: datetime) -> None:
    keys, count = sorted(map(str, ids)), len(ids)
    versions = [row async for row in chassis.next_versions(tx, topic=ENTRIES, keys=keys, now_us=1)]
    await chassis.set_hashes(tx, topic=ENTRIES, keys=keys, hashes=[b"0" * 16] * count)
    await chassis.insert_outbox(
        tx,
        ids=[uuid4() for _ in ids],
        topics=[ENTRIES] * count,
        keys=keys,
        types=[EntryPublished.event_type] * count,
        payloads=values,
        sources=["urn:hytevirta:07:catalog"] * count,
        times=[now] * count,
        subjects=keys,
        dataschemas=[EntryPublished.dataschema()] * count,
        versions=[row["version"] for row in versions],
        traceparents=[None] * count,
    )


if __name__ == "__main__":
    asyncio.run(main())
