"""What residents type, and where services are offered: by the service, not by the place it shares with others."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from catalog.entrypoints.web.application import application

from .samples import described, ptv_id
from .trays import tray_of
from .web_client import Client

HALL = [{"kind": "place", "channel_id": "ptv:hall", "name": {"fi": {"text": "Monitoimitalo"}}}]


def organisation(business_id: str, name: str) -> dict[str, Any]:
    return {"business_id": business_id, "name": {"fi": {"text": name}}}


SERVICES = [
    described(ptv_id("food"), "Ruoka-apu", municipalities=("061",)),
    described(ptv_id("food-help"), "Ruoka kotiin", municipalities=("109",)),
    described(ptv_id("help"), "Apu arkeen", municipalities=("061",)),
    described(ptv_id("family"), "Perhekahvila", municipalities=("061",)),
    described(ptv_id("x"), "Tuolijooga", municipalities=("082",), channels=HALL),
    described(ptv_id("y"), "Sähly", municipalities=("109",), channels=HALL),
    described(
        ptv_id("one"), "Ompelupiiri", business_id="1234567-1", provider=organisation("1234567-1", "Kyläyhdistys Ahven")
    ),
    described(
        ptv_id("two"), "Lukupiiri", business_id="1234568-1", provider=organisation("1234568-1", "Kyläyhdistys Hauki")
    ),
]


@pytest.fixture(scope="module")
def client() -> Client:
    return Client(application(tray_of(SERVICES), clock=lambda: datetime(2026, 11, 1, tzinfo=UTC)))


def answer(client: Client, query: str) -> dict[str, Any]:
    got = client.get(f"/v1/entries?{query}")
    assert got.status_code == 200, got.text
    return dict(got.json())


def names(client: Client, query: str) -> list[str]:
    return [entry["name"]["fi"]["text"] for entry in answer(client, query)["entries"]]


def test_words_are_not_joined_by_or_and_the_place_among_them_is_understood(client: Client) -> None:
    found = answer(client, "q=ruoka-apu+Forssa")
    assert (found["match"], found["municipality"]) == ("all", "061")
    assert [entry["name"]["fi"]["text"] for entry in found["entries"]] == ["Ruoka-apu"]


@pytest.mark.parametrize(
    "query",
    ["q=ruoka&municipality=", "q=ruoka&municipality=,", "q=ruoka&theme=&audience=", "q=ruoka&theme=,&audience=%20"],
)
def test_empty_parameter_is_as_if_it_were_absent(client: Client, query: str) -> None:
    assert names(client, query) == names(client, "q=ruoka") != []


@pytest.mark.parametrize(
    "place", ["Forssa", "Forssa,", "forssa", " Forssa ", "061", "61", "61.0", '"061"', '"61"', "Forssan", "FORSSASSA"]
)
def test_place_is_one_forssa_with_comma_or_without_and_however_its_code_was_written(client: Client, place: str) -> None:
    got = client.get("/v1/entries", params={"municipality": place})
    assert (got.status_code, got.json()["municipality"], got.json()["total"]) == (200, "061", 3)


@pytest.mark.parametrize("query", ["q=,", "q=%20,%20", "q=-", "q="])
def test_separators_alone_give_the_whole_tray(client: Client, query: str) -> None:
    found = answer(client, query)
    assert (found["match"], found["total"]) == ("browse", len(SERVICES))


def test_when_no_entry_has_all_words_the_answer_says_so_and_shows_the_nearest(client: Client) -> None:
    found = answer(client, "q=perhe+kahvila+zzzz")
    assert found["match"] == "some"
    assert found["entries"][0]["name"]["fi"]["text"] == "Perhekahvila"
    assert "Mikään palvelu ei vastaa kaikkiin sanoihin" in client.get("/fi/?q=perhe+kahvila+zzzz").text


def test_service_is_offered_where_it_says_and_not_where_its_place_offers_others(client: Client) -> None:
    assert names(client, "municipality=082") == ["Tuolijooga"]
    assert names(client, "q=monitoimitalo&municipality=082") == ["Tuolijooga"]


def test_facet_count_is_the_number_of_hits_and_each_of_them_opens(client: Client) -> None:
    counts = answer(client, "q=monitoimitalo")["facets"]["municipality"]
    assert {"082", "109"} <= counts.keys()
    for code, count in counts.items():
        hits = answer(client, f"q=monitoimitalo&municipality={code}")["entries"]
        assert len(hits) == count
        for hit in hits:
            assert client.get(f"/v1/entries/{hit['entry_id']}").status_code == 200
            assert client.get(f"/fi/entries/{hit['entry_id']}").status_code == 200


@pytest.mark.parametrize(("name", "own"), [("Ahven", "Ompelupiiri"), ("Hauki", "Lukupiiri")])
def test_organisation_has_its_own_services_and_no_others_however_alike_the_ids(
    client: Client, name: str, own: str
) -> None:
    assert names(client, f"q=kyläyhdistys+{name}") == [own]


def test_place_named_among_the_words_leaves_the_counts_of_other_places_true() -> None:
    """The form keeps the words when another place is chosen: Forssa must not be looked for in texts of Hämeenlinna."""
    here = described(ptv_id("swim-here"), "Uimaryhmä Forssassa", municipalities=("061",))
    there = described(ptv_id("swim-there"), "Uimaryhmä", municipalities=("109",))
    client = Client(application(tray_of([here, there]), clock=lambda: datetime(2026, 11, 1, tzinfo=UTC)))
    counts = answer(client, "q=uimaryhmä+Forssa")["facets"]["municipality"]
    assert counts == {"061": 1, "109": 1}
    for code, count in counts.items():
        assert answer(client, f"q=uimaryhmä+Forssa&municipality={code}")["total"] == count


def test_nothing_found_says_so(client: Client) -> None:
    found = answer(client, "q=zzzzqqqq")
    assert (found["match"], found["total"], found["entries"]) == ("none", 0, [])
