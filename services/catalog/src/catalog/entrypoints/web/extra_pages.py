"""Pages beside search and entries: the talking card, the reminder list, and an entry's address as a QR code."""

from __future__ import annotations

from io import BytesIO

import segno
from fastapi import APIRouter, Request, Response

from catalog.app.tray import Tray
from catalog.domain.talking_card import TalkingCard
from catalog.entrypoints.web.messages import LANGUAGES
from catalog.entrypoints.web.pages import html_page
from chassis.http.problems import Problem


def extra_pages(tray: Tray, card: TalkingCard) -> APIRouter:
    """The routes over one tray, in every language."""
    router = APIRouter(include_in_schema=False)
    for language in LANGUAGES:
        router.include_router(_in_language(tray, card, language))
    return router


def _in_language(tray: Tray, card: TalkingCard, language: str) -> APIRouter:
    router = APIRouter(prefix=f"/{language}")

    @router.get("/how-are-you")
    def how_are_you() -> Response:
        """Everything is worked out in the browser: no answer has an address that it could be sent to."""
        topics = tuple(dict.fromkeys(code for question in card.questions for code in question.sub_themes))
        return html_page("talking_card.html", tray, language, "/how-are-you", card=card, topics=topics)

    @router.get("/basket")
    def basket() -> Response:
        return html_page("basket.html", tray, language, "/basket")

    @router.get("/entries/{entry_id}/qr.svg")
    def qr(request: Request, entry_id: str) -> Response:
        """The page's own address, for paper and screens that are shown to somebody."""
        if tray.entry(entry_id) is None:
            raise Problem(404, "no-such-entry", "There is no entry with this id")
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
