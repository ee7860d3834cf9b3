"""Addresses that nothing is at: told as a page to people, as a problem to programs."""

from __future__ import annotations

from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException

from catalog.app.tray import Tray
from catalog.entrypoints.web.rendering import html_page
from catalog.entrypoints.web.translations import LANGUAGES, preferred
from chassis.http.problems import Problem, problem_response

_FOR_PROGRAMS = ("v1", "static", "assets")


def tell_lost_people(app: FastAPI, tray: Tray) -> None:
    """In the language of the address, or in the visitor's where it has none."""

    @app.exception_handler(404)
    async def lost(request: Request, _: HTTPException) -> Response:
        first = request.url.path.split("/")[1]
        reads = "text/html" in request.headers.get("accept", "") and first not in _FOR_PROGRAMS
        if first not in LANGUAGES and not reads:
            return problem_response(Problem(404, "http-404", "Not Found"))
        language = first if first in LANGUAGES else preferred(request.headers.get("accept-language", ""))
        return html_page("not_found.html", tray, language, "/", status=404)
