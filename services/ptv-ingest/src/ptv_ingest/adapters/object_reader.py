"""Stored rows become objects only here, when a listing needs them: most of a national catalogue is never read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

import orjson
import structlog

from chassis.postgres.database import Connection
from ptv_ingest.adapters.sql import queries
from ptv_ingest.app.ports import PtvSource, RowRejected, Tally
from ptv_ingest.domain.objects import Kind, SourceObject

log = structlog.get_logger(__name__)

T = TypeVar("T", bound=SourceObject)
_MOST_KEPT = 20_000


@dataclass
class ObjectReader:
    """Reads rows of `ptv_object` within one batch of listings.

    A row that cannot be read is rejected with its reason, and its last good version is used instead. `kept` are
    objects read before, by digest: a channel serves many listings.
    """

    sources: Mapping[str, PtvSource]
    tally: Tally
    kept: dict[tuple[str, str, bytes], SourceObject]
    _good: list[tuple[str, str, bytes]] = field(default_factory=list)
    _rejected: list[tuple[str, str, str, str, str]] = field(default_factory=list)

    def read(self, row: Mapping[str, Any], model: type[T]) -> T | None:
        """None for a row that was never readable."""
        found = self._newest(row) or self._last_good(row)
        if found is not None and not isinstance(found, model):
            raise TypeError(f"a row of kind {row['kind']} was read as {type(found).__name__}")
        return found.model_copy(update={"published_at": row["published_at"]}) if found else None

    def _newest(self, row: Mapping[str, Any]) -> SourceObject | None:
        key = (row["kind"], row["id"], row["digest"])
        if key not in self.kept:
            try:
                found = self._object(row["source"], row["kind"], row["id"], row["body"])
            except RowRejected as exc:
                self._reject(row, exc)
                return None
            if len(self.kept) >= _MOST_KEPT:
                self.kept.clear()
            self.kept[key] = found
        if row["good_digest"] != row["digest"] or row["rejected"]:
            self._good.append(key)
        return self.kept[key]

    def _last_good(self, row: Mapping[str, Any]) -> SourceObject | None:
        if row["good_body"] is None:
            return None
        try:
            return self._object(row["good_source"], row["kind"], row["id"], row["good_body"])
        except RowRejected:
            # Good for an earlier mapping only; the newest version's reason is the one that is told.
            return None

    def _object(self, source: str, kind: str, object_id: str, body: bytes) -> SourceObject:
        left_out: Counter[str] = Counter()
        found = self.sources[source].read(Kind(kind), orjson.loads(body), left_out)
        for reason, count in left_out.items():
            self.tally.reject(reason, object_id, count)
        return found

    def _reject(self, row: Mapping[str, Any], fault: RowRejected) -> None:
        self.tally.reject(fault.reason, row["id"])
        self._rejected.append((row["kind"], row["id"], row["source"], fault.reason, fault.explanation))
        log.warning("object rejected", kind=row["kind"], object_id=row["id"], reason=fault.reason)

    async def note(self, tx: Connection, now: datetime) -> None:
        """Stores which rows were readable, and which were not and why."""
        kinds, ids, digests = _columns(self._good, 3)
        await queries.note_good(tx, kinds=kinds, ids=ids, digests=digests)
        await queries.accept(tx, kinds=kinds, ids=ids)
        kinds, ids, sources, reasons, explanations = _columns(self._rejected, 5)
        await queries.reject(
            tx, kinds=kinds, ids=ids, sources=sources, reasons=reasons, explanations=explanations, now=now
        )


def _columns(rows: Iterable[Sequence[Any]], count: int) -> list[list[Any]]:
    """Each object once: several listings of a batch may use it."""
    once = {(row[0], row[1]): row for row in rows}
    return [[row[column] for row in once.values()] for column in range(count)]
