"""The application that stands in for `api-gw.palvelutietovaranto.suomi.fi`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError

from devstack.simulators.control import add_control
from devstack.simulators.ptv import control, problems, routes
from devstack.simulators.ptv.content import DATA, load_content
from devstack.simulators.ptv.world import World


def _now() -> datetime:
    return datetime.now(UTC)


def create_app(api_key: str, *, data: Path = DATA, clock: Callable[[], datetime] = _now) -> FastAPI:
    """PTV v12, read side. `api_key` is what `x-api-key` must hold; `clock` dates publishing and archiving.

    Raises the errors of `load_content` when the data files are wrong.
    """
    app = FastAPI(title="PTV v12 simulator", openapi_url=None)
    app.state.api_key = api_key

    def reset() -> None:
        app.state.world = World(load_content(data), clock)

    reset()
    app.include_router(routes.router)
    add_control(app, reset=reset)
    app.include_router(control.router)
    app.add_exception_handler(problems.NotFound, problems.not_found)
    app.add_exception_handler(problems.Unauthorized, problems.unauthorized)
    app.add_exception_handler(RequestValidationError, problems.invalid_request)
    app.add_api_route("/health/liveness", _healthy)
    app.add_api_route("/health/readiness", _healthy)
    return app


async def _healthy() -> str:
    return "healthy"
