"""Paging, and answers that are no pages."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from chassis.core.clock import utc_now
from chassis.core.errors import PermanentError, TemporaryError
from chassis.http.client import JsonClient
from ptv_ingest.adapters.ptv_v12.source import PtvV12
from ptv_ingest.domain.objects import Kind

Answer = Callable[[httpx.Request], httpx.Response]


@asynccontextmanager
async def source_of(answer: Answer) -> AsyncIterator[PtvV12]:
    transport = httpx.MockTransport(answer)
    client = JsonClient("http://ptv", headers={}, clock=utc_now, attempts=1, transport=transport)
    try:
        yield PtvV12(client)
    finally:
        await client.close()


def page(rows: list[Any], request: httpx.Request, **more: Any) -> httpx.Response:
    number, size = int(request.url.params["page"]), int(request.url.params["pageSize"])
    total = -(-len(rows) // size)
    items = rows[(number - 1) * size : number * size]
    return httpx.Response(200, json={"totalItems": len(rows), "totalPages": total, "items": items, **more})


def an_id(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012d}"


@pytest.mark.parametrize("many", [0, 1, 100, 101, 250, 700])
async def test_every_row_is_met_once_and_no_page_beyond_the_last_is_asked_for(many: int) -> None:
    rows = [{"contentId": an_id(number)} for number in range(many)]
    asked: list[int] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(int(request.url.params["page"]))
        return page(rows, request)

    async with source_of(answer) as source:
        met = [one.object_id async for got in source.pages(Kind.SERVICE) for one in got.sightings]
    assert met == [row["contentId"] for row in rows]
    assert sorted(asked) == list(range(1, max(1, -(-many // 100)) + 1))


async def test_services_are_asked_for_with_repeated_keys_and_times_with_a_zone() -> None:
    asked: list[httpx.QueryParams] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.params)
        return page([], request)

    async with source_of(answer) as source:
        [got async for got in source.pages(Kind.CONNECTION, services=[an_id(1), an_id(2)])]
        await source.archived(Kind.SERVICE, datetime(2026, 11, 25, 8, tzinfo=UTC))
    assert asked[0].get_list("serviceContentIds") == [an_id(1), an_id(2)]
    assert asked[1]["archivedAtOrAfter"] == "2026-11-25T08:00:00.000Z"


async def test_null_for_the_items_of_an_empty_list_is_an_empty_page() -> None:
    async with source_of(lambda request: page([], request, items=None)) as source:
        assert [len(got.sightings) async for got in source.pages(Kind.SERVICE)] == [0]


@pytest.mark.parametrize("body", [[], {"message": "oops"}, {"totalItems": 3, "totalPages": 1, "items": []}])
async def test_answer_that_is_no_page_is_never_read_as_empty(body: Any) -> None:
    async with source_of(lambda _: httpx.Response(200, json=body)) as source:
        with pytest.raises(TemporaryError, match="source-bad-page"):
            [got async for got in source.pages(Kind.SERVICE)]


async def test_row_that_is_no_object_is_rejected_alone() -> None:
    async with source_of(lambda request: page(["x", 7, {"contentId": an_id(1)}], request)) as source:
        (got,) = [got async for got in source.pages(Kind.SERVICE)]
    assert [one.object_id for one in got.sightings if one.names_an_object] == [an_id(1)]
    assert len({one.object_id for one in got.sightings}) == 3


async def test_missing_list_is_a_permanent_fault_and_missing_object_is_none() -> None:
    async with source_of(lambda _: httpx.Response(404, json={"reason": "Unknown"})) as source:
        assert await source.one(Kind.SERVICE, an_id(1)) is None
        with pytest.raises(PermanentError, match="source-lacks-list"):
            [got async for got in source.pages(Kind.SERVICE)]


async def test_times_of_publishing_and_copying_do_not_change_the_digest() -> None:
    rows = [{"contentId": an_id(1), "publishedAt": at, "migratedAt": at, "x": 1} for at in ("2026-01-01", "2026-01-02")]
    digests = set()
    for row in rows:
        async with source_of(lambda _, row=row: httpx.Response(200, json=row)) as source:  # type: ignore[misc]
            found = await source.one(Kind.SERVICE, an_id(1))
            assert found is not None
            digests.add(found.digest)
    assert len(digests) == 1


BESIDE = Path(__file__).resolve().parents[4] / "shared" / "reference" / "ptv_v12_samples"
SAMPLES = Path(os.environ.get("HYTE_PTV_SAMPLES", BESIDE))
"""A folder of v12 objects, one per file, named after their kind: recorded ones, where somebody has them."""


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="no recorded v12 objects: set HYTE_PTV_SAMPLES to their folder")
@pytest.mark.parametrize("kind", list(Kind))
async def test_every_sample_object_is_read_with_nothing_left_out(kind: Kind) -> None:
    rows = samples_of(kind)
    left_out: Counter[str] = Counter()
    async with source_of(lambda request: page(rows, request)) as source:
        async for got in source.pages(kind):
            read = [source.read(kind, one.row, left_out) for one in got.sightings]
            assert len(read) == len(rows) > 0
    assert +left_out == Counter()


def samples_of(kind: Kind) -> list[Any]:
    prefix = "extra_general" if kind == Kind.GENERAL_DESCRIPTION else kind
    return [orjson.loads(file.read_bytes()) for file in sorted(SAMPLES.glob(f"{prefix}*_*.json"))]
