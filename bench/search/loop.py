"""Questions asked at a steady rate, by so many clients at most at once."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from typing import cast

from bench.core.arrivals import at_rate, most_per_second
from bench.core.lean_client import LeanClient
from bench.core.numbers import Latencies
from bench.search.asking import Asked, Kind

Ask = Callable[[Asked], Awaitable[object]]
_YES = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 20000\r\n\r\n" + b" " * 20_000
_LIMIT_REQUESTS = 1500


class Timed:
    """How long answers took from when each was due, by kind of question."""

    def __init__(self) -> None:
        self.seconds: defaultdict[Kind, list[float]] = defaultdict(list)

    def of(self, *kinds: Kind) -> Latencies:
        return Latencies.of([one for kind in kinds or tuple(self.seconds) for one in self.seconds[kind]])


async def timed(ask: Ask, questions: Sequence[Asked], *, per_second: float, clients: int) -> Timed:
    """Open loop: a question that has to wait for a free client has waited since it was due."""
    found, free = Timed(), asyncio.Semaphore(clients)

    async def work(number: int, due: float) -> None:
        question = questions[number]
        async with free:
            await ask(question)
        found.seconds[question.kind].append(time.perf_counter() - due)

    await at_rate(per_second, len(questions), work)
    return found


def over_http(client: LeanClient, path: str = "/v1/entries") -> Ask:
    async def ask(question: Asked) -> None:
        await client.get(path, question.query)

    return ask


async def driver_limit(clients: int) -> float:
    """Questions per second that the driver can put to a server that gives a page of 20 kB at once."""
    server = await asyncio.get_running_loop().create_server(_SaysYes, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    question = Asked(Kind.ONE, "liikunta")
    async with server, LeanClient(port) as client:
        ask = over_http(client)

        async def work(_number: int, _due: float) -> None:
            await ask(question)

        return await most_per_second(work, range(_LIMIT_REQUESTS), at_once=clients)


class _SaysYes(asyncio.Protocol):
    """Answers each GET once its head is whole: clients send one after the other."""

    def __init__(self) -> None:
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._received += data
        if self._received.endswith(b"\r\n\r\n"):
            self._received = b""
            self._transport.write(_YES)
