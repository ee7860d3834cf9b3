"""Faults hit the true paths they name, as often as asked, and never the control paths; the commands behave."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from devstack.simulators import ptv

SEARCH = "/api/v12/service/search"
COMMAND = [sys.executable, "-m", "devstack.simulators"]


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(ptv.create_app("k"))
    async with httpx.AsyncClient(transport=transport, base_url="http://ptv", headers={"x-api-key": "k"}) as client:
        yield client


async def ask_for(client: httpx.AsyncClient, kind: str, **rest: Any) -> None:
    answer = await client.post("/_control/faults", json={"path": "/service/", "kind": kind, **rest})
    assert answer.status_code == 201


async def test_a_gateway_page_comes_as_html_the_asked_number_of_times(client: httpx.AsyncClient) -> None:
    await ask_for(client, "504-html", times=2)
    answers = [await client.get(SEARCH) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [504, 504, 200]
    assert answers[0].headers["content-type"].startswith("text/html")


async def test_a_refusal_says_when_to_come_back(client: httpx.AsyncClient) -> None:
    await ask_for(client, "429", times=1, retry_after=7)
    answer = await client.get(SEARCH)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "7")


async def test_a_key_can_stop_being_accepted_until_the_faults_are_cleared(client: httpx.AsyncClient) -> None:
    await ask_for(client, "401")
    assert [(await client.get(SEARCH)).status_code for _ in range(2)] == [401, 401]
    await client.delete("/_control/faults")
    assert (await client.get(SEARCH)).status_code == 200


async def test_a_slow_answer_is_the_true_one_after_the_delay(client: httpx.AsyncClient) -> None:
    true = (await client.get(SEARCH)).json()
    await ask_for(client, "slow", delay_seconds=0.05)
    began = time.monotonic()
    assert (await client.get(SEARCH)).json() == true
    assert time.monotonic() - began >= 0.05


async def test_empty_lists_come_as_null(client: httpx.AsyncClient) -> None:
    await ask_for(client, "null-lists")
    items = (await client.get(SEARCH)).json()["items"]
    assert items[0]["otherResponsibleOrganizations"] is None
    assert all(item["serviceClasses"] for item in items)
    assert (await client.get(SEARCH, params={"page": 99})).json()["items"] is None


async def test_a_body_can_arrive_cut_in_half(client: httpx.AsyncClient) -> None:
    await ask_for(client, "bad-json", times=1)
    answer = await client.get(SEARCH)
    assert answer.status_code == 200
    with pytest.raises(json.JSONDecodeError):
        answer.json()


async def test_a_fault_leaves_other_paths_alone(client: httpx.AsyncClient) -> None:
    await ask_for(client, "504-html")
    assert (await client.get("/api/v12/organization/search")).status_code == 200


async def test_requests_on_true_paths_are_logged_and_counted(client: httpx.AsyncClient) -> None:
    for _ in range(2):
        await client.get(SEARCH, params={"page": 1})
    log = (await client.get("/_control/requests")).json()
    assert log["counts"] == {f"GET {SEARCH}": 2}
    assert log["requests"][0] == {"method": "GET", "path": SEARCH, "query": "page=1"}


async def test_an_unknown_kind_of_fault_is_refused(client: httpx.AsyncClient) -> None:
    answer = await client.post("/_control/faults", json={"path": ".", "kind": "earthquake"})
    assert answer.status_code == 400


@pytest.mark.parametrize(("name", "path"), [("ptv", "/health/liveness"), ("lahella", "/v1/activities"), ("sms", "/x")])
def test_a_simulator_serves_on_loopback_and_ends_cleanly_on_sigterm(name: str, path: str) -> None:
    with subprocess.Popen([*COMMAND, name, "--port", "0"], stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        url = process.stderr.readline().split()[-1]
        try:
            answer = httpx.get(url + path)
        finally:
            process.send_signal(signal.SIGTERM)
        assert url.startswith("http://127.0.0.1:")
        assert answer.status_code in (200, 401, 404)
        assert len(answer.headers.get_list("date")) == 1
        assert process.wait(10) == 0
        assert process.stderr.read() == ""


def test_a_taken_port_is_one_clear_sentence_and_exit_status_one() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = subprocess.run([*COMMAND, "ptv", "--port", str(port)], capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1
    assert f"port {port} is already taken" in ended.stderr
