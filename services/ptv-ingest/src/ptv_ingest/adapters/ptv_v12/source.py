"""PTV v12 over HTTP. Source: DVV's OpenAPI document v12 0.1.0, and what readers met in the running interface."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import orjson
import structlog
from pydantic import ValidationError

from chassis.core.errors import PermanentError, TemporaryError
from chassis.http.client import JsonClient, QueryParams
from event_schemas.vocabulary import ConceptPublished, Scheme
from ptv_ingest.adapters.ptv_v12 import channels, services, wire
from ptv_ingest.adapters.ptv_v12.outline import outline_of
from ptv_ingest.adapters.ptv_v12.tags import content_id
from ptv_ingest.adapters.ptv_v12.vocabularies import CODE_LISTS, concept
from ptv_ingest.app.ports import Page, Row, RowRejected, Sighting
from ptv_ingest.domain.objects import Kind, SourceObject, connection_id
from ptv_ingest.domain.outline import Outline

log = structlog.get_logger(__name__)

_BASE = "/api/v12"
_PATHS = {
    Kind.ORGANIZATION: "organization",
    Kind.GENERAL_DESCRIPTION: "general-description",
    Kind.SERVICE: "service",
    Kind.CHANNEL: "service-channel",
    Kind.CONNECTION: "connection",
}
_READERS: dict[Kind, Callable[[Row, Counter[str]], SourceObject]] = {
    Kind.ORGANIZATION: services.organization,
    Kind.GENERAL_DESCRIPTION: services.general_description,
    Kind.SERVICE: services.service,
    Kind.CHANNEL: channels.service_channel,
    Kind.CONNECTION: channels.connection,
}
_PAGE_SIZE = 100
_AHEAD = 4
# Rows move between pages while others are archived: a list that changed its length is read again, this often.
_PASSES = 3
# Times of the copy from v11 and of publishing say nothing about the content.
_NOT_CONTENT = ("publishedAt", "migratedAt")


class PtvV12:
    """Implements `PtvSource`."""

    name = "v12"

    def __init__(self, client: JsonClient) -> None:
        self._client = client

    @staticmethod
    def read(kind: Kind, row: Row, left_out: Counter[str]) -> SourceObject:
        try:
            return _READERS[kind](row, left_out)
        except ValidationError as exc:
            places = {
                ".".join(str(part) for part in fault["loc"][:2] if isinstance(part, str)) for fault in exc.errors()
            }
            raise RowRejected(f"unreadable-{kind}", f"not as expected: {', '.join(sorted(places))[:200]}") from exc

    @staticmethod
    def outline(kind: Kind, row: Row) -> Outline:
        return outline_of(kind, row)

    async def pages(
        self, kind: Kind, *, since: datetime | None = None, services: Sequence[str] = (), resume: str | None = None
    ) -> AsyncIterator[Page]:
        params = [("publishedAtOrAfter", _instant(since))] if since else []
        params += [("serviceContentIds", one) for one in services]
        met: set[str] = set()
        stopped = _Stopped.read(resume)
        if stopped.at_the_end:
            return
        async for raw in self._stable(f"{_BASE}/{_PATHS[kind]}/search", params, stopped):
            fresh = [one for one in _sightings(kind, raw.page.items) if one.object_id not in met]
            met.update(one.object_id for one in fresh)
            yield Page(fresh, raw.source_time, raw.number, raw.page.total_pages, resume=_Stopped.after(raw).written)

    async def archived(self, kind: Kind, since: datetime) -> frozenset[str]:
        path = f"{_BASE}/{_PATHS[kind]}/archived"
        pages = self._stable(path, [("archivedAtOrAfter", _instant(since))])
        return frozenset([_archived_id(row) async for raw in pages for row in raw.page.items])

    async def one(self, kind: Kind, object_id: str) -> Sighting | None:
        answer = await self._client.get(f"{_BASE}/{_PATHS[kind]}/{object_id}")
        if answer is None:
            return None
        row = answer[0]
        if not isinstance(row, dict):
            raise TemporaryError("source-bad-object", f"{kind} {object_id} is not an object")
        return _sighting(kind, row, object_id)

    async def concepts(self) -> AsyncIterator[Sequence[ConceptPublished]]:
        for code_list in CODE_LISTS:
            async for raw in self._stable(f"{_BASE}/{code_list.path}", []):
                found = {one.concept_id: one for row in raw.page.items if (one := _concept(code_list.scheme, row))}
                yield list(found.values())

    async def _stable(self, path: str, params: QueryParams, stopped: _Stopped | None = None) -> AsyncIterator[_RawPage]:
        """All pages after the one where an earlier reading stopped; every page again where the list changed its length.

        So no moved row is missed.
        """
        first, totals = (stopped.number + 1, set(stopped.totals)) if stopped else (1, set())
        for _ in range(_PASSES):
            async for raw in self._pass(path, params, first):
                totals.add(raw.page.total_items)
                yield raw
            if len(totals) <= 1:
                return
            log.info("list changed while it was read", path=path, lengths=sorted(totals))
            first, totals = 1, set()

    async def _pass(self, path: str, params: QueryParams, start: int) -> AsyncIterator[_RawPage]:
        first = await self._page(path, params, start)
        yield first
        numbers = iter(range(start + 1, first.page.total_pages + 1))
        ahead: deque[asyncio.Task[_RawPage]] = deque()
        try:
            for number in numbers:
                ahead.append(asyncio.create_task(self._page(path, params, number)))
                if len(ahead) >= _AHEAD:
                    yield await ahead.popleft()
            while ahead:
                yield await ahead.popleft()
        finally:
            for task in ahead:
                task.cancel()
            await asyncio.gather(*ahead, return_exceptions=True)

    async def _page(self, path: str, params: QueryParams, number: int) -> _RawPage:
        paging = [("page", str(number)), ("pageSize", str(_PAGE_SIZE))]
        answer = await self._client.get(path, [*params, *paging])
        if answer is None:
            raise PermanentError("source-lacks-list", f"{path} answers 404")
        try:
            page = wire.Page.model_validate(answer[0])
        except ValidationError as exc:
            raise TemporaryError("source-bad-page", f"{path} page {number} is not a page") from exc
        if page.total_items and not page.items and number == 1:
            raise TemporaryError("source-bad-page", f"{path} page 1 is empty though it counts {page.total_items} rows")
        return _RawPage(page, answer[1], number)


@dataclass(frozen=True, slots=True)
class _Stopped:
    """Where a reading stopped: after which page of how many, and of a list of which length."""

    number: int = 0
    pages: int = 1
    totals: tuple[int, ...] = ()

    @classmethod
    def after(cls, raw: _RawPage) -> _Stopped:
        return cls(raw.number, raw.page.total_pages, (raw.page.total_items,))

    @classmethod
    def read(cls, written: str | None) -> _Stopped:
        if written is None:
            return cls()
        number, pages, total = (int(part) for part in written.split("/"))
        return cls(number, pages, (total,))

    @property
    def written(self) -> str:
        return f"{self.number}/{self.pages}/{self.totals[0]}"

    @property
    def at_the_end(self) -> bool:
        return self.number >= max(self.pages, 1)


class _RawPage:
    """A page with the time at which the source made it."""

    __slots__ = ("number", "page", "source_time")

    def __init__(self, page: wire.Page, source_time: datetime, number: int) -> None:
        self.page = page
        self.source_time = source_time
        self.number = number


def _sightings(kind: Kind, rows: Iterable[Any]) -> list[Sighting]:
    return list({(one := _sighting(kind, row)).object_id: one for row in rows}.values())


def _sighting(kind: Kind, row: Any, asked: str | None = None) -> Sighting:
    """A row that names no object is told by its digest; `asked` is the id under which it was asked for."""
    whole = row if isinstance(row, dict) else {"": row}
    body = orjson.dumps(whole)
    digest = sha256(orjson.dumps({name: part for name, part in whole.items() if name not in _NOT_CONTENT})).digest()
    try:
        return Sighting(kind, asked or _id_of(kind, whole), digest, whole, PtvV12.name, body)
    except RowRejected:
        return Sighting.nameless(kind, digest, whole, PtvV12.name, body)


def _archived_id(row: Any) -> str:
    return str(row.get("contentId")).lower() if isinstance(row, dict) else ""


def _id_of(kind: Kind, row: Row) -> str:
    if kind != Kind.CONNECTION:
        return content_id(str(row.get("contentId")))
    channel = row.get("channelContentId") or row.get("serviceChannelContentId")
    return connection_id(content_id(str(row.get("serviceContentId"))), content_id(str(channel)))


def _concept(scheme: Scheme, row: Any) -> ConceptPublished | None:
    try:
        return concept(scheme, row)
    except ValidationError:
        log.warning("row of a code list cannot be read", scheme=scheme)
        return None


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
