"""Absolute addresses that leave a page (links to share, QR codes, calendars) begin with the public address."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Receive, Scope, Send


class PublicAddress:
    """ASGI middleware: whatever Host a request came with, it is answered as one to `origin` (scheme and host)."""

    def __init__(self, app: ASGIApp, origin: str) -> None:
        self._app = app
        parts = urlsplit(origin)
        self._scheme, self._host = parts.scheme, parts.netloc

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope = {**scope, "scheme": self._scheme, "headers": list(scope["headers"])}
            MutableHeaders(scope=scope)["Host"] = self._host
        await self._app(scope, receive, send)
