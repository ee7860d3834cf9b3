"""Every kind of page, for everyone: no accessibility violations, nothing foreign, light, still, and narrow enough."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from .conftest import PHONE, Open, Site, violations
from .paths import PATHS

MOST_BYTES = 100_000
# What a browser counts as moved by itself, weighed by how much of the window it fills: 0.1 is "good" in Web Vitals.
SHIFTS = """() => new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((list) => { for (const one of list.getEntries()) sum += one.value; })
    .observe({type: "layout-shift", buffered: true});
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(sum), 0)));
})"""
BYTES = """() => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
  .reduce((sum, one) => sum + one.transferSize, 0)"""
OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
DARK = "() => matchMedia('(prefers-color-scheme: dark)').matches && getComputedStyle(document.body).backgroundColor"


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("path", PATHS)
def test_page_has_no_accessibility_violations(open_page: Open, axe: Axe, site: Site, path: str, language: str) -> None:
    page = open_page(f"/{language}{path}")
    assert violations(axe, page) == []
    page.emulate_media(color_scheme="dark")
    assert violations(axe, page, "color-contrast") == []
    assert site.foreign() == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_chosen_answers_and_listed_services_have_no_accessibility_violations(
    open_page: Open, axe: Axe, scheme: str
) -> None:
    page = open_page("/fi/?q=ryhm%C3%A4", color_scheme=scheme)
    page.locator(".basket-add").first.click()
    assert violations(axe, page) == []
    page.goto(page.url.split("?")[0] + "basket")
    page.locator("[data-basket-rows] li").wait_for()
    assert violations(axe, page) == []
    page.goto(page.url.replace("basket", "how-are-you"))
    page.locator("input[value=change]").first.check(force=True)
    assert violations(axe, page) == []


@pytest.mark.parametrize("path", PATHS)
def test_page_is_light_and_stands_still_on_a_phone(open_page: Open, path: str) -> None:
    page = open_page(f"/fi{path}", **PHONE)
    page.wait_for_load_state("networkidle")
    assert 1000 < page.evaluate(BYTES) < MOST_BYTES
    assert page.evaluate(SHIFTS) < 0.01


def test_measure_of_moving_sees_what_moves(open_page: Open) -> None:
    page = open_page("/fi/", **PHONE)
    page.evaluate("() => { document.body.style.paddingTop = '300px'; }")
    assert page.evaluate(SHIFTS) > 0.05


def test_nothing_is_cut_off_at_four_hundred_percent(open_page: Open) -> None:
    page = open_page("/fi/", viewport={"width": 320, "height": 640})
    wide = [path for path in PATHS if _opened(page, path).evaluate(OVERFLOW) > 0]
    assert wide == []


def test_pages_are_dark_for_who_wants_them_dark(open_page: Open) -> None:
    page = open_page("/fi/", color_scheme="dark")
    for path in PATHS:
        red, green, blue = _colour(_opened(page, path).evaluate(DARK))
        assert max(red, green, blue) < 64, path


def _opened(page: Page, path: str) -> Page:
    page.goto(page.url.split("/fi")[0] + "/fi" + path)
    return page


def _colour(written: str) -> tuple[int, ...]:
    return tuple(int(part) for part in written.removeprefix("rgb(").removesuffix(")").split(",")[:3])
