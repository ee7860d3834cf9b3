"""The edges: assumed groups, the wire, operator's files, settings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from chassis.core.clock import utc_now
from chassis.core.errors import PermanentError, StartError, TemporaryError
from chassis.http.client import JsonClient
from lahella_ingest.adapters.assumed_groups import linked_groups, organization_of
from lahella_ingest.adapters.lahella_api import LahellaApi, session_headers
from lahella_ingest.adapters.operator_files import read_business_ids, read_regions
from lahella_ingest.domain.organization import Organization

PAGE = {"linked": {"groups": {"71": {"_key": "71", "name": " Kerho ry ", "businessId": "9103563-8"}}}}


def answering(body: Any, seen: list[httpx.Request] | None = None, **api: Any) -> LahellaApi:
    """The API over one canned answer."""

    def handle(request: httpx.Request) -> httpx.Response:
        if seen is not None:
            seen.append(request)
        return httpx.Response(200, json=body)

    transport = httpx.MockTransport(handle)
    headers = session_headers("http://l.example", "key")
    return LahellaApi(
        JsonClient("http://l.example", headers=headers, clock=utc_now, attempts=1, transport=transport), **api
    )


def page_of(skip: int) -> dict[str, str]:
    return {"total": "true", "limit": "100", "skip": str(skip)}


def test_organisation_is_read_from_the_assumed_place() -> None:
    groups = linked_groups(PAGE)
    assert organization_of({"group": "71"}, groups, {}) == Organization("71", "Kerho ry", "9103563-8")


def test_operators_business_id_wins_over_the_source() -> None:
    organization = organization_of({"group": "71"}, linked_groups(PAGE), {"71": "9103700-0"})
    assert organization is not None
    assert organization.business_id == "9103700-0"


@pytest.mark.parametrize("page", [{}, {"linked": None}, {"linked": {"groups": []}}, {"linked": {"groups": {"71": 5}}}])
def test_other_shape_of_groups_leaves_the_organisation_without_name(page: dict[str, Any]) -> None:
    assert organization_of({"group": "71"}, linked_groups(page), {}) == Organization("71")
    assert organization_of({"group": {"_key": "71"}}, linked_groups(page), {}) is None


async def test_page_is_asked_for_with_cookie_groups_and_offset() -> None:
    seen: list[httpx.Request] = []
    page = await answering({"items": [], "hasMore": False}, seen, groups=["71", "72"]).page(200)
    assert (list(page.items), page.has_more) == ([], False)
    query = dict(seen[0].url.params)
    assert query == {"groups[0]": "71", "groups[1]": "72", "links[groups]": "true", **page_of(200)}
    assert seen[0].headers["Cookie"] == "AUTH_TOKEN=key"


@pytest.mark.parametrize(
    "body", [[], {}, {"items": []}, {"items": {}, "hasMore": False}, {"items": [], "hasMore": None}]
)
async def test_answer_that_does_not_say_whether_there_is_more_is_refused(body: Any) -> None:
    with pytest.raises(PermanentError) as caught:
        await answering(body).page(0)
    assert caught.value.code == "source-shape"


async def test_source_that_cannot_be_reached_is_a_temporary_error() -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    client = JsonClient(
        "http://l.example", headers={}, clock=utc_now, attempts=1, transport=httpx.MockTransport(refuse)
    )
    with pytest.raises(TemporaryError):
        await LahellaApi(client).one("1")


def test_business_ids_are_read_from_csv(tmp_path: Path) -> None:
    file = tmp_path / "ids.csv"
    file.write_text("71,9103563-8\n\n72, fi91037000\n", encoding="utf-8-sig")
    assert read_business_ids(file) == {"71": "9103563-8", "72": "9103700-0"}


@pytest.mark.parametrize("line", ["71", "71,9103563-7", ",9103563-8", "71,9103563-8,x"])
def test_wrong_line_of_the_csv_is_named(tmp_path: Path, line: str) -> None:
    file = tmp_path / "ids.csv"
    file.write_text(f"70,9103700-0\n{line}\n")
    with pytest.raises(StartError, match="line 2"):
        read_business_ids(file)


def test_wrong_or_missing_operator_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(StartError, match="nowhere"):
        read_business_ids(tmp_path / "nowhere.csv")
    wrong = tmp_path / "regions.yaml"
    wrong.write_text("cities: {Loppi: 433}\nstates: {}\n")
    with pytest.raises(StartError, match=r"regions\.yaml"):
        read_regions(wrong)


def test_own_list_of_regions_has_all_of_kanta_hame() -> None:
    regions = read_regions()
    kanta_hame = {
        **{"Forssa": "061", "Hattula": "082", "Hausjärvi": "086", "Humppila": "103", "Hämeenlinna": "109"},
        **{
            "Janakkala": "165",
            "Jokioinen": "169",
            "Loppi": "433",
            "Riihimäki": "694",
            "Tammela": "834",
            "Ypäjä": "981",
        },
    }
    assert {city: regions.municipality(city) for city in kanta_hame} == kanta_hame
    assert regions.municipality("Parola") is None
