"""Every end that a call to the gateway may have."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from devstack.simulators.sms.app import create_app
from notify.adapters.quriiri import QuriiriGateway
from notify.app.ports import Outcome
from notify.domain.states import Fact

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
TO = "+358401234501"
ENDS = {Fact.TAKEN, Fact.NOT_TAKEN, Fact.REFUSED, Fact.UNCLEAR}
GOOD = {"messages": {TO: {"converted": TO, "status": "CREATED"}}, "errors": [], "warnings": []}


async def sent(transport: httpx.AsyncBaseTransport, text: str = "Hei") -> Outcome:
    gateway = QuriiriGateway(
        "https://sms.example/api", api_key="k", sender="OmaHame", clock=lambda: NOW, transport=transport
    )
    try:
        return await gateway.send(to=TO, text=text, receipts_to="http://127.0.0.1/receipts/t")
    finally:
        await gateway.close()


def answering(status: int, body: bytes = b"", **headers: str) -> httpx.MockTransport:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.MockTransport(lambda _: httpx.Response(status, content=body, headers=named))


def failing(error: Callable[[str], Exception]) -> httpx.MockTransport:
    def fail(_: httpx.Request) -> httpx.Response:
        raise error("down")

    return httpx.MockTransport(fail)


@pytest.mark.parametrize(
    ("status", "body", "fact"),
    [
        (200, orjson.dumps(GOOD), Fact.TAKEN),
        (202, orjson.dumps(GOOD), Fact.TAKEN),
        (200, orjson.dumps({**GOOD, "errors": [{"message": "no"}]}), Fact.REFUSED),
        (200, orjson.dumps({**GOOD, "messages": {TO: {"status": "failed"}}}), Fact.REFUSED),
        (200, b"<html>", Fact.UNCLEAR),
        (200, b"[]", Fact.UNCLEAR),
        (200, b"", Fact.UNCLEAR),
        (400, b"", Fact.REFUSED),
        (404, b"", Fact.REFUSED),
        (401, b"", Fact.NOT_TAKEN),
        (429, b"", Fact.NOT_TAKEN),
        (403, b"", Fact.NOT_TAKEN),
        (301, b"", Fact.UNCLEAR),
        (408, b"", Fact.UNCLEAR),
        (500, b"", Fact.UNCLEAR),
        (502, b"", Fact.UNCLEAR),
        (503, b"", Fact.UNCLEAR),
        (507, b"", Fact.UNCLEAR),
        (599, b"", Fact.UNCLEAR),
        (504, b"<html>Gateway Time-out</html>", Fact.UNCLEAR),
    ],
)
async def test_each_answer_is_told_apart(status: int, body: bytes, fact: Fact) -> None:
    assert (await sent(answering(status, body))).fact is fact


@pytest.mark.parametrize(
    ("error", "fact"),
    [
        (httpx.ConnectError, Fact.NOT_TAKEN),
        (httpx.ConnectTimeout, Fact.NOT_TAKEN),
        (httpx.PoolTimeout, Fact.NOT_TAKEN),
        (httpx.ReadTimeout, Fact.UNCLEAR),
        (httpx.WriteTimeout, Fact.UNCLEAR),
        (httpx.ReadError, Fact.UNCLEAR),
        (httpx.RemoteProtocolError, Fact.UNCLEAR),
        (httpx.DecodingError, Fact.UNCLEAR),
    ],
)
async def test_a_broken_call_is_tried_again_only_if_nothing_can_have_left(
    error: Callable[[str], Exception], fact: Fact
) -> None:
    assert (await sent(failing(error))).fact is fact


@pytest.mark.parametrize(
    ("asked", "wait"),
    [
        ("7", timedelta(seconds=7)),
        ("Mon, 02 Mar 2026 10:01:00 GMT", timedelta(minutes=1)),
        ("Mon, 02 Mar 2026 09:00:00 GMT", timedelta(0)),
        ("999999", timedelta(minutes=10)),
        ("9" * 20, timedelta(minutes=10)),
        ("9" * 5000, timedelta(minutes=10)),
        ("Fri, 31 Dec 9999 23:59:59 -0500", None),
        ("Mon, 02 Mar 99999999999999999999 10:01:00 GMT", None),
        ("soon", None),
        ("", None),
    ],
)
async def test_the_wait_the_gateway_asks_for_is_heard(asked: str, wait: timedelta | None) -> None:
    assert (await sent(answering(429, Retry_After=asked))).wait == wait


@given(status=st.integers(100, 599), body=st.binary(max_size=40), asked=st.text(st.characters(codec="latin-1")))
async def test_no_answer_whatsoever_raises(status: int, body: bytes, asked: str) -> None:
    answer = httpx.Response(status, content=body, headers=[(b"Retry-After", asked.encode("latin-1"))])
    assert (await sent(httpx.MockTransport(lambda _: answer))).fact in ENDS


async def test_an_answer_that_cannot_be_unpacked_is_unclear() -> None:
    broken = httpx.MockTransport(
        lambda _: httpx.Response(200, stream=httpx.ByteStream(b"no gzip"), headers={"Content-Encoding": "gzip"})
    )
    assert await sent(broken) == Outcome(Fact.UNCLEAR, "gateway-connection-lost")


async def test_an_address_without_scheme_is_a_fault_of_ours_and_leaves_nothing() -> None:
    gateway = QuriiriGateway("sms.example", api_key="k", sender="OmaHame", clock=lambda: NOW)
    outcome = await gateway.send(to=TO, text="Hei", receipts_to="http://127.0.0.1/receipts/t")
    await gateway.close()
    assert outcome.fact is Fact.NOT_TAKEN


async def test_finnish_letters_reach_the_gateway_unharmed_with_key_sender_and_receipt_address() -> None:
    async with httpx.AsyncClient(transport=answering(200)) as reports:
        app = create_app("k", client=reports)
        inside = httpx.ASGITransport(app)
        gateway = QuriiriGateway("http://sms", api_key="k", sender="OmaHame", clock=lambda: NOW, transport=inside)
        outcome = await gateway.send(to=TO, text="Åäö €", receipts_to="http://127.0.0.1/receipts/t")
        async with httpx.AsyncClient(transport=inside, base_url="http://sms") as client:
            (message,) = (await client.get("/_control/messages")).json()
        await gateway.close()
    assert outcome == Outcome(Fact.TAKEN)
    assert (message["text"], message["sender"]) == ("Åäö €", "OmaHame")
    assert message["drurl"] == "http://127.0.0.1/receipts/t"
