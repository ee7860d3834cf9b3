"""What the source sent, as it was received: versions of activities, items that were not taken."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import asyncpg
import orjson

from chassis.core.clock import Clock
from chassis.ingest.forgetting import Forgotten, lengths_of
from chassis.postgres.database import Connection
from lahella_ingest.adapters.sql import queries
from lahella_ingest.app.ports import Found, Rejected, Rejection, Stored, Version
from lahella_ingest.domain.organization import Organization


class PostgresBodies:
    """Earlier versions are kept for `retention`; what persons asked to forget is in none of them."""

    def __init__(self, tx: Connection, *, clock: Clock, retention: timedelta) -> None:
        self._tx = tx
        self._clock = clock
        self._retention = retention

    async def redacted(self, items: Sequence[Found]) -> list[Found]:
        forgotten = await self._forgotten()
        return [_redacted(item, forgotten) for item in items]

    async def keep(self, activities: Sequence[Stored]) -> None:
        await queries.keep_bodies(
            self._tx,
            keys=[one.key for one in activities],
            hashes=[one.content_hash for one in activities],
            bodies=[_packed(one.raw) for one in activities],
            now=self._clock(),
        )

    async def versions(self, key: str) -> list[Version]:
        rows = queries.body_versions(self._tx, key=key)
        return [Version(row["content_hash"], row["first_seen_at"]) async for row in rows]

    async def reject(self, items: Sequence[Rejected]) -> None:
        organizations = [one.item.organization for one in items]
        await queries.reject_items(
            self._tx,
            ids=[one.id for one in items],
            bodies=[_packed(one.item.raw) for one in items],
            group_ids=[each.group_id if each else None for each in organizations],
            names=[each.name if each else None for each in organizations],
            business_ids=[each.business_id if each else None for each in organizations],
            reasons=[one.reason for one in items],
            explanations=[one.explanation for one in items],
            now=self._clock(),
        )

    async def accept(self, ids: Sequence[str]) -> None:
        await queries.accept_items(self._tx, ids=ids)

    async def rejected(self) -> list[Rejected]:
        return [_rejected(row) async for row in queries.rejected_items(self._tx)]

    async def rejections(self) -> list[Rejection]:
        return [Rejection(**dict(row)) async for row in queries.rejections(self._tx)]

    async def forget_rejected(self, before: datetime) -> None:
        await queries.forget_rejected(self._tx, before=before)

    async def forget(self, values: Sequence[str]) -> int:
        key = await queries.forgotten_key(self._tx)
        hashed = [Forgotten(key).hash_of(value) for value in values]
        await queries.remember_forgotten(
            self._tx, hashes=[value for value, _ in hashed], words=[words for _, words in hashed]
        )
        forgotten = await self._forgotten()
        rejected = await self.rejected()
        changed = [new for one in rejected if (new := replace(one, item=_redacted(one.item, forgotten))) != one]
        await self.reject(changed)
        return len(changed) + await self._redact_activities(forgotten) + await self._redact_versions(forgotten)

    async def forget_superseded(self) -> None:
        await queries.forget_bodies(self._tx, before=self._clock() - self._retention)

    async def _redact_activities(self, forgotten: Forgotten) -> int:
        rows = [(row["key"], row["raw"], row["organization_name"]) async for row in queries.activity_raws(self._tx)]
        new = [(key, _dumped(forgotten.redact(orjson.loads(raw))), forgotten.redact(name)) for key, raw, name in rows]
        changed = [one for one, (_, raw, name) in zip(new, rows, strict=True) if one[1:] != (_same(raw), name)]
        await queries.redact_activities(
            self._tx,
            keys=[key for key, _, _ in changed],
            raws=[raw for _, raw, _ in changed],
            names=[name for _, _, name in changed],
        )
        return len(changed)

    async def _redact_versions(self, forgotten: Forgotten) -> int:
        rows = [(row["key"], row["content_hash"], row["body"]) async for row in queries.all_bodies(self._tx)]
        new = [(key, digest, _packed(forgotten.redact(_unpacked(body)))) for key, digest, body in rows]
        changed = [one for one, (_, _, body) in zip(new, rows, strict=True) if one[2] != body]
        await queries.redact_bodies(
            self._tx,
            keys=[key for key, _, _ in changed],
            hashes=[digest for _, digest, _ in changed],
            bodies=[body for _, _, body in changed],
        )
        return len(changed)

    async def _forgotten(self) -> Forgotten:
        hashed = [(row["hash"], row["words"]) async for row in queries.forgotten(self._tx)]
        key = await queries.forgotten_key(self._tx)
        return Forgotten(key, frozenset(value for value, _ in hashed), lengths_of(hashed))


def _redacted(item: Found, forgotten: Forgotten) -> Found:
    organization = item.organization
    if organization is not None:
        organization = replace(organization, name=forgotten.redact(organization.name))
    return Found(forgotten.redact(item.raw), organization)


def _rejected(row: asyncpg.Record) -> Rejected:
    organization = None
    if row["group_id"] is not None:
        organization = Organization(row["group_id"], row["organization_name"], row["business_id"])
    return Rejected(row["id"], Found(_unpacked(row["body"]), organization), row["reason"], row["explanation"])


def _dumped(raw: Any) -> str:
    return orjson.dumps(raw).decode()


def _same(raw: str) -> str:
    return _dumped(orjson.loads(raw))


def _packed(raw: Any) -> bytes:
    return zlib.compress(orjson.dumps(raw), 1)


def _unpacked(body: bytes) -> Any:
    return orjson.loads(zlib.decompress(body))
