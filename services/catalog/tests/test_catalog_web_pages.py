"""The pages as a browser without scripts reads them: state in addresses, names of controls, words, weight."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from catalog.entrypoints.web.application import STATIC, application
from catalog.entrypoints.web.maps import MapTiles, map_of
from catalog.entrypoints.web.translations import LANGUAGES
from event_schemas.channel import PlaceChannel
from event_schemas.place import Point

from .everyday import EVERYDAY, HOME_VIOLENCE, SWIMMING
from .trays import tray_of
from .web_client import Client

HTMX = {"HX-Request": "true"}
PATHS = (
    "/",
    "/?q=ryhm%C3%A4&municipality=061&audience=residents",
    "/?q=zzzz&price=free",
    "/?view=professional",
    f"/entries/{SWIMMING}",
    f"/entries/{HOME_VIOLENCE}",
    "/for-sites",
    "/how-are-you",
    "/basket",
    "/nothing-here",
)
# Without this much nobody waits for a page on a slow phone, whatever a script of the page adds to it.
_MOST_BYTES = 100_000
_LARGEST_SCRIPT = 20_000  # htmx, which no test fetches: 51 kB, 17 kB as it is sent


class Read(HTMLParser):
    """What a page holds: attributes of every element, and which controls have no name."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self._open: list[tuple[str, dict[str, str | None], list[str]]] = []
        self.nameless: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.elements.append((tag, given))
        if tag in ("a", "button", "label", "summary"):
            self._open.append((tag, given, []))
        if tag in ("input", "select", "textarea") and self._open:
            self._open[-1][2].append(given.get("id") or "")

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1][0] == tag:
            _, given, inside = self._open.pop()
            if tag in ("a", "button") and not "".join(inside).strip() and not given.get("aria-label"):
                self.nameless.append((tag, given))

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        for _, _, inside in self._open:
            inside.append(data)

    def all(self, *tags: str) -> list[dict[str, str | None]]:
        return [given for tag, given in self.elements if tag in tags]


@pytest.fixture(scope="module")
def client() -> Client:
    tray = tray_of(EVERYDAY)
    return Client(application(tray, clock=lambda: datetime.now(UTC), assets=STATIC))


def every_page(client: Client, language: str) -> Iterator[tuple[str, Read]]:
    for path in PATHS:
        yield path, Read(client.get(f"/{language}{path}").text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_link_leads_somewhere_and_every_control_has_a_name(client: Client, language: str) -> None:
    for path, page in every_page(client, language):
        assert [one for one in page.all("a") if not one.get("href")] == [], path
        assert [one for one in page.nameless if one[1].get("href") != "/"] == [], path
        labelled = {one.get("for") for one in page.all("label")}
        fields = [one for one in page.all("input", "select", "textarea") if one.get("type") != "hidden"]
        free = [one for one in fields if one.get("type") not in ("radio", "checkbox", "number") and "id" in one]
        assert [one for one in free if one["id"] not in labelled] == [], path


@pytest.mark.parametrize("language", LANGUAGES)
def test_ids_on_a_page_are_unique(client: Client, language: str) -> None:
    for path, page in every_page(client, language):
        ids = [str(given["id"]) for _, given in page.elements if given.get("id")]
        assert sorted(ids) == sorted(set(ids)), path


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_says_its_language_and_leads_to_the_same_page_in_the_others(client: Client, language: str) -> None:
    for path, page in every_page(client, language):
        (html,) = page.all("html")
        assert html["lang"] == language
        others = [one["hreflang"] for one in page.all("link") if one.get("rel") == "alternate"]
        assert others == list(LANGUAGES), path


@pytest.mark.parametrize(
    "path",
    [
        "/?view=professional",
        "/?q=jumppa&view=professional",
        "/basket?view=professional",
        "/how-are-you?view=professional",
        f"/entries/{SWIMMING}?view=professional",
        "/for-sites?municipality=061&theme=exercise",
    ],
)
def test_page_in_another_language_is_the_same_view_of_the_same_page(client: Client, path: str) -> None:
    page = Read(client.get(f"/fi{path}").text)
    others = [one["href"] for one in page.all("a") if one.get("hreflang")]
    assert others == [f"/{language}{path}" for language in LANGUAGES]
    assert client.get(str(others[1])).status_code == 200


@pytest.mark.parametrize("path", [f"/entries/{SWIMMING}", "/how-are-you", "/basket", "/?q=uinti"])
def test_no_link_of_a_professionals_page_leaves_their_view(client: Client, path: str) -> None:
    joint = "&" if "?" in path else "?"
    page = Read(client.get(f"/fi{path}{joint}view=professional").text)
    # The link to share is for others, who have a view of their own.
    links = [str(one["href"]) for one in page.all("a") if "data-address" not in one]
    inside = [one for one in links if one.startswith("/fi/")]
    elsewhere = ("/fi/for-sites", "/fi/entries/" + str(SWIMMING) + "/qr.svg")
    leaving = [one for one in inside if "view=professional" not in one and not one.startswith(elsewhere)]
    assert leaving == []
    assert len(inside) > 3


def test_options_of_filters_stay_while_words_change(client: Client) -> None:
    def options(query: str) -> list[object]:
        return [
            one["id"] for one in Read(client.get(f"/fi/{query}").text).all("input") if one.get("type") == "checkbox"
        ]

    everything = options("")
    assert len(everything) > 20
    assert options("?q=jumppa") == options("?q=zzzz&price=free") == everything


def test_page_with_all_it_loads_is_light(client: Client) -> None:
    for path in PATHS:
        page = client.get(f"/fi{path}")
        loaded = {
            str(one.get("src") or one.get("href")).partition("#")[0]
            for one in Read(page.text).all("script", "link", "img", "use")
            if one.get("rel") != "alternate"
        }
        files = [STATIC / Path(address).name for address in loaded if address.startswith("/static/")]
        assert all(file.is_file() for file in files)
        sent = sum(len(gzip.compress(body)) for body in (page.content, *(file.read_bytes() for file in files)))
        assert sent + _LARGEST_SCRIPT < _MOST_BYTES, path


def test_no_script_or_style_stands_in_a_page(client: Client) -> None:
    for path in PATHS:
        text = client.get(f"/fi{path}").text
        assert not re.search(r"<script(?![^>]*src=)|<style|\sstyle=|\son\w+=", text), path


def test_address_holds_the_question_and_the_form_shows_it(client: Client) -> None:
    page = Read(client.get("/sv/", params={"q": "grupp", "municipality": "Forssa", "open_now": "1", "age": "30"}).text)
    fields = {str(one.get("id") or one.get("name")): one for one in page.all("input")}
    assert fields["q"]["value"] == "grupp"
    assert "checked" in fields["f-open"]
    assert fields["age"]["value"] == "30"
    (chosen,) = [one for one in page.all("option") if "selected" in one]
    assert chosen["value"] == "061"


def test_each_chosen_filter_can_be_taken_away_alone(client: Client) -> None:
    text = client.get("/fi/", params={"municipality": "109", "price": "free", "q": "uimaryhmä"}).text
    away = re.findall(r'<li><a href="([^"]+)"><span class="unseen">Poista rajaus', text)
    left = [dict(parse_qsl(urlsplit(one.replace("&amp;", "&")).query)) for one in away]
    assert left == [{"q": "uimaryhmä", "price": "free"}, {"q": "uimaryhmä", "municipality": "109"}]


@pytest.mark.parametrize(
    "query", ["&".join(f"kind=k{n}" for n in range(3000)), f"theme={'y' * 60_000}", "q=" + "x" * 60_000]
)
def test_page_stays_light_whatever_an_address_is_filled_with(client: Client, query: str) -> None:
    assert len(client.get(f"/fi/?{query}").content) < _MOST_BYTES


def test_filter_that_leaves_nothing_is_named_with_what_it_hides(client: Client) -> None:
    text = client.get("/fi/", params={"q": "tuolijumppa", "municipality": "061"}).text
    assert "Jätä pois rajaus" in text
    assert re.search(r'<a href="/fi/\?q=tuolijumppa">Forssa</a> \(1\)', text)


def test_unknown_municipality_is_told_and_everything_shown(client: Client) -> None:
    text = client.get("/en/", params={"municipality": "Atlantis"}).text
    assert "There is no such municipality" in text
    assert f"{len(EVERYDAY)} services" in text


def test_misspelt_word_is_answered_with_what_was_meant(client: Client) -> None:
    text = client.get("/fi/", params={"q": "uimaryhmö"}).text
    assert "Tarkoititko" in text
    assert "Uimaryhmä aloittelijoille" in text


def test_results_alone_are_sent_to_the_page_that_asks_for_them(client: Client) -> None:
    part, page = client.get("/fi/?q=jumppa", headers=HTMX), client.get("/fi/?q=jumppa")
    assert part.headers["vary"] == page.headers["vary"]
    assert "HX-Request" in part.headers["vary"]
    assert "<html" not in part.text
    assert 'hx-swap-oob="innerHTML:#status">1 palvelu</p>' in part.text
    assert 'id="status"></p>' in page.text


def test_page_from_the_browsers_history_is_whole(client: Client) -> None:
    restored = client.get("/fi/?q=jumppa", headers={**HTMX, "HX-History-Restore-Request": "true"})
    assert "<html" in restored.text


def test_next_page_of_results_keeps_the_question(client: Client) -> None:
    text = client.get("/fi/", params={"municipality": "061", "theme": "cultural-wellbeing"}).text
    (address,) = re.findall(r'<a class="more" href="([^"]+)"', text)
    following = dict(parse_qsl(urlsplit(address.replace("&amp;", "&")).query))
    assert following.keys() == {"municipality", "theme", "cursor"}
    assert client.get(address.replace("&amp;", "&")).text.count('<article class="card"') == 5


def test_professionals_view_goes_along_to_entries_and_list(client: Client) -> None:
    text = client.get("/fi/?view=professional&q=uimaryhm%C3%A4").text
    assert f'href="/fi/entries/{SWIMMING}?view=professional"' in text
    assert 'href="/fi/basket?view=professional"' in text
    entry = client.get(f"/fi/entries/{SWIMMING}?view=professional").text
    assert '<body data-view="professional">' in entry


def test_sites_get_a_link_and_a_search_box_of_their_own(client: Client) -> None:
    text = client.get("/fi/for-sites", params={"municipality": "hämeenlinna", "theme": "exercise"}).text
    assert 'href="https://tray.example/fi/?municipality=109&amp;theme=exercise"' in text
    (snippet,) = re.findall(r"<textarea[^>]*>(.*?)</textarea>", text, re.DOTALL)
    assert "&lt;script" not in snippet
    assert "name=&#34;municipality&#34; value=&#34;109&#34;" in snippet


def test_place_of_an_entry_leads_to_maps_by_choice_only(client: Client) -> None:
    page = Read(client.get(f"/fi/entries/{SWIMMING}").text)
    addresses = [str(one["href"]) for one in page.all("a")]
    assert "geo:60.99600,24.46400" in addresses
    assert any(address.startswith("https://www.openstreetmap.org/") for address in addresses)
    assert all(str(one["src"]).startswith("/static/") for one in page.all("img"))


TILES = MapTiles("https://tiles.example/{z}/{x}/{y}.png", "© Maanmittauslaitos")


def test_place_has_a_map_where_the_operator_has_tiles(client: Client) -> None:
    mapped = Client(application(tray_of(EVERYDAY), clock=lambda: datetime.now(UTC), map_tiles=TILES))
    page = mapped.get(f"/fi/entries/{SWIMMING}")
    shown = [str(one["href"]) for one in Read(page.text).all("image")]
    assert 6 <= len(shown) <= 12
    assert all(re.fullmatch(r"https://tiles\.example/15/18[0-9]{3}/93[0-9]{2}\.png", one) for one in shown)
    assert "© Maanmittauslaitos" in page.text
    assert page.headers["content-security-policy"].endswith("; img-src 'self' https://tiles.example")
    assert "img-src" not in client.get(f"/fi/entries/{SWIMMING}").headers["content-security-policy"]


def test_point_is_in_the_middle_of_its_map() -> None:
    place = PlaceChannel(point=Point(latitude=60.996, longitude=24.464))
    seen = map_of(place, TILES)
    assert seen is not None
    assert (seen.x - seen.left, seen.y - seen.top) == (seen.width // 2, seen.height // 2)
    assert all(seen.left - 256 < tile.left < seen.left + seen.width for tile in seen.tiles)
    assert min(tile.top for tile in seen.tiles) <= seen.top


def test_place_without_coordinates_or_beyond_the_map_has_none() -> None:
    assert map_of(PlaceChannel(), TILES) is None
    assert map_of(PlaceChannel(point=Point(latitude=89.9, longitude=24.464)), TILES) is None


@pytest.mark.parametrize("asked", [{"q": "zzzzzz"}, {"q": "tuolijumppa", "municipality": "061", "price": "free"}])
def test_every_way_out_of_no_hits_has_as_many_hits_as_it_says(client: Client, asked: dict[str, str]) -> None:
    text = client.get("/fi/", params=asked).text
    _, _, help_given = text.partition('<div class="notice help">')
    ways = re.findall(r'<li><a href="([^"]+)">[^<]+</a> \((\d+)\)', help_given.partition("</div>")[0])
    assert ways
    for address, count in ways:
        told = client.get(address.replace("&amp;", "&"), headers=HTMX).text
        assert f">{count} palvelu" in told, address


def test_search_field_has_suggestions_where_scripts_are_and_none_where_not(client: Client) -> None:
    options = Read(client.get("/fi/suggestions", params={"q": "tuolij", "municipality": "109"}).text).all("option")
    assert options[0]["value"] == "Tuolijumppa"
    assert "<datalist" in client.get("/fi/").text
    plain = Client(application(tray_of([]), clock=lambda: datetime.now(UTC)))
    assert "<datalist" not in plain.get("/fi/").text
