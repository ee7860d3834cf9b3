"""Errors as problem+json (RFC 9457), the same for every API; they never quote what was sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from chassis.core.errors import PermanentError, TemporaryError
from chassis.kafka.errors import is_outage

log = structlog.get_logger(__name__)

MEDIA_TYPE = "application/problem+json"


class Problem(Exception):
    """An answer other than success. `code` is stable for programs, `title` for people."""

    def __init__(
        self,
        status: int,
        code: str,
        title: str,
        *,
        detail: str = "",
        headers: Mapping[str, str] | None = None,
        **more: object,
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.title = title
        self.detail = detail
        self.headers = dict(headers or {})
        self.more = more


def problem_response(problem: Problem, headers: dict[str, str] | None = None) -> JSONResponse:
    body = {"type": f"urn:hytevirta:problem:{problem.code}", "title": problem.title, "status": problem.status}
    if problem.detail:
        body["detail"] = problem.detail
    return JSONResponse({**body, **problem.more}, status_code=problem.status, media_type=MEDIA_TYPE, headers=headers)


def install_problems(app: FastAPI) -> None:
    """Turns every error of the application into problem+json."""

    @app.exception_handler(Problem)
    async def given(_: Request, exc: Problem) -> JSONResponse:
        return problem_response(exc, exc.headers)

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, exc: RequestValidationError) -> JSONResponse:
        # Positions and kinds only: pydantic's messages and inputs may hold personal data.
        errors = [{"pointer": _pointer(error), "kind": error["type"]} for error in exc.errors()]
        return problem_response(Problem(422, "invalid-request", "The request does not fit the contract", errors=errors))

    @app.exception_handler(HTTPException)
    async def plain(_: Request, exc: HTTPException) -> JSONResponse:
        problem = Problem(exc.status_code, f"http-{exc.status_code}", str(exc.detail))
        return problem_response(problem, dict(exc.headers or {}))

    @app.exception_handler(PermanentError)
    async def refused(_: Request, exc: PermanentError) -> JSONResponse:
        return problem_response(Problem(422, exc.code, "The request is refused", detail=exc.explanation))

    @app.exception_handler(TemporaryError)
    async def later(_: Request, exc: TemporaryError) -> JSONResponse:
        seconds = str(int(exc.delay.total_seconds())) if exc.delay else "5"
        problem = Problem(503, exc.code, "Try again later", detail=exc.explanation)
        return problem_response(problem, {"Retry-After": seconds})

    @app.exception_handler(Exception)
    async def unknown(_: Request, exc: Exception) -> JSONResponse:
        if is_outage(exc):
            log.warning("request met an outage", error_type=type(exc).__name__)
            return problem_response(Problem(503, "outage", "Try again later"), {"Retry-After": "5"})
        log.error("request failed", exc_info=exc)
        return problem_response(Problem(500, "internal-error", "Something went wrong on our side"))


def _pointer(error: Mapping[str, Any]) -> str:
    """The place as a JSON pointer. The name of a field that we don't know is the sender's, and is left out."""
    place = error["loc"][:-1] if error["type"] == "extra_forbidden" else error["loc"]
    return "/" + "/".join(str(part) for part in place)
