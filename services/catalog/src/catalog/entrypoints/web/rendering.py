"""Templates filled in, in the language of the page."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from catalog.app.tray import Tray
from catalog.domain.plain import plain
from catalog.domain.sensitive import is_sensitive
from catalog.entrypoints.web import views
from catalog.entrypoints.web.accessibility import accessible_lines
from catalog.entrypoints.web.opening_words import hours
from catalog.entrypoints.web.translations import LANGUAGES, WORDING, Wording

_FOLDER = Path(__file__).with_name("templates")


def _environment(wording: Wording) -> Environment:
    made = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_translations(wording.translations, newstyle=True)  # type: ignore[attr-defined]
    made.globals |= {
        "language": wording.language,
        "languages": LANGUAGES,
        "label": wording.label,
        "labels": wording.labels,
        "excerpt": views.excerpt,
        "map_links": views.map_links,
        "dial_link": views.dial_link,
        "mail_link": views.mail_link,
        "tongues": partial(views.tongues, language=wording.language),
        "provider_links": views.provider_links,
        "provider_unlinked": views.provider_unlinked,
        "as_html": views.as_html,
        "as_text": plain,
        "said": partial(views.said, language=wording.language),
        "moment": partial(views.moment, language=wording.language),
        "updated": partial(views.updated, language=wording.language),
        "sources": partial(views.sources, wording=wording),
        "hours": partial(hours, wording=wording),
        "accessible_lines": partial(accessible_lines, wording=wording),
    }
    return made


_ENVIRONMENTS = {language: _environment(wording) for language, wording in WORDING.items()}


def html_page(template: str, tray: Tray, language: str, path: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """`path` is the page's own address without the language, for the links to its other languages."""
    content = tray.content
    text = (
        _ENVIRONMENTS[language]
        .get_template(template)
        .render(
            path=path,
            county=content.county,
            filing=content.filing,
            is_sensitive=partial(is_sensitive, filing=content.filing),
            places=partial(views.places, county=content.county, wording=WORDING[language]),
            filed=partial(views.filed, filing=content.filing, language=language),
            keep=f"?view={values['view']}" if values.get("view") else "",
            keep_too=f"&view={values['view']}" if values.get("view") else "",
            **{"view": "", "htmx": False, "fragment": False, **values},
        )
    )
    return HTMLResponse(text, status_code=status, headers={"Content-Language": language, "Cache-Control": "no-cache"})
