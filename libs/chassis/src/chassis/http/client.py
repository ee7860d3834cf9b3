"""A polite JSON client for sources: says who it is, waits when asked to, and tells a passing fault from a final one."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import orjson
import stamina

from chassis.core.clock import Clock
from chassis.core.errors import PermanentError, TemporaryError

QueryParams = Sequence[tuple[str, str]]
_LONGEST_WAIT = timedelta(seconds=60)
_CIRCUIT_OPEN_FOR = timedelta(seconds=30)


def user_agent(contact: str) -> str:
    """Who we are, and whom the source's keepers can write to."""
    return f"Hytevirta/0.1 (wellbeing-services county; service catalogue reader{f'; {contact}' if contact else ''})"


class JsonClient:
    """GETs JSON from one source with at most `in_flight` requests at a time.

    429, 5xx, network faults and bodies that are not JSON are tried again with jitter, honouring Retry-After; then they
    are a TemporaryError. 404 gives None. Any other 4xx is a PermanentError, since repeating it cannot help.

    After `hopeless` failed attempts in a row the circuit opens: for half a minute every call ends at once with the
    TemporaryError `source-circuit-open`, so that a run over thousands of objects ends with a clear reason.
    """

    def __init__(
        self,
        base_url: str,
        *,
        headers: Mapping[str, str],
        clock: Clock,
        in_flight: int = 4,
        timeout: timedelta = timedelta(seconds=60),
        attempts: int = 4,
        hopeless: int = 20,
        contact: str = "",
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._client = httpx.AsyncClient(
            base_url=base_url,
            headers={"Accept": "application/json", "User-Agent": user_agent(contact), **headers},
            timeout=timeout.total_seconds(),
            transport=transport,
        )
        self._clock = clock
        self._places = asyncio.Semaphore(in_flight)
        self._attempts = attempts
        self._hopeless = hopeless
        self._failures = 0
        self._open_until: datetime | None = None

    async def close(self) -> None:
        await self._client.aclose()

    async def get(self, path: str, params: QueryParams = ()) -> tuple[Any, datetime] | None:
        """The decoded body and the source's own time (its Date header); None for 404."""
        async for attempt in stamina.retry_context(
            on=_wait_before_retry, attempts=self._attempts, timeout=None, wait_initial=0.25, wait_max=10
        ):
            with attempt:
                async with self._places:
                    return await self._guarded(path, params)
        raise AssertionError("stamina either returns or raises")

    async def _guarded(self, path: str, params: QueryParams) -> tuple[Any, datetime] | None:
        if self._open_until is not None and self._clock() < self._open_until:
            raise _CircuitOpen
        try:
            answer = await self._get_once(path, params)
        except TemporaryError:
            self._failures += 1
            if self._failures >= self._hopeless:
                self._open_until = self._clock() + _CIRCUIT_OPEN_FOR
            raise
        self._failures, self._open_until = 0, None
        return answer

    async def _get_once(self, path: str, params: QueryParams) -> tuple[Any, datetime] | None:
        try:
            answer = await self._client.get(path, params=list(params))
        except (httpx.TransportError, httpx.DecodingError) as exc:
            raise TemporaryError("source-unreachable", type(exc).__name__) from exc
        if answer.status_code == 404:
            return None
        if answer.status_code == 429 or answer.status_code >= 500:
            raise TemporaryError("source-busy", f"status {answer.status_code}", delay=self._asked_delay(answer))
        if answer.status_code in (401, 403):
            raise PermanentError("source-refuses", f"status {answer.status_code}: the key is not accepted")
        if answer.status_code >= 400:
            raise PermanentError("source-refuses-request", f"status {answer.status_code} for {path}")
        return self._decoded(answer), self._source_time(answer)

    def _decoded(self, answer: httpx.Response) -> Any:
        try:
            return orjson.loads(answer.content)
        except orjson.JSONDecodeError as exc:
            return self._decoded_leniently(answer, exc)

    def _decoded_leniently(self, answer: httpx.Response, fault: orjson.JSONDecodeError) -> Any:
        """Half of a surrogate pair, as JavaScript leaves of an emoji it cut, must not cost a whole page."""
        try:
            return _without_surrogates(json.loads(answer.content))
        except ValueError:
            raise TemporaryError("source-not-json", "the body is not JSON") from fault

    def _source_time(self, answer: httpx.Response) -> datetime:
        try:
            return parsedate_to_datetime(answer.headers.get("Date", "")).astimezone(UTC)
        except ValueError:  # no date, or one that is none
            return self._clock()

    def _asked_delay(self, answer: httpx.Response) -> timedelta | None:
        """Retry-After in seconds or as a date (RFC 9110 §10.2.3), at most a minute."""
        text = answer.headers.get("Retry-After", "")[:40]
        if text.isdigit():
            return min(timedelta(seconds=int(text[:6])), _LONGEST_WAIT)
        try:
            wanted = parsedate_to_datetime(text) - self._clock()
        except (TypeError, ValueError, OverflowError):
            return None
        return min(max(wanted, timedelta(0)), _LONGEST_WAIT)


class _CircuitOpen(TemporaryError):
    def __init__(self) -> None:
        super().__init__("source-circuit-open", "the source has answered nothing for many requests in a row")


def _wait_before_retry(error: Exception) -> bool | timedelta:
    """stamina's hook: the wait the source asked for, or stamina's own with jitter."""
    if isinstance(error, TemporaryError) and not isinstance(error, _CircuitOpen):
        return error.delay if error.delay is not None else True
    return False


def _without_surrogates(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_without_surrogates(item) for item in value]
    if isinstance(value, dict):
        return {_without_surrogates(key): _without_surrogates(item) for key, item in value.items()}
    return value
