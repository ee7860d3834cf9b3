"""How the API answers: JSON with an ETag, and problems as they are described."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

from fastapi import Request, Response
from pydantic import BaseModel

from catalog.entrypoints.api.models import ProblemBody
from chassis.http.problems import MEDIA_TYPE

JSON = "application/json"
_TITLES = {
    404: "No such entry (`no-such-entry`), or it has no sessions (`no-sessions`)",
    422: "The request does not fit: `invalid-request`, `unknown-municipality` or `unreadable-cursor`",
    429: "Too many requests (`too-many-requests`); `Retry-After` says how many seconds to wait",
}


def documented(*statuses: int, **more: Any) -> dict[int | str, dict[str, Any]]:
    """The answers of a route besides success, for the OpenAPI document; `more` is its success."""
    problems: dict[int | str, dict[str, Any]] = {
        status: {
            "description": _TITLES[status],
            "content": {MEDIA_TYPE: {"schema": ProblemBody.model_json_schema()}},
        }
        for status in (*statuses, 422, 429)
    }
    return {200: more, 304: {"description": "What `If-None-Match` names is still the answer"}, **problems}


def answer(request: Request, body: BaseModel) -> Response:
    """What is None in the body is left out."""
    return tagged(request, body.model_dump_json(exclude_none=True).encode(), JSON)


def tagged(request: Request, content: bytes, media_type: str, headers: dict[str, str] | None = None) -> Response:
    """Sent again only where the reader's copy is another. The tag is a weak one: packed and plain answers share it."""
    etag = f'W/"{blake2b(content, digest_size=12).hexdigest()}"'
    given = {**(headers or {}), "ETag": etag, "Cache-Control": "no-cache"}
    known = {part.strip().removeprefix("W/") for part in request.headers.get("if-none-match", "").split(",")}
    if not known.isdisjoint({etag.removeprefix("W/"), "*"}):
        return Response(status_code=304, headers={"ETag": etag, "Cache-Control": "no-cache"})
    return Response(content, media_type=media_type, headers=given)
