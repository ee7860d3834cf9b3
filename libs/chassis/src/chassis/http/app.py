"""The FastAPI application every service starts from: errors as problem+json, limited bodies, spans without query."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from opentelemetry.trace import SpanKind
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis.http.body_limit import BodyLimit
from chassis.http.problems import install_problems
from chassis.telemetry.traces import span

MOST_BYTES = 256 * 1024
# FastAPI's own spans hold the query string, and what people search for is theirs.
_NO_TELEMETRY_OF_ITS_OWN = TelemetryConfig(tracing=False, metrics=False, logs=False)


def new_app(title: str, *, version: str = "1", **options: Any) -> FastAPI:
    """An application without interactive documentation pages, which load scripts from elsewhere."""
    app = FastAPI(
        title=title, version=version, docs_url=None, redoc_url=None, telemetry=_NO_TELEMETRY_OF_ITS_OWN, **options
    )
    install_problems(app)
    app.add_middleware(BodyLimit, most_bytes=MOST_BYTES)
    app.add_middleware(RequestSpans)
    return app


class RequestSpans:
    """ASGI middleware: a span per request, named by its route's template, without query and path parameters."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        with span(scope["method"], kind=SpanKind.SERVER, traceparent=_sender(scope)) as current:

            async def noting(message: Message) -> None:
                if message["type"] == "http.response.start":
                    current.set_attribute("http.response.status_code", message["status"])
                await send(message)

            try:
                await self._app(scope, receive, noting)
            finally:
                current.update_name(f"{scope['method']} {_template(scope)}")


def _sender(scope: Scope) -> str | None:
    found = [value for name, value in scope["headers"] if name == b"traceparent"]
    return found[0].decode("ascii", "ignore") if found else None


def _template(scope: Mapping[str, Any]) -> str:
    return str(getattr(scope.get("route"), "path", "unknown route"))
