"""The tray as pages: search with filters in the address, and one page per entry. No script is needed."""

from __future__ import annotations

from functools import partial
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from catalog.app.search import Page
from catalog.app.tray import Ask, Tray
from catalog.domain.marks import UnreadableCursor
from catalog.domain.sensitive import is_sensitive
from catalog.entrypoints.web import views
from catalog.entrypoints.web.maps import MapTiles, map_of
from catalog.entrypoints.web.rendering import html_page
from catalog.entrypoints.web.search_form import SearchForm, filter_names, groups, known_view, read_form, with_view
from catalog.entrypoints.web.translations import LANGUAGES, WORDING, preferred
from chassis.core.clock import Clock

_PAGE = 20


def pages(tray: Tray, *, clock: Clock, htmx: bool = False, map_tiles: MapTiles | None = None) -> APIRouter:
    """The routes over one tray; with `htmx` results follow what is typed, with tiles places have a map."""
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    def start(request: Request) -> Response:
        """To the tray in the visitor's language, the question kept."""
        return RedirectResponse(_with_query(f"/{_preferred(request)}", request.url.query), status_code=307)

    @router.get("/entries/{entry_id}")
    def any_language(request: Request, entry_id: str) -> Response:
        return RedirectResponse(f"/{_preferred(request)}/entries/{entry_id}", status_code=307)

    for language in LANGUAGES:
        router.include_router(_in_language(tray, language, clock, htmx=htmx, map_tiles=map_tiles))
    return router


def _in_language(tray: Tray, language: str, clock: Clock, *, htmx: bool, map_tiles: MapTiles | None) -> APIRouter:
    router = APIRouter(prefix=f"/{language}")

    @router.get("")
    @router.get("/")
    def search(request: Request) -> Response:
        form = read_form(request.query_params, tray.content)
        page = _answer(tray, Ask(form.q, form.filters, language, _PAGE, form.cursor, clock()))
        return _results(tray, language, form, page, only_results=_wants_results(request), htmx=htmx)

    @router.get("/suggestions")
    def suggestions(q: str = "", municipality: str = "") -> Response:
        """Options for the search field, as one types."""
        place = tray.content.county.municipality_chosen(municipality)
        found = tray.suggest(q, language, municipality=place)
        return html_page("suggestions.html", tray, language, "/", suggestions=found)

    @router.get("/entries/{entry_id}")
    def entry(entry_id: str, view: str = "") -> Response:
        found = tray.entry(entry_id)
        if found is not None:
            sessions = views.coming(found.sessions, clock(), language)
            return html_page(
                "entry.html",
                tray,
                language,
                with_view(f"/entries/{entry_id}", view),
                entry=found,
                sessions=sessions,
                view=known_view(view),
                map_of=partial(map_of, tiles=map_tiles),
            )
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


def _wants_results(request: Request) -> bool:
    """htmx asks for the part it puts into the page; what it restores from the history is a whole page."""
    return "hx-request" in request.headers and "hx-history-restore-request" not in request.headers


def _results(tray: Tray, language: str, form: SearchForm, page: Page, *, only_results: bool, htmx: bool) -> Response:
    state = form.state(page)
    answer = html_page(
        "results.html" if only_results else "tray.html",
        tray,
        language,
        _with_query("/", urlencode(state)),
        form=form,
        filters=form.filters,
        page=page,
        after=urlencode([*state, ("cursor", page.cursor)]) if page.cursor else None,
        landing=_is_landing(page, form),
        sensitive=_asked(page, form) and any(is_sensitive(hit.entry, tray.content.filing) for hit in page.hits),
        chosen=_chosen(tray, language, state),
        instead=_instead(page, state),
        without=_without(tray, language, page, state),
        near=partial(_near, page, form),
        groups=groups(page, tray.search(Ask(limit=1)).facets, form.filters, WORDING[language]),
        top_themes={theme.code for theme in tray.content.filing.themes},
        view=form.view,
        fragment=only_results,
        htmx=htmx,
    )
    answer.headers["Vary"] = "HX-Request"
    return answer


def _is_landing(page: Page, form: SearchForm) -> bool:
    """Whether nothing is asked yet, but perhaps of which municipality: other sites lead here with it."""
    return page.match == "browse" and not form.cursor and set(form.filters.in_use) <= {"municipality"}


def _asked(page: Page, form: SearchForm) -> bool:
    """Whether the visitor has asked for something: the list of everything says nothing about its reader."""
    return page.match != "browse" or bool(form.filters.themes)


def _instead(page: Page, state: list[tuple[str, str]]) -> tuple[str, str] | None:
    """The question as it may have been meant, with its address."""
    if not page.instead:
        return None
    return page.instead, _with_query("/", urlencode([("q", page.instead), *(one for one in state if one[0] != "q")]))


def _near(page: Page, form: SearchForm, name: str, code: str) -> str:
    """The address of what is told to be nearest: with the words only where they are found."""
    asked = [("q", form.q)] if form.q and page.nearest.of_words else []
    return _with_query("/", urlencode([*asked, (name, code), *([("view", form.view)] if form.view else [])]))


def _without(tray: Tray, language: str, page: Page, state: list[tuple[str, str]]) -> list[tuple[str, str, int]]:
    """Filters that stand in the way: what they are called, the address without each, and how much it would give."""
    names = _filter_names(tray, language)
    found = []
    for facet, count in page.nearest.without.items():
        parameter = {"provider_type": "provider"}.get(facet, facet)
        told = ", ".join(names.get(one, one[1]) for one in state if one[0] == parameter)
        rest = [one for one in state if one[0] != parameter]
        found.append((told, _with_query("/", urlencode(rest)), count))
    return found


def _chosen(tray: Tray, language: str, state: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Each filter's name, and the address of the page without it."""
    names = _filter_names(tray, language)
    return [
        (names.get(one, one[1]), _with_query("/", urlencode([other for other in state if other != one])))
        for one in state
        if one[0] not in ("q", "view")
    ]


def _filter_names(tray: Tray, language: str) -> dict[tuple[str, str], str]:
    """(parameter, value) → how a chosen filter is called."""
    names = {("theme", code): names[language] for code, names in tray.content.filing.names.items()}
    names |= {("municipality", one.code): one.name(language) for one in tray.content.county.municipalities}
    return names | filter_names(WORDING[language])


def _preferred(request: Request) -> str:
    return preferred(request.headers.get("accept-language", ""))


def _with_query(path: str, query: str) -> str:
    return f"{path}?{query}" if query else path
