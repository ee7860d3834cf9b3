"""Service collections of the simulated PTV v12."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from devstack.simulators import ptv
from devstack.simulators.ptv.identity import content_id
from devstack.simulators.ptv.testing import CHANNEL, KEY, ORGANISATION, SERVICE, UNKNOWN, Clock, client_of, get

COLLECTION = content_id("service-collection", "hml-liikkeelle")


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(ptv.create_app(KEY, clock=Clock()), "http://ptv/api/v12") as client:
        yield client


async def test_a_collection_shows_its_members_by_id_only_and_narrows_a_search(client: httpx.AsyncClient) -> None:
    whole = await get(client, f"service-collection/{COLLECTION}")
    assert whole["items"] == [
        {"itemType": "Service", "contentId": SERVICE},
        {"itemType": "Channel", "contentId": CHANNEL},
    ]
    (row,) = (await get(client, "service-collection/search", organizationContentIds=ORGANISATION))["items"]
    assert row == {name: value for name, value in whole.items() if name != "items"}
    assert "publishedAt" not in row
    services = await get(client, "service/search", serviceCollectionContentId=COLLECTION)
    assert [item["contentId"] for item in services["items"]] == [SERVICE]
    unknown = await get(client, "service/search", serviceCollectionContentId=UNKNOWN)
    assert unknown["items"] == []
    channels = await get(client, "service-channel/search", serviceCollectionContentId=COLLECTION)
    assert [item["contentId"] for item in channels["items"]] == [CHANNEL]


async def test_a_collection_can_be_archived(client: httpx.AsyncClient) -> None:
    await client.post(f"http://ptv/_control/service-collections/{COLLECTION}/archive")
    assert (await client.get(f"service-collection/{COLLECTION}")).json()["reason"] == "NotPublished"
    archived = await get(client, "service-collection/archived", archivedAtOrAfter="2026-11-25T12:00:00Z")
    assert archived["items"] == [{"contentId": COLLECTION}]
