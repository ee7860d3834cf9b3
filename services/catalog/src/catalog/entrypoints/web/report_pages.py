"""The page on which a visitor reports an error: a form that works without a script and asks for nothing personal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from catalog.app.ports import Tx
from catalog.app.report_error import Reports, report_error
from catalog.app.tray import Tray
from catalog.domain.reports import LONGEST_TEXT, ReportReason
from catalog.entrypoints.web.rendering import html_page
from catalog.entrypoints.web.search_form import known_view, with_view
from catalog.entrypoints.web.translations import LANGUAGES, WORDING
from chassis.core.clock import Clock, new_id
from chassis.http.rate_limit import RateLimit

_HONEYPOT = "website"
_MOST_FIELDS = 10


@dataclass(frozen=True, slots=True)
class Reporting(Generic[Tx]):
    """Where reports go, how many one address may send, and after how many days their text is deleted."""

    reports: Reports[Tx]
    limit: RateLimit | None
    text_days: int


def report_pages(tray: Tray, reporting: Reporting[Tx], *, clock: Clock) -> APIRouter:
    """The routes over one tray."""
    router = APIRouter(include_in_schema=False)
    for language in LANGUAGES:
        router.include_router(_in_language(_Pages(tray, language, reporting.text_days), reporting, clock))
    return router


class _Pages:
    """The pages of one language."""

    def __init__(self, tray: Tray, language: str, text_days: int) -> None:
        self.tray = tray
        self._text_days = text_days
        self.language = language
        self.text = WORDING[language].text

    def address(self, entry_id: str, view: str, page: str = "report") -> str:
        return with_view(f"/{self.language}/entries/{entry_id}/{page}", view)

    def show(self, template: str, entry_id: str, view: str, *, status: int = 200, **values: Any) -> Response:
        """The page; an old id leads to the entry that took it in."""
        entry = self.tray.entry(entry_id)
        if entry is not None:
            path = with_view(f"/entries/{entry_id}/report", view)
            given = {"entry": entry, "view": known_view(view), **values}
            return html_page(template, self.tray, self.language, path, status=status, **given)
        survivor = self.tray.survivor(entry_id)
        if survivor is not None:
            return RedirectResponse(self.address(survivor, view), status_code=308)
        return html_page("not_found.html", self.tray, self.language, "/", status=404)

    def form(self, entry_id: str, view: str, *, problem: str = "", text: str = "", status: int = 200) -> Response:
        days = self._text_days
        return self.show("report.html", entry_id, view, status=status, problem=problem, text=text, text_days=days)


def _in_language(pages: _Pages, reporting: Reporting[Tx], clock: Clock) -> APIRouter:
    router = APIRouter(prefix=f"/{pages.language}/entries")

    @router.get("/{entry_id}/report")
    def form(entry_id: str, view: str = "") -> Response:
        return pages.form(entry_id, view)

    @router.get("/{entry_id}/report/thanks")
    def thanks(entry_id: str, view: str = "") -> Response:
        return pages.show("report_thanks.html", entry_id, view)

    @router.post("/{entry_id}/report")
    async def send(request: Request, entry_id: str, view: str = "") -> Response:
        given = _fields(await request.body())
        entry = pages.tray.entry(entry_id)
        if entry is None:
            return pages.form(entry_id, view)
        reason, text = given.get("reason", ""), given.get("text", "")[:LONGEST_TEXT]
        if reason not in set(ReportReason):
            return pages.form(entry_id, view, problem=pages.text("Choose what is wrong."), text=text, status=422)
        if reporting.limit is not None and await reporting.limit.wait(request):
            return pages.form(
                entry_id,
                view,
                problem=pages.text("Many reports have come in a short time. Try again later."),
                text=text,
                status=429,
            )
        # Only programs fill in what people don't see: they are thanked like everybody.
        if not given.get(_HONEYPOT):
            await report_error(entry, ReportReason(reason), text, reports=reporting.reports, clock=clock, new_id=new_id)
        return RedirectResponse(pages.address(entry_id, view, "report/thanks"), status_code=303)

    return router


def _fields(body: bytes) -> dict[str, str]:
    """Fields of a form as browsers send it; of anything else none."""
    try:
        return dict(parse_qsl(body.decode("utf-8", "replace"), max_num_fields=_MOST_FIELDS))
    except ValueError:
        return {}
