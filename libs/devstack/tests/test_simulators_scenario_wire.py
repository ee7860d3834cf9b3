"""Steps of a scenario that spoil listings, clocks and answers of the simulated PTV are seen on the wire."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx
import pytest

from devstack.simulators.ptv.testing import OTHER_SERVICE, SERVICE, Clock, get, happen, ids

NEW = "00000000-0000-4000-8000-000000000007"
SEARCH = "/api/v12/service/search"
V11 = "/api/v11/Service"


async def new_ids(client: httpx.AsyncClient, page: int, size: int = 20) -> list[str]:
    return [item["contentId"] for item in (await get(client, SEARCH, page=page, pageSize=size))["items"]]


async def test_removal_between_two_pages_hides_an_object_from_a_reader_of_v12(client: httpx.AsyncClient) -> None:
    whole = await new_ids(client, 1, 100)
    await happen(client, "page-drift", after=1, remove=whole[:1])
    read = [key for number in range(1, 6) for key in await new_ids(client, number)]
    assert set(whole) - set(read) == {whole[20]}


async def test_insertion_between_two_pages_shows_an_object_of_v11_twice(client: httpx.AsyncClient) -> None:
    insert = {"key": NEW, "like": SERVICE}
    await happen(client, "page-drift", after=1, insert=[insert])
    first, second = await ids(client, V11, page=1), await ids(client, V11, page=2)
    assert second[0] == first[-1]
    assert (await ids(client, V11, page=1))[0] == NEW


async def test_truncated_listing_ends_early_while_its_total_tells_the_truth(client: httpx.AsyncClient) -> None:
    true = (await get(client, SEARCH, pageSize=20))["totalPages"]
    await happen(client, "truncate", keep=30)
    assert (await get(client, SEARCH, pageSize=20))["totalPages"] == true
    assert [len(await new_ids(client, page)) for page in (1, 2, 3)] == [20, 10, 0]
    assert (await get(client, V11))["pageCount"] == true
    assert [len(await ids(client, V11, page=page)) for page in (1, 2, 3)] == [20, 10, 0]


async def test_total_of_a_truncated_listing_can_lie(client: httpx.AsyncClient) -> None:
    await happen(client, "truncate", keep=3, total=3)
    assert (await get(client, SEARCH))["totalItems"] == 3
    assert (await get(client, V11))["pageCount"] == 1
    await happen(client, "calm")
    assert (await get(client, SEARCH))["totalItems"] > 3


async def test_skewed_clock_shows_in_date_and_in_what_is_published(client: httpx.AsyncClient, clock: Clock) -> None:
    await happen(client, "clock-skew", by="-PT2H")
    dated = parsedate_to_datetime((await client.get(V11)).headers["date"])
    assert abs(datetime.now(UTC) - timedelta(hours=2) - dated) < timedelta(seconds=5)
    await happen(client, "change", key=SERVICE)
    published = (await get(client, f"/api/v12/service/{SERVICE}"))["publishedAt"]
    assert datetime.fromisoformat(published) == clock.now - timedelta(hours=2)


async def test_copy_in_v12_follows_later_with_the_time_of_entry(client: httpx.AsyncClient, clock: Clock) -> None:
    entered = clock.now
    await happen(client, "copy-lag", by="PT1H30M")
    await happen(client, "change", key=SERVICE, name="Uusi nimi")
    await happen(client, "archive", key=OTHER_SERVICE)
    old = await get(client, f"{V11}/{SERVICE}")
    assert "Uusi nimi" in [row["value"] for row in old["serviceNames"]]
    clock.now += timedelta(minutes=89)
    assert [(await client.get(f"{path}/{OTHER_SERVICE}")).status_code for path in (V11, "/api/v12/service")] == [
        404,
        200,
    ]
    assert (await get(client, f"/api/v12/service/{SERVICE}"))["languageVersions"]["fi"]["name"] == "Liikuntaneuvonta"
    clock.now += timedelta(minutes=1)
    copied = await get(client, f"/api/v12/service/{SERVICE}")
    assert copied["languageVersions"]["fi"]["name"] == "Uusi nimi"
    assert datetime.fromisoformat(copied["publishedAt"]) == entered
    assert (await client.get(f"/api/v12/service/{OTHER_SERVICE}")).status_code == 404


@pytest.mark.parametrize("path", [SEARCH, V11])
async def test_refusal_may_say_when_to_come_back_in_seconds_or_as_a_date_or_not(
    client: httpx.AsyncClient, path: str
) -> None:
    await happen(client, "fault", kind="429", times=1)
    await happen(client, "fault", kind="429", times=1, retry_after=7)
    await happen(client, "fault", kind="429", times=1, retry_after=60, retry_after_form="date")
    answers = [await client.get(path) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [429, 429, 429, 200]
    assert "retry-after" not in answers[0].headers
    assert answers[1].headers["retry-after"] == "7"
    back = parsedate_to_datetime(answers[2].headers["retry-after"])
    assert timedelta(seconds=50) < back - datetime.now(UTC) < timedelta(seconds=61)


async def test_each_version_says_in_its_own_way_that_it_was_asked_too_much_or_broke(
    client: httpx.AsyncClient,
) -> None:
    await happen(client, "fault", kind="429", times=2)
    old, new = await client.get(V11), await client.get(SEARCH)
    assert old.headers["content-type"].startswith("text/plain")
    assert new.json()["status"] == 429
    await happen(client, "fault", kind="500", times=2)
    old, new = await client.get(V11), await client.get(SEARCH)
    assert (old.status_code, list(old.json())) == (500, ["errorMessage"])
    assert (new.status_code, new.json()["status"]) == (500, 500)


@pytest.mark.parametrize("path", [SEARCH, V11])
async def test_faults_of_the_wire_hit_both_versions(client: httpx.AsyncClient, path: str) -> None:
    await happen(client, "fault", kind="504-html", times=1)
    await happen(client, "fault", kind="bad-json", times=1)
    await happen(client, "fault", kind="slow", times=1, delay_seconds=0.01)
    gateway, cut, slow = [await client.get(path) for _ in range(3)]
    assert gateway.headers["content-type"].startswith("text/html")
    with pytest.raises(json.JSONDecodeError):
        cut.json()
    assert slow.status_code == 200


async def test_empty_lists_of_an_object_come_as_null(client: httpx.AsyncClient) -> None:
    await happen(client, "fault", kind="null-lists", path=f"/Service/{SERVICE}")
    assert (await get(client, f"{V11}/{SERVICE}"))["industrialClasses"] is None
