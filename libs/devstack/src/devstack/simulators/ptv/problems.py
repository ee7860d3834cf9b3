"""Error bodies of PTV v12: problem details sent as plain `application/json`."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, Literal
from uuid import uuid4

import orjson
from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError


class NotFound(Exception):
    """No such published content. `reason` is null where the interface answers without one (the hierarchy)."""

    def __init__(self, reason: Literal["NotPublished", "Unknown"] | None) -> None:
        super().__init__(reason)
        self.reason = reason


class Unauthorized(Exception):
    """The `x-api-key` header is missing or wrong."""


async def not_found(request: Request, error: Exception) -> Response:
    reason = error.reason if isinstance(error, NotFound) else None
    detail = "Content is not published" if reason == "NotPublished" else "Content was not found"
    return problem(request, HTTPStatus.NOT_FOUND, detail, **({} if reason is None else {"reason": reason}))


async def unauthorized(request: Request, _: Exception) -> Response:
    """The real body is not documented; a reader may rely on the status alone."""
    return problem(request, HTTPStatus.UNAUTHORIZED, "The x-api-key header is missing or not valid")


async def invalid_request(request: Request, error: Exception) -> Response:
    found = error.errors() if isinstance(error, RequestValidationError) else []
    errors = [_validation_error(entry) for entry in found]
    return problem(request, HTTPStatus.BAD_REQUEST, "Request validation failed", errors=errors)


def problem(request: Request, status: HTTPStatus, detail: str, **extra: Any) -> Response:
    query = f"?{request.url.query}" if request.url.query else ""
    body = {
        "type": "about:blank",
        "requestId": str(uuid4()),
        "instance": f"{request.url.path}{query}",
        "title": status.phrase,
        "status": status.value,
        "detail": detail,
        **extra,
    }
    return Response(orjson.dumps(body), status, media_type="application/json")


def _validation_error(entry: dict[str, Any]) -> dict[str, str]:
    location: Sequence[str | int] = entry["loc"][1:]
    return {"path": "".join(f"/{part}" for part in location), "message": entry["msg"]}
