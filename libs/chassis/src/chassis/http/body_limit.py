"""A limit on request bodies, counted as they arrive: nobody fills our memory with one request."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class BodyLimit:
    """ASGI middleware: a body over `most_bytes`, declared or counted, is answered with 413 and read no further."""

    def __init__(self, app: ASGIApp, *, most_bytes: int) -> None:
        self._app = app
        self._most = most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if _declared(scope) > self._most:
            await _too_big(scope, receive, send)
            return
        try:
            await self._app(scope, self._counting(receive), send)
        except _TooBig:
            await _too_big(scope, receive, send)

    def _counting(self, receive: Receive) -> Receive:
        arrived = 0

        async def counted() -> Message:
            nonlocal arrived
            message = await receive()
            arrived += len(message.get("body", b""))
            if arrived > self._most:
                raise _TooBig
            return message

        return counted


class _TooBig(HTTPException):
    """Of the kind that frameworks pass on: FastAPI makes any other error of a body's reading a 400."""

    def __init__(self) -> None:
        super().__init__(413, "The request body is too big")


def _declared(scope: Scope) -> int:
    lengths = [value for name, value in scope["headers"] if name == b"content-length"]
    return int(lengths[0]) if lengths and lengths[0].isdigit() else 0


async def _too_big(scope: Scope, receive: Receive, send: Send) -> None:
    body = {"type": "urn:hytevirta:problem:body-too-big", "title": "The request body is too big", "status": 413}
    await JSONResponse(body, status_code=413, media_type="application/problem+json")(scope, receive, send)
