"""Problems, health, and the web server as a part of a process."""

import asyncio
import os
import signal
import socket
from collections.abc import AsyncIterator
from datetime import timedelta

import asyncpg
import httpx
import pytest
from aiokafka.errors import KafkaConnectionError
from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict

from chassis.core.errors import PermanentError, StartError, TemporaryError
from chassis.core.health import Health
from chassis.core.process import run_until_signal
from chassis.http.app import new_app
from chassis.http.health import health_app
from chassis.http.problems import MEDIA_TYPE, Problem, install_problems
from chassis.http.server import WebServer

CANARY = "131052-308T"

FAULTS: dict[str, Exception] = {
    "problem": Problem(409, "already-sent", "It was sent before", sent_at="2025-06-01"),
    "permanent": PermanentError("unknown-receiver", "no such receiver"),
    "temporary": TemporaryError("busy", delay=timedelta(seconds=30)),
    "bug": KeyError(CANARY),
    "broker-away": KafkaConnectionError(CANARY),
    "database-away": asyncpg.CannotConnectNowError(CANARY),
}


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")

    number: int
    inner: dict[str, str] = {}


def application() -> FastAPI:
    app = FastAPI()
    install_problems(app)

    @app.post("/things")
    async def things(body: Body) -> int:
        return body.number

    @app.get("/faults/{name}")
    async def faults(name: str) -> None:
        raise FAULTS[name]

    return app


def asking(app: FastAPI) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://service")


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with asking(application()) as client:
        yield client


class TestProblems:
    async def test_request_that_does_not_fit_is_told_where_and_never_quoted(self, http: httpx.AsyncClient) -> None:
        answer = await http.post("/things", json={"number": CANARY, "inner": {"a": [CANARY]}})
        assert (answer.status_code, answer.headers["content-type"]) == (422, MEDIA_TYPE)
        assert answer.json()["errors"][0] == {"pointer": "/body/number", "kind": "int_parsing"}
        assert CANARY not in answer.text

    async def test_name_of_a_field_too_many_is_left_out(self, http: httpx.AsyncClient) -> None:
        answer = await http.post("/things", json={"number": 1, CANARY: 1})
        assert answer.json()["errors"] == [{"pointer": "/body", "kind": "extra_forbidden"}]
        assert CANARY not in answer.text

    async def test_body_that_is_no_json_is_not_quoted(self, http: httpx.AsyncClient) -> None:
        headers = {"content-type": "application/json"}
        answer = await http.post("/things", content=f'{{"{CANARY}', headers=headers)
        assert answer.status_code == 422
        assert CANARY not in answer.text

    async def test_unknown_address_is_a_problem_too(self, http: httpx.AsyncClient) -> None:
        answer = await http.get(f"/{CANARY}")
        assert (answer.status_code, answer.headers["content-type"]) == (404, MEDIA_TYPE)
        assert answer.json()["type"] == "urn:hytevirta:problem:http-404"
        assert CANARY not in answer.text

    async def test_problem_carries_its_code_and_members(self, http: httpx.AsyncClient) -> None:
        answer = await http.get("/faults/problem")
        assert answer.json() == {
            "type": "urn:hytevirta:problem:already-sent",
            "title": "It was sent before",
            "status": 409,
            "sent_at": "2025-06-01",
        }

    async def test_permanent_error_is_422_with_its_code(self, http: httpx.AsyncClient) -> None:
        answer = await http.get("/faults/permanent")
        assert (answer.status_code, answer.json()["type"]) == (422, "urn:hytevirta:problem:unknown-receiver")

    async def test_temporary_error_says_when_to_come_again(self, http: httpx.AsyncClient) -> None:
        answer = await http.get("/faults/temporary")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")

    async def test_bug_is_500_without_its_text(self, http: httpx.AsyncClient) -> None:
        answer = await http.get("/faults/bug")
        assert (answer.status_code, answer.headers["content-type"]) == (500, MEDIA_TYPE)
        assert CANARY not in answer.text

    @pytest.mark.parametrize("fault", ["broker-away", "database-away"])
    async def test_outage_is_503_with_retry_after(self, http: httpx.AsyncClient, fault: str) -> None:
        answer = await http.get(f"/faults/{fault}")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        assert answer.json()["type"] == "urn:hytevirta:problem:outage"
        assert CANARY not in answer.text


async def test_health_tells_what_is_stuck_what_is_not_ready_and_what_is_measured() -> None:
    now = 0.0
    health = Health(monotonic=lambda: now)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(health_app(health)), base_url="http://h") as http:
        assert (await http.get("/live")).status_code == (await http.get("/ready")).status_code == 200
        health.beat("relay")
        health.not_ready("relay", "waiting")
        now = 1000.0
        live, ready = await http.get("/live"), await http.get("/ready")
        assert (live.status_code, live.json()) == (503, {"stuck": ["relay"]})
        assert (ready.status_code, ready.json()) == (503, {"not_ready": {"relay": "waiting"}, "notes": {}})
        health.note("content", "an older version is in use")
        assert (await http.get("/ready")).json()["notes"] == {"content": "an older version is in use"}
        assert "# HELP outbox_backlog_rows" in (await http.get("/metrics")).text


def listening() -> socket.socket:
    return socket.create_server(("127.0.0.1", 0))


class TestWebServer:
    async def test_taken_port_is_one_sentence_that_names_it(self) -> None:
        with listening() as taken:
            port = taken.getsockname()[1]
            server = WebServer(health_app(Health()), name="health", host="127.0.0.1", port=port)
            with pytest.raises(StartError) as caught:
                await server.start()
            await server.stop()
        assert f"health cannot listen on 127.0.0.1:{port}" in str(caught.value)
        assert "\n" not in str(caught.value)

    async def test_health_is_told_until_the_parts_after_it_have_stopped(self) -> None:
        """A signal must not reach the server itself: the probe would fail while work is being finished."""
        with listening() as probe:
            port = probe.getsockname()[1]
        answers: list[int] = []

        class Last:
            name = "last"

            async def start(self) -> None:
                asyncio.get_running_loop().call_soon(os.kill, os.getpid(), signal.SIGTERM)

            async def stop(self) -> None:
                async with httpx.AsyncClient() as http:
                    asked = [await http.get(f"http://127.0.0.1:{port}/live") for _ in range(5)]
                answers.extend(answer.status_code for answer in asked)

        server = WebServer(health_app(Health()), name="health", host="127.0.0.1", port=port)
        assert await run_until_signal([server, Last()], grace=timedelta(seconds=5)) == 0
        assert answers == [200] * 5


@pytest.mark.parametrize("declared", [True, False], ids=["declared", "chunked"])
async def test_body_over_the_limit_is_413_however_it_is_sent(declared: bool) -> None:
    app = new_app("limited")

    @app.post("/")
    async def take(body: dict[str, str]) -> int:
        return len(body)

    async def chunks() -> AsyncIterator[bytes]:
        yield b'{"a": "'
        for _ in range(40):
            yield b"x" * 8192
        yield b'"}'

    whole = b"".join([chunk async for chunk in chunks()])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://app") as client:
        answer = await client.post(
            "/", content=whole if declared else chunks(), headers={"Content-Type": "application/json"}
        )
    assert answer.status_code == 413
    assert answer.headers["content-type"] == MEDIA_TYPE
