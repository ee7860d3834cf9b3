"""The application that stands in for PTV: v12 (`api-gw.palvelutietovaranto.suomi.fi`) and v11 (`api.…`) on one port."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError

from devstack.simulators.control import add_control
from devstack.simulators.faults import machine_clock
from devstack.simulators.ptv import control, problems, routes
from devstack.simulators.ptv.content import DATA, load_content
from devstack.simulators.ptv.recorded import Recording
from devstack.simulators.ptv.v11 import class_routes, errors, other_routes, service_routes
from devstack.simulators.ptv.v11.any_case import AnyCase
from devstack.simulators.ptv.v11.pages import PageSizes
from devstack.simulators.ptv.v11.render import Rendered
from devstack.simulators.ptv.world import World


def _now() -> datetime:
    return datetime.now(UTC)


def create_app(
    api_key: str,
    *,
    data: Path = DATA,
    clock: Callable[[], datetime] = _now,
    v11_sizes: PageSizes = PageSizes(),  # noqa: B008 - frozen
    recording: Recording | None = None,
) -> FastAPI:
    """PTV's read side. `api_key` is what v12 wants in `x-api-key`; v11 asks for none.

    `clock` dates publishing and archiving; `v11_sizes` makes v11's pages small enough for a test. A `recording` takes
    the place of the objects in `data`; the code lists stay. Raises the errors of `load_content` when the data files
    are wrong.
    """
    app = FastAPI(title="PTV simulator", openapi_url=None)
    app.state.api_key = api_key
    app.state.v11_sizes = v11_sizes

    def reset() -> None:
        content = load_content(data)
        if recording is None:
            app.state.world = World(content, clock)
            app.state.v11_catalogue = Rendered(app.state.world)
        else:
            catalogue = recording.catalogue(content.vocabulary)
            app.state.world = World(recording.content(content.vocabulary), clock)
            app.state.v11_catalogue = lambda: catalogue

    reset()
    _add_paths(app)
    if recording is not None:
        summary = recording.summary()
        app.add_api_route("/_control/recorded", lambda: summary)
    app.add_middleware(AnyCase)
    app.state.faults = add_control(app, reset=reset, clock=lambda: machine_clock() + app.state.world.skew)
    app.include_router(control.router)
    return app


def _add_paths(app: FastAPI) -> None:
    app.include_router(routes.router)
    for router in (
        class_routes.router,
        service_routes.services,
        service_routes.channels,
        other_routes.organisations,
        other_routes.descriptions,
        other_routes.collections,
        other_routes.common,
        other_routes.code_lists,
    ):
        app.include_router(router)
    app.add_exception_handler(problems.NotFound, problems.not_found)
    app.add_exception_handler(problems.Unauthorized, problems.unauthorized)
    app.add_exception_handler(errors.Refused, errors.refused)
    app.add_exception_handler(RequestValidationError, problems.invalid_request)
    app.add_api_route("/health/liveness", _healthy)
    app.add_api_route("/health/readiness", _healthy)


async def _healthy() -> str:
    return "healthy"
