"""A resident finds a service: from a phone, by keyboard, without a script, in Swedish, in forced colours."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from ..everyday import HOME_VIOLENCE
from .conftest import PHONE, Open
from .keyboard import go_to

THEME = "/fi/?theme=nature-and-exercise"


def test_resident_finds_a_swimming_group_from_a_phone(open_page: Open) -> None:
    page = open_page("/fi/", **PHONE)
    page.locator("#q").fill("uimaryhmiä")
    page.locator("#q").press("Enter")
    first = page.locator(".card h3 a").first
    expect(first).to_have_text("Uimaryhmä aloittelijoille")
    first.tap()
    expect(page.locator("h1")).to_have_text("Uimaryhmä aloittelijoille")
    expect(page.locator("main")).to_contain_text("Turuntie 40")
    expect(page.locator("main time").first).to_be_visible()
    expect(page.locator("a[href='tel:+358405550101']")).to_be_visible()


def test_swedish_speaker_finds_the_swimming_hall_in_swedish(open_page: Open) -> None:
    page = open_page("/sv/", locale="sv-FI")
    page.locator("#q").fill("simhall")
    page.locator("#q").press("Enter")
    page.locator(".card h3 a", has_text="Simhall").click()
    expect(page.locator("html")).to_have_attribute("lang", "sv")
    expect(page.locator("h1")).to_have_text("Simhall")
    expect(page.locator("main")).to_contain_text("Simhallen är öppen varje dag.")
    page.locator(".languages a[lang=fi]").click()
    expect(page.locator("h1")).to_have_text("Uimahalli")


@pytest.mark.parametrize("colours", ["none", "active"])
def test_theme_filters_entry_list_and_print_are_reached_by_keyboard(open_page: Open, colours: str) -> None:
    page = open_page("/fi/", forced_colors=colours)
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    go_to(page, ".themes a[href*='theme=nature-and-exercise']")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{THEME}")
    go_to(page, ".narrow summary")
    page.keyboard.press("Enter")
    go_to(page, "#f-theme-exercise")
    page.keyboard.press("Space")
    page.wait_for_url("**theme=exercise*")
    go_to(page, "#f-theme-nearby-nature", most=3)
    page.keyboard.press("Space")
    page.wait_for_url("**theme=nearby-nature*")
    expect(page.locator("#f-theme-nearby-nature")).to_be_focused()
    go_to(page, ".card h3 a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/fi/entries/*")
    go_to(page, ".basket-add")
    page.keyboard.press("Space")
    expect(page.locator(".basket-add")).to_have_attribute("aria-pressed", "true")
    go_to(page, ".to-basket", key="Shift+Tab")
    page.keyboard.press("Enter")
    page.locator("[data-basket-rows] li").wait_for()
    page.evaluate("() => { window.print = () => { document.title = 'printed'; }; }")
    go_to(page, "[data-basket-print]")
    page.keyboard.press("Enter")
    expect(page).to_have_title("printed")


def test_theme_filters_and_entry_work_without_a_script(open_page: Open) -> None:
    page = open_page("/fi/", java_script_enabled=False)
    page.locator(".themes a[href*='theme=nature-and-exercise']").click()
    page.locator(".narrow summary").click()
    page.locator("#f-theme-exercise").check()
    page.locator("#f-theme-nearby-nature").check()
    page.locator(".narrow button[type=submit]").click()
    assert "theme=exercise" in page.url
    assert "theme=nearby-nature" in page.url
    expect(page.locator("#f-theme-exercise")).to_be_checked()
    expect(page.locator(".basket-add").first).to_be_hidden()
    page.locator(".card h3 a").first.click()
    expect(page.locator("h1")).to_be_visible()
    page.locator(".to-basket").click()
    assert "Muistilista tarvitsee JavaScriptin" in page.content()
    expect(page.locator("main noscript")).to_be_visible()


def test_talking_card_shows_everyone_the_same_themes_without_a_script(open_page: Open) -> None:
    page = open_page("/fi/how-are-you", java_script_enabled=False)
    links = page.locator("[data-topic] a")
    assert links.count() >= 10
    expect(links.last).to_be_visible()
    expect(page.locator("#card-municipality")).to_be_hidden()
    links.first.click()
    assert "theme=" in page.url


def test_quick_exit_is_a_link_without_a_script(open_page: Open) -> None:
    page = open_page(f"/fi/entries/{HOME_VIOLENCE}", java_script_enabled=False)
    expect(page.locator("a.quick-exit")).to_have_attribute("href", "https://www.ilmatieteenlaitos.fi/")
