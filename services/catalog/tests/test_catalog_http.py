"""HTTP as integrators, link checkers and caches use it: HEAD, conditional requests, preflights, redirects."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx
import pytest

from catalog.domain.identity import entry_id
from catalog.entrypoints.web.application import application
from event_schemas.ids import ListingId

from .samples import NGO, described, ptv_id
from .trays import tray_of

PTV = ptv_id("tuoliryhma")
OLD, SURVIVOR = entry_id(ListingId("lahella:1")), entry_id(ListingId(PTV))
TWINS = [
    described(PTV, "Tuoliryhmä", business_id=NGO, sessions=[{"start": "2026-11-10T15:00:00Z"}]),
    described("lahella:1", "Tuoliryhmä", business_id=NGO),
]


@pytest.fixture(scope="module")
def transport() -> httpx.ASGITransport:
    return httpx.ASGITransport(application(tray_of(TWINS), clock=lambda: datetime(2026, 11, 1, tzinfo=UTC)))


async def asked(transport: httpx.ASGITransport, method: str, path: str, **headers: str) -> httpx.Response:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    async with httpx.AsyncClient(transport=transport, base_url="https://tray.example") as client:
        return await client.request(method, path, headers={"Accept-Encoding": "identity", **given})


@pytest.mark.parametrize(
    "path",
    [
        "/v1/entries?q=tuoli",
        f"/v1/entries/{SURVIVOR}",
        f"/v1/entries/{SURVIVOR}/calendar.ics",
        "/v1/themes",
        "/fi/",
        f"/sv/entries/{SURVIVOR}",
        "/fi/nothing-here",
        "/static/tray.css",
    ],
)
async def test_head_answers_as_get_does_but_without_a_body(transport: httpx.ASGITransport, path: str) -> None:
    got, head = [await asked(transport, method, path) for method in ("GET", "HEAD")]
    assert (head.status_code, head.content) == (got.status_code, b"")
    assert got.content
    for name in ("content-type", "content-length", "etag"):
        assert head.headers.get(name) == got.headers.get(name)


@pytest.mark.parametrize("known", ['"{0}"', 'W/"{0}"', '"other", "{0}"', "*"])
async def test_reader_that_has_the_answer_is_told_so(transport: httpx.ASGITransport, known: str) -> None:
    tag = (await asked(transport, "GET", "/v1/themes")).headers["etag"].removeprefix("W/").strip('"')
    answer = await asked(transport, "GET", "/v1/themes", If_None_Match=known.format(tag))
    assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", f'W/"{tag}"')


async def test_script_of_another_site_may_ask_whether_anything_has_changed(transport: httpx.ASGITransport) -> None:
    preflight = {"Access_Control_Request_Method": "GET", "Access_Control_Request_Headers": "if-none-match"}
    answer = await asked(transport, "OPTIONS", "/v1/entries", Origin="https://kunta.example", **preflight)
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, "*")


@pytest.mark.parametrize(
    "path", ["/v1/entries/{0}", "/v1/entries/{0}/calendar.ics", "/fi/entries/{0}", "/fi/entries/{0}/qr.svg"]
)
async def test_no_cache_keeps_where_an_old_id_led_since_merges_can_be_undone(
    transport: httpx.ASGITransport, path: str
) -> None:
    answer = await asked(transport, "GET", path.format(OLD))
    assert (answer.status_code, answer.headers["location"]) == (308, path.format(SURVIVOR))
    assert answer.headers["cache-control"] == "no-cache"
