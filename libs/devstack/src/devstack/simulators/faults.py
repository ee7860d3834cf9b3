"""Faults a test asks for, and the log of what was requested: one layer in front of a simulator's true paths."""

from __future__ import annotations

import asyncio
import re
from collections import Counter, deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http import HTTPStatus
from typing import Any, Literal

import orjson
from pydantic import BaseModel, Field
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_GATEWAY_PAGE = "<html><head><title>504 Gateway Time-out</title></head><body>Gateway Time-out</body></html>"
_FRONT_PAGE = "<!doctype html><html><head><title>Service catalogue</title></head><body>Welcome</body></html>"
_LOG_LENGTH = 10_000
_V11 = "/api/v11/"
Clock = Callable[[], datetime]


def machine_clock() -> datetime:
    return datetime.now(UTC)


class Fault(BaseModel):
    """One thing that goes wrong.

    `504-html`: a gateway's page instead of JSON. `200-html`: a page that says all is well where JSON belongs.
    `429`: refused, with `Retry-After` when `retry_after` is given; PTV v11 says it in plain text. `500`: the simulated
    system broke.
    `slow`: the true answer after `delay_seconds`. `null-lists`: the true answer with every empty list as null, as
    PTV v11 writes them. `bad-json`: the true answer cut in half. `401`: the key is suddenly not accepted.
    """

    path: str = Field(description="regular expression searched in the request's path")
    kind: Literal["504-html", "200-html", "429", "500", "slow", "null-lists", "bad-json", "401"]
    times: int | None = Field(default=None, ge=1, description="how many requests it hits; null for all until cleared")
    delay_seconds: float = Field(default=0, ge=0)
    retry_after: int | None = Field(default=None, description="seconds, for 429")
    retry_after_form: Literal["seconds", "date"] = "seconds"


class Faults:
    """The faults now in force, the oldest that fits a path first."""

    def __init__(self) -> None:
        self._active: list[Fault] = []

    def add(self, fault: Fault) -> None:
        self._active.append(fault)

    def clear(self) -> None:
        self._active.clear()

    def take(self, path: str) -> Fault | None:
        """The fault that hits this request, counted as used."""
        for position, fault in enumerate(self._active):
            if re.search(fault.path, path):
                self._count(position, fault)
                return fault
        return None

    def _count(self, position: int, fault: Fault) -> None:
        if fault.times is None:
            return
        if fault.times == 1:
            del self._active[position]
        else:
            self._active[position] = fault.model_copy(update={"times": fault.times - 1})


class RequestLog:
    """The latest requests on the true paths, and how many came by method and path."""

    def __init__(self) -> None:
        self._latest: deque[dict[str, str]] = deque(maxlen=_LOG_LENGTH)
        self._counts: Counter[str] = Counter()

    def add(self, method: str, path: str, query: str) -> None:
        self._latest.append({"method": method, "path": path, "query": query})
        self._counts[f"{method} {path}"] += 1

    def clear(self) -> None:
        self._latest.clear()
        self._counts.clear()

    def as_json(self) -> dict[str, Any]:
        return {"requests": list(self._latest), "counts": dict(self._counts)}


class FaultGate:
    """ASGI middleware: logs each request on a true path and lets a fault take its answer."""

    def __init__(self, app: ASGIApp, faults: Faults, requests: RequestLog, clock: Clock = machine_clock) -> None:
        self._app = app
        self._faults = faults
        self._requests = requests
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith("/_control"):
            await self._app(scope, receive, send)
            return
        self._requests.add(scope["method"], scope["path"], scope["query_string"].decode())
        fault = self._faults.take(scope["path"])
        await self._answer(fault, scope, receive, _with_date(send, self._clock))

    async def _answer(self, fault: Fault | None, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = _refusal(fault, scope["path"], self._clock()) if fault else None
        if refusal is not None:
            await refusal(scope, receive, send)
        elif fault is None:
            await self._app(scope, receive, send)
        elif fault.kind == "slow":
            await asyncio.sleep(fault.delay_seconds)
            await self._app(scope, receive, send)
        else:
            await self._spoilt(fault, scope, receive, send)

    async def _spoilt(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        answer = _Answer()
        await self._app(scope, receive, answer.collect)
        body = bytes(answer.body)
        spoilt = body[: len(body) // 2] if fault.kind == "bad-json" else orjson.dumps(_null_lists(orjson.loads(body)))
        await Response(spoilt, answer.status, media_type="application/json")(scope, receive, send)


class _Answer:
    """An ASGI answer gathered instead of sent."""

    def __init__(self) -> None:
        self.status = 0
        self.body = bytearray()

    async def collect(self, message: Message) -> None:
        self.status = message.get("status", self.status)
        self.body += message.get("body", b"")


def _refusal(fault: Fault, path: str, now: datetime) -> Response | None:
    if fault.kind == "504-html":
        return HTMLResponse(_GATEWAY_PAGE, HTTPStatus.GATEWAY_TIMEOUT)
    if fault.kind == "200-html":
        return HTMLResponse(_FRONT_PAGE)
    if fault.kind == "401":
        return JSONResponse({"title": "Unauthorized", "status": 401}, HTTPStatus.UNAUTHORIZED)
    if fault.kind == "500":
        return JSONResponse(_broken(path), HTTPStatus.INTERNAL_SERVER_ERROR)
    if fault.kind == "429":
        headers = _retry_after(fault, now)
        if path.startswith(_V11):
            words = "Too many requests sent to server, try again later"
            return PlainTextResponse(words, HTTPStatus.TOO_MANY_REQUESTS, headers)
        return JSONResponse({"title": "Too Many Requests", "status": 429}, HTTPStatus.TOO_MANY_REQUESTS, headers)
    return None


def _broken(path: str) -> dict[str, Any]:
    words = "An unexpected error occurred. Trace id: 00-0000-00"
    return {"errorMessage": words} if path.startswith(_V11) else {"title": words, "status": 500}


def _retry_after(fault: Fault, now: datetime) -> dict[str, str]:
    if fault.retry_after is None:
        return {}
    if fault.retry_after_form == "seconds":
        return {"Retry-After": str(fault.retry_after)}
    return {"Retry-After": format_datetime(now + timedelta(seconds=fault.retry_after), usegmt=True)}


def _null_lists(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _null_lists(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_null_lists(part) for part in value] or None
    return value


def _with_date(send: Send, clock: Clock) -> Send:
    """The `Date` of every answer is the simulated system's; its server is told to leave the header alone."""

    async def dated(message: Message) -> None:
        if message["type"] == "http.response.start":
            now = format_datetime(clock().astimezone(UTC), usegmt=True).encode()
            message["headers"] = [*message["headers"], (b"date", now)]
        await send(message)

    return dated
