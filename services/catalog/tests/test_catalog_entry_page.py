"""One entry's page and JSON: everything its listings say of how to get there, also what makes no link."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from catalog.adapters.content_files import load_content
from catalog.domain.identity import entry_id
from catalog.entrypoints.web.application import application
from catalog.entrypoints.web.views import dial_link, mail_link
from catalog.settings import CONTENT
from event_schemas.ids import ListingId

from .samples import TODAY, described, live, localized, ptv_id
from .trays import outcome_of, tray_of
from .web_client import Client

PTV = ptv_id("hall")
PATH = f"/entries/{entry_id(ListingId(PTV))}"
PLACE: dict[str, Any] = {
    "kind": "place",
    "name": localized({"fi": "Liikuntahalli"}),
    "address": {"street": localized({"fi": "Hallitie 1"}), "postal_code": "13100"},
    "further_places": [
        {
            "name": localized({"fi": "Takaovi"}),
            "address": {"street": localized({"fi": "Sivukatu 2"}), "postal_code": "13200"},
        }
    ],
    "unlinked": [localized({"fi": "javascript:alert(1)"}), localized({"fi": "www esim <b>piste</b> fi"})],
    "links": [{"url": "https://halli.esim/"}],
    "accessibility": {
        "features": ["ac_itoilet", "ac_wheelchair", "ac_of_tomorrow"],
        "note": localized({"fi": "Sisäänkäynti on tasainen.\nHissi mahtuu pyörätuolille.\n"}),
    },
}
PROVIDER: dict[str, Any] = {
    "links": [{"url": "https://halli.esim/"}, {"url": "https://kunta.esim/"}],
    "unlinked": [localized({"fi": "htp:kunta.esim"}), localized({"fi": "javascript:alert(1)"})],
}
LISTING = described(
    PTV,
    "Vesijumppa",
    classes=("P27.1",),
    channels=[PLACE],
    provider={"name": localized({"fi": "Kunta"}), **PROVIDER},
)


@pytest.fixture(scope="module")
def client() -> Client:
    return Client(application(tray_of([LISTING]), clock=lambda: datetime(2026, 11, 1, tzinfo=UTC)))


@pytest.mark.parametrize(
    ("language", "label"),
    [
        ("fi", "Verkko-osoite, joka ei toimi linkkinä"),
        ("sv", "Webbadress som inte fungerar som länk"),
        ("en", "Web address that does not work as a link"),
    ],
)
def test_web_address_that_makes_no_link_is_shown_as_text(client: Client, language: str, label: str) -> None:
    page = client.get(f"/{language}{PATH}").text
    for written in ("javascript:alert(1)", "www esim &lt;b&gt;piste&lt;/b&gt; fi", "htp:kunta.esim"):
        assert written in page
    assert page.count(label) == 3
    assert not re.search(r'href="(javascript|htp|www)', page)


def test_every_place_to_visit_is_shown_and_found(client: Client) -> None:
    page = client.get(f"/fi{PATH}").text
    for told in ("Hallitie 1", "13100", "Takaovi", "Sivukatu 2", "13200"):
        assert told in page
    assert client.get("/v1/entries", params={"q": "sivukatu"}).json()["total"] == 1


def accessibility(page: str) -> list[tuple[str, str]]:
    """Language mark and text of each line under the heading."""
    _, _, below = page.partition("</h4>")
    return re.findall(r"<li>\s*<span([^>]*)>([^<]+)</span>", below.partition("</ul>")[0])


def test_each_known_feature_and_each_accessibility_sentence_is_a_line_of_its_own(client: Client) -> None:
    page = client.get(f"/fi{PATH}").text
    assert "<h4>Esteettömyys</h4>" in page
    assert [text for _, text in accessibility(page)] == [
        "Esteetön WC",
        "Sopii pyörätuolilla liikkuville",
        "Sisäänkäynti on tasainen.",
        "Hissi mahtuu pyörätuolille.",
    ]


def test_accessibility_in_another_language_than_the_page_is_marked(client: Client) -> None:
    page = client.get(f"/sv{PATH}").text
    assert "<h4>Tillgänglighet</h4>" in page
    assert [mark for mark, _ in accessibility(page)] == ["", "", ' lang="fi"', ' lang="fi"']


def test_contact_that_provider_and_channel_share_is_shown_once(client: Client) -> None:
    page = client.get(f"/fi{PATH}").text
    assert page.count('href="https://halli.esim/"') == 1
    assert page.count('href="https://kunta.esim/"') == 1
    assert page.count("javascript:alert(1)") == 1


def test_json_has_what_the_listing_says(client: Client) -> None:
    body = client.get(f"/v1{PATH}").json()
    (place,) = body["channels"]
    assert [one["fi"]["text"] for one in place["unlinked"]] == ["javascript:alert(1)", "www esim <b>piste</b> fi"]
    assert place["further_places"][0]["address"]["street"]["fi"]["text"] == "Sivukatu 2"
    assert place["accessibility"]["note"]["fi"]["text"].startswith("Sisäänkäynti")
    assert body["provider"]["unlinked"][0]["fi"]["text"] == "htp:kunta.esim"


def test_address_that_makes_no_link_is_a_finding_where_it_stands() -> None:
    (assessed,) = outcome_of([live(LISTING)], load_content(CONTENT, on=TODAY)).assessments
    found = [(finding.code, finding.field) for finding in assessed.findings]
    assert found == [("unusable-web-address", "channels"), ("unusable-web-address", "provider")]


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        (dial_link("0800 12\u00a0345"), "tel:080012345"),
        (dial_link("+358 40-123 4567 (vaihde)"), "tel:+358401234567"),
        (mail_link("sähkö@itäsali.example"), "mailto:s%C3%A4hk%C3%B6@it%C3%A4sali.example"),
        (mail_link("info@kunta.example?bcc=x@y.example"), "mailto:info@kunta.example%3Fbcc%3Dx@y.example"),
    ],
)
def test_contact_link_holds_the_number_or_address_and_nothing_else(link: str, expected: str) -> None:
    assert link == expected
