"""PTV v11 over HTTP: lists of ids, objects by up to fifty ids, and connections inside services."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import islice
from typing import Any

import orjson
import structlog

from chassis.core.errors import PermanentError, TemporaryError
from chassis.http.client import JsonClient, QueryParams
from event_schemas.vocabulary import ConceptPublished
from ptv_ingest.adapters.ptv_v11 import channels, services
from ptv_ingest.adapters.ptv_v11.code_lists import CODE_LISTS, CodeList, concept_of
from ptv_ingest.adapters.ptv_v11.outline import outline_of
from ptv_ingest.adapters.ptv_v11.words import rows
from ptv_ingest.adapters.ptv_v12.source import PtvV12
from ptv_ingest.adapters.ptv_v12.tags import content_id
from ptv_ingest.app.ports import Page, Refusal, Row, RowRejected, Sighting
from ptv_ingest.domain.objects import Kind, SourceObject, connection_id
from ptv_ingest.domain.outline import Outline

log = structlog.get_logger(__name__)

_BASE = "/api/v11"
_PATHS = {
    Kind.ORGANIZATION: "Organization",
    Kind.GENERAL_DESCRIPTION: "GeneralDescription",
    Kind.SERVICE: "Service",
    Kind.CHANNEL: "ServiceChannel",
}
_TRANSLATED: dict[Kind, Callable[[Row], Row]] = {
    Kind.ORGANIZATION: services.organization,
    Kind.GENERAL_DESCRIPTION: services.general_description,
    Kind.SERVICE: services.service,
    Kind.CHANNEL: channels.channel,
    Kind.CONNECTION: channels.connection,
}
# Lists of what else an object is in; their changes are not its own.
_NOT_CONTENT = ("modified", "services", "subOrganizations", "serviceChannels", "serviceCollections", "sourceId")
_BATCH = 50
_AHEAD = 4
_PASSES = 3
_ENDED = ("Archived", "Withdrawn")
NOT_SERVED = "listed-but-not-served"
# These hold for whatever else would be asked.
_HOPELESS = ("source-refuses", "source-circuit-open")


class PtvV11:
    """Implements `PtvSource`. General descriptions are read by themselves, so services come without their texts."""

    name = "v11"

    def __init__(self, client: JsonClient) -> None:
        self._client = client

    @staticmethod
    def read(kind: Kind, row: Row, left_out: Counter[str]) -> SourceObject:
        return PtvV12.read(kind, _TRANSLATED[kind](row), left_out)

    @staticmethod
    def outline(kind: Kind, row: Row) -> Outline:
        return outline_of(kind, row)

    async def pages(
        self, kind: Kind, *, since: datetime | None = None, services: Sequence[str] = (), resume: str | None = None
    ) -> AsyncIterator[Page]:
        if kind == Kind.CONNECTION:
            async for page in self._connections_of(services):
                yield page
            return
        listed, source_time = await self._listed(kind, [("date", _instant(since))] if since else [])
        batches = list(_batches([one for one in sorted(listed) if resume is None or one > resume]))
        number = 0
        async for ids, found in self._ahead(kind, batches):
            number += 1
            met = {one.object_id for one in found}
            refused = [Refusal(one, NOT_SERVED, "listed, but not given") for one in ids if one not in met]
            yield Page(found, source_time, number, len(batches), refused, resume=ids[-1])
        if not batches and resume is None:
            yield Page([], source_time, 1, 1)

    async def archived(self, kind: Kind, since: datetime) -> frozenset[str]:
        """General descriptions have no such list; connections end silently."""
        if kind in (Kind.CONNECTION, Kind.GENERAL_DESCRIPTION):
            return frozenset()
        found: set[str] = set()
        for status in _ENDED:
            ids, _ = await self._listed(kind, [("date", _instant(since)), ("status", status)])
            found |= ids
        return frozenset(found)

    async def one(self, kind: Kind, object_id: str) -> Sighting | None:
        if kind == Kind.CONNECTION:
            service = await self._object(Kind.SERVICE, object_id.partition("/")[0])
            held = _connections(service) if service is not None else []
            return next((one for one in held if one.object_id == object_id), None)
        row = await self._object(kind, object_id)
        return _sighting(kind, row, object_id) if row is not None else None

    async def concepts(self) -> AsyncIterator[Sequence[ConceptPublished]]:
        """Only code lists of places and languages: v11 has none of classes, and names those within services."""
        for code_list in CODE_LISTS:
            number = 1
            while True:
                given, last = await self._codes(code_list, number)
                yield list(
                    {one.concept_id: one for row in given if (one := concept_of(code_list.scheme, row))}.values()
                )
                if number >= last:
                    break
                number += 1

    async def _codes(self, code_list: CodeList, number: int) -> tuple[list[Row], int]:
        params = [("page", str(number))] if code_list.paged else []
        answer = await self._client.get(f"{_BASE}/CodeList/{code_list.path}", params)
        body = answer[0] if answer is not None else None
        if isinstance(body, dict):
            return rows(body.get("itemList")), int(body.get("pageCount") or 0)
        return rows(body), 0

    async def _object(self, kind: Kind, object_id: str) -> Row | None:
        answer = await self._client.get(f"{_BASE}/{_PATHS[kind]}/{object_id}", [("showHeader", "true")])
        if answer is None:
            return None
        if not isinstance(answer[0], dict):
            raise TemporaryError("source-bad-object", f"{kind} {object_id} is not an object")
        return dict(answer[0])

    async def _listed(self, kind: Kind, params: QueryParams) -> tuple[set[str], datetime]:
        """All ids of a list, and the source's time at its first page; again where its length changed meanwhile."""
        found: set[str] = set()
        began: datetime | None = None
        for _ in range(_PASSES):
            counts: set[int] = set()
            number = 1
            while True:
                ids, count, at = await self._id_page(kind, params, number)
                began = began or at
                found |= ids
                counts.add(count)
                number += 1
                if number > count:
                    break
            if len(counts) == 1:
                break
            log.info("list changed while it was read", kind=kind, lengths=sorted(counts))
        return found, began or at

    async def _id_page(self, kind: Kind, params: QueryParams, number: int) -> tuple[set[str], int, datetime]:
        path = f"{_BASE}/{_PATHS[kind]}"
        answer = await self._client.get(path, [*params, ("page", str(number))])
        if answer is None:
            raise PermanentError("source-lacks-list", f"{path} answers 404")
        body, at = answer
        count = body.get("pageCount") if isinstance(body, dict) else None
        if not isinstance(count, int) or not isinstance(body.get("itemList"), list | None):
            raise TemporaryError("source-bad-page", f"{path} page {number} is not a page")
        if count >= number and not body["itemList"]:
            raise TemporaryError("source-bad-page", f"{path} page {number} of {count} is empty")
        return {str(one["id"]).lower() for one in rows(body["itemList"]) if one.get("id")}, count, at

    async def _ahead(
        self, kind: Kind, batches: Sequence[Sequence[str]]
    ) -> AsyncIterator[tuple[Sequence[str], list[Sighting]]]:
        """The objects of each batch, the next ones being asked for meanwhile."""
        waiting = iter(batches)
        asked: deque[tuple[Sequence[str], asyncio.Task[list[Sighting]]]] = deque()

        def ask(batch: Sequence[str]) -> None:
            asked.append((batch, asyncio.create_task(self._objects(kind, batch))))

        try:
            for batch in islice(waiting, _AHEAD):
                ask(batch)
            while asked:
                ids, task = asked[0]
                found = await task
                asked.popleft()
                for batch in islice(waiting, 1):
                    ask(batch)
                yield ids, found
        finally:
            for _, task in asked:
                task.cancel()
            await asyncio.gather(*(task for _, task in asked), return_exceptions=True)

    async def _objects(self, kind: Kind, ids: Sequence[str]) -> list[Sighting]:
        """Objects by ids; a batch that is refused is halved, down to the one that cannot be had."""
        try:
            given = await self._batch(kind, ids)
        except (TemporaryError, PermanentError) as exc:
            if exc.code in _HOPELESS:
                raise
            if len(ids) == 1:
                log.warning("object not served", kind=kind, object_id=ids[0], code=exc.code)
                return []
            middle = len(ids) // 2
            return await self._objects(kind, ids[:middle]) + await self._objects(kind, ids[middle:])
        return [one for row in given for one in _with_connections(kind, row)]

    async def _batch(self, kind: Kind, ids: Sequence[str]) -> list[Row]:
        params = [("guids", ",".join(ids)), ("showHeader", "true")]
        answer = await self._client.get(f"{_BASE}/{_PATHS[kind]}/list", params)
        if answer is None:  # none of them is published
            return []
        if not isinstance(answer[0], list):
            raise TemporaryError("source-bad-page", f"the list of {kind} by ids is no list")
        return rows(answer[0])

    async def _connections_of(self, service_ids: Sequence[str]) -> AsyncIterator[Page]:
        """Those of the services given; without any they come along with the services themselves."""
        if not service_ids:
            return
        params = [("guids", ",".join(service_ids)), ("showHeader", "true")]
        answer = await self._client.get(f"{_BASE}/Service/list", params)
        if answer is not None:  # else none of them is published
            yield Page([one for row in rows(answer[0]) for one in _connections(row)], answer[1], 1, 1)


def _with_connections(kind: Kind, row: Row) -> Iterator[Sighting]:
    yield _sighting(kind, row)
    if kind == Kind.SERVICE:
        yield from _connections(row)


def _connections(service: Row) -> list[Sighting]:
    """A service may name a channel twice: the last one counts."""
    found = [_sighting(Kind.CONNECTION, row) for row in channels.embedded(service)]
    return list({one.object_id: one for one in found}.values())


def _sighting(kind: Kind, row: Row, asked: str | None = None) -> Sighting:
    digest = sha256(orjson.dumps(_content(row), option=orjson.OPT_SORT_KEYS)).digest()
    try:
        return Sighting(kind, asked or _id_of(kind, row), digest, row, PtvV11.name)
    except RowRejected:
        return Sighting.nameless(kind, digest, row, PtvV11.name)


def _id_of(kind: Kind, row: Row) -> str:
    if kind != Kind.CONNECTION:
        return content_id(str(row.get("id")))
    channel = row["connection"].get("serviceChannel")
    channel_id = channel.get("id") if isinstance(channel, dict) else None
    return connection_id(content_id(str(row.get("serviceId"))), content_id(str(channel_id)))


def _content(value: Any) -> Any:
    """Without times and other objects' lists; opening hours sorted, since a save turns their order."""
    if isinstance(value, dict):
        return {
            name: _sorted(part) if name in ("serviceHours", "openingHour") else _content(part)
            for name, part in value.items()
            if name not in _NOT_CONTENT
        }
    return [_content(part) for part in value] if isinstance(value, list) else value


def _sorted(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    return sorted((_content(part) for part in value), key=lambda part: orjson.dumps(part, option=orjson.OPT_SORT_KEYS))


def _batches(ids: Sequence[str]) -> Iterator[list[str]]:
    waiting = iter(ids)
    while batch := list(islice(waiting, _BATCH)):
        yield batch


def _instant(moment: datetime) -> str:
    """A second earlier: the filter is strict, and knows no fractions."""
    return (moment.astimezone(UTC) - timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%M:%S")
