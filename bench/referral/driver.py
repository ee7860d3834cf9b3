"""The professional's side and the receiver's: referrals posted at a steady rate, seen by a consumer of the topic."""

from __future__ import annotations

import asyncio
from typing import cast
from uuid import uuid4

import httpx

from bench.core.arrivals import arrivals, at_rate, most_per_second
from bench.core.numbers import Latencies
from chassis.kafka.settings import KafkaSettings
from devstack.journey.referring import RECEIVER, referral_body
from devstack.settings import DEVELOPMENT_TOKEN

REFERRALS = f"hyte.referrals.{RECEIVER}.v1"
_POSTS = 2000
_CONNECTIONS = 32
_ANSWER = b'{"referral_id":"-"}'
_YES = b"HTTP/1.1 201 Created\r\nContent-Length: %d\r\n\r\n%b" % (len(_ANSWER), _ANSWER)
_HEADERS = {"Authorization": f"Bearer {DEVELOPMENT_TOKEN}"}
_LIMITS = httpx.Limits(max_connections=_CONNECTIONS, max_keepalive_connections=_CONNECTIONS)


class Poster:
    """Refers a different client each time."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.due: dict[bytes, float] = {}
        self._client = client

    async def post(self, number: int, due: float) -> None:
        client = {"name": f"Tuuli Testinen {number}", "phone": "040 555 0101", "birth_year": 1961, "language": "fi"}
        body = referral_body(client, wish="Haluan taas jaksaa kävellä portaat.")
        answer = await self._client.post("/v1/referrals", json=body, headers={"Idempotency-Key": uuid4().hex})
        answer.raise_for_status()
        self.due[answer.json()["referral_id"].encode()] = due


async def posted(url: str, kafka: KafkaSettings, rate: int, count: int) -> Latencies:
    """From when each POST was due to when the receiver's consumer has it; StackError when one is lost."""
    async with (
        httpx.AsyncClient(base_url=url, headers=_HEADERS, limits=_LIMITS, timeout=30) as client,
        arrivals(kafka, REFERRALS) as seen,
    ):
        warm_up = Poster(client)
        await at_rate(5, 5, warm_up.post)
        await seen.all_of(list(warm_up.due))
        poster = Poster(client)
        await at_rate(rate, count, poster.post)
        keys = list(poster.due)
        moments = await seen.all_of(keys)
    return Latencies.of([moment - poster.due[key] for key, moment in zip(keys, moments, strict=True)])


async def driver_limit() -> float:
    """Posts per second to a server that only says yes."""
    server = await asyncio.get_running_loop().create_server(_SaysYes, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", limits=_LIMITS) as client:
        return await most_per_second(Poster(client).post, range(_POSTS), at_once=_CONNECTIONS)


class _SaysYes(asyncio.Protocol):
    """Answers each POST once it is whole."""

    def __init__(self) -> None:
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        head, parted, body = (self._received + data).partition(b"\r\n\r\n")
        self._received += data
        if parted and len(body) >= int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0]):
            self._received = b""
            self._transport.write(_YES)
