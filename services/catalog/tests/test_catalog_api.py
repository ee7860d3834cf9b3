"""The open API: its filters, suggestions, themes, and what it tells integrators."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from catalog.adapters.content_files import load_content
from catalog.domain.themes import ThemeMapping
from catalog.entrypoints.web.application import application
from catalog.settings import CONTENT

from .samples import TODAY, described, ptv_id
from .trays import tray_of
from .web_client import Client

NOW = datetime(2026, 11, 2, 10, tzinfo=UTC)  # a Monday, noon in Finland
WEEK = [{"kind": "weekly", "intervals": [{"day": "monday", "opens": "08:00", "closes": "16:00"}]}]
LISTINGS = [
    described(
        ptv_id("hieronta"),
        {"fi": "Hieronta", "sv": "Massage"},
        languages=["fi", "sv"],
        price={"charge": "charged"},
        ages=[{"lowest": 65}],
        channels=[{"kind": "phone", "hours": WEEK}],
        classes=("P27.1",),
    ),
    described(
        ptv_id("kerho"),
        "Hierontakerho",
        languages=["fi"],
        price={"charge": "free"},
        ages=[{"lowest": 7, "highest": 12}],
        sessions=[{"start": "2026-11-05T15:00:00Z"}, {"start": "2026-10-01T15:00:00Z"}],
        municipalities=("061",),
    ),
]


@pytest.fixture(scope="module")
def client() -> Client:
    content = load_content(CONTENT, on=TODAY)
    other = ThemeMapping("other", {"fi": "Toinen", "sv": "Andra", "en": "Other"}, ())
    return Client(application(tray_of(LISTINGS, replace(content, mappings=(other,))), clock=lambda: NOW))


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("language=sv", ["Hieronta"]),
        ("language=fi&language=sv", ["Hieronta", "Hierontakerho"]),
        ("price=free", ["Hierontakerho"]),
        ("age=70", ["Hieronta"]),
        ("age=10", ["Hierontakerho"]),
        ("age=40", []),
        ("channel=phone", ["Hieronta"]),
        ("open_now=true", ["Hieronta"]),
        ("open_now=false&unknown=x", ["Hieronta", "Hierontakerho"]),
        ("session_within=7", ["Hierontakerho"]),
        ("session_within=1", []),
        ("municipality=Forssa", ["Hierontakerho"]),
        ("kind=service&price=&age=&open_now=&session_within=&limit=&lang=", ["Hieronta", "Hierontakerho"]),
    ],
)
def test_filters_narrow_together_and_empty_ones_do_not_count(client: Client, query: str, names: list[str]) -> None:
    body = client.get(f"/v1/entries?{query}").json()
    assert sorted(entry["name"]["fi"]["text"] for entry in body["entries"]) == names
    assert body["total"] == len(names)


def test_hit_tells_what_holds_at_the_moment_of_asking(client: Client) -> None:
    found = {one["name"]["fi"]["text"]: one["hit"] for one in client.get("/v1/entries?q=hieronta").json()["entries"]}
    assert found["Hieronta"]["open_now"] is True
    assert "open_now" not in found["Hierontakerho"]
    assert found["Hierontakerho"]["next_session"]["start"] == "2026-11-05T15:00:00Z"
    excerpt = found["Hieronta"]["excerpt"]
    assert [excerpt["text"][start:end] for start, end in excerpt["spans"]] == ["Hieronta"]


def test_facets_count_what_other_choices_would_give(client: Client) -> None:
    facets = client.get("/v1/entries?price=free").json()["facets"]
    assert facets["price"] == {"free": 1, "paid": 1}
    assert facets["language"] == {"fi": 1}


def test_question_without_hits_tells_what_would_have_some(client: Client) -> None:
    body = client.get("/v1/entries?q=hieronta&age=40").json()
    assert (body["match"], body["nearest"]["without"]) == ("none", {"age": 2})


def test_suggestions_are_in_the_language_of_who_types(client: Client) -> None:
    found = client.get("/v1/suggest?q=mass&lang=sv").json()["suggestions"]
    assert "massage" in {one["text"].casefold() for one in found}
    assert client.get("/v1/suggest").json() == {"suggestions": []}


def test_themes_have_the_other_lists_beside_the_countys(client: Client) -> None:
    body = client.get("/v1/themes").json()
    assert body["mappings"] == [
        {"code": "other", "names": {"fi": "Toinen", "sv": "Andra", "en": "Other"}, "themes": []}
    ]


def test_document_describes_every_answer_and_every_problem(client: Client) -> None:
    document = client.get("/v1/openapi.json").json()
    assert "Open data" in document["info"]["description"]
    for path, operations in document["paths"].items():
        operation = operations["get"]
        assert operation["description"], path
        for status in ("422", "429"):
            assert "application/problem+json" in operation["responses"][status]["content"], (path, status)
    assert "provenance" in document["components"]["schemas"]["Entry"]["properties"]
