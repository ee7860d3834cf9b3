"""The web role's application: JSON API, pages, static files, and headers that keep a visit private."""

from __future__ import annotations

from pathlib import Path

from fastapi import Depends, FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles

from catalog.app.ports import Tx
from catalog.app.tray import Tray
from catalog.entrypoints.api.cors import OpenToAnySite
from catalog.entrypoints.api.routes import DESCRIPTION, api
from catalog.entrypoints.head_requests import HeadRequests
from catalog.entrypoints.web.extra_pages import extra_pages
from catalog.entrypoints.web.headers import PrivateVisit
from catalog.entrypoints.web.lost import tell_lost_people
from catalog.entrypoints.web.maps import MapTiles
from catalog.entrypoints.web.pages import pages
from catalog.entrypoints.web.public_address import PublicAddress
from catalog.entrypoints.web.report_pages import Reporting, report_pages
from chassis.core.clock import Clock
from chassis.http.app import new_app
from chassis.http.rate_limit import RateLimit

STATIC = Path(__file__).with_name("static")


def application(
    tray: Tray,
    *,
    clock: Clock,
    reporting: Reporting[Tx] | None = None,
    read_limit: RateLimit | None = None,
    assets: Path | None = None,
    map_tiles: MapTiles | None = None,
    public_url: str | None = None,
) -> FastAPI:
    """The application over one tray; without a limit nobody is refused, without `reporting` errors are not taken.

    Addresses for use elsewhere begin with `public_url`; without one, with the address that was asked.
    """
    app = new_app("Hytevirta service tray", description=DESCRIPTION, openapi_url="/v1/openapi.json")
    app.add_middleware(OpenToAnySite)
    app.add_middleware(PrivateVisit, images=map_tiles.origin if map_tiles else None)
    # Level 9, the default, takes four times as long for a fifth less.
    app.add_middleware(GZipMiddleware, compresslevel=2)
    app.add_middleware(HeadRequests)
    if public_url is not None:
        app.add_middleware(PublicAddress, origin=public_url)
    app.include_router(api(tray, clock=clock, dependencies=[Depends(read_limit)] if read_limit else []))
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.include_router(extra_pages(tray))
    if assets is not None:
        app.mount("/assets", StaticFiles(directory=assets), name="assets")
    app.include_router(pages(tray, clock=clock, htmx=assets is not None, map_tiles=map_tiles))
    if reporting is not None:
        app.include_router(report_pages(tray, reporting, clock=clock))
    tell_lost_people(app, tray)
    return app
