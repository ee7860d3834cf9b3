"""API and pages over a filled tray."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from catalog.app.tray import EntryChange, Tray
from catalog.bootstrap import make_tray
from catalog.domain.concepts import Concept, concept_key
from catalog.domain.identity import entry_id
from catalog.entrypoints.web.application import application
from catalog.entrypoints.web.views import as_html
from catalog.settings import CONTENT
from event_schemas.ids import ListingId

from .samples import CONCEPTS, NGO, described, live, ptv_id
from .trays import outcome_of
from .web_client import Client

PTV = ptv_id("tuoliryhmä")
SURVIVOR, OLD = entry_id(ListingId(PTV)), entry_id(ListingId("lahella:1"))
NOW = datetime(2026, 11, 1, tzinfo=UTC)
TWINS = [
    described(PTV, {"fi": "Tuoliryhmä", "sv": "Stolgrupp"}, business_id=NGO, classes=("P27.1",)),
    described(
        "lahella:1",
        "Tuoliryhmä",
        business_id=NGO,
        summary={"fi": "**Jumppaa** tuolilla, 5 < 6 & 7."},
        description={"fi": "### Näin\n* <b>tule</b> mukaan\n\n[linkki](https://a.example) [paha](javascript:alert(1))"},
        channels=[
            {
                "kind": "phone",
                "links": [{"url": "https://b.example", "title": {"fi": {"text": "Ajanvaraus"}}}],
                "hours": [{"kind": "weekly", "intervals": [{"day": "monday", "opens": "08:00", "closes": "16:00"}]}],
            }
        ],
        sessions=[{"start": "2026-11-10T15:00:00Z", "end": "2026-11-10T16:30:00Z"}, {"start": "2026-10-01T15:00:00Z"}],
    ),
]
OTHERS = [described(ptv_id(str(n)), f"Ryhmä {n:02}", municipalities=("061",)) for n in range(45)]


def filled() -> Tray:
    tray = make_tray(CONTENT)
    concepts = [Concept(c.concept_id, 1, concept_key(c.concept_id, c.scheme), c.name) for c in CONCEPTS]
    names = {one.key: one.names for one in concepts if one.key and one.names}
    entries = outcome_of([live(one) for one in (*TWINS, *OTHERS)], tray.content, names).entries
    asyncio.run(tray.apply([EntryChange(entry.entry_id, 1, entry) for entry in entries], concepts))
    return tray


@pytest.fixture(scope="module")
def client() -> Client:
    return Client(application(filled(), clock=lambda: NOW))


def test_search_answers_with_origins_placements_and_reasons(client: Client) -> None:
    body = client.get("/v1/entries", params={"q": "tuoliryhmään", "municipality": "Hämeenlinna,"}).json()
    (entry,) = body["entries"]
    assert [member["system"] for member in entry["members"]] == ["ptv", "lahella"]
    assert entry["placements"][0]["reasons"][0]["text"]["fi"] == "palveluluokka P27.1 Liikunta ja urheilu"
    assert entry["hit"]["scope"] == "municipality"
    assert entry["hit"]["reasons"] == [{"word": "tuoliryhmään", "where": "name", "how": "word"}]


def test_empty_parameter_counts_as_absent(client: Client) -> None:
    query = "q=&municipality=&theme=&audience=&language=&cursor="
    assert client.get(f"/v1/entries?{query}").json()["total"] == 46


def test_unknown_municipality_and_foreign_cursor_are_problems(client: Client) -> None:
    for query, code in (("municipality=Turku", "unknown-municipality"), ("cursor=zzz!", "unreadable-cursor")):
        answer = client.get(f"/v1/entries?{query}")
        assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
        assert answer.json()["type"].endswith(code)


def test_old_id_redirects_to_the_survivor(client: Client) -> None:
    for path in ("/v1/entries", "/sv/entries"):
        answer = client.get(f"{path}/{OLD}")
        assert (answer.status_code, answer.headers["location"]) == (308, f"{path}/{SURVIVOR}")


def test_unknown_entry_is_not_found(client: Client) -> None:
    assert client.get("/v1/entries/nothing").json()["status"] == 404
    answer = client.get("/sv/entries/nothing")
    assert answer.status_code == 404
    assert "Tjänsten hittades inte" in answer.text


def test_unchanged_answer_is_not_sent_again(client: Client) -> None:
    for path in ("/v1/themes", "/v1/entries?q=ryhmä", f"/v1/entries/{SURVIVOR}"):
        tag = client.get(path).headers["etag"]
        assert client.get(path, headers={"If-None-Match": tag}).status_code == 304


def test_themes_are_listed_in_three_languages(client: Client) -> None:
    themes = client.get("/v1/themes").json()["themes"]
    assert len(themes) == 6
    assert set(themes[0]["names"]) == {"fi", "sv", "en"}


def test_every_entry_of_every_page_opens(client: Client) -> None:
    cursor, seen = "", []
    while cursor is not None:
        body = client.get("/v1/entries", params={"limit": 20, "cursor": cursor}).json()
        seen += [entry["entry_id"] for entry in body["entries"]]
        cursor = body["next_cursor"]
    assert len(seen) == len(set(seen)) == 46
    assert {client.get(f"/fi/entries/{one}").status_code for one in seen} == {200}


def test_pages_turn_without_repeating(client: Client) -> None:
    path, names = "/fi/", []
    while path:
        text = client.get(path).text
        names += re.findall(r'href="/fi/entries/([^"]+)"', text)
        link = re.search(r'class="more" href="([^"]+)"', text)
        path = link[1].replace("&amp;", "&") if link else ""
    assert len(names) == len(set(names)) == 46


@pytest.mark.parametrize(("language", "count"), [("fi", "1 palvelu<"), ("sv", "1 tjänst<"), ("en", "1 service<")])
def test_count_is_told_in_the_language_of_the_page(client: Client, language: str, count: str) -> None:
    text = client.get(f"/{language}/?q=tuoliryhmä").text
    assert f'<html lang="{language}">' in text
    assert f"<p>{count}" in text


def test_start_page_leads_to_the_language_of_the_visitor_and_keeps_the_question(client: Client) -> None:
    answer = client.get("/?q=gym", headers={"Accept-Language": "de, sv-FI;q=0.8, fi;q=0.5"})
    assert answer.headers["location"] == "/sv?q=gym"
    assert client.get("/").headers["location"] == "/fi"


def test_text_in_another_language_than_the_page_is_marked(client: Client) -> None:
    text = client.get("/sv/?q=stolgrupp").text
    assert "Stolgrupp" in text
    assert '<p lang="fi">Jumppaa tuolilla, 5 &lt; 6 &amp; 7.</p>' in text


def test_reasons_and_titles_in_another_language_than_the_page_are_marked(client: Client) -> None:
    text = client.get(f"/sv/entries/{SURVIVOR}").text
    assert 'ord <span lang="fi">jumppaa</span>' in text
    assert "serviceklass P27.1 <span>Motion och idrott</span>" in text
    assert '<span lang="fi">Ajanvaraus</span>' in text


@pytest.mark.parametrize(
    ("path", "place", "told"),
    [("/sv/", "results", "sökresultaten"), (f"/sv/entries/{SURVIVOR}", "content", "innehållet")],
)
def test_skip_link_says_where_it_leads(client: Client, path: str, place: str, told: str) -> None:
    text = client.get(path).text
    assert f'<a class="skip" href="#{place}">Gå till {told}</a>' in text
    assert len(re.findall(f'id="{place}" tabindex="-1"', text)) == 1


def test_headings_leave_no_level_out(client: Client) -> None:
    for path in ("/fi/", f"/fi/entries/{SURVIVOR}", "/fi/entries/nothing"):
        levels = [int(level) for level in re.findall(r"<h([1-6])", client.get(path).text)]
        assert (levels[0], levels.count(1)) == (1, 1)
        assert all(after <= before + 1 for before, after in pairwise(levels))


def test_markdown_is_shown_as_meant_and_nothing_in_it_can_run(client: Client) -> None:
    text = client.get(f"/fi/entries/{SURVIVOR}").text
    assert "<h3>Näin</h3>" in text
    assert "&lt;b&gt;tule&lt;/b&gt;" in text
    assert 'href="https://a.example"' in text
    assert 'href="javascript:' not in text


def test_picture_in_a_text_is_a_link_since_pages_fetch_nothing_from_elsewhere() -> None:
    made = as_html("![kartta](https://elsewhere.example/pixel.png)")
    assert "<img" not in made
    assert '<a href="https://elsewhere.example/pixel.png">kartta</a>' in made


def test_only_coming_sessions_are_shown_in_local_time(client: Client) -> None:
    text = client.get(f"/fi/entries/{SURVIVOR}").text
    assert re.findall(r"<time datetime=\"[^\"]+\">(ti [^<]+)</time>", text) == ["ti 10.11.2026 17.00–18.30"]


def test_what_a_person_typed_comes_back_harmless(client: Client) -> None:
    text = client.get("/fi/", params={"q": '"><script>alert(1)</script>'}).text
    assert "alert(1)</script" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


@pytest.mark.parametrize(
    "path", ["/fi/", f"/fi/entries/{SURVIVOR}", "/v1/entries", "/static/tray.css", "/fi/entries/x"]
)
def test_every_answer_keeps_the_visit_private(client: Client, path: str) -> None:
    headers = client.get(path).headers
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["content-security-policy"].startswith("default-src 'self'")
    assert "set-cookie" not in headers


def test_pages_fetch_nothing_from_elsewhere(client: Client) -> None:
    for path in ("/fi/", f"/en/entries/{SURVIVOR}"):
        fetched = re.findall(r'<(?:link|img|script)[^>]+(?:href|src)="([^"]+)"', client.get(path).text)
        assert fetched
        assert all(one.startswith("/") for one in fetched)


def test_api_may_be_read_from_any_site(client: Client) -> None:
    answer = client.get("/v1/entries", headers={"Origin": "https://kunta.example"})
    assert answer.headers["access-control-allow-origin"] == "*"


NASTY = [
    "vaari'n kerho",
    "halli(",
    "C++",
    "*",
    '"',
    "-",
    "ryhmä AND",
    "title:uinti",
    ":*",
    "%",
    "\\",
    "ö̈",
    "a\x00b",
    "🏊",
]


@pytest.mark.parametrize("question", [*NASTY, "   ", "x" * 3000])
def test_no_question_is_an_error(client: Client, question: str) -> None:
    for path in ("/v1/entries", "/fi/"):
        assert client.get(path, params={"q": question}).status_code == 200
