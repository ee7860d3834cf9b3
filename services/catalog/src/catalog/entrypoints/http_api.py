"""JSON API of the tray: search, one entry, the themes."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from catalog.app.search import Filters, Hit, Page
from catalog.app.tray import Ask, Tray
from catalog.domain.entries import Content
from catalog.domain.marks import LONGEST_PAGE, UnreadableCursor
from catalog.entrypoints.wording import reason_text
from chassis.http.problems import Problem
from event_schemas.entry import EntryPublished

_Texts = Annotated[tuple[str, ...], Query()]
_LONGEST_CURSOR = 8000


def api(tray: Tray) -> APIRouter:
    """The routes over one tray."""
    router = APIRouter(prefix="/v1")

    @router.get("/entries")
    def search(
        request: Request,
        q: str = "",
        municipality: str = "",
        theme: _Texts = (),
        audience: _Texts = (),
        language: _Texts = (),
        cursor: str = "",
        limit: Annotated[int, Query(ge=1, le=LONGEST_PAGE)] = 20,
    ) -> Response:
        """Entries that answer; a parameter without a value counts as absent."""
        place = known_municipality(tray.content, municipality)
        filters = Filters(place, present(theme), present(audience), present(language))
        ask = Ask(q, filters, limit=limit, cursor=cursor[: _LONGEST_CURSOR + 1])
        return _answer(request, _page(asked(tray, ask)))

    @router.get("/entries/{entry_id}")
    def entry(request: Request, entry_id: str) -> Response:
        """One entry; an old id leads to the entry that took it in."""
        found = tray.entry(entry_id)
        if found is not None:
            return _answer(request, _entry(found))
        survivor = tray.survivor(entry_id)
        if survivor is None:
            raise Problem(404, "no-such-entry", "There is no entry with this id")
        return RedirectResponse(f"/v1/entries/{survivor}", status_code=308)

    @router.get("/themes")
    def themes(request: Request) -> Response:
        """Themes and sub-themes with their names, in the county's order."""
        return _answer(request, {"themes": _themes(tray.content)})

    return router


def present(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(value.strip() for value in values if value.strip())


def known_municipality(content: Content, written: str) -> str | None:
    """Code of a municipality of the county, given as code or name; Problem where there is no such."""
    if not written.strip(" ,.;"):
        return None
    code = content.county.municipality_chosen(written)
    if code is None:
        raise Problem(422, "unknown-municipality", "The county has no such municipality")
    return code


def asked(tray: Tray, ask: Ask) -> Page:
    """The tray's answer; a cursor of somebody else's making is the caller's mistake."""
    try:
        return tray.search(ask)
    except UnreadableCursor:
        raise Problem(422, "unreadable-cursor", "The cursor was not given by this service") from None


def _answer(request: Request, body: dict[str, Any]) -> Response:
    content = orjson.dumps(body)
    etag = f'"{blake2b(content, digest_size=12).hexdigest()}"'
    headers = {"ETag": etag, "Cache-Control": "no-cache"}
    known = {part.strip().removeprefix("W/") for part in request.headers.get("if-none-match", "").split(",")}
    if etag in known:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type="application/json", headers=headers)


def _page(page: Page) -> dict[str, Any]:
    return {
        "total": page.total,
        "match": page.match,
        "municipality": page.municipality,
        "question_cut": page.cut,
        "next_cursor": page.cursor,
        "facets": page.facets,
        "entries": [_hit(hit) for hit in page.hits],
    }


def _hit(hit: Hit) -> dict[str, Any]:
    reasons = [{"word": one.word, "where": one.where, "how": one.how} for one in hit.reasons]
    return {**_entry(hit.entry), "hit": {"scope": hit.scope, "reasons": reasons}}


def _entry(entry: EntryPublished) -> dict[str, Any]:
    """The entry as its event has it, with each placement's reasons put into words."""
    body: dict[str, Any] = entry.model_dump(mode="json", exclude_none=True)
    for placement, written in zip(entry.placements, body["placements"], strict=True):
        for reason, out in zip(placement.reasons, written["reasons"], strict=True):
            out["text"] = {language: reason_text(reason, language) for language in ("fi", "sv", "en")}
    return body


def _themes(content: Content) -> list[dict[str, Any]]:
    return [
        {
            "code": theme.code,
            "names": theme.names,
            "sub_themes": [{"code": sub.code, "names": sub.names} for sub in theme.sub_themes],
        }
        for theme in content.filing.themes
    ]
