"""Pages beside search and entries: the talking card, the reminder list, and an entry's address as a QR code."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from io import BytesIO
from urllib.parse import urlencode

import segno
from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from catalog.app.tray import Tray
from catalog.entrypoints.web.rendering import html_page
from catalog.entrypoints.web.search_form import known_view, with_view
from catalog.entrypoints.web.translations import LANGUAGES, WORDING


def extra_pages(tray: Tray) -> APIRouter:
    """The routes over one tray, in every language."""
    router = APIRouter(include_in_schema=False)
    for language in LANGUAGES:
        router.include_router(_in_language(tray, language))
    return router


def _in_language(tray: Tray, language: str) -> APIRouter:
    router = APIRouter(prefix=f"/{language}")

    @router.get("/how-are-you")
    def how_are_you(view: str = "") -> Response:
        """Everything is worked out in the browser: no answer has an address that it could be sent to."""
        card = tray.content.card
        topics = tuple(dict.fromkeys(code for question in card.questions for code in question.sub_themes))
        return html_page(
            "talking_card.html",
            tray,
            language,
            with_view("/how-are-you", view),
            card=card,
            topics=topics,
            view=known_view(view),
        )

    @router.get("/basket")
    def basket(view: str = "") -> Response:
        return html_page("basket.html", tray, language, with_view("/basket", view), view=known_view(view))

    @router.get("/for-sites")
    def for_sites(request: Request, municipality: str = "", theme: str = "") -> Response:
        """A link and a search box for other sites, for a municipality and theme of their choice."""
        place = tray.content.county.municipality_chosen(municipality) or ""
        chosen = theme if theme in tray.content.filing.names else ""
        given = [(name, value) for name, value in (("municipality", place), ("theme", chosen)) if value]
        address = f"{request.base_url}{language}/"
        return html_page(
            "for_sites.html",
            tray,
            language,
            f"/for-sites?{urlencode(given)}" if given else "/for-sites",
            municipality=place,
            chosen_theme=chosen,
            link=f"{address}?{urlencode(given)}" if given else address,
            snippet=search_box(address, given, language),
        )

    @router.get("/entries/{entry_id}/qr.svg")
    def qr(request: Request, entry_id: str) -> Response:
        """The page's own address, for paper and screens that are shown to somebody."""
        if tray.entry(entry_id) is None:
            survivor = tray.survivor(entry_id)
            if survivor is None:
                raise HTTPException(404)
            return RedirectResponse(f"/{language}/entries/{survivor}/qr.svg", status_code=308)
        return Response(
            qr_code(f"{request.base_url}{language}/entries/{entry_id}"),
            media_type="image/svg+xml",
            headers={"Cache-Control": "max-age=86400"},
        )

    return router


def qr_code(address: str) -> bytes:
    """An SVG that grows with its place, dark on white in every colour scheme: readers need the contrast."""
    written = BytesIO()
    code = segno.make_qr(address, error="m")
    code.save(written, kind="svg", xmldecl=False, svgns=True, omitsize=True, light="#fff", border=3)
    return written.getvalue()


def search_box(address: str, given: Sequence[tuple[str, str]], language: str) -> str:
    """A form for other sites: plain HTML, without a script of ours."""
    text = WORDING[language].text
    hidden = "".join(
        f'\n  <input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in given
    )
    return (
        f'<form action="{escape(address)}" method="get" target="_blank" rel="noopener" lang="{language}">{hidden}\n'
        f'  <label for="hyte-q">{escape(text("What are you looking for?"))}</label>\n'
        f'  <input id="hyte-q" name="q" type="search">\n'
        f"  <button>{escape(text('Search'))}</button>\n"
        "</form>"
    )
