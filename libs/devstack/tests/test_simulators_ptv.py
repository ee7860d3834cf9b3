"""The simulated PTV answers on its true paths as the v12 interface does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from devstack.simulators import ptv
from devstack.simulators.ptv.identity import content_id

KEY = "a-key"
SERVICE = content_id("service", "hml-liikuntaneuvonta")
CHANNEL = content_id("channel", "hml-hyvinvointitalo")
UNKNOWN = "00000000-0000-4000-8000-000000000000"
NOTHING = {"page": 1, "pageSize": 100, "totalItems": 0, "totalPages": 0, "items": []}


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 25, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(clock: Clock) -> FastAPI:
    return ptv.create_app(KEY, clock=clock)


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://ptv", headers={"x-api-key": KEY}) as client:
        yield client


async def get(client: httpx.AsyncClient, path: str, **query: Any) -> dict[str, Any]:
    answer = await client.get(f"/api/v12/{path}", params=query)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def names(client: httpx.AsyncClient, **query: Any) -> set[str]:
    page = await get(client, "service/search", **query)
    return {item["languageVersions"].get("fi", {"name": "-"})["name"] for item in page["items"]}


async def test_pages_join_to_the_whole_without_overlap(client: httpx.AsyncClient) -> None:
    large = [await get(client, "service/search", page=number, pageSize=100) for number in (1, 2)]
    small = [await get(client, "service/search", page=number, pageSize=20) for number in range(1, 10)]
    assert [item for page in small for item in page["items"]] == [item for page in large for item in page["items"]]
    assert {page["totalPages"] for page in small} == {9}
    assert (await get(client, "service/search", page=10, pageSize=20))["items"] == []


@pytest.mark.parametrize("kind", ["service", "service-channel", "connection", "organization", "general-description"])
async def test_an_object_read_alone_equals_the_one_in_search(client: httpx.AsyncClient, kind: str) -> None:
    item = (await get(client, f"{kind}/search", page=1, pageSize=1))["items"][0]
    key = [item["contentId"]] if "contentId" in item else [item["serviceContentId"], item["channelContentId"]]
    assert await get(client, "/".join([kind, *key])) == item


async def test_several_municipalities_must_all_match_unless_any_is_asked(client: httpx.AsyncClient) -> None:
    both: dict[str, Any] = {"areaType": "LimitedArea", "municipalities": ["109", "165"]}
    tagged = await names(client, **both)
    assert "Omaishoitajien vertaisryhmä" in tagged
    assert "Liikuntaneuvonta" not in tagged
    assert "Liikuntaneuvonta" in await names(client, **both, municipalitiesMatch="any")


async def test_a_municipality_filter_looks_at_tags_not_at_geography(client: httpx.AsyncClient) -> None:
    assert "Elintapaohjaus" not in await names(client, municipalities="109")
    assert "Elintapaohjaus" in await names(client, wellbeingServicesCounties="07")
    assert "Läheisten vertaisryhmä" in await names(client, regions="05")
    assert await names(client, areaType="WholeCountry") == {"Kriisichat"}


async def test_classifications_languages_and_owners_narrow_a_search(client: httpx.AsyncClient) -> None:
    assert await names(client, serviceClasses="P5.10") == {
        "Suun terveyden neuvonta",
        "Hammashoitola",
        "Lasten hampaiden terveystarkastus",
    }
    assert await names(client, serviceTypes="ProfessionalQualification") == {"Uimavalvojan pätevyyden osoittaminen"}
    assert "-" in await names(client, languageVersions="en")
    owner = content_id("organization", "hattula")
    assert await names(client, organizationContentIds=owner) == {
        "Luontopolut ja esteetön rantareitti",
        "Kunnan kuntosali Parolassa",
        "Aloite kunnalle",
        "Vuokra-asunnot",
    }


async def test_connections_are_found_by_service_and_by_channel(client: httpx.AsyncClient) -> None:
    by_service = await get(client, "connection/search", serviceContentIds=SERVICE)
    assert by_service["totalItems"] == 3
    by_channel = await get(client, "connection/search", channelContentIds=CHANNEL, serviceContentIds=SERVICE)
    assert [row["channelContentId"] for row in by_channel["items"]] == [CHANNEL]


async def test_channels_and_organisations_have_filters_of_their_own(client: httpx.AsyncClient) -> None:
    forms = await get(client, "service-channel/search", channelTypes="PrintableForm")
    assert {item["serviceChannelType"] for item in forms["items"]} == {"PrintableForm"}
    found = await get(client, "organization/search", organizationTypes="RegionalOrganization")
    business_id = found["items"][0]["businessId"]
    assert (await get(client, "organization/search", businessIds=business_id))["totalItems"] == 1


async def test_published_at_or_after_is_inclusive_and_skips_rows_without_a_time(client: httpx.AsyncClient) -> None:
    every = (await get(client, "service/search"))["totalItems"]
    assert (await get(client, "service/search", publishedAtOrAfter="2026-09-01T06:00:00Z"))["totalItems"] == every - 1
    assert await get(client, "service/search", publishedAtOrAfter="2026-09-01T06:00:00.001Z") == NOTHING


async def test_an_upserted_service_is_published_now(client: httpx.AsyncClient, clock: Clock) -> None:
    service = await get(client, f"service/{SERVICE}")
    del service["publishedAt"]
    service["languageVersions"]["fi"]["name"] = "Uusi nimi"
    answer = await client.put(f"/_control/services/{SERVICE}", json=service)
    assert answer.status_code == 204
    assert await names(client, publishedAtOrAfter=clock.now.isoformat()) == {"Uusi nimi"}


async def test_archiving_hides_the_service_with_its_connections_and_says_so(
    client: httpx.AsyncClient, clock: Clock
) -> None:
    await client.post(f"/_control/services/{SERVICE}/archive")
    gone = await client.get(f"/api/v12/service/{SERVICE}")
    assert (gone.status_code, gone.json()["reason"]) == (404, "NotPublished")
    since = clock.now.isoformat()
    assert (await get(client, "service/archived", archivedAtOrAfter=since))["items"] == [{"contentId": SERVICE}]
    assert (await get(client, "connection/search", serviceContentIds=SERVICE))["totalItems"] == 0
    assert (await get(client, "connection/archived", archivedAtOrAfter=since))["totalItems"] == 3
    later = (clock.now + timedelta(seconds=1)).isoformat()
    assert await get(client, "service/archived", archivedAtOrAfter=later) == NOTHING


async def test_an_unarchived_service_returns_with_its_connections(client: httpx.AsyncClient, clock: Clock) -> None:
    await client.post(f"/_control/services/{SERVICE}/archive")
    clock.now += timedelta(hours=1)
    await client.post(f"/_control/services/{SERVICE}/unarchive")
    assert await names(client, publishedAtOrAfter=clock.now.isoformat()) == {"Liikuntaneuvonta"}
    assert (await get(client, "connection/search", serviceContentIds=SERVICE))["totalItems"] == 3
    assert await get(client, "service/archived", archivedAtOrAfter="2020-01-01T00:00:00Z") == NOTHING


async def test_a_single_connection_can_be_archived_and_put_back(client: httpx.AsyncClient) -> None:
    path = f"{SERVICE}/{CHANNEL}"
    wire = await get(client, f"connection/{path}")
    await client.post(f"/_control/connections/{path}/archive")
    assert (await client.get(f"/api/v12/connection/{path}")).json()["reason"] == "NotPublished"
    await client.put(f"/_control/connections/{path}", json=wire)
    assert await get(client, f"connection/{path}") == wire


async def test_an_id_nobody_knows_is_unknown(client: httpx.AsyncClient) -> None:
    for path in (f"service/{UNKNOWN}", f"connection/{SERVICE}/{UNKNOWN}", f"general-description/{UNKNOWN}"):
        answer = await client.get(f"/api/v12/{path}")
        assert (answer.status_code, answer.json()["reason"]) == (404, "Unknown")


async def test_the_hierarchy_gives_parent_and_child(client: httpx.AsyncClient) -> None:
    parent, child = content_id("organization", "mielentuki"), content_id("organization", "mielentuki-forssa")
    edges = (await get(client, f"organization/hierarchy/{child}"))["edges"]
    assert edges == [{"childContentId": child, "parentContentId": parent}]
    missing = await client.get(f"/api/v12/organization/hierarchy/{UNKNOWN}")
    assert missing.status_code == 404
    assert "reason" not in missing.json()


@pytest.mark.parametrize(
    ("path", "query", "where"),
    [
        ("service/search", {"page": "0"}, "/page"),
        ("service/search", {"pageSize": "101"}, "/pageSize"),
        ("service/search", {"publishedAtOrAfter": "2026-11-25"}, "/publishedAtOrAfter"),
        ("service/search", {"publishedAtOrAfter": "2026-11-25T10:00:00"}, "/publishedAtOrAfter"),
        ("service/search", {"municipality": "109"}, "/municipality"),
        ("service/search", {"municipalities": "Hämeenlinna"}, "/municipalities/0"),
        ("service/search", {"municipalities": ["109", "109"]}, "/municipalities"),
        ("connection/search", {"areaType": "WholeCountry"}, "/areaType"),
        ("service/archived", {}, "/archivedAtOrAfter"),
        ("service/not-a-uuid", {}, "/content_id"),
        ("ontology-terms", {"codes": "P1"}, "/codes"),
    ],
)
async def test_a_wrong_request_is_answered_with_the_documented_problem(
    client: httpx.AsyncClient, path: str, query: dict[str, Any], where: str
) -> None:
    answer = await client.get(f"/api/v12/{path}", params=query)
    assert answer.status_code == 400
    body = answer.json()
    assert set(body) == {"title", "detail", "type", "requestId", "instance", "status", "errors"}
    assert where in [error["path"] for error in body["errors"]]


@pytest.mark.parametrize("headers", [{"x-api-key": "wrong"}, {"x-api-key": ""}])
async def test_without_the_key_nothing_is_answered(client: httpx.AsyncClient, headers: dict[str, str]) -> None:
    for path in ("service/search", f"service/{SERVICE}", "service-classes"):
        assert (await client.get(f"/api/v12/{path}", headers=headers)).status_code == 401


@pytest.mark.parametrize(
    ("path", "query", "expected"),
    [
        ("municipality-codes", {"codes": "169"}, ["Jokioinen", "Jockis", "Jokioinen"]),
        ("service-classes", {"codes": "P5.20"}, ["Ravinto", "Näring", "Nutrition"]),
        ("target-groups", {"name": "ikäih"}, ["Ikäihmiset", "De äldre", "Seniors"]),
        ("life-events", {"codes": "KE8"}, ["Työttömäksi jääminen", "Att bli arbetslös", "Losing a job"]),
        ("postal-codes", {"codes": "13720"}, ["Parola", "Parola", "Parola"]),
        ("language-codes", {"codes": "uk"}, ["ukraina", "ukrainska", "Ukrainian"]),
        ("ontology-terms", {"uris": "http://www.yso.fi/onto/koko/p32246"}, ["uinti", "simning", "swimming"]),
    ],
)
async def test_code_lists_give_names_in_three_languages(
    client: httpx.AsyncClient, path: str, query: dict[str, Any], expected: list[str]
) -> None:
    rows = (await get(client, path, **query))["items"]
    assert [[row["name"][language] for language in ("fi", "sv", "en")] for row in rows] == [expected]


async def test_an_upsert_is_seen_by_a_search_that_was_answered_before(client: httpx.AsyncClient) -> None:
    exercise = {"serviceClasses": "P27.1"}
    assert "Uusi nimi" not in await names(client, **exercise)
    service = await get(client, f"service/{SERVICE}")
    service["languageVersions"]["fi"]["name"] = "Uusi nimi"
    await client.put(f"/_control/services/{SERVICE}", json=service)
    assert "Uusi nimi" in await names(client, **exercise)


async def test_region_five_and_county_seven_hold_the_eleven_municipalities(client: httpx.AsyncClient) -> None:
    region = (await get(client, "region-codes"))["items"][0]
    county = (await get(client, "wellbeing-services-county-codes"))["items"][0]
    assert (region["code"], county["code"]) == ("05", "07")
    assert len(region["municipalities"]) == 11
    assert region["municipalities"] == county["municipalities"]


async def test_a_class_names_its_parent(client: httpx.AsyncClient) -> None:
    row = (await get(client, "service-classes", codes="P27.1"))["items"][0]
    assert row["parentUri"].endswith("/P27")
    assert (await get(client, "service-classes", uris=row["parentUri"]))["items"][0]["parentUri"] is None


async def test_countries_are_a_code_list(client: httpx.AsyncClient) -> None:
    (row,) = (await get(client, "country-codes", codes="AX"))["items"]
    assert row == {"code": "AX", "isValid": True, "name": {"fi": "Ahvenanmaa", "sv": "Åland", "en": "Åland Islands"}}


@pytest.mark.parametrize(
    ("path", "name"),
    [("service", "municipalities"), ("connection", "serviceContentIds"), ("service", "serviceClasses")],
)
async def test_more_than_twenty_values_of_a_filter_are_refused(client: httpx.AsyncClient, path: str, name: str) -> None:
    values = [f"{number:03}" for number in range(100, 121)]
    if name == "serviceContentIds":
        values = [f"00000000-0000-4000-8000-000000000{value}" for value in values]
    answer = await client.get(f"/api/v12/{path}/search", params={name: values})
    assert (answer.status_code, [error["path"] for error in answer.json()["errors"]]) == (400, [f"/{name}"])
    assert (await client.get(f"/api/v12/{path}/search", params={name: values[:20]})).status_code == 200


async def test_the_date_header_is_the_time_of_the_answer(client: httpx.AsyncClient) -> None:
    dated = parsedate_to_datetime((await client.get("/api/v12/service/search")).headers["date"])
    assert abs(datetime.now(UTC) - dated) < timedelta(seconds=5)


async def test_health_needs_no_key(client: httpx.AsyncClient) -> None:
    for probe in ("liveness", "readiness"):
        answer = await client.get(f"/health/{probe}", headers={"x-api-key": ""})
        assert (answer.status_code, answer.json()) == (200, "healthy")


async def test_reset_reloads_the_data_files(client: httpx.AsyncClient) -> None:
    await client.post(f"/_control/services/{SERVICE}/archive")
    await client.post("/_control/reset")
    assert (await get(client, f"service/{SERVICE}"))["contentId"] == SERVICE
    log = (await client.get("/_control/requests")).json()
    assert log["counts"] == {f"GET /api/v12/service/{SERVICE}": 1}
