"""The simulated Lähellä pages, filters and authenticates as the known client expects."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest

from devstack.simulators import lahella

TODAY = date(2026, 11, 25)
COOKIES = {"lahella_AUTH_TOKEN_1": "t"}


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(lahella.create_app("t", today=TODAY))
    async with httpx.AsyncClient(transport=transport, base_url="http://lahella", cookies=COOKIES) as client:
        yield client


async def page(client: httpx.AsyncClient, **query: Any) -> dict[str, Any]:
    answer = await client.get("/v1/activities", params=query)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def test_skipping_by_page_length_reads_everything_once(client: httpx.AsyncClient) -> None:
    keys: list[str] = []
    more = True
    while more:
        read = await page(client, limit=10, skip=len(keys))
        keys += [item["_key"] for item in read["items"]]
        more = read["hasMore"]
    assert len(keys) == len(set(keys)) == 60


async def test_the_total_is_told_only_when_asked(client: httpx.AsyncClient) -> None:
    assert "total" not in await page(client)
    assert (await page(client, total="true", limit=1))["total"] == 60


async def test_groups_and_text_narrow_the_list(client: httpx.AsyncClient) -> None:
    of_two = await page(client, **{"groups[0]": "7100000001", "groups[1]": "7100000015"})
    assert [item["_key"] for item in of_two["items"]] == ["710001", "710022", "710025", "710048"]
    assert [item["_key"] for item in (await page(client, text="neulonta"))["items"]] == ["710025"]


async def test_groups_are_linked_only_when_asked(client: httpx.AsyncClient) -> None:
    assert set(await page(client)) == {"items", "hasMore"}
    linked = await page(client, **{"links[groups]": "true", "text": "neulonta"})
    assert linked["items"][0]["group"] == "7100000015"
    assert linked["linked"]["groups"] == {
        "7100000015": {"_key": "7100000015", "name": "Ypäjän Neulojat", "businessId": None}
    }


async def test_one_activity_is_read_by_key(client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/activities/710001")
    assert answer.json()["traits"]["region"] == ["city/FI/Hämeenlinna"]
    assert (await client.get("/v1/activities/1")).status_code == 404


@pytest.mark.parametrize("cookies", [{}, {"AUTH_TOKEN": "stale"}, {"session": "t"}])
async def test_without_a_valid_token_cookie_nothing_is_answered(cookies: dict[str, str]) -> None:
    transport = httpx.ASGITransport(lahella.create_app("t", today=TODAY))
    async with httpx.AsyncClient(transport=transport, base_url="http://lahella", cookies=cookies) as stranger:
        assert (await stranger.get("/v1/activities")).status_code == 401
        assert (await stranger.get("/v1/activities/710001")).status_code == 401


async def test_an_activity_can_be_written_and_silently_removed(client: httpx.AsyncClient) -> None:
    wire = (await client.get("/v1/activities/710025")).json()
    wire["traits"]["translations"]["fi"]["name"] = "Virkkausilta"
    await client.put("/_control/activities/710025", json=wire)
    changed = await page(client, **{"links[groups]": "true", "text": "virkkaus"})
    assert changed["items"][0]["group"] == "7100000015"
    await client.delete("/_control/activities/710025")
    assert (await page(client, total="true"))["total"] == 59
    assert (await client.delete("/_control/activities/710025")).status_code == 404
    await client.post("/_control/reset")
    assert (await page(client, total="true"))["total"] == 60


async def test_times_are_milliseconds_of_helsinki_midnights(client: httpx.AsyncClient) -> None:
    event = (await client.get("/v1/activities/710001")).json()["traits"]["channels"][0]["events"][0]
    assert datetime.fromtimestamp(event["start"] / 1000, UTC).isoformat() == "2024-01-07T22:00:00+00:00"
    assert event["recurrence"]["daySpecificTimes"] == [{"weekday": 2, "startTime": "10:00", "endTime": "11:00"}]


async def test_a_single_event_lies_ahead_of_the_day_it_is_served(client: httpx.AsyncClient) -> None:
    event = (await client.get("/v1/activities/710013")).json()["traits"]["channels"][0]["events"][0]
    assert datetime.fromtimestamp(event["start"] / 1000, UTC).isoformat() == "2026-12-16T10:00:00+00:00"
    assert set(event) == {"start", "timeZone", "type"}


async def test_plain_words_become_paragraphs_and_html_stays(client: httpx.AsyncClient) -> None:
    texts = (await client.get("/v1/activities/710002")).json()["traits"]["translations"]["fi"]
    assert texts["summary"].startswith('<p dir="ltr">')
    assert texts["description"].count("<p") == 1
