"""`/live`, `/ready` and `/metrics` of a process, on a port of their own that no resident reaches."""

from __future__ import annotations

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from chassis.core.health import Health


def health_app(health: Health) -> Starlette:
    """`/live` is 503 when a loop stands still; `/ready` is 503 with each part's reason while one cannot do its work.

    Notes of `/ready` are what an operator ought to know all the same.
    """

    async def live(_: Request) -> Response:
        stuck = health.stuck()
        return JSONResponse({"stuck": stuck}, status_code=503 if stuck else 200)

    async def ready(_: Request) -> Response:
        reasons = health.reasons()
        return JSONResponse({"not_ready": reasons, "notes": health.notes()}, status_code=503 if reasons else 200)

    async def metrics(_: Request) -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return Starlette(routes=[Route("/live", live), Route("/ready", ready), Route("/metrics", metrics)])
