"""The national content: true to the wire, the same from the same seed, and served as it was rendered."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import httpx
import pytest

from devstack.simulators.ptv.national import GROUP, KINDS, Country, Sizes
from devstack.simulators.ptv.national_pages import Pages, prepared
from devstack.simulators.ptv.national_places import KANTA_HAME
from devstack.simulators.ptv.national_server import NationalServer
from devstack.simulators.ptv.wire import ENTITIES

COUNTRY = Country(Sizes.scaled(0.01))
PATHS = {kind: kind for kind in KINDS} | {"channel": "service-channel"}
SINCE = {"publishedAtOrAfter": "2026-11-01T00:00:00Z"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return prepared(COUNTRY, tmp_path_factory.mktemp("national"), report=lambda *_: None)


@pytest.fixture
def reader(folder: Path) -> Iterator[httpx.Client]:
    with NationalServer(0, folder) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        with httpx.Client(base_url=f"http://127.0.0.1:{server.server_address[1]}") as client:
            yield client
        server.shutdown()
        thread.join()


def search(reader: httpx.Client, kind: str, **params: Any) -> list[dict[str, Any]]:
    """All rows of a search, by its pages."""
    rows: list[dict[str, Any]] = []
    page = {"totalPages": 1}
    number = 1
    while number <= page["totalPages"]:
        page = reader.get(f"/api/v12/{PATHS[kind]}/search", params={**params, "page": number}).json()
        rows += page["items"]
        number += 1
    assert page["totalItems"] == len(rows)
    return rows


def key(wire: dict[str, Any]) -> tuple[str, ...]:
    return (wire.get("contentId") or wire["serviceContentId"], wire.get("channelContentId", ""))


@pytest.mark.parametrize("kind", KINDS)
def test_every_national_object_is_true_to_the_wire(kind: str) -> None:
    for wire in islice(COUNTRY.objects(kind), 400):
        ENTITIES[kind].validate_python(wire)
        ENTITIES[kind].validate_python(COUNTRY.altered(wire))


def test_same_seed_gives_the_same_country_and_another_seed_another() -> None:
    again, other = Country(COUNTRY.sizes), Country(COUNTRY.sizes, seed=8)
    assert all(list(again.objects(kind)) == list(COUNTRY.objects(kind)) for kind in KINDS)
    assert next(other.objects("service")) != next(COUNTRY.objects("service"))


def test_connections_of_a_group_of_services_are_exactly_a_page_and_lead_to_channels_there_are() -> None:
    channels = {wire["contentId"] for wire in COUNTRY.objects("channel")}
    for group in range(COUNTRY.sizes.services // GROUP):
        links = [link for one in range(GROUP) for link in COUNTRY.connections_of(group * GROUP + one)]
        assert len(links) == 100
        assert len({key(link) for link in links}) == 100
        assert all(link["channelContentId"] in channels for link in links)


def test_few_services_are_kanta_hames_and_all_five_kinds_of_channel_occur() -> None:
    areas = [wire["area"] for wire in COUNTRY.objects("service")]
    ours = sum(not set(KANTA_HAME).isdisjoint(area.get("municipalities", ())) for area in areas)
    nationwide = sum(area["areaType"].startswith("WholeCountry") for area in areas)
    kinds = Counter(wire["serviceChannelType"] for wire in COUNTRY.objects("channel"))
    assert 0 < ours < 0.1 * len(areas)
    assert 0 < nationwide < 0.12 * len(areas)
    assert len(kinds) == 5


@pytest.mark.parametrize("kind", KINDS)
def test_searches_give_every_object_once_as_it_was_made(reader: httpx.Client, kind: str) -> None:
    assert search(reader, kind) == list(COUNTRY.objects(kind))
    assert search(reader, kind, **SINCE) == []


@pytest.mark.parametrize("kind", KINDS)
def test_changed_set_is_in_full_searches_in_those_since_a_time_and_in_reads_by_id(
    reader: httpx.Client, kind: str
) -> None:
    changed = [COUNTRY.altered(one) for n, one in enumerate(COUNTRY.objects(kind)) if COUNTRY.changed(kind, n)]
    before = search(reader, kind)
    reader.post("/_control/changed").raise_for_status()
    assert search(reader, kind, **SINCE) == changed
    assert [now for was, now in zip(before, search(reader, kind), strict=True) if was != now] == changed
    for wire in changed:
        path = "/".join(part for part in key(wire) if part)
        assert reader.get(f"/api/v12/{PATHS[kind]}/{path}").json() == wire
    reader.post("/_control/unchanged").raise_for_status()
    assert search(reader, kind) == before


def test_connections_are_found_by_their_services(reader: httpx.Client) -> None:
    wanted = [COUNTRY.content_id("service", number) for number in (0, 7, 49, 50)]
    expected = [link for number in (0, 7, 49, 50) for link in COUNTRY.connections_of(number)]
    assert search(reader, "connection", serviceContentIds=wanted) == expected


def test_archives_are_empty_unknown_objects_not_found_and_code_lists_there(reader: httpx.Client) -> None:
    assert reader.get("/api/v12/service/archived", params={"page": 1}).json()["items"] == []
    unknown = reader.get("/api/v12/service/00000000-0000-4000-8000-000000000000")
    assert (unknown.status_code, unknown.json()["reason"]) == (404, "Unknown")
    codes = {row["code"] for row in reader.get("/api/v12/municipality-codes", params={"page": 1}).json()["items"]}
    assert {"109", "091"} <= codes


def test_rendering_again_uses_what_is_there(folder: Path) -> None:
    made = (folder / "index.json").stat().st_mtime_ns
    assert prepared(COUNTRY, folder.parent, report=lambda *_: pytest.fail("rendered again")) == folder
    assert (folder / "index.json").stat().st_mtime_ns == made
    assert Pages(folder).shelves["service"].total == COUNTRY.sizes.services
