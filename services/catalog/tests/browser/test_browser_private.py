"""What a visitor asks, answers and keeps stays theirs: network, storage and logs are watched."""

from __future__ import annotations

import logging

import pytest
from playwright.sync_api import Page, Route, expect

from ..everyday import HOME_VIOLENCE, SWIMMING
from .conftest import Open, Site
from .keyboard import go_to

CANARY = "kanarialintu"
EXIT = "https://www.ilmatieteenlaitos.fi/"
KEPT = "() => JSON.stringify([{...localStorage}, {...sessionStorage}])"


def test_answers_of_the_talking_card_never_leave_the_page(open_page: Open, site: Site) -> None:
    page = open_page("/fi/how-are-you")
    page.wait_for_load_state("networkidle")
    site.requests.clear()
    go_to(page, "input[name=moving]")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.locator("input[name=moving][value=change]")).to_be_checked()
    expect(page.locator("[data-status]")).to_have_text("2 aihetta")
    page.locator("#card-municipality").select_option("109")
    assert site.requests == []
    assert page.url == f"{site.address}/fi/how-are-you"
    assert page.evaluate(KEPT) == "[{},{}]"
    go_to(page, "[data-topic=exercise] a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/fi/?theme=exercise&municipality=109")
    assert not [url for url in site.requests if "moving" in url or "change" in url]
    expect(page.locator(".card").first).to_be_visible()


def test_answers_are_forgotten_when_one_starts_again(open_page: Open) -> None:
    page = open_page("/fi/how-are-you")
    page.locator("input[name=food][value=change]").check(force=True)
    expect(page.locator("[data-status]")).to_have_text("1 aihe")
    page.locator("[data-clear]").click()
    expect(page.locator("input:checked")).to_have_count(0)
    expect(page.locator("[data-found]")).to_be_hidden()


def test_search_words_are_in_no_log_storage_or_cookie(
    open_page: Open, site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.WARNING, logger="uvicorn.access")  # as chassis.telemetry.logs sets it for every process
    page = open_page("/fi/")
    page.locator("#q").fill(CANARY)
    page.locator("#q").press("Enter")
    page.wait_for_url(f"**q={CANARY}*")
    page.wait_for_load_state("networkidle")
    assert any(CANARY in url for url in site.requests)
    assert site.foreign() == []
    assert CANARY not in caplog.text
    assert CANARY not in page.evaluate(KEPT)
    assert page.context.cookies() == []


@pytest.mark.parametrize("way", ["click", "escape"])
def test_quick_exit_leaves_at_once_and_takes_the_session_along(open_page: Open, site: Site, way: str) -> None:
    page = open_page("/fi/?view=professional")
    page.route(EXIT, _weather)
    page.goto(f"{site.address}/fi/entries/{HOME_VIOLENCE}")
    page.locator(".basket-add").click()
    assert HOME_VIOLENCE in page.evaluate(KEPT)
    _leave(page, way)
    page.wait_for_url(EXIT)
    page.go_back()
    assert HOME_VIOLENCE not in page.url
    assert HOME_VIOLENCE not in page.evaluate(KEPT)


def _weather(route: Route) -> None:
    route.fulfill(body="<title>Sää</title>", content_type="text/html")


def _leave(page: Page, way: str) -> None:
    if way == "click":
        page.locator("a.quick-exit").click()
        return
    for _ in range(3):
        page.keyboard.press("Escape")


def test_quick_exit_is_on_sensitive_pages_only(open_page: Open) -> None:
    page = open_page(f"/fi/entries/{SWIMMING}")
    expect(page.locator("a.quick-exit")).to_have_count(0)
    page.goto(page.url.replace(f"entries/{SWIMMING}", "?q=lähisuhdeväkivalta"))
    expect(page.locator("a.quick-exit")).to_be_in_viewport()
    page.locator("#q").fill("tuolijumppa")
    expect(page.locator("a.quick-exit")).to_have_count(0)
