"""Answers of v11 that are not the thing asked for."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import orjson
from fastapi import Request, Response

TOO_MANY = (
    "There were too many items within result set. Only 100 items are allowed. Use more restrictive search criteria!"
)


class Refused(Exception):
    """An answer other than 200, with its body."""

    def __init__(self, status: HTTPStatus, body: dict[str, Any]) -> None:
        super().__init__(status)
        self.status = status
        self.body = body


def bad(field: str, words: str) -> Refused:
    return Refused(HTTPStatus.BAD_REQUEST, {field: [words]})


def missing(words: str) -> Refused:
    return Refused(HTTPStatus.NOT_FOUND, {"errorMessage": words})


def broken(words: str = "An unexpected error occurred. Trace id: 00-0000-00") -> Refused:
    return Refused(HTTPStatus.INTERNAL_SERVER_ERROR, {"errorMessage": words})


async def refused(_: Request, error: Exception) -> Response:
    if not isinstance(error, Refused):
        raise error
    return json_response(error.body, error.status)


def json_response(body: Any, status: HTTPStatus = HTTPStatus.OK) -> Response:
    return Response(orjson.dumps(body), status, media_type="application/json; charset=utf-8")
