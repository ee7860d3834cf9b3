"""Stored source objects in PostgreSQL."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from chassis.core.clock import Clock
from chassis.postgres.database import Database
from chassis.postgres.single_run import SingleRun
from event_schemas.listing import RemovalReason
from ptv_ingest.adapters.sql import queries
from ptv_ingest.app.ports import Run
from ptv_ingest.domain.objects import Kind, SourceObject

# Rows of the archived connections are asked for again for a few hours; after that they never come back.
_KEEP_ARCHIVE_NOTES = timedelta(days=30)


class PostgresObjects:
    """Implements `Objects`."""

    def __init__(self, database: Database, single: SingleRun, *, clock: Clock) -> None:
        self._database = database
        self._single = single
        self._clock = clock

    async def differing(self, kind: Kind, digests: Mapping[str, bytes]) -> set[str]:
        async with self._database.transaction() as tx:
            await queries.plan_for_the_size_of_now(tx)
            rows = queries.differing(tx, kind=kind, ids=list(digests), digests=list(digests.values()))
            return {row["id"] async for row in rows}

    async def keep(self, kind: Kind, read: Sequence[tuple[SourceObject, bytes]]) -> None:
        if not read:
            return
        async with self._single.transaction() as tx:
            await queries.keep(
                tx,
                kind=kind,
                ids=[found.object_id for found, _ in read],
                digests=[digest for _, digest in read],
                contents=[found.model_dump_json(exclude_none=True).encode() for found, _ in read],
                published=[found.published_at for found, _ in read],
                uses=[" ".join(found.uses()) for found, _ in read],
            )

    async def note_seen(self, run: Run, kind: Kind, ids: Collection[str]) -> None:
        async with self._single.transaction() as tx:
            await queries.note_seen(tx, run_id=run.run_id, kind=kind, ids=list(ids))

    async def unseen(self, run: Run, kind: Kind) -> list[str]:
        async with self._database.connection() as connection:
            return [row["id"] async for row in queries.unseen(connection, run_id=run.run_id, kind=kind)]

    async def live(self, kind: Kind, ids: Collection[str]) -> set[str]:
        async with self._database.connection() as connection:
            return {row["id"] async for row in queries.live(connection, kind=kind, ids=list(ids))}

    async def live_count(self, kind: Kind) -> int:
        async with self._database.connection() as connection:
            return int(await queries.live_count(connection, kind=kind))

    async def archived_since(self, kind: Kind, since: datetime) -> set[str]:
        async with self._database.connection() as connection:
            return {row["id"] async for row in queries.archived_since(connection, kind=kind, since=since)}

    async def mark_gone(self, kind: Kind, ids: Collection[str], reason: RemovalReason) -> None:
        async with self._single.transaction() as tx:
            await queries.mark_gone(tx, kind=kind, ids=list(ids), reason=reason, now=self._clock())

    async def mark_orphans_gone(self, connections: Collection[str]) -> None:
        async with self._single.transaction() as tx:
            await queries.mark_orphans_gone(tx, ids=list(connections), now=self._clock())

    async def new_connection_archives(self, ids: Collection[str]) -> set[str]:
        async with self._database.connection() as connection:
            return {row["id"] async for row in queries.new_connection_archives(connection, ids=list(ids))}

    async def note_connection_archives(self, ids: Collection[str]) -> None:
        async with self._single.transaction() as tx:
            now = self._clock()
            await queries.note_connection_archives(tx, ids=list(ids), now=now)
            await queries.forget_connection_archives(tx, before=now - _KEEP_ARCHIVE_NOTES)

    async def connections_of(self, services: Collection[str]) -> set[str]:
        async with self._database.connection() as connection:
            return {row["id"] async for row in queries.connections_of(connection, services=list(services))}

    async def services_with_changed_reach(self) -> list[str]:
        async with self._database.connection() as connection:
            return [row["id"] async for row in queries.services_with_changed_reach(connection)]
