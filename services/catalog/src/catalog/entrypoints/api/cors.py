"""The open part of the API may be read by pages of any site; curation and forms may not."""

from __future__ import annotations

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

OPEN, CLOSED = "/v1/", "/v1/curation"


class OpenToAnySite:
    """ASGI middleware: cross-origin GET for what anybody may read."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._open = CORSMiddleware(
            app,
            allow_origins=["*"],
            allow_methods=["GET"],
            allow_headers=["If-None-Match"],
            expose_headers=["ETag", "Retry-After"],
            max_age=86400,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        is_open = scope["type"] == "http" and path.startswith(OPEN) and not path.startswith(CLOSED)
        await (self._open if is_open else self._app)(scope, receive, send)
