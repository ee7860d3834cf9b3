"""How often one caller may ask: a moving window in the memory of each replica.

A caller is the address the request came from, hashed with a secret of this process: the limit needs no address, and
nothing here writes one anywhere. A limit of N per window lets at most N through in any window of that length.
"""

from __future__ import annotations

import hmac
import math
import secrets
import time
from dataclasses import dataclass, field
from ipaddress import IPv6Address, ip_address

from fastapi import Request
from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter

from chassis.http.problems import Problem
from chassis.telemetry.metrics import REFUSED


@dataclass(frozen=True)
class Callers:
    """Tells callers apart.

    `proxies` is the number of our own proxies in front: each adds the address it was asked from to X-Forwarded-For, so
    the caller's is that many from the right. What stands further left is the caller's own writing.
    """

    proxies: int = 0
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    def key(self, request: Request) -> str:
        return hmac.digest(self.secret, _network(self._address(request)).encode(), "sha256").hex()

    def _address(self, request: Request) -> str:
        given = ",".join(request.headers.getlist("x-forwarded-for"))
        hops = [hop.strip() for hop in given.split(",") if hop.strip()]
        if self.proxies and len(hops) >= self.proxies:
            return _without_port(hops[-self.proxies])
        return request.client.host if request.client else ""


class RateLimit:
    """A limit, to be asked as a FastAPI dependency. `rate` is as in "600/minute"; `name` is the metric's label."""

    def __init__(self, rate: str, *, name: str, callers: Callers) -> None:
        self._rate: RateLimitItem = parse(rate)
        self._name = name
        self._callers = callers
        self._window = MovingWindowRateLimiter(MemoryStorage())

    async def __call__(self, request: Request) -> None:
        """Counts a request; Problem 429 with Retry-After where it is one too many."""
        wait = await self.wait(request)
        if wait:
            title = "Too many requests from one address"
            raise Problem(429, "too-many-requests", title, headers={"Retry-After": str(wait)})

    async def wait(self, request: Request) -> int:
        """Counts a request; 0, or in how many seconds the next one passes."""
        key = self._callers.key(request)
        if await self._window.hit(self._rate, key):
            return 0
        REFUSED.labels(self._name).inc()
        stats = await self._window.get_window_stats(self._rate, key)
        return max(1, math.ceil(stats.reset_time - time.time()))


def _without_port(hop: str) -> str:
    """Some proxies tell the port too, which is another for each connection."""
    if hop.startswith("["):
        return hop[1:].partition("]")[0]
    return hop.partition(":")[0] if hop.count(":") == 1 else hop


def _network(address: str) -> str:
    """One household has a /64 of IPv6: its addresses are one caller. All of IPv4 is in one /64, and is told apart."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return address
    return str(parsed.ipv4_mapped or int(parsed) >> 64)
