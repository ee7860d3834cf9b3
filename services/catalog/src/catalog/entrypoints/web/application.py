"""The web role's application: JSON API, pages, static files, and headers that keep a visit private."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from catalog.app.tray import Tray
from catalog.entrypoints.api.cors import OpenToAnySite
from catalog.entrypoints.api.routes import api
from catalog.entrypoints.web.headers import PrivateVisit
from catalog.entrypoints.web.pages import pages
from chassis.core.clock import Clock
from chassis.http.app import new_app

STATIC = Path(__file__).with_name("static")


def application(tray: Tray, *, clock: Clock) -> FastAPI:
    """The application over one tray."""
    app = new_app("Hytevirta service tray", openapi_url="/v1/openapi.json")
    app.add_middleware(OpenToAnySite)
    app.add_middleware(PrivateVisit)
    app.include_router(api(tray, clock=clock))
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.include_router(pages(tray, clock=clock))
    return app
