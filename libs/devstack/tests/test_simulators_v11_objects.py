"""Objects of the simulated PTV v11: shaped as that interface shapes them, from the content that v12 shows."""

from __future__ import annotations

import json
import os
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest
from fastapi import FastAPI

from devstack.simulators import ptv
from devstack.simulators.ptv.identity import content_id
from devstack.simulators.ptv.testing import CHANNEL, KEY, ORGANISATION, SERVICE, UNKNOWN, all_ids, client_of, get, ids
from devstack.simulators.ptv.v11.pages import PageSizes

BESIDE = Path(__file__).resolve().parents[4] / "shared" / "reference" / "ptv_samples"
SCHEMA = Path(os.environ.get("HYTE_PTV_V11_SAMPLES", BESIDE)) / "schema_ptv_v11_out_from_source_3.4.json"
CHANNEL_MODELS = {
    "EChannel": "V11VmOpenApiElectronicChannel",
    "Phone": "V11VmOpenApiPhoneChannel",
    "PrintableForm": "V11VmOpenApiPrintableFormChannel",
    "ServiceLocation": "V11VmOpenApiServiceLocationChannel",
    "WebPage": "V11VmOpenApiWebPageChannel",
}
MODELS = {
    "service": "V11VmOpenApiService",
    "organization": "V10VmOpenApiOrganization",
    "general-description": "V10VmOpenApiGeneralDescription",
    "service-collection": "V11VmOpenApiServiceCollection",
}


@pytest.fixture
def app() -> FastAPI:
    return ptv.create_app(KEY, v11_sizes=PageSizes(ids=20, objects=10))


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(app, "http://ptv/api/v11") as client:
        yield client


async def test_service_without_connections_has_null_for_its_channels(client: httpx.AsyncClient, app: FastAPI) -> None:
    for key in [key for key in app.state.world.shelves["connection"].live if key[0] == SERVICE]:
        app.state.world.vanish("connection", key)
    assert (await get(client, f"Service/{SERVICE}"))["serviceChannels"] is None


async def test_connection_is_shown_by_both_ends_with_the_same_words(client: httpx.AsyncClient) -> None:
    service, channel = await get(client, f"Service/{SERVICE}"), await get(client, f"ServiceChannel/{CHANNEL}")
    (mine,) = [one for one in service["serviceChannels"] if one["serviceChannel"]["id"] == CHANNEL]
    (theirs,) = [one for one in channel["services"] if one["service"]["id"] == SERVICE]
    del mine["serviceChannel"], theirs["service"]
    assert mine == theirs


async def test_general_description_gives_its_classes_always_and_its_texts_on_request(
    client: httpx.AsyncClient, app: FastAPI
) -> None:
    services = app.state.world.shelves["service"].live.values()
    wire = next(one.wire for one in services if one.wire["generalDescriptionContentId"])
    general = app.state.world.shelves["general-description"].live[(wire["generalDescriptionContentId"],)].wire
    plain = await get(client, f"Service/{wire['contentId']}")
    merged = await get(client, f"Service/serviceWithGD/{wire['contentId']}")
    codes = [one["code"] for one in plain["serviceClasses"]]
    assert codes == list(dict.fromkeys(general["serviceClasses"] + wire["serviceClasses"]))
    assert plain["serviceChargeType"] is None
    assert merged["serviceChargeType"] == "FreeOfCharge"
    assert not any(row["type"].startswith("GD_") for row in plain["serviceDescriptions"])
    told = {(row["type"], row["value"]) for row in merged["serviceDescriptions"]}
    assert ("GD_Description", general["languageVersions"]["fi"]["description"]) in told
    assert merged in await get(client, "Service/serviceWithGD/list", guids=wire["contentId"])


async def test_hours_have_seconds_and_change_their_order_after_a_save(client: httpx.AsyncClient, app: FastAPI) -> None:
    channels = app.state.world.shelves["channel"].live.values()
    wire = next(one.wire for one in channels if _has_several_days(one.wire))
    before = (await get(client, f"ServiceChannel/{wire['contentId']}"))["serviceHours"]
    app.state.world.put("channel", wire)
    after = (await get(client, f"ServiceChannel/{wire['contentId']}"))["serviceHours"]
    rows = [row for block in before for row in block["openingHour"]]
    assert all(re.fullmatch(r"\d\d:\d\d:00", row[name]) for row in rows for name in ("from", "to"))
    assert after != before
    assert sorted(map(_sorted, after)) == sorted(map(_sorted, before))


def _has_several_days(wire: dict[str, Any]) -> bool:
    hours = wire.get("serviceHours", {"hours": []})["hours"]
    return any(len(entry.get("weeklyHours", ())) > 2 for entry in hours)


def _sorted(block: dict[str, Any]) -> str:
    return json.dumps({**block, "openingHour": sorted(map(json.dumps, block["openingHour"]))}, sort_keys=True)


async def test_only_organisations_with_content_are_listed_and_parents_are_named(client: httpx.AsyncClient) -> None:
    found = await all_ids(client, "Organization")
    assert ORGANISATION in found
    child = content_id("organization", "mielentuki-forssa")
    hierarchy = await get(client, f"Organization/Hierarchy/{child}")
    parent = content_id("organization", "mielentuki")
    assert hierarchy["parent"]["id"] == parent
    assert child in [one["id"] for one in (await get(client, f"Organization/{parent}"))["subOrganizations"]]


async def test_classes_are_found_by_address_and_a_subclass_with_its_main_class(client: httpx.AsyncClient) -> None:
    base = "http://uri.suomi.fi/codelist/ptv/ptvserclass2/code/"
    found = await all_ids(client, "Service/serviceClass", uri=f"{base}P27.1")
    assert SERVICE in found
    missing = await client.get("Service/serviceClass", params={"uri": f"{base}P99"})
    assert missing.status_code == 404
    without = await client.get("Service/serviceClass")
    assert (without.status_code, without.json()["errorMessage"][:12]) == (400, "Query string")
    group = "http://uri.suomi.fi/codelist/ptv/ptvkohderyhmat/code/KR1"
    assert await all_ids(client, "Service/targetGroup", uri=group)


async def test_collections_are_listed_read_and_shown_by_their_members(client: httpx.AsyncClient) -> None:
    collection = content_id("service-collection", "hml-liikkeelle")
    assert collection in await ids(client, "ServiceCollection")
    whole = await get(client, f"ServiceCollection/{collection}")
    assert [one["id"] for one in whole["services"]] == [SERVICE]
    assert [one["id"] for one in (await get(client, f"Service/{SERVICE}"))["serviceCollections"]] == [collection]
    by_owner = await get(client, "ServiceCollection/organization", organizationId=ORGANISATION)
    assert [one["id"] for one in by_owner["itemList"]] == [collection]


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("GetMunicipalityCodes", "109"),
        ("GetLanguageCodes", "fi"),
        ("GetCountryCodes", "FI"),
        ("GetAreaCodes/type/Province", "05"),
        ("GetAreaCodes/type/WellbeingServiceCounties", "07"),
    ],
)
async def test_code_lists_are_plain_arrays(client: httpx.AsyncClient, path: str, code: str) -> None:
    rows = await get(client, f"CodeList/{path}")
    (row,) = [row for row in rows if row["code"] == code]
    assert {"fi", "sv", "en"} == {name["language"] for name in row["names"]}


async def test_postal_codes_are_paged(client: httpx.AsyncClient) -> None:
    assert (await get(client, "CodeList/GetPostalCodes"))["itemList"][0]["code"] == "11100"


def test_object_that_only_v12_could_hold_has_no_older_form(app: FastAPI) -> None:
    app.state.world.put("service", {"contentId": UNKNOWN, "serviceType": "Drone", "languageVersions": 7})
    assert UNKNOWN not in app.state.v11_catalogue().rows["service"]


@pytest.mark.skipif(not SCHEMA.is_file(), reason="no JSON Schema of PTV v11: set HYTE_PTV_V11_SAMPLES to its folder")
def test_every_rendered_row_validates_against_the_published_models_and_adds_no_field(app: FastAPI) -> None:
    definitions = json.loads(SCHEMA.read_bytes())["$defs"]
    catalogue = app.state.v11_catalogue()
    for kind, rows in catalogue.rows.items():
        for row in rows.values():
            model = MODELS.get(kind) or CHANNEL_MODELS[row.wire["serviceChannelType"]]
            schema = {"$defs": definitions, "$ref": f"#/$defs/{model}"}
            jsonschema.Draft202012Validator(schema).validate(row.wire)
            assert set(row.wire) == set(definitions[model]["properties"]), (kind, row.id)
    for identity in catalogue.rows["service"]:
        merged = catalogue.with_general_description(identity)
        schema = {"$defs": definitions, "$ref": "#/$defs/V11VmOpenApiService"}
        jsonschema.Draft202012Validator(schema).validate(merged)
