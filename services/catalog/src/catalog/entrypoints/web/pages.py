"""The tray as pages: search with filters in the address, and one page per entry. No script is needed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from catalog.app.search import Filters, Page
from catalog.app.tray import Ask, Tray
from catalog.domain.marks import UnreadableCursor
from catalog.domain.sensitive import is_sensitive
from catalog.entrypoints.web import views
from catalog.entrypoints.web.accessibility import accessible_lines
from catalog.entrypoints.web.extra_words import EXTRA_WORDS
from catalog.entrypoints.web.messages import LANGUAGES, MESSAGES
from chassis.core.clock import Clock

_PAGE = 20
_Texts = Annotated[tuple[str, ...], Query()]
_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def pages(tray: Tray, *, clock: Clock) -> APIRouter:
    """The routes over one tray."""
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    def start(request: Request) -> Response:
        """To the tray in the visitor's language, the question kept."""
        return RedirectResponse(_with_query(f"/{preferred(request)}", request.url.query), status_code=307)

    @router.get("/entries/{entry_id}")
    def any_language(request: Request, entry_id: str) -> Response:
        return RedirectResponse(f"/{preferred(request)}/entries/{entry_id}", status_code=307)

    for language in LANGUAGES:
        router.include_router(_in_language(tray, language, clock))
    return router


def _in_language(tray: Tray, language: str, clock: Clock) -> APIRouter:
    router = APIRouter(prefix=f"/{language}")

    @router.get("")
    @router.get("/")
    def search(
        q: str = "",
        municipality: str = "",
        theme: _Texts = (),
        audience: _Texts = (),
        cursor: str = "",
    ) -> Response:
        place = tray.content.county.municipality_chosen(municipality)
        filters = Filters(place, _present(theme), _present(audience))
        page = _answer(tray, Ask(q, filters, language, _PAGE, cursor))
        return _results(tray, language, q, filters, page, is_first=not cursor)

    @router.get("/entries/{entry_id}")
    def entry(entry_id: str) -> Response:
        found = tray.entry(entry_id)
        if found is not None:
            now = clock()
            sessions = views.coming(found.sessions, now, language)
            return html_page("entry.html", tray, language, f"/entries/{entry_id}", entry=found, sessions=sessions)
        survivor = tray.survivor(entry_id)
        if survivor is not None:
            return RedirectResponse(f"/{language}/entries/{survivor}", status_code=308)
        return html_page("not_found.html", tray, language, "/", status=404)

    return router


def _answer(tray: Tray, ask: Ask) -> Page:
    """A cursor that has been cut or typed begins again at the first page."""
    try:
        return tray.search(ask)
    except UnreadableCursor:
        return tray.search(Ask(ask.text, ask.filters, ask.language, ask.limit))


def _results(tray: Tray, language: str, q: str, filters: Filters, page: Page, *, is_first: bool) -> Response:
    state = [("q", q)] if q else []
    state += [("municipality", page.municipality)] if page.municipality else []
    state += [("theme", one) for one in filters.themes] + [("audience", one) for one in filters.audience]
    after = urlencode([*state, ("cursor", page.cursor)]) if page.cursor else None
    return html_page(
        "tray.html",
        tray,
        language,
        _with_query("/", urlencode(state)),
        q=q,
        filters=filters,
        page=page,
        after=after,
        is_first=is_first,
        chosen=_chosen(tray, language, state),
        top_themes={theme.code for theme in tray.content.filing.themes},
    )


def _chosen(tray: Tray, language: str, state: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Each filter's name, and the address of the page without it."""
    names = {("theme", code): names[language] for code, names in tray.content.filing.names.items()}
    names |= {("municipality", one.code): one.name(language) for one in tray.content.county.municipalities}
    names |= {("audience", code): name for code, name in MESSAGES[language].audiences.items()}
    return [
        (names[one], _with_query("/", urlencode([other for other in state if other != one])))
        for one in state
        if one in names
    ]


def html_page(template: str, tray: Tray, language: str, path: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """`path` is the page's own address without the language, for the links to its other languages."""
    words = MESSAGES[language]
    text = _TEMPLATES.get_template(template).render(
        language=language,
        words=words,
        extra=EXTRA_WORDS[language],
        is_sensitive=partial(is_sensitive, filing=tray.content.filing),
        path=path,
        others=MESSAGES,
        county=tray.content.county,
        filing=tray.content.filing,
        said=partial(views.said, language=language),
        places=partial(views.places, county=tray.content.county, language=language, words=words),
        updated=partial(views.updated, language=language),
        filed=partial(views.filed, filing=tray.content.filing, language=language),
        sources=partial(views.sources, words=words),
        hours=partial(views.hours, words=words),
        accessible_lines=partial(accessible_lines, language=language),
        provider_links=views.provider_links,
        provider_unlinked=views.provider_unlinked,
        as_html=views.as_html,
        as_text=views.as_text,
        **{"view": "", **values},
    )
    return HTMLResponse(text, status_code=status, headers={"Content-Language": language, "Cache-Control": "no-cache"})


def preferred(request: Request) -> str:
    """The first of the visitor's languages that the pages have; Finnish when none."""
    wishes = [part.split(";")[0].strip()[:2].lower() for part in request.headers.get("accept-language", "").split(",")]
    return next((wish for wish in wishes if wish in LANGUAGES), "fi")


def _present(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value.strip()))


def _with_query(path: str, query: str) -> str:
    return f"{path}?{query}" if query else path
