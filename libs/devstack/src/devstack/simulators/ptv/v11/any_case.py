"""Paths of v11 in any case, as its server takes them."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send


class AnyCase:
    """ASGI middleware: a v11 path reaches its route in lower case."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].lower().startswith("/api/v11/"):
            scope = {**scope, "path": scope["path"].lower()}
        await self._app(scope, receive, send)
