"""How often the API may be asked, and from where."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx
import pytest
from fastapi import Request
from prometheus_client import REGISTRY

from catalog.app.tray import Tray
from catalog.entrypoints.web.application import application
from chassis.http.rate_limit import Callers, RateLimit

from .samples import described, ptv_id
from .trays import tray_of

NOW = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def tray() -> Tray:
    return tray_of([described(ptv_id("uimahalli"), "Uimahalli")])


def client(tray: Tray, *, rate: str, proxies: int = 0, address: str = "192.0.2.1") -> httpx.AsyncClient:
    limit = RateLimit(rate, name="api", callers=Callers(proxies))
    app = application(tray, clock=lambda: NOW, read_limit=limit)
    transport = httpx.ASGITransport(app, client=(address, 1))
    return httpx.AsyncClient(transport=transport, base_url="https://tray.example")


def refused() -> float:
    return REGISTRY.get_sample_value("http_requests_refused_total", {"limit": "api"}) or 0


async def test_one_request_too_many_is_told_when_to_come_again(tray: Tray) -> None:
    before = refused()
    async with client(tray, rate="2/minute") as asking:
        answers = [await asking.get("/v1/themes") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].headers["content-type"] == "application/problem+json"
    assert answers[2].json()["type"].endswith("too-many-requests")
    assert 1 <= int(answers[2].headers["retry-after"]) <= 60
    assert refused() == before + 1


async def test_pages_are_not_limited_with_the_api(tray: Tray) -> None:
    async with client(tray, rate="1/minute") as asking:
        assert {(await asking.get("/fi/")).status_code for _ in range(3)} == {200}


@pytest.mark.parametrize(
    ("proxies", "forwarded", "statuses"),
    [
        (0, ["198.51.100.1", "198.51.100.2"], [200, 429]),  # anybody can write this header: it counts for nothing
        (1, ["198.51.100.1", "198.51.100.2"], [200, 200]),
        (1, ["10.0.0.1, 198.51.100.1", "10.0.0.2, 198.51.100.1"], [200, 429]),
        (2, ["198.51.100.1, 10.0.0.9", "198.51.100.2, 10.0.0.9"], [200, 200]),
        (1, ["2001:db8::1", "2001:db8::2"], [200, 429]),  # one household
        (1, ["2001:db8:0:1::1", "2001:db8:0:2::1"], [200, 200]),
        (1, ["198.51.100.1:4711", "198.51.100.1:4712", "198.51.100.2:4711"], [200, 429, 200]),
        (1, ["[2001:db8::1]:4711", "[2001:db8::1]:4712", "2001:db8::1"], [200, 429, 429]),
    ],
)
async def test_callers_are_told_apart_by_what_trusted_proxies_say(
    tray: Tray, proxies: int, forwarded: list[str], statuses: list[int]
) -> None:
    async with client(tray, rate="1/minute", proxies=proxies) as asking:
        answers = [await asking.get("/v1/themes", headers={"X-Forwarded-For": one}) for one in forwarded]
    assert [answer.status_code for answer in answers] == statuses


def test_callers_of_ipv4_are_told_apart_where_one_socket_listens_to_both_families() -> None:
    """Such a socket names them as ::ffff:192.0.2.1, and all of these lie in one network."""
    keys = {
        Callers(secret=b"same").key(Request({"type": "http", "client": (address, 1), "headers": []}))
        for address in ("::ffff:192.0.2.1", "::ffff:192.0.2.2", "192.0.2.2")
    }
    assert len(keys) == 2


def test_key_of_a_caller_tells_no_address_and_is_another_in_every_process() -> None:
    asking = Request({"type": "http", "client": ("192.0.2.77", 1), "headers": []})
    keys = {Callers().key(asking) for _ in range(2)}
    assert len(keys) == 2
    assert not any("192.0.2.77" in key for key in keys)


async def test_only_what_anybody_may_read_is_open_to_other_sites(tray: Tray) -> None:
    headers = {"Origin": "https://kunta.example", "Access-Control-Request-Method": "POST"}
    async with client(tray, rate="50/minute") as asking:
        for path in ("/v1/entries", "/v1/themes", "/v1/suggest?q=ui"):
            assert (await asking.get(path, headers=headers)).headers["access-control-allow-origin"] == "*"
        for path in ("/v1/curation/reports", "/fi/"):
            assert "access-control-allow-origin" not in (await asking.get(path, headers=headers)).headers
        assert (await asking.options("/v1/entries", headers=headers)).status_code == 400
