"""Every kind of page, for everyone: no accessibility violations, and nothing from elsewhere."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from ..everyday import HOME_VIOLENCE, SWIMMING
from .conftest import Open, Site, violations

PATHS = (
    "/",
    "/?q=uinti",
    "/?q=v%C3%A4kivalta",
    "/?q=zzzzzz",
    f"/entries/{SWIMMING}",
    f"/entries/{HOME_VIOLENCE}",
    f"/entries/{SWIMMING}/report",
    "/how-are-you",
    "/basket",
    "/for-sites",
    "/nothing-here",
)


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("path", PATHS)
def test_page_has_no_accessibility_violations(open_page: Open, axe: Axe, site: Site, path: str, language: str) -> None:
    page = open_page(f"/{language}{path}")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert violations(axe, page) == [], scheme
    assert site.foreign() == []
