"""Headers on every answer: nothing from elsewhere, and no address handed on."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_HEADERS = {
    # What a person searches for must not travel on to the page they follow a link to.
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
}
# Browsers keep a permanent redirect for ever, but what has been merged may be parted again.
_MOVED = 308


class PrivateVisit:
    """ASGI middleware that adds the headers; `images` is an origin besides our own that pictures may come from."""

    def __init__(self, app: ASGIApp, images: str | None = None) -> None:
        self._app = app
        policy = _HEADERS["Content-Security-Policy"]
        added = {"Content-Security-Policy": f"{policy}; img-src 'self' {images}"} if images else {}
        self._headers = {**_HEADERS, **added}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(self._headers)
                if message["status"] == _MOVED:
                    headers.setdefault("Cache-Control", "no-cache")
            await send(message)

        await self._app(scope, receive, with_headers)
