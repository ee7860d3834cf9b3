"""The simulated PTV lists, pages, filters and fails on the paths of v11 as that interface does."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from devstack.simulators import ptv
from devstack.simulators.ptv.testing import (
    CHANNEL,
    KEY,
    ORGANISATION,
    OTHER_SERVICE,
    SERVICE,
    UNKNOWN,
    Clock,
    all_ids,
    client_of,
    get,
    ids,
)
from devstack.simulators.ptv.v11.pages import PageSizes

ZERO = "00000000-0000-0000-0000-000000000000"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(clock: Clock) -> FastAPI:
    return ptv.create_app(KEY, clock=clock, v11_sizes=PageSizes(ids=20, objects=10))


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(app, "http://ptv/api/v11") as client:
        yield client


async def test_pages_of_ids_join_to_the_whole_and_give_no_total(client: httpx.AsyncClient, app: FastAPI) -> None:
    first = await get(client, "Service")
    assert set(first) == {"pageNumber", "pageSize", "pageCount", "itemList"}
    assert (first["pageNumber"], first["pageSize"], first["pageCount"]) == (1, 20, 9)
    assert set(first["itemList"][0]) == {"id", "name"}
    found = await all_ids(client, "Service")
    assert sorted(found) == sorted(key[0] for key in app.state.world.shelves["service"].live)


async def test_page_beyond_the_last_and_page_zero_have_null_for_a_list(client: httpx.AsyncClient) -> None:
    beyond, zero = await get(client, "Service", page=90), await get(client, "Service", page=0)
    assert (beyond["pageCount"], beyond["itemList"]) == (9, None)
    assert (zero["pageCount"], zero["itemList"]) == (0, None)
    negative = await client.get("Service", params={"page": -1})
    assert (negative.status_code, negative.json()) == (400, {"page": ["The page number cannot be negative value."]})


async def test_paths_and_parameters_are_read_in_any_case_and_unknown_parameters_ignored(
    client: httpx.AsyncClient,
) -> None:
    assert await ids(client, "sErViCe", PAGE=2, sort="name") == await ids(client, "Service", page=2)


@pytest.mark.parametrize("text", ["2026-11-25T10:00:00Z", "2026-11-25T10:00:00.5", "2026-11-25", "2026-13-01T00:00:00"])
async def test_date_of_another_form_is_refused_by_its_name(client: httpx.AsyncClient, text: str) -> None:
    for name in ("date", "dateBefore"):
        answer = await client.get("Service", params={name: text})
        assert (answer.status_code, list(answer.json())) == (400, [name])


async def test_date_bounds_are_exclusive_and_modified_is_naive_to_the_microsecond(
    client: httpx.AsyncClient, app: FastAPI
) -> None:
    wire = {**app.state.world.shelves["service"].live[(SERVICE,)].wire, "publishedAt": "2026-11-20T08:00:00Z"}
    app.state.world.put("service", wire)
    modified = (await get(client, f"Service/{SERVICE}"))["modified"]
    assert re.fullmatch(r"2026-11-20T08:00:00\.\d{6}", modified)
    assert await ids(client, "Service", date="2026-11-20T08:00:00") == [SERVICE]
    assert await ids(client, "Service", date="2026-11-20T08:00:01") == []
    assert await ids(client, "Service", date="2026-11-19T00:00:00", dateBefore="2026-11-20T08:00:00") == []


async def test_changed_connection_lists_both_ends_and_moves_neither_time(
    client: httpx.AsyncClient, app: FastAPI
) -> None:
    before = await get(client, f"Service/{SERVICE}")
    connection = app.state.world.shelves["connection"].live[(SERVICE, CHANNEL)].wire
    app.state.world.put("connection", {**connection, "chargeType": "Charged", "publishedAt": "2026-11-25T12:00:00Z"})
    after = await get(client, f"Service/{SERVICE}")
    assert after["modified"] == before["modified"]
    (own,) = [one for one in after["serviceChannels"] if one["serviceChannel"]["id"] == CHANNEL]
    assert (own["serviceChargeType"], own["modified"][:19]) == ("Chargeable", "2026-11-25T12:00:00")
    since = "2026-11-25T11:59:00"
    assert await ids(client, "Service", date=since) == [SERVICE]
    assert await ids(client, "ServiceChannel", date=since) == [CHANNEL]
    assert await ids(client, f"Common/EntitiesByOrganization/{ORGANISATION}", date=since) == []


async def test_archived_and_withdrawn_are_listed_by_status_and_404_by_id(
    client: httpx.AsyncClient, app: FastAPI
) -> None:
    app.state.world.archive("service", (SERVICE,))
    app.state.world.withdraw("service", (OTHER_SERVICE,))
    assert await ids(client, "Service", status="Archived") == [SERVICE]
    assert await ids(client, "Service", status="Withdrawn") == [OTHER_SERVICE]
    gone = await client.get(f"Service/{SERVICE}")
    assert (gone.status_code, gone.json()) == (404, {"errorMessage": f"Service with id '{SERVICE}' not found."})
    assert not {SERVICE, OTHER_SERVICE} & set(await all_ids(client, "Service"))
    assert (await client.get("Service", params={"status": "Lost"})).status_code == 400


async def test_archived_list_has_names_and_times_and_wants_an_offset(
    client: httpx.AsyncClient, app: FastAPI, clock: Clock
) -> None:
    app.state.world.archive("service", (SERVICE,))
    asked: dict[str, Any] = {"ArchivingType": "Manual", "OrganizationId": ORGANISATION, "Skip": 0, "Take": 100}
    (row,) = await get(client, "Service/archived/list", **asked)
    assert row["archivingDate"] == "2026-11-25T12:00:00.000000"
    assert {"language": "fi", "value": "Liikuntaneuvonta", "type": "Name"} in row["serviceNames"]
    later = (clock.now + timedelta(seconds=1)).isoformat()
    assert await get(client, "Service/archived/list", **asked, MinArchivingDate=later) == []
    assert await get(client, "Service/archived/list", **{**asked, "ArchivingType": "Automatic"}) == []
    naive = await client.get("Service/archived/list", params={**asked, "MinArchivingDate": "2026-11-25T12:00:00"})
    assert (naive.status_code, list(naive.json())) == (400, ["MinArchivingDate"])
    assert (await client.get("Service/archived/list", params={**asked, "Take": 101})).status_code == 400


async def test_list_by_ids_leaves_unknown_ones_out_and_is_404_when_none_is_known(client: httpx.AsyncClient) -> None:
    rows = await get(client, "Service/list", guids=f"{UNKNOWN},{SERVICE}")
    assert rows == [await get(client, f"Service/{SERVICE}")]
    none = await client.get("Service/list", params={"guids": UNKNOWN})
    assert (none.status_code, none.json()) == (404, {"errorMessage": "Services not found."})
    malformed = await client.get("Service/list", params={"guids": f"{SERVICE},x"})
    assert (malformed.status_code, list(malformed.json())) == (400, ["guids"])


@pytest.mark.parametrize(
    ("kind", "path", "status", "field"),
    [("service", "Service", 500, "errorMessage"), ("channel", "ServiceChannel", 400, "guids")],
)
async def test_more_than_a_hundred_found_ids_fail_in_each_kinds_own_way(
    client: httpx.AsyncClient, app: FastAPI, kind: str, path: str, status: int, field: str
) -> None:
    model = next(iter(app.state.world.shelves[kind].live.values())).wire
    made = [str(uuid4()) for _ in range(101)]
    for identity in made:
        app.state.world.put(kind, {**model, "contentId": identity})
    answer = await client.get(f"{path}/list", params={"guids": ",".join(made)})
    assert (answer.status_code, list(answer.json())) == (status, [field])
    fewer = ",".join([*made[:100], UNKNOWN])
    assert len(await get(client, f"{path}/list", guids=fewer)) == 100


async def test_all_zero_id_and_malformed_authorization_break_it(client: httpx.AsyncClient) -> None:
    answers = [await client.get(f"Service/{ZERO}"), await client.get("Service", headers={"Authorization": "x"})]
    assert [(answer.status_code, list(answer.json())) for answer in answers] == [(500, ["errorMessage"])] * 2
    assert (await client.get(f"Service/{UNKNOWN}")).status_code == 404


async def test_municipality_finds_what_an_area_around_it_is_tagged_with(client: httpx.AsyncClient) -> None:
    services = {one["id"]: one for one in await _all_services(client)}
    tagged = {one for one, wire in services.items() if _areas(wire) & {"Region", "WellbeingServiceCounties"}}
    assert tagged
    found = set(await all_ids(client, "Service/area/Municipality/code/109"))
    assert tagged <= found
    assert SERVICE not in await all_ids(client, "Service/area/WellbeingServiceCounties/code/07")
    nationwide = {one for one, wire in services.items() if wire["areaType"].startswith("Nationwide")}
    assert not nationwide & found
    with_all = await all_ids(client, "Service/area/Municipality/code/109", includeWholeCountry="true")
    assert nationwide <= set(with_all)
    assert (await client.get("Service/area/Province/code/07")).status_code == 404
    assert (await client.get("Service/area/Continent/code/07")).status_code == 400


async def _all_services(client: httpx.AsyncClient) -> list[dict[str, Any]]:
    found = await all_ids(client, "Service")
    batches = [",".join(found[start : start + 100]) for start in range(0, len(found), 100)]
    return [row for guids in batches for row in await get(client, "Service/list", guids=guids)]


def _areas(wire: dict[str, Any]) -> set[str]:
    return {area["type"] for area in wire["areas"]}


async def test_whole_objects_come_by_organisation_and_by_area_on_pages_of_their_own_size(
    client: httpx.AsyncClient,
) -> None:
    page = await get(client, "Service/list/area/Municipality/code/109")
    assert (page["pageSize"], len(page["itemList"])) == (10, 10)
    by_id = await get(client, "Service/list/organization", organizationId=ORGANISATION)
    code = (await get(client, f"Organization/{ORGANISATION}"))["businessCode"]
    assert by_id == await get(client, "Service/list/organization", code=code)
    pages = [by_id] + [
        await get(client, "Service/list/organization", organizationId=ORGANISATION, page=number)
        for number in range(2, by_id["pageCount"] + 1)
    ]
    assert SERVICE in [one["id"] for page in pages for one in page["itemList"]]
    assert (await client.get("Service/list/organization")).status_code == 400
