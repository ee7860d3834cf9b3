"""Every step of a scenario is seen on the wire of the simulated Lähellä."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import httpx
import pytest

from devstack.simulators import lahella

COOKIES = {"AUTH_TOKEN": "t"}
GROUP = "7100000015"


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(lahella.create_app("t", today=date(2026, 11, 25)))
    async with httpx.AsyncClient(transport=transport, base_url="http://lahella", cookies=COOKIES) as client:
        yield client


async def play(client: httpx.AsyncClient, *steps: dict[str, Any]) -> None:
    answer = await client.post("/_control/scenario", json=list(steps))
    assert answer.status_code == 204, answer.text


async def one(client: httpx.AsyncClient, key: str) -> dict[str, Any]:
    wire: dict[str, Any] = (await client.get(f"/v1/activities/{key}")).json()
    return wire


async def page(client: httpx.AsyncClient, skip: int = 0, limit: int = 10) -> dict[str, Any]:
    query = {"skip": str(skip), "limit": str(limit), "total": "true", "links[groups]": "true"}
    body: dict[str, Any] = (await client.get("/v1/activities", params=query)).json()
    return body


def keys(page: dict[str, Any]) -> list[str]:
    return [item["_key"] for item in page["items"]]


async def test_created_activity_is_last_or_first_and_like_its_model(client: httpx.AsyncClient) -> None:
    await play(client, {"step": "create", "key": "8", "like": "710025", "traits": {"region": ["city/FI/Loppi"]}})
    await play(client, {"step": "create", "key": "9", "like": "710025", "first": True, "group": "7100000001"})
    assert keys(await page(client))[0] == "9"
    assert keys(await page(client, skip=60))[-1] == "8"
    created, model = await one(client, "8"), await one(client, "710025")
    assert created["traits"] == {**model["traits"], "region": ["city/FI/Loppi"]}


async def test_changed_activity_keeps_what_the_step_does_not_name(client: httpx.AsyncClient) -> None:
    before = await one(client, "710001")
    await play(client, {"step": "change", "key": "710001", "name": "Uusi nimi", "status": "draft"})
    after = await one(client, "710001")
    assert (after["status"], after["traits"]["translations"]["fi"]["name"]) == ("draft", "Uusi nimi")
    assert after["traits"]["translations"]["sv"] == before["traits"]["translations"]["sv"]


async def test_removed_activity_is_gone_without_a_word(client: httpx.AsyncClient) -> None:
    await play(client, {"step": "remove", "keys": ["710001", "710002"]})
    assert (await client.get("/v1/activities/710001")).status_code == 404
    assert (await page(client))["total"] == 58


async def test_expired_activity_stays_in_the_list_with_its_window_closed(client: httpx.AsyncClient) -> None:
    await play(client, {"step": "expire", "key": "710001", "at": "2026-11-25T10:00:00Z"})
    assert (await one(client, "710001"))["tags"]["visibility"]["end"] == 1795600800000
    assert (await page(client))["total"] == 60


async def test_server_moves_coordinates_and_touches_what_is_no_content(client: httpx.AsyncClient) -> None:
    before = await one(client, "710001")
    await play(client, {"step": "coordinates", "by": 0.5}, {"step": "touch"})
    after = await one(client, "710001")
    assert after["traits"]["channels"][0]["map"]["center"]["coordinates"] == [24.9643, 60.9959]
    assert {"lockedAt", "lockedBy", "modifiedAt"} <= after.keys() - before.keys()
    texts = after["traits"]["translations"]["fi"]
    assert texts["summary"] == '<p dir="ltr" class="s1">Tule kävelemään kanssamme.</p>'
    assert texts["name"] == before["traits"]["translations"]["fi"]["name"]


async def test_unknown_region_and_damaged_texts_are_served_as_they_are(client: httpx.AsyncClient) -> None:
    await play(client, {"step": "unknown-region", "key": "710001"}, {"step": "damage", "key": "710002"})
    assert (await one(client, "710001"))["traits"]["region"] == ["city/FI/S\ufffdkyl\ufffd"]
    answer = await client.get("/v1/activities/710002")
    assert b"\\u0000" in answer.content
    assert b"\\ud83d" in answer.content


async def test_group_changes_its_name_and_gives_its_business_id(client: httpx.AsyncClient) -> None:
    await play(client, {"step": "group", "key": GROUP, "name": "Ypäjän Neulojat ry", "business_id": "9103974-3"})
    linked = (await page(client, skip=20))["linked"]["groups"][GROUP]
    assert linked == {"_key": GROUP, "name": "Ypäjän Neulojat ry", "businessId": "9103974-3"}
    by_key = (await client.get("/v1/activities/710025", params={"links[groups]": "true"})).json()
    assert (by_key["group"], by_key["linked"]["groups"][GROUP]) == (GROUP, linked)


async def test_list_drifts_between_two_pages(client: httpx.AsyncClient) -> None:
    new = {"key": "9", "like": "710025"}
    await play(client, {"step": "page-drift", "after": 10, "remove": ["710001", "710002"], "insert": [new]})
    first, second, third = [await page(client, skip) for skip in (0, 10, 20)]
    read = [*keys(first), *keys(second), *keys(third)]
    assert "710011" not in read  # moved to where the reader had already been
    assert "9" not in read
    assert (first["total"], second["total"]) == (60, 59)
    assert keys(await page(client))[0] == "9"


async def test_first_page_comes_again_and_says_that_there_is_more(client: httpx.AsyncClient) -> None:
    await play(client, {"step": "repeat-page", "times": 1})
    pages = [await page(client, skip) for skip in (0, 20, 50)]
    assert keys(pages[1]) == keys(pages[0])
    assert [each["hasMore"] for each in pages] == [True, True, False]


@pytest.mark.parametrize(("lies", "total"), [(False, 60), (True, 7)])
async def test_list_ends_early_with_a_total_that_tells_or_lies(
    client: httpx.AsyncClient, lies: bool, total: int
) -> None:
    await play(client, {"step": "truncate", "at": 7, "total_lies": lies})
    cut = await page(client)
    assert (len(cut["items"]), cut["hasMore"], cut["total"]) == (7, False, total)
    await play(client, {"step": "calm"})
    assert len((await page(client))["items"]) == 10


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        ({"kind": "slow", "delay_seconds": 0.01}, 200),
        ({"kind": "429", "retry_after": 3}, 429),
        ({"kind": "504-html"}, 504),
        ({"kind": "401"}, 401),
        ({"kind": "null-lists"}, 200),
        ({"kind": "bad-json"}, 200),
    ],
)
async def test_fault_of_the_wire_is_a_step_too(client: httpx.AsyncClient, fault: dict[str, Any], status: int) -> None:
    true = await client.get("/v1/activities")
    await play(client, {"step": "fault", "times": 1, **fault})
    hit = await client.get("/v1/activities")
    assert hit.status_code == status
    assert (hit.content == true.content) is (fault["kind"] == "slow")
    assert (await client.get("/v1/activities")).content == true.content


async def test_session_that_ends_takes_only_the_new_token(client: httpx.AsyncClient) -> None:
    assert (await client.put("/_control/token", json={"token": "new"})).status_code == 204
    assert (await client.get("/v1/activities")).status_code == 401
    client.cookies.clear()
    client.cookies.set("AUTH_TOKEN", "new")
    assert (await client.get("/v1/activities")).status_code == 200
    await client.post("/_control/reset")
    assert (await client.get("/v1/activities")).status_code == 401


async def test_scenario_that_names_nothing_known_is_refused(client: httpx.AsyncClient) -> None:
    assert (await client.post("/_control/scenario", json=[{"step": "remove", "keys": ["1"]}])).status_code == 404
    assert (await client.post("/_control/scenario", json=[{"step": "explode"}])).status_code == 422
