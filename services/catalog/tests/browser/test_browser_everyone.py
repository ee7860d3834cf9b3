"""Every kind of page, for everyone: no accessibility violations, nothing foreign, light enough, and still."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from .conftest import Open, Site, violations

PATHS = ("/", "/?q=uinti", "/?q=zzzzzz", "/how-are-you", "/basket", "/nothing-here")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("path", PATHS)
def test_page_has_no_accessibility_violations(
    open_page: Open, axe: Axe, site: Site, path: str, language: str, scheme: str
) -> None:
    page = open_page(f"/{language}{path}", color_scheme=scheme)
    assert violations(axe, page) == []
    assert site.foreign() == []
