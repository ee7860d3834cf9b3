"""Reading v11: lists of ids, objects by up to fifty ids, batches that fail, and connections inside services."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from chassis.core.clock import utc_now
from chassis.core.errors import PermanentError, TemporaryError
from chassis.http.client import JsonClient
from ptv_ingest.adapters.ptv_v11.source import PtvV11
from ptv_ingest.app.ports import Page
from ptv_ingest.domain.objects import Kind

Answer = Callable[[httpx.Request], httpx.Response]
MANY = 130


def an_id(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012d}"


def row(object_id: str, **more: Any) -> dict[str, Any]:
    return {"id": object_id, "serviceNames": [], "serviceChannels": None, **more}


@asynccontextmanager
async def source_of(answer: Answer) -> AsyncIterator[PtvV11]:
    client = JsonClient("http://ptv", headers={}, clock=utc_now, attempts=1, transport=httpx.MockTransport(answer))
    try:
        yield PtvV11(client)
    finally:
        await client.close()


def listing(ids: list[str], request: httpx.Request, size: int = 60) -> httpx.Response:
    number = int(request.url.params["page"])
    found = [{"id": one, "name": None} for one in ids[(number - 1) * size : number * size]]
    body = {"pageNumber": number, "pageSize": size, "pageCount": -(-len(ids) // size), "itemList": found or None}
    return httpx.Response(200, json=body)


def asked_ids(request: httpx.Request) -> list[str]:
    return request.url.params["guids"].split(",")


async def all_pages(source: PtvV11, **options: Any) -> list[Page]:
    return [page async for page in source.pages(Kind.SERVICE, **options)]


async def met_by(answer: Answer, **options: Any) -> tuple[list[str], list[str]]:
    """Ids met, and ids that were listed but not given."""
    async with source_of(answer) as source:
        pages = await all_pages(source, **options)
    met = [one.object_id for page in pages for one in page.sightings]
    return met, [one.object_id for page in pages for one in page.rejected]


@pytest.mark.parametrize("many", [0, 1, 60, 61, MANY])
async def test_every_id_is_read_once_in_batches_and_no_page_beyond_the_last_is_asked_for(many: int) -> None:
    ids = [an_id(number) for number in range(many)]
    pages: list[int] = []
    batches: list[int] = []

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/list"):
            batches.append(len(asked_ids(request)))
            return httpx.Response(200, json=[row(one) for one in asked_ids(request)])
        pages.append(int(request.url.params["page"]))
        return listing(ids, request)

    met, missing = await met_by(answer)
    assert (met, missing) == (ids, [])
    assert pages == list(range(1, max(1, -(-many // 60)) + 1))
    assert (sum(batches), max(batches, default=0) <= 50) == (many, True)


@pytest.mark.parametrize("status", [400, 500, 504])
async def test_batch_that_fails_is_halved_down_to_the_one_that_cannot_be_had(status: int) -> None:
    ids = [an_id(number) for number in range(12)]

    def answer(request: httpx.Request) -> httpx.Response:
        if not request.url.path.endswith("/list"):
            return listing(ids, request)
        if an_id(7) in asked_ids(request):
            return httpx.Response(status, text="<html>", headers={"Content-Type": "text/html"})
        return httpx.Response(200, json=[row(one) for one in asked_ids(request)])

    met, missing = await met_by(answer)
    assert (sorted(met), missing) == ([one for one in ids if one != an_id(7)], [an_id(7)])


async def test_id_that_is_listed_but_silently_not_given_is_told(caplog: pytest.LogCaptureFixture) -> None:
    ids = [an_id(1), an_id(2)]

    def answer(request: httpx.Request) -> httpx.Response:
        if not request.url.path.endswith("/list"):
            return listing(ids, request)
        return httpx.Response(200, json=[row(an_id(1))])

    assert await met_by(answer) == ([an_id(1)], [an_id(2)])
    assert an_id(1) not in caplog.text


async def test_404_for_a_whole_batch_means_that_none_of_it_is_published() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if not request.url.path.endswith("/list"):
            return listing([an_id(1)], request)
        return httpx.Response(404, json={"errorMessage": "Services not found."})

    assert await met_by(answer) == ([], [an_id(1)])


async def test_source_that_is_down_ends_the_reading_instead_of_halving_for_ever() -> None:
    ids = [an_id(number) for number in range(MANY)]
    asked = 0

    def answer(request: httpx.Request) -> httpx.Response:
        nonlocal asked
        asked += 1
        return httpx.Response(504) if request.url.path.endswith("/list") else listing(ids, request)

    async with source_of(answer) as source:
        with pytest.raises(TemporaryError, match="source-circuit-open"):
            await all_pages(source)
    assert asked < 40


async def test_time_is_asked_for_without_zone_and_a_second_early() -> None:
    dates: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        dates.append(request.url.params["date"])
        return listing([], request)

    assert await met_by(answer, since=datetime(2026, 11, 25, 8, 0, 0, 500_000, tzinfo=UTC)) == ([], [])
    assert dates == ["2026-11-25T07:59:59"]


async def test_reading_goes_on_after_the_id_where_it_stopped() -> None:
    ids = [an_id(number) for number in range(MANY)]

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/list"):
            return httpx.Response(200, json=[row(one) for one in asked_ids(request)])
        return listing(ids, request)

    async with source_of(answer) as source:
        stopped = (await all_pages(source))[0].resume
        rest = [one.object_id for page in await all_pages(source, resume=stopped) for one in page.sightings]
    assert rest == ids[50:]


async def test_connections_come_along_with_their_service() -> None:
    channels = [{"serviceChannel": {"id": an_id(5), "name": "x"}, "modified": "2026-01-01T00:00:00"}]

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/list"):
            return httpx.Response(200, json=[row(an_id(1), serviceChannels=channels)])
        return listing([an_id(1)], request)

    assert (await met_by(answer))[0] == [an_id(1), f"{an_id(1)}/{an_id(5)}"]
    async with source_of(answer) as source:
        assert [page async for page in source.pages(Kind.CONNECTION)] == []


async def test_channel_that_a_service_names_twice_is_one_connection() -> None:
    twice = [{"serviceChannel": {"id": an_id(5)}, "serviceChargeType": charge} for charge in ("Other", "FreeOfCharge")]
    async with source_of(lambda _: httpx.Response(200, json=[row(an_id(1), serviceChannels=twice)])) as source:
        (page,) = [page async for page in source.pages(Kind.CONNECTION, services=[an_id(1)])]
    assert [one.row["connection"]["serviceChargeType"] for one in page.sightings] == ["FreeOfCharge"]


async def test_code_lists_are_read_to_their_last_page_and_a_broken_row_costs_itself_alone() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if not request.url.path.endswith("GetPostalCodes"):
            return httpx.Response(
                200, json=[{"code": "109", "names": [{"language": "fi", "value": "Kunta"}]}, {"code": 7}]
            )
        number = int(request.url.params["page"])
        items = [{"code": f"1310{number}", "names": [{"language": "fi", "value": "PAIKKA"}]}]
        return httpx.Response(200, json={"pageNumber": number, "pageCount": 2, "itemList": items})

    async with source_of(answer) as source:
        found = [one.concept_id async for some in source.concepts() for one in some]
    assert found == [
        *("municipality:109", "language:109", "region:109", "wellbeing-county:109"),
        *("postal-code:13101", "postal-code:13102"),
    ]


async def test_equal_hours_in_another_order_and_another_time_are_the_same_content() -> None:
    blocks = [
        {"serviceHourType": "DaysOfTheWeek", "openingHour": [{"dayFrom": day, "from": "08:00:00", "to": "16:00:00"}]}
        for day in ("Monday", "Tuesday")
    ]
    rows = [row(an_id(1), serviceHours=hours, modified=at) for hours, at in ((blocks, "a"), (blocks[::-1], "b"))]
    digests = set()
    for one in rows:
        async with source_of(lambda _, one=one: httpx.Response(200, json=one)) as source:  # type: ignore[misc]
            found = await source.one(Kind.SERVICE, an_id(1))
            assert found is not None
            digests.add(found.digest)
    assert len(digests) == 1


@pytest.mark.parametrize("body", [[], {"pageCount": None}, {"pageCount": 2, "itemList": None}])
async def test_answer_that_is_no_list_of_ids_is_never_read_as_empty(body: Any) -> None:
    async with source_of(lambda _: httpx.Response(200, json=body)) as source:
        with pytest.raises(TemporaryError, match="source-bad-page"):
            await all_pages(source)


async def test_missing_list_is_a_permanent_fault_and_missing_object_is_none() -> None:
    async with source_of(lambda _: httpx.Response(404)) as source:
        assert await source.one(Kind.SERVICE, an_id(1)) is None
        assert await source.one(Kind.CONNECTION, f"{an_id(1)}/{an_id(2)}") is None
        with pytest.raises(PermanentError, match="source-lacks-list"):
            await all_pages(source)
