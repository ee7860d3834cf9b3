"""Routes of the open API over one tray."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.params import Depends
from fastapi.responses import RedirectResponse

from catalog.app.search import Page
from catalog.app.tray import Ask, Tray
from catalog.domain.marks import UnreadableCursor
from catalog.domain.schedules import schedules
from catalog.entrypoints.api.answers import JSON, answer, documented, tagged
from catalog.entrypoints.api.models import (
    Entry,
    Schedules,
    SearchAnswer,
    Suggestions,
    Themes,
    search_json,
    suggestions_body,
    themes_body,
)
from catalog.entrypoints.api.parameters import (
    OptionalLanguage,
    SearchParameters,
    SuggestParameters,
    known_municipality,
)
from catalog.entrypoints.calendar import MEDIA_TYPE as CALENDAR
from catalog.entrypoints.calendar import calendar_of
from chassis.core.clock import Clock
from chassis.http.problems import Problem
from event_schemas.entry import EntryPublished

_MOVED: dict[int | str, dict[str, Any]] = {308: {"description": "Another entry has taken this one in; see `Location`"}}
_SUGGESTIONS = 8
DESCRIPTION = """\
Services that promote health and wellbeing in one wellbeing-services county, merged from the national Finnish Service
Catalogue (Suomi.fi) and Lähellä.fi, filed under the county's themes.

Open data without a key, readable by pages of any site. Send the `ETag` of an answer as `If-None-Match` to be told when
nothing has changed; after a 429 wait for the seconds of `Retry-After`. Errors are `application/problem+json` (RFC 9457)
whose `type` ends with a stable code. Fields and codes may be added: pass over those you do not know.
What is asked is neither logged nor kept.
"""


def api(tray: Tray, *, clock: Clock, dependencies: Sequence[Depends] = ()) -> APIRouter:
    """The routes; `dependencies` are asked before each."""
    router = APIRouter(prefix="/v1", dependencies=list(dependencies), tags=["tray"])
    _add_search(router, tray, clock)
    _add_entries(router, tray, clock)
    return router


def _add_search(router: APIRouter, tray: Tray, clock: Clock) -> None:
    @router.get("/entries", responses=documented(model=SearchAnswer, description="One page of entries"))
    def search(request: Request, given: Annotated[SearchParameters, Query()]) -> Response:
        """Entries that answer, the best first; without words all that pass the filters.

        `next_cursor` leads on, and no page repeats an entry, whichever replica answers.
        """
        page = asked(tray, given.ask(tray.content, clock))
        return tagged(request, search_json(page), JSON)

    @router.get("/suggest", responses=documented(model=Suggestions, description="Suggestions"))
    def suggest(request: Request, given: Annotated[SuggestParameters, Query()]) -> Response:
        """Themes, places, words and names of services that a person may be typing."""
        place = known_municipality(tray.content, given.municipality)
        limit = given.limit or _SUGGESTIONS
        found = tray.suggest(given.q, given.lang or "fi", municipality=place, limit=limit)
        return answer(request, suggestions_body(found))

    @router.get("/themes", responses=documented(model=Themes, description="The themes"))
    def themes(request: Request) -> Response:
        """Themes and sub-themes with their names, in the county's order."""
        return answer(request, themes_body(tray.content))


def _add_entries(router: APIRouter, tray: Tray, clock: Clock) -> None:
    @router.get("/entries/{entry_id}", responses={**documented(404, model=Entry, description="The entry"), **_MOVED})
    def entry(request: Request, entry_id: str) -> Response:
        """One entry with its sources; an old id leads to the entry that took it in."""
        body = tray.body(entry_id)
        if body is None:
            return RedirectResponse(f"/v1/entries/{_survivor(tray, entry_id)}", status_code=308)
        return tagged(request, body, JSON)

    @router.get(
        "/entries/{entry_id}/schedules",
        responses={**documented(404, model=Schedules, description="Schedules"), **_MOVED},
    )
    def entry_schedules(request: Request, entry_id: str) -> Response:
        """When an entry is open and its sessions are, as schedules of HSDS 3.1 (Open Referral)."""
        found = _entry(tray, entry_id)
        if isinstance(found, str):
            return RedirectResponse(f"/v1/entries/{found}/schedules", status_code=308)
        return answer(request, Schedules(schedules=schedules(found)))

    calendar_answer = {"description": "An iCalendar object (RFC 5545)", "content": {CALENDAR: {"schema": _TEXT}}}

    @router.get("/entries/{entry_id}/calendar.ics", responses={**documented(404, **calendar_answer), **_MOVED})
    def calendar(request: Request, entry_id: str, lang: Annotated[OptionalLanguage, Query()] = None) -> Response:
        """Sessions of an entry, from the last month on, for a calendar; cancelled ones as such."""
        found = _entry(tray, entry_id)
        if isinstance(found, str):
            query = f"?lang={lang}" if lang else ""
            return RedirectResponse(f"/v1/entries/{found}/calendar.ics{query}", status_code=308)
        language = lang or "fi"
        page = f"{request.base_url}{language}/entries/{entry_id}"
        content = calendar_of(found, language, page=page, now=clock())
        if content is None:
            raise Problem(404, "no-sessions", "The entry has no sessions")
        name = f'attachment; filename="hytevirta-{entry_id}.ics"'
        return tagged(request, content, CALENDAR, {"Content-Disposition": name})


_TEXT = {"type": "string"}


def _entry(tray: Tray, entry_id: str) -> EntryPublished | str:
    """The entry, or the id of the one that took it in; Problem where there is neither."""
    return tray.entry(entry_id) or _survivor(tray, entry_id)


def _survivor(tray: Tray, entry_id: str) -> str:
    """The id of the entry that took it in; Problem where there is none."""
    found = tray.survivor(entry_id)
    if found is None:
        raise Problem(404, "no-such-entry", "There is no entry with this id")
    return found


def asked(tray: Tray, ask: Ask) -> Page:
    """The tray's answer; a cursor of somebody else's making is the caller's mistake."""
    try:
        return tray.search(ask)
    except UnreadableCursor:
        raise Problem(422, "unreadable-cursor", "The cursor was not given by this service") from None
