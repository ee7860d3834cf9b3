"""Steps of a scenario that change what the simulated PTV holds are seen on the wire, in both versions."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
import yaml
from fastapi import FastAPI

from devstack.simulators.ptv.scenario import Scenario, play
from devstack.simulators.ptv.scenario_steps import Stage
from devstack.simulators.ptv.testing import (
    CHANNEL,
    ORGANISATION,
    OTHER_SERVICE,
    SERVICE,
    Clock,
    all_ids,
    get,
    happen,
    ids,
)

NEW = "00000000-0000-4000-8000-000000000007"
SEARCH = "/api/v12/service/search"
V11 = "/api/v11/Service"


async def seen(client: httpx.AsyncClient, key: str = SERVICE) -> tuple[int, int]:
    """The status by id in v12 and in v11."""
    old = await client.get(f"{V11}/{key}")
    new = await client.get(f"/api/v12/service/{key}")
    return new.status_code, old.status_code


async def test_created_service_is_like_its_model_and_connected_as_it_is(client: httpx.AsyncClient) -> None:
    await happen(client, "create", key=NEW, like=SERVICE, name="Uusi neuvonta", changes={"serviceLanguages": ["sv"]})
    made = await get(client, f"/api/v12/service/{NEW}")
    model = await get(client, f"/api/v12/service/{SERVICE}")
    assert (made["languageVersions"]["fi"]["name"], made["serviceLanguages"]) == ("Uusi neuvonta", ["sv"])
    assert made["area"] == model["area"]
    both = [await get(client, f"{V11}/{key}") for key in (NEW, SERVICE)]
    assert [len(one["serviceChannels"]) for one in both] == [3, 3]


async def test_changed_service_keeps_what_the_step_does_not_name(client: httpx.AsyncClient, clock: Clock) -> None:
    before = await get(client, f"/api/v12/service/{SERVICE}")
    await happen(client, "change", key=SERVICE, changes={"languageVersions": {"fi": {"summary": "Toinen"}}})
    after = await get(client, f"/api/v12/service/{SERVICE}")
    assert after["languageVersions"]["fi"] == before["languageVersions"]["fi"] | {"summary": "Toinen"}
    assert datetime.fromisoformat(after["publishedAt"]) == clock.now
    await happen(client, "change", key=SERVICE, name="Kolmas", same_time=True)
    assert (await get(client, f"/api/v12/service/{SERVICE}"))["publishedAt"] == after["publishedAt"]


async def test_archived_service_returns_with_the_time_it_had(client: httpx.AsyncClient, clock: Clock) -> None:
    before = [await get(client, f"/api/v12/service/{SERVICE}"), await get(client, f"{V11}/{SERVICE}")]
    await happen(client, "archive", key=SERVICE)
    assert await seen(client) == (404, 404)
    assert await ids(client, V11, status="Archived") == [SERVICE]
    clock.now += timedelta(hours=1)
    await happen(client, "unarchive", key=SERVICE, same_time=True)
    after = [await get(client, f"/api/v12/service/{SERVICE}"), await get(client, f"{V11}/{SERVICE}")]
    assert after[0] == before[0]
    assert after[1]["modified"] == before[1]["modified"]
    await happen(client, "archive", key=SERVICE)
    await happen(client, "unarchive", key=SERVICE)
    assert datetime.fromisoformat((await get(client, f"/api/v12/service/{SERVICE}"))["publishedAt"]) == clock.now


async def test_withdrawn_service_is_in_no_archive_and_only_v11_lists_it(client: httpx.AsyncClient) -> None:
    await happen(client, "withdraw", key=SERVICE)
    assert await seen(client) == (404, 404)
    archived = await get(client, "/api/v12/service/archived", archivedAtOrAfter="2020-01-01T00:00:00Z")
    assert archived["items"] == []
    assert await ids(client, V11, status="Archived") == []
    assert await ids(client, V11, status="Withdrawn") == [SERVICE]


async def test_vanished_service_leaves_no_trace(client: httpx.AsyncClient) -> None:
    await happen(client, "vanish", key=SERVICE)
    gone = await client.get(f"/api/v12/service/{SERVICE}")
    assert (gone.status_code, gone.json()["reason"]) == (404, "Unknown")
    archived = await get(client, "/api/v12/service/archived", archivedAtOrAfter="2020-01-01T00:00:00Z")
    assert archived["items"] == []
    assert await ids(client, V11, status="Archived") == []
    assert (await get(client, "/api/v12/connection/search", serviceContentIds=SERVICE))["totalItems"] == 0


async def test_listed_service_is_not_found_by_id(client: httpx.AsyncClient) -> None:
    await happen(client, "listed-but-404", key=SERVICE)
    assert await seen(client) == (404, 404)
    listed = await get(client, SEARCH, serviceClasses="P27.1")
    assert SERVICE in [item["contentId"] for item in listed["items"]]
    assert SERVICE in await all_ids(client, V11)
    assert [row["id"] for row in await get(client, f"{V11}/list", guids=f"{SERVICE},{OTHER_SERVICE}")] == [
        OTHER_SERVICE
    ]


async def test_moved_service_is_outside_the_old_area(client: httpx.AsyncClient) -> None:
    await happen(client, "move", key=SERVICE, municipalities=["564"])
    found = await get(client, SEARCH, municipalities="109")
    assert SERVICE not in [item["contentId"] for item in found["items"]]
    area = await get(client, f"{V11}/area/Municipality/code/109")
    assert SERVICE not in [item["id"] for item in area["itemList"]]
    assert (await client.get(f"/api/v12/service/{SERVICE}")).status_code == 200


async def test_dropped_connection_moves_no_time_and_leaves_no_row(client: httpx.AsyncClient) -> None:
    before = await get(client, f"{V11}/{SERVICE}")
    await happen(client, "drop-connection", service=SERVICE, channel=CHANNEL)
    after = await get(client, f"{V11}/{SERVICE}")
    assert (len(before["serviceChannels"]), len(after["serviceChannels"])) == (3, 2)
    assert after["modified"] == before["modified"]
    assert await ids(client, V11, date="2026-11-25T11:00:00") == []
    archived = await get(client, "/api/v12/connection/archived", archivedAtOrAfter="2020-01-01T00:00:00Z")
    assert archived["items"] == []


async def test_duplicated_organisation_shares_its_number_and_takes_services(client: httpx.AsyncClient) -> None:
    await happen(client, "duplicate-organization", key=ORGANISATION, copy_key=NEW, services=[SERVICE])
    number = (await get(client, f"/api/v12/organization/{NEW}"))["businessId"]
    same = await get(client, f"/api/v11/Organization/businesscode/{number}")
    assert {one["id"] for one in same} == {ORGANISATION, NEW}
    assert (await get(client, f"/api/v12/service/{SERVICE}"))["organizationContentId"] == NEW


async def test_renamed_class_is_new_in_its_list_and_in_content_and_moves_no_time(client: httpx.AsyncClient) -> None:
    before = await get(client, f"/api/v12/service/{SERVICE}")
    await happen(client, "rename-class", code="P27.1", new_code="P99.1")
    after = await get(client, f"/api/v12/service/{SERVICE}")
    assert "P99.1" in after["serviceClasses"]
    assert after["publishedAt"] == before["publishedAt"]
    assert (await get(client, "/api/v12/service-classes", codes="P27.1"))["items"] == []
    assert (await get(client, "/api/v12/service-classes", codes="P99.1"))["items"][0]["uri"].endswith("/P99.1")
    old = await get(client, f"{V11}/{SERVICE}")
    assert [one["uri"][-5:] for one in old["serviceClasses"] if one["code"] == "P99.1"] == ["P99.1"]


async def test_connections_name_their_channel_in_two_ways_and_filter_by_the_one_in_use(
    client: httpx.AsyncClient,
) -> None:
    search = "/api/v12/connection/search"
    await happen(client, "spelling", channel_id="serviceChannelContentId")
    row = (await get(client, search, serviceChannelContentIds=CHANNEL))["items"][0]
    assert (row["serviceChannelContentId"], "channelContentId" in row) == (CHANNEL, False)
    single = await get(client, f"/api/v12/connection/{row['serviceContentId']}/{CHANNEL}")
    assert single == row
    assert (await client.get(search, params={"channelContentIds": CHANNEL})).status_code == 400
    await happen(client, "spelling", channel_id="channelContentId")
    assert (await client.get(search, params={"serviceChannelContentIds": CHANNEL})).status_code == 400


def test_scenario_is_read_from_yaml_and_played_in_process(app: FastAPI) -> None:
    written = f"[{{step: archive, key: {SERVICE}}}, {{step: truncate, kind: channel, keep: 1}}]"
    stage = Stage(app.state.world, app.state.faults)
    play(Scenario.validate_python(yaml.safe_load(written)), stage)
    assert (SERVICE,) in app.state.world.shelves["service"].archived
    assert app.state.world.listings.truncated["channel"].keep == 1


@pytest.mark.parametrize(
    ("step", "status"),
    [
        ({"step": "change", "key": NEW}, 404),
        ({"step": "vanish", "key": NEW}, 404),
        ({"step": "archive", "key": NEW}, 404),
        ({"step": "earthquake"}, 400),
        ({"step": "rename-class", "code": "P98", "new_code": "P99"}, 400),
        ({"step": "truncate", "keep": -1}, 400),
    ],
)
async def test_step_that_cannot_happen_is_refused(client: httpx.AsyncClient, step: dict[str, Any], status: int) -> None:
    assert (await client.post("/_control/scenario", json=[step])).status_code == status
