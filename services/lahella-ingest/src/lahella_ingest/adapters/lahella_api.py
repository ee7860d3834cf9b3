"""Lähellä.fi over HTTP. No official description exists: see the README for what is known and what is assumed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from chassis.core.errors import PermanentError
from chassis.http.client import JsonClient
from lahella_ingest.adapters.assumed_groups import linked_groups, organization_of
from lahella_ingest.app.ports import Found, Page
from lahella_ingest.domain.activity import key_of

PAGE_SIZE = 100
"""The largest the known client asks for."""

_LINKS = [("links[groups]", "true")]


def session_headers(base_url: str, token: str) -> dict[str, str]:
    """Headers of a signed-in session: the interface knows no API key, only the cookies of its own site."""
    return {"Cookie": f"AUTH_TOKEN={token}", "Origin": base_url, "Referer": f"{base_url}/"}


class LahellaApi:
    """Activities by page. `groups` narrows to some organisations; `business_ids` are an operator's, by group."""

    def __init__(
        self,
        client: JsonClient,
        *,
        groups: Sequence[str] = (),
        business_ids: Mapping[str, str] | None = None,
        page_size: int = PAGE_SIZE,
    ) -> None:
        self._client = client
        self._page_size = page_size
        self._groups = groups
        self._business_ids = business_ids or {}

    async def page(self, skip: int) -> Page:
        answer = await self._client.get("/v1/activities", self._query(skip))
        if answer is None:
            raise PermanentError("source-shape", "there is no list of activities at this address")
        body = answer[0]
        items, has_more = (body.get("items"), body.get("hasMore")) if isinstance(body, dict) else (None, None)
        # An empty list may come as null; whether there is more must be said, or a cut answer would pass for the last.
        if not isinstance(has_more, bool) or not isinstance(items, list | None):
            raise PermanentError("source-shape", "the answer has no items or no hasMore")
        total = body.get("total")
        return Page([self._found(item, body) for item in items or []], has_more, total if _is_count(total) else None)

    async def one(self, key: str) -> Found | None:
        answer = await self._client.get(f"/v1/activities/{key}", _LINKS)
        if answer is None:
            return None
        item = answer[0]
        if key_of(item) != key:
            raise PermanentError("source-shape", "the answer is not the activity that was asked for")
        return self._found(item, item)

    async def close(self) -> None:
        await self._client.close()

    def _query(self, skip: int) -> list[tuple[str, str]]:
        groups = [(f"groups[{position}]", group) for position, group in enumerate(self._groups)]
        return [*groups, *_LINKS, ("total", "true"), ("limit", str(self._page_size)), ("skip", str(skip))]

    def _found(self, item: Any, page: Mapping[str, Any]) -> Found:
        return Found(item, organization_of(item, linked_groups(page), self._business_ids))


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
