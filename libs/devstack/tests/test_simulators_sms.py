"""The simulated SMS gateway takes messages and reports on them until the sender has heard."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Response

from devstack.simulators import sms
from devstack.simulators.sms.gateway import is_loopback, parts

URL = "http://127.0.0.1:9/dlr/a"
SHORT = timedelta(milliseconds=1)


class Receiver:
    """A delivery report endpoint that refuses the first `refusals` reports."""

    def __init__(self, refusals: int = 0) -> None:
        self.reports: asyncio.Queue[dict[str, str]] = asyncio.Queue()
        self.app = FastAPI()
        self._refusals = refusals
        self.app.add_api_route("/dlr/a", self._take, methods=["POST"])

    async def _take(self, report: dict[str, str]) -> Response:
        if self._refusals:
            self._refusals -= 1
            return Response(status_code=503)
        self.reports.put_nowait(report)
        return Response(status_code=200)

    async def statuses(self, count: int) -> list[str]:
        return [(await asyncio.wait_for(self.reports.get(), 5))["status"] for _ in range(count)]


@asynccontextmanager
async def gateway(receiver: Receiver, late_delay: timedelta = SHORT) -> AsyncIterator[httpx.AsyncClient]:
    reporter = httpx.AsyncClient(transport=httpx.ASGITransport(receiver.app))
    app = sms.create_app("k", late_delay=late_delay, retry_delay=SHORT, client=reporter)
    headers = {"Authorization": "apikey k"}
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://sms", headers=headers) as client,
    ):
        yield client


def message(number: str, **rest: Any) -> dict[str, Any]:
    text = "Sinulle on uusi viesti."
    return {"sender": "OmaHame", "destination": [number], "text": text, "drurl": URL, "billingref": "hyte", **rest}


async def test_an_accepted_message_is_answered_and_listed() -> None:
    async with gateway(Receiver()) as client:
        answer = (await client.post("/messages", json=message("+358000000001"))).json()
        assert answer["messages"]["+358000000001"]["converted"] == "+358000000001"
        assert (answer["errors"], answer["warnings"]) == ([], [])
        listed = (await client.get("/_control/messages")).json()
        assert [one["text"] for one in listed] == ["Sinulle on uusi viesti."]


@pytest.mark.parametrize(
    ("ending", "expected"),
    [("01", ["DELIVERED"]), ("02", ["PENDING", "DELIVERED"]), ("03", ["FAILED"]), ("77", ["DELIVERED"])],
)
async def test_the_last_digits_decide_the_reports(ending: str, expected: list[str]) -> None:
    receiver = Receiver()
    async with gateway(receiver) as client:
        await client.post("/messages", json=message(f"+3580000000{ending}"))
        assert await receiver.statuses(len(expected)) == expected
    assert receiver.reports.empty()


async def test_a_report_has_the_fields_of_the_gateway() -> None:
    receiver = Receiver()
    async with gateway(receiver) as client:
        await client.post("/messages", json=message("+358000000001"))
        report = await asyncio.wait_for(receiver.reports.get(), 5)
    assert set(report) == {"sender", "destination", "status", "statustime", "smscount", "billingref"}
    assert (report["destination"], report["smscount"], report["billingref"]) == ("+358000000001", "1", "hyte")


async def test_a_refused_report_is_sent_again_until_taken() -> None:
    receiver = Receiver(refusals=3)
    async with gateway(receiver) as client:
        await client.post("/messages", json=message("+358000000001"))
        assert await receiver.statuses(1) == ["DELIVERED"]
    assert receiver.reports.empty()


async def test_the_late_report_waits_for_the_delay_that_was_set() -> None:
    receiver = Receiver()
    async with gateway(receiver) as client:
        await client.put("/_control/late-delay", json={"seconds": 3600})
        await client.post("/messages", json=message("+358000000002"))
        assert await receiver.statuses(1) == ["PENDING"]
        await client.put("/_control/late-delay", json={"seconds": 0})
        await client.post("/messages", json=message("+358000000102"))
        assert await receiver.statuses(2) == ["PENDING", "DELIVERED"]


async def test_a_wrong_key_is_refused() -> None:
    async with gateway(Receiver()) as client:
        answer = await client.post("/messages", json=message("+358000000001"), headers={"Authorization": "apikey x"})
        assert answer.status_code == 401
        assert (await client.get("/_control/messages")).json() == []


async def test_reports_never_leave_the_machine() -> None:
    async with gateway(Receiver()) as client:
        answer = await client.post("/messages", json=message("+358000000001", drurl="https://elsewhere.example/dlr"))
        assert answer.json()["errors"] != []
        assert (await client.get("/_control/messages")).json() == []


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://127.0.0.1:8000/d", True),
        ("http://localhost/d", True),
        ("http://[::1]/d", True),
        ("http://127.0.0.1.example/d", False),
        ("http://10.0.0.1/d", False),
        ("nonsense", False),
    ],
)
def test_only_loopback_addresses_count_as_this_machine(url: str, expected: bool) -> None:
    assert is_loopback(url) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("ä" * 160, 1), ("ä" * 161, 2), ("€" * 80, 1), ("€" * 81, 2), ("š" * 70, 1), ("š" * 71, 2), ("a" * 307, 3)],
)
def test_parts_follow_the_alphabet_of_the_text(text: str, expected: int) -> None:
    assert parts(text) == expected


async def test_reset_forgets_messages_and_pending_reports() -> None:
    receiver = Receiver()
    async with gateway(receiver, late_delay=timedelta(hours=1)) as client:
        await client.post("/messages", json=message("+358000000002"))
        assert await receiver.statuses(1) == ["PENDING"]
        await client.post("/_control/reset")
        assert (await client.get("/_control/messages")).json() == []
