"""PTV's objects in PostgreSQL, as they were received."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import orjson

from chassis.core.clock import Clock
from chassis.ingest.forgetting import Forgotten
from chassis.ingest.scope import Scope
from chassis.postgres.database import Connection, Database
from chassis.postgres.single_run import SingleRun
from event_schemas.listing import RemovalReason
from ptv_ingest.adapters.postgres_forgotten import forgotten_in, remember
from ptv_ingest.adapters.sql import queries
from ptv_ingest.app.ports import Page, PtvSource, Refusal, Run, Sighting, Stream
from ptv_ingest.domain.objects import Kind
from ptv_ingest.domain.outline import Outline, scope_tags

# Rows of the archived connections are asked for again for a few hours; after that they never come back.
_KEEP_ARCHIVE_NOTES = timedelta(days=30)
_STRETCH = 2000


class PostgresObjects:
    """Implements `Objects`. Earlier versions of objects are kept for `retention`."""

    def __init__(
        self,
        database: Database,
        single: SingleRun,
        sources: Sequence[PtvSource],
        *,
        scope: Scope,
        retention: timedelta,
        clock: Clock,
    ) -> None:
        self._database = database
        self._single = single
        self._sources = {source.name: source for source in sources}
        self._scope = scope_tags(scope)
        self._retention = retention
        self._clock = clock

    async def take(self, sightings: Iterable[Sighting]) -> None:
        grouped = _grouped(sightings)
        if grouped:
            async with self._single.transaction() as tx:
                await self._take(tx, grouped, mark=True)

    async def take_page(self, run: Run, stream: Stream, page: Page, sightings: Sequence[Sighting]) -> None:
        grouped = _grouped(sightings)
        async with self._single.transaction() as tx:
            await queries.commit_without_waiting(tx)
            await self._take(tx, grouped, mark=not run.first)
            for (kind, source), met in grouped.items():
                await queries.note_page(
                    tx, run_id=run.run_id, kind=kind, source=source, ids=[one.object_id for one in met]
                )
            await queries.note_resume(
                tx,
                run_id=run.run_id,
                source=stream.source,
                kind=stream.kind,
                resume=page.resume,
                began=page.source_time,
            )

    async def _take(
        self, tx: Connection, grouped: Mapping[tuple[Kind, str], Sequence[Sighting]], *, mark: bool
    ) -> None:
        for (kind, source), sightings in grouped.items():
            new, known = await _differing(tx, kind, source, sightings)
            if new:
                await queries.keep_new(tx, **await self._columns(tx, kind, source, new), mark=mark)
            if known:
                await queries.keep(tx, **await self._columns(tx, kind, source, known), mark=mark, now=self._clock())

    async def _columns(self, tx: Connection, kind: Kind, source: str, found: Sequence[Sighting]) -> dict[str, Any]:
        forgotten = await forgotten_in(tx)
        outlines = [self._sources[source].outline(kind, one.row) for one in found]
        return {
            "kind": kind,
            "source": source,
            "ids": [one.object_id for one in found],
            "digests": [one.digest for one in found],
            "bodies": [_body(one, forgotten) for one in found],
            "published": [outline.published_at for outline in outlines],
            "uses": [" ".join(outline.uses) for outline in outlines],
            "areas": [_areas(outline) for outline in outlines],
        }

    async def reject(self, refusals: Sequence[Refusal], kind: Kind, source: str) -> None:
        if refusals:
            async with self._single.transaction() as tx:
                await self._reject(tx, kind, source, refusals)

    async def _reject(self, tx: Connection, kind: Kind, source: str, refusals: Sequence[Refusal]) -> None:
        forgotten = await forgotten_in(tx)
        await queries.refuse(
            tx,
            kind=kind,
            source=source,
            ids=[one.object_id for one in refusals],
            reasons=[one.reason for one in refusals],
            explanations=[one.explanation for one in refusals],
            bodies=[one.body and (_redacted(one.body, forgotten) or one.body) for one in refusals],
            now=self._clock(),
        )

    async def mark_rejected_changed(self) -> None:
        async with self._single.transaction() as tx:
            await queries.mark_rejected_changed(tx)

    async def seen(self, run: Run, kind: Kind, sources: Collection[str]) -> set[str]:
        async with self._database.connection() as connection:
            rows = queries.seen(connection, run_id=run.run_id, kind=kind, sources=list(sources))
            return {row["id"] async for row in rows}

    async def held_by(self, kind: Kind, ids: Collection[str], sources: Collection[str]) -> set[str]:
        async with self._database.connection() as connection:
            rows = queries.held_by(connection, kind=kind, ids=list(ids), sources=list(sources))
            return {row["id"] async for row in rows}

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

    async def sources_of(self, services: Collection[str]) -> dict[str, str]:
        async with self._database.connection() as connection:
            rows = queries.sources_of(connection, services=list(services))
            return {row["id"]: row["source"] async for row in rows}

    async def services_with_changed_reach(self) -> list[str]:
        async with self._database.connection() as connection:
            return [row["id"] async for row in queries.services_with_changed_reach(connection, scope=self._scope)]

    async def forget(self, values: Sequence[str]) -> int:
        async with self._single.transaction() as tx:
            forgotten = await remember(tx, values)
            redacted = [await each(tx, forgotten) for each in (_redact_objects, _redact_superseded, _redact_rejected)]
            return sum(redacted)

    async def forget_superseded(self) -> None:
        async with self._single.transaction() as tx:
            await queries.forget_superseded(tx, before=self._clock() - self._retention)


def _grouped(sightings: Iterable[Sighting]) -> dict[tuple[Kind, str], list[Sighting]]:
    """By kind and source, each object once: the last row of it on a page counts."""
    grouped: defaultdict[tuple[Kind, str], dict[str, Sighting]] = defaultdict(dict)
    for one in sightings:
        grouped[one.kind, one.source][one.object_id] = one
    return {key: list(found.values()) for key, found in grouped.items()}


async def _differing(
    tx: Connection, kind: Kind, source: str, sightings: Sequence[Sighting]
) -> tuple[list[Sighting], list[Sighting]]:
    """Those that are met for the first time, and those known that are not as they were."""
    await queries.plan_for_the_size_of_now(tx)
    rows = queries.differing(
        tx,
        kind=kind,
        source=source,
        ids=[one.object_id for one in sightings],
        digests=[one.digest for one in sightings],
    )
    is_new = {row["id"]: row["is_new"] async for row in rows}
    differing = [one for one in sightings if one.object_id in is_new]
    return [one for one in differing if is_new[one.object_id]], [one for one in differing if not is_new[one.object_id]]


def _body(sighting: Sighting, forgotten: Forgotten) -> bytes:
    if sighting.body is not None and not forgotten.hashes:
        return sighting.body
    return orjson.dumps(forgotten.redact(sighting.row))


def _areas(outline: Outline) -> str | None:
    return None if outline.areas is None else " ".join(outline.areas)


async def _redact_objects(tx: Connection, forgotten: Forgotten) -> int:
    """All objects in stretches: a national catalogue does not fit into memory."""
    last, found = ("", ""), 0
    while rows := [row async for row in queries.bodies(tx, kind=last[0], id=last[1], most=_STRETCH)]:
        last = (rows[-1]["kind"], rows[-1]["id"])
        changed = [(row["kind"], row["id"], body) for row in rows if (body := _redacted(row["body"], forgotten))]
        kinds, ids, bodies = zip(*changed, strict=True) if changed else ((), (), ())
        await queries.redact(tx, kinds=list(kinds), ids=list(ids), bodies=list(bodies))
        found += len(changed)
    return found


async def _redact_superseded(tx: Connection, forgotten: Forgotten) -> int:
    changed = [
        (row["kind"], row["id"], row["digest"], body)
        async for row in queries.superseded_bodies(tx)
        if (body := _redacted(row["body"], forgotten))
    ]
    kinds, ids, digests, bodies = zip(*changed, strict=True) if changed else ((), (), (), ())
    await queries.redact_superseded(tx, kinds=list(kinds), ids=list(ids), digests=list(digests), bodies=list(bodies))
    return len(changed)


async def _redact_rejected(tx: Connection, forgotten: Forgotten) -> int:
    changed = [
        (row["kind"], row["id"], body)
        async for row in queries.rejected_bodies(tx)
        if (body := _redacted(row["body"], forgotten))
    ]
    kinds, ids, bodies = zip(*changed, strict=True) if changed else ((), (), ())
    await queries.redact_rejected(tx, kinds=list(kinds), ids=list(ids), bodies=list(bodies))
    return len(changed)


def _redacted(body: bytes, forgotten: Forgotten) -> bytes | None:
    """None where nothing of it is forgotten."""
    row = orjson.loads(body)
    redacted = forgotten.redact(row)
    return None if redacted == row else orjson.dumps(redacted)
