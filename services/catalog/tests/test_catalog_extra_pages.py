"""QR codes, and addresses that no page has."""

from __future__ import annotations

import pytest

from catalog.domain.identity import entry_id
from catalog.entrypoints.web.application import application
from chassis.core.clock import utc_now
from event_schemas.ids import ListingId

from .samples import NGO, described, ptv_id
from .trays import tray_of
from .web_client import Client

PTV = ptv_id("tuoliryhmä")
SURVIVOR, OLD = entry_id(ListingId(PTV)), entry_id(ListingId("lahella:1"))


@pytest.fixture(scope="module")
def client() -> Client:
    twins = [described(PTV, "Tuoliryhmä", business_id=NGO), described("lahella:1", "Tuoliryhmä", business_id=NGO)]
    tray = tray_of(twins)
    return Client(application(tray, clock=utc_now))


def test_qr_code_is_a_drawing_of_the_pages_own_address(client: Client) -> None:
    codes = [client.get(f"/{language}/entries/{SURVIVOR}/qr.svg") for language in ("fi", "sv")]
    assert {code.headers["content-type"] for code in codes} == {"image/svg+xml"}
    assert all(code.text.startswith("<svg") for code in codes)
    assert codes[0].text != codes[1].text


def test_addresses_for_use_elsewhere_begin_with_the_public_one(client: Client) -> None:
    tray = tray_of([described(PTV, "Tuoliryhmä")])
    inside = Client(application(tray, clock=utc_now, public_url="https://tarjotin.example"))
    assert "https://tarjotin.example/sv/" in inside.get("/sv/for-sites").text
    assert inside.get(f"/fi/entries/{SURVIVOR}/qr.svg").text != client.get(f"/fi/entries/{SURVIVOR}/qr.svg").text


def test_qr_code_of_an_old_id_leads_to_that_of_the_survivor(client: Client) -> None:
    answer = client.get(f"/en/entries/{OLD}/qr.svg")
    assert (answer.status_code, answer.headers["location"]) == (308, f"/en/entries/{SURVIVOR}/qr.svg")
    assert client.get("/en/entries/nothing/qr.svg").status_code == 404


@pytest.mark.parametrize(("language", "told"), [("fi", "ei löytynyt"), ("sv", "hittades inte"), ("en", "not found")])
def test_unknown_address_is_told_as_a_page_in_its_language(client: Client, language: str, told: str) -> None:
    answer = client.get(f"/{language}/nothing/here")
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert f'<html lang="{language}">' in answer.text
    assert told in answer.text.lower()


def test_people_are_told_in_their_language_and_programs_by_a_problem(client: Client) -> None:
    def asked(path: str, **headers: str) -> tuple[int, str, str]:
        answer = client.get(path, headers=headers)
        return answer.status_code, answer.headers["content-type"].partition(";")[0], answer.text

    page = {"Accept": "text/html,*/*;q=0.8", "Accept-Language": "de, en;q=0.3, sv;q=0.7"}
    for path in ("/de/", "/favicon.ico", "/en-GB/basket", f"/fi/entries/{OLD}x/qr.svg"):
        status, kind, text = asked(path, **page)
        assert (status, kind) == (404, "text/html"), path
        assert f'<html lang="{"fi" if path.startswith("/fi") else "sv"}">' in text
    assert asked("/de/")[:2] == (404, "application/problem+json")
    assert asked("/v1/nothing", **page)[:2] == (404, "application/problem+json")


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("sv", "sv"), ("de", "fi"), ("", "fi"), ("en;q=0.5, sv;q=0.6", "sv"), ("sv;q=0, en", "en"), ("en;q=x", "fi")],
)
def test_visitor_comes_to_the_language_liked_best(client: Client, accepted: str, language: str) -> None:
    answer = client.get("/?q=jumppa", headers={"Accept-Language": accepted})
    assert answer.headers["location"] == f"/{language}?q=jumppa"
