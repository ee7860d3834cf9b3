"""SMS gateway in the Quriiri style: one JSON call out, delivery reports as JSON in.

Source: City-of-Helsinki/notification-service-api, quriiri/send.py, after quriiri.fi/tekniset-resurssit.
"""

from __future__ import annotations

from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import orjson

from chassis.core.clock import Clock
from notify.app.ports import Outcome
from notify.domain.states import Fact

_CONNECT_TIMEOUT = timedelta(seconds=4)
_LONGEST_WAIT = timedelta(minutes=10)

# Nothing has been sent when these come. Every other fault leaves open whether the message arrived.
_NOTHING_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)

# Turned away at the door. 401 and 403: our key is wrong; that is for the operator to mend, and no fault of the message.
# No documentation of the gateway says of 408 or of any 5xx that the message was not taken, nor can a proxy know.
_NOT_TAKEN_STATUSES = {401, 403, 429}
_REQUEST_TIMEOUT = 408

_DESTINATION_REFUSED = {"FAILED", "REJECTED", "INVALID"}


class QuriiriGateway:
    """The port `SmsGateway`. `base_url` is where `messages` lives."""

    def __init__(
        self,
        base_url: str,
        *,
        api_key: str,
        sender: str,
        clock: Clock,
        read_timeout: timedelta = timedelta(seconds=10),
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._sender = sender
        self._clock = clock
        self._client = httpx.AsyncClient(
            base_url=base_url,
            headers={"Authorization": f"apikey {api_key}"},
            timeout=httpx.Timeout(read_timeout.total_seconds(), connect=_CONNECT_TIMEOUT.total_seconds()),
            # A kept connection that the gateway closes just as it is used again looks like a lost answer.
            limits=httpx.Limits(max_connections=64, keepalive_expiry=2),
            transport=transport,
        )

    async def close(self) -> None:
        await self._client.aclose()

    async def send(self, *, to: str, text: str, receipts_to: str) -> Outcome:
        body = {"sender": self._sender, "destination": [to], "text": text, "drurl": receipts_to}
        try:
            answer = await self._client.post("messages", json=body)
        except _NOTHING_LEFT:
            return Outcome(Fact.NOT_TAKEN, "gateway-unreachable")
        except httpx.RequestError as exc:
            timed_out = isinstance(exc, httpx.TimeoutException)
            return Outcome(Fact.UNCLEAR, "gateway-timeout" if timed_out else "gateway-connection-lost")
        return self._judged(answer, to)

    def _judged(self, answer: httpx.Response, to: str) -> Outcome:
        status = answer.status_code
        if status in _NOT_TAKEN_STATUSES:
            return Outcome(Fact.NOT_TAKEN, f"gateway-status-{status}", self._asked_wait(answer))
        if status >= 500 or status == _REQUEST_TIMEOUT:
            return Outcome(Fact.UNCLEAR, f"gateway-status-{status}")
        if status >= 400:
            return Outcome(Fact.REFUSED, f"gateway-status-{status}")
        return _judged_body(answer.content, to)

    def _asked_wait(self, answer: httpx.Response) -> timedelta | None:
        """Retry-After in seconds or as a date (RFC 9110 §10.2.3)."""
        text = answer.headers.get("Retry-After", "")
        if text.isdecimal():
            # As a float, since neither int nor timedelta takes any number of digits.
            return timedelta(seconds=min(float(text), _LONGEST_WAIT.total_seconds()))
        try:
            wanted = parsedate_to_datetime(text).astimezone(UTC) - self._clock()
        except (ValueError, OverflowError):
            return None
        return min(max(wanted, timedelta(0)), _LONGEST_WAIT)


def _judged_body(content: bytes, to: str) -> Outcome:
    """A good status with an unreadable body is no answer: the message may have been taken."""
    try:
        body: Any = orjson.loads(content)
    except orjson.JSONDecodeError:
        return Outcome(Fact.UNCLEAR, "gateway-answer-unreadable")
    if not isinstance(body, dict):
        return Outcome(Fact.UNCLEAR, "gateway-answer-unreadable")
    if body.get("errors") or _destination_status(body, to) in _DESTINATION_REFUSED:
        return Outcome(Fact.REFUSED, "gateway-refused")
    return Outcome(Fact.TAKEN)


def _destination_status(body: dict[str, Any], to: str) -> str:
    messages = body.get("messages")
    entry = messages.get(to) if isinstance(messages, dict) else None
    return str(entry.get("status", "")).upper() if isinstance(entry, dict) else ""
