"""PTV v12 over HTTP. Source: DVV's OpenAPI document v12 0.1.0, and what readers met in the running interface."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from typing import Any

import orjson
import structlog
from pydantic import ValidationError

from chassis.core.errors import PermanentError, TemporaryError
from chassis.http.client import JsonClient, QueryParams
from event_schemas.vocabulary import ConceptPublished, Scheme
from ptv_ingest.adapters.ptv_v12 import channels, services, wire
from ptv_ingest.adapters.ptv_v12.tags import content_id
from ptv_ingest.adapters.ptv_v12.vocabularies import CODE_LISTS, concept
from ptv_ingest.app.ports import Page, RowRejected, Sighting
from ptv_ingest.domain.objects import FORM, Kind, SourceObject, connection_id

log = structlog.get_logger(__name__)

Row = dict[str, Any]
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
# Rows that are read differently than before differ.
_FORM = f"{FORM} ".encode()


class PtvV12:
    """Implements `PtvSource`."""

    def __init__(self, client: JsonClient) -> None:
        self._client = client

    async def pages(
        self, kind: Kind, *, since: datetime | None = None, services: Sequence[str] = ()
    ) -> AsyncIterator[Page]:
        params = [("publishedAtOrAfter", _instant(since))] if since else []
        params += [("serviceContentIds", one) for one in services]
        met: set[str] = set()
        async for raw in self._stable(f"{_BASE}/{_PATHS[kind]}/search", params):
            rejected: Counter[str] = Counter()
            fresh = [one for one in _sightings(kind, raw.page.items, rejected) if one.object_id not in met]
            met.update(one.object_id for one in fresh)
            yield Page(fresh, raw.source_time, raw.number, raw.page.total_pages, rejected)

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
        return Sighting(object_id, _digest(row), partial(_read, kind, row))

    async def concepts(self) -> AsyncIterator[Sequence[ConceptPublished]]:
        for code_list in CODE_LISTS:
            async for raw in self._stable(f"{_BASE}/{code_list.path}", []):
                found = {one.concept_id: one for row in raw.page.items if (one := _concept(code_list.scheme, row))}
                yield list(found.values())

    async def _stable(self, path: str, params: QueryParams) -> AsyncIterator[_RawPage]:
        """All pages; all of them again where the list changed its length meanwhile, so that no moved row is missed."""
        for _ in range(_PASSES):
            totals: set[int] = set()
            async for raw in self._pass(path, params):
                totals.add(raw.page.total_items)
                yield raw
            if len(totals) == 1:
                return
            log.info("list changed while it was read", path=path, lengths=sorted(totals))

    async def _pass(self, path: str, params: QueryParams) -> AsyncIterator[_RawPage]:
        first = await self._page(path, params, 1)
        yield first
        numbers = iter(range(2, first.page.total_pages + 1))
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


class _RawPage:
    """A page with the time at which the source made it."""

    __slots__ = ("number", "page", "source_time")

    def __init__(self, page: wire.Page, source_time: datetime, number: int) -> None:
        self.page = page
        self.source_time = source_time
        self.number = number


def _sightings(kind: Kind, rows: Iterable[Any], rejected: Counter[str]) -> list[Sighting]:
    found: dict[str, Sighting] = {}
    for row in rows:
        try:
            if not isinstance(row, dict):
                raise RowRejected("unreadable-row")
            object_id = _id_of(kind, row)
        except RowRejected as exc:
            rejected[exc.reason] += 1
        else:
            found[object_id] = Sighting(object_id, _digest(row), partial(_read, kind, row))
    return list(found.values())


def _archived_id(row: Any) -> str:
    return str(row.get("contentId")).lower() if isinstance(row, dict) else ""


def _id_of(kind: Kind, row: Row) -> str:
    if kind != Kind.CONNECTION:
        return content_id(str(row.get("contentId")))
    channel = row.get("channelContentId") or row.get("serviceChannelContentId")
    return connection_id(content_id(str(row.get("serviceContentId"))), content_id(str(channel)))


def _digest(row: Mapping[str, Any]) -> bytes:
    content = {name: part for name, part in row.items() if name not in _NOT_CONTENT}
    return sha256(_FORM + orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).digest()


def _read(kind: Kind, row: Row, left_out: Counter[str]) -> SourceObject:
    try:
        return _READERS[kind](row, left_out)
    except ValidationError as exc:
        raise RowRejected(f"unreadable-{kind}") from exc


def _concept(scheme: Scheme, row: Any) -> ConceptPublished | None:
    try:
        return concept(scheme, row)
    except ValidationError:
        log.warning("row of a code list cannot be read", scheme=scheme)
        return None


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
