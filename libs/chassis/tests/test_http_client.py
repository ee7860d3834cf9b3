"""The client for sources: what is tried again, how long it waits, and what it gives up on."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import stamina
from stamina.instrumentation import RetryDetails, get_on_retry_hooks, set_on_retry_hooks

from chassis.core.errors import PermanentError, TemporaryError
from chassis.http.client import JsonClient, user_agent

NOW = datetime(2025, 6, 1, 12, 0, tzinfo=UTC)
Answer = Callable[[httpx.Request], httpx.Response]


class Source:
    """Answers from a list, the last one again and again; keeps what it was asked."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self._answers = list(answers)
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)


def client_of(source: Answer, *, in_flight: int = 4) -> JsonClient:
    return JsonClient(
        "https://source.example/api/",
        headers={"x-api-key": "key"},
        clock=lambda: NOW,
        in_flight=in_flight,
        transport=httpx.MockTransport(source),
    )


@pytest.fixture
def no_waits() -> Iterator[None]:
    """Retries follow one another at once, as often as in production."""
    with stamina.set_testing(True, attempts=4):
        yield


@pytest.fixture
def waits() -> Iterator[asyncio.Queue[float]]:
    """The seconds that the client means to wait before each retry."""
    chosen: asyncio.Queue[float] = asyncio.Queue()

    def note(details: RetryDetails) -> None:
        chosen.put_nowait(details.wait_for)

    before = get_on_retry_hooks()
    set_on_retry_hooks([note])
    yield chosen
    set_on_retry_hooks(before)


async def first_wait(waits: asyncio.Queue[float], answer: httpx.Response) -> float:
    """Asks once, and gives up when it is known how long the client would wait."""
    asking = asyncio.create_task(client_of(Source(answer)).get("things"))
    try:
        return await asyncio.wait_for(waits.get(), 5)
    finally:
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [
        ("7", 7),
        ("0", 0),
        ("3600", 60),
        ("Sun, 01 Jun 2025 12:00:09 GMT", 9),
        ("Sun, 01 Jun 2025 11:00:00 GMT", 0),
        ("Sun, 01 Jun 2025 18:00:00 GMT", 60),
    ],
    ids=["seconds", "none", "an hour", "a date", "a date in the past", "a date far off"],
)
async def test_wait_that_the_source_asks_for_is_honoured_up_to_a_minute(
    waits: asyncio.Queue[float], asked: str, seconds: float
) -> None:
    assert await first_wait(waits, httpx.Response(429, headers={"Retry-After": asked})) == pytest.approx(seconds)


@pytest.mark.parametrize("asked", ["soon", "-5", "", "Sun, 01 Jun 2025 12:00:09 -0000"])
async def test_unreadable_wait_is_replaced_by_our_own_short_one(waits: asyncio.Queue[float], asked: str) -> None:
    wait = await first_wait(waits, httpx.Response(503, headers={"Retry-After": asked}))
    assert 0 < wait <= 10


@pytest.mark.usefixtures("no_waits")
class TestAnswers:
    async def test_json_is_given_with_the_sources_own_time(self) -> None:
        source = Source(httpx.Response(200, json={"a": 1}, headers={"Date": "Sun, 01 Jun 2025 11:59:00 GMT"}))
        assert await client_of(source).get("things", [("page", "2")]) == ({"a": 1}, NOW - timedelta(minutes=1))
        (request,) = source.requests
        assert str(request.url) == "https://source.example/api/things?page=2"
        assert (request.headers["User-Agent"], request.headers["x-api-key"]) == (user_agent(""), "key")

    @pytest.mark.parametrize("headers", [{}, {"Date": "yesterday"}, {"Date": ""}], ids=["none", "no date", "empty"])
    async def test_our_own_time_stands_in_for_a_date_that_is_missing_or_broken(self, headers: dict[str, str]) -> None:
        assert await client_of(Source(httpx.Response(200, json=[], headers=headers))).get("things") == ([], NOW)

    async def test_404_is_nothing_and_is_asked_once(self) -> None:
        source = Source(httpx.Response(404, text="<html>no</html>"))
        assert await client_of(source).get("things/1") is None
        assert len(source.requests) == 1

    @pytest.mark.parametrize(
        ("status", "code"),
        [
            (400, "source-refuses-request"),
            (401, "source-refuses"),
            (403, "source-refuses"),
            (410, "source-refuses-request"),
        ],
    )
    async def test_refusal_is_permanent_and_not_repeated(self, status: int, code: str) -> None:
        source = Source(httpx.Response(status, text="canary"))
        with pytest.raises(PermanentError) as caught:
            await client_of(source).get("things")
        assert caught.value.code == code
        assert "canary" not in str(caught.value)
        assert len(source.requests) == 1

    @pytest.mark.parametrize(
        ("fault", "code"),
        [
            (httpx.Response(504, html="<html>gateway</html>"), "source-busy"),
            (httpx.Response(429), "source-busy"),
            (httpx.Response(200, html="<html>maintenance</html>"), "source-not-json"),
            (httpx.Response(200, content=b'{"a": '), "source-not-json"),
            (httpx.Response(200, content=b""), "source-not-json"),
            (httpx.ConnectError("no route"), "source-unreachable"),
            (httpx.ReadTimeout("slow"), "source-unreachable"),
            (httpx.DecodingError("not gzip"), "source-unreachable"),
        ],
        ids=["504", "429", "html", "half a body", "empty body", "refused", "timeout", "broken compression"],
    )
    async def test_passing_fault_is_retried_and_then_temporary(
        self, fault: httpx.Response | Exception, code: str
    ) -> None:
        lasting = Source(fault)
        with pytest.raises(TemporaryError) as caught:
            await client_of(lasting).get("things")
        assert (caught.value.code, len(lasting.requests)) == (code, 4)
        passing = Source(fault, fault, httpx.Response(200, json=[1]))
        assert await client_of(passing).get("things") == ([1], NOW)


async def test_no_more_requests_are_in_flight_than_allowed() -> None:
    under_way, most, release = 0, 0, asyncio.Event()

    async def answer(_: httpx.Request) -> httpx.Response:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        if under_way == 3:
            release.set()
        await release.wait()
        await asyncio.sleep(0)  # lets a fourth in, if nothing holds it back
        under_way -= 1
        return httpx.Response(200, json={})

    client = JsonClient(
        "https://source.example", headers={}, clock=lambda: NOW, in_flight=3, transport=httpx.MockTransport(answer)
    )
    await asyncio.wait_for(asyncio.gather(*[client.get(f"things/{n}") for n in range(12)]), 5)
    assert most == 3
    await client.close()


class TestCircuit:
    async def test_source_that_answers_nothing_for_long_is_asked_no_more_for_a_while(self) -> None:
        now = [NOW]
        source = Source(*[httpx.Response(503)] * 40)
        client = JsonClient(
            "http://source",
            headers={},
            clock=lambda: now[0],
            attempts=1,
            hopeless=5,
            transport=httpx.MockTransport(source),
        )
        codes = []
        for _ in range(8):
            with pytest.raises(TemporaryError) as caught:
                await client.get("things")
            codes.append(caught.value.code)
        assert codes == ["source-busy"] * 5 + ["source-circuit-open"] * 3
        assert len(source.requests) == 5
        now[0] += timedelta(seconds=31)
        with pytest.raises(TemporaryError, match="source-busy"):
            await client.get("things")

    async def test_one_answer_closes_the_circuit_again(self) -> None:
        source = Source(*[httpx.Response(503)] * 4, httpx.Response(200, json=[]), *[httpx.Response(503)] * 4)
        client = JsonClient(
            "http://source",
            headers={},
            clock=lambda: NOW,
            attempts=1,
            hopeless=5,
            transport=httpx.MockTransport(source),
        )
        for turn in range(9):
            if turn == 4:
                assert await client.get("things") == ([], NOW)
            else:
                with pytest.raises(TemporaryError, match="source-busy"):
                    await client.get("things")

    async def test_client_says_who_reads_and_whom_to_write_to(self) -> None:
        source = Source(httpx.Response(200, json=[]))
        client = JsonClient(
            "http://source",
            headers={},
            clock=lambda: NOW,
            contact="palvelut@county.example",
            transport=httpx.MockTransport(source),
        )
        await client.get("things")
        assert source.requests[0].headers["User-Agent"].endswith("reader; palvelut@county.example)")
