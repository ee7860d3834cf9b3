"""What an operator is shown, from the database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from chassis.ingest.scope import Scope
from chassis.postgres.database import Connection, Database
from event_schemas.ingest_run import RunCounts, RunOutcome
from ptv_ingest.adapters.sql import queries
from ptv_ingest.app.overview import (
    Inspection,
    PastRun,
    Rejected,
    Standing,
    StoredObject,
    last_event_in_words,
)
from ptv_ingest.app.ports import PtvSource, RowRejected
from ptv_ingest.domain.listing import listing_key
from ptv_ingest.domain.objects import Kind, Service

_RUNS_SHOWN = 10


class PostgresOverview:
    """Implements `Overview`."""

    def __init__(self, database: Database, sources: Sequence[PtvSource], *, scope: Scope) -> None:
        self._database = database
        self._sources = {source.name: source for source in sources}
        self._scope = scope

    async def standing(self) -> Standing:
        async with self._database.connection() as connection:
            newest = await queries.newest_full(connection)
            held = newest is not None and newest["outcome"] == RunOutcome.HELD
            return Standing(
                runs=[_run(row) async for row in queries.latest_runs(connection, most=_RUNS_SHOWN)],
                held=str(newest["run_id"]) if held else None,
                watermarks={row["source"]: row["at"] async for row in queries.watermarks(connection)},
                completed_at=await queries.completed_at(connection),
                live={row["kind"]: row["count"] async for row in queries.live_counts(connection)},
                published=await queries.published_count(connection),
                rejected=await _rejected(connection),
            )

    async def rejected(self) -> list[Rejected]:
        async with self._database.connection() as connection:
            return await _rejected(connection)

    async def inspect(self, service_id: str) -> Inspection | None:
        async with self._database.connection() as connection:
            rows = [row async for row in queries.object_and_used(connection, id=service_id)]
            event = await queries.last_event(connection, key=listing_key(service_id))
            rejected = await _rejected(connection)
        if not rows and event is None:
            return None
        objects = [_stored(row) for row in rows]
        ids = {one.object_id for one in objects}
        return Inspection(
            objects=objects,
            event=last_event_in_words(event and event["version"], bool(event and event["published"])),
            scope=self._scope_in_words(objects),
            rejected=[one for one in rejected if one.object_id in ids],
        )

    def _scope_in_words(self, objects: Sequence[StoredObject]) -> str:
        service = next((one for one in objects if one.kind == Kind.SERVICE), None)
        if service is None:
            return "the service is not stored"
        if service.gone_at is not None:
            return f"gone since {service.gone_at:%Y-%m-%d %H:%M} UTC ({service.gone_reason})"
        try:
            read = self._sources[service.source].read(Kind.SERVICE, service.row, Counter())
        except RowRejected as exc:
            return f"cannot be read: {exc.reason} {exc.explanation}".strip()
        if not isinstance(read, Service):
            return "is no service"
        areas = (
            ", ".join(" ".join(str(part) for part in area.model_dump().values()) for area in read.areas) or "no area"
        )
        return f"{'in' if self._scope.covers(read.areas) else 'out of'} scope: offered in {areas}"


async def _rejected(connection: Connection) -> list[Rejected]:
    return [
        Rejected(
            row["kind"],
            row["id"],
            row["source"],
            row["reason"],
            row["explanation"],
            row["first_at"],
            row["last_at"],
        )
        async for row in queries.rejections(connection)
    ]


def _run(row: Mapping[str, Any]) -> PastRun:
    return PastRun(
        str(row["run_id"]),
        row["mode"],
        row["started_at"],
        row["ended_at"],
        row["outcome"],
        row["reason"],
        RunCounts.model_validate_json(row["counts"]) if row["counts"] else RunCounts(),
    )


def _stored(row: Mapping[str, Any]) -> StoredObject:
    return StoredObject(
        row["kind"],
        row["id"],
        row["source"],
        row["digest"],
        orjson.loads(row["body"]) if row["body"] else {},
        row["published_at"],
        row["gone_at"],
        row["gone_reason"],
    )
