"""The reminder list: filled in three clicks, kept by the browser, for the session only where a professional works."""

from __future__ import annotations

from playwright.sync_api import expect

from .conftest import Open, Site

LOCAL = "() => localStorage.getItem('hytevirta.basket')"
SESSION = "() => sessionStorage.getItem('hytevirta.basket')"


def test_professional_fills_a_list_in_three_clicks_and_for_the_session_only(open_page: Open, site: Site) -> None:
    page = open_page("/fi/")
    page.locator("a[href*='view=professional']").click()
    page.locator(".basket-add").first.click()
    name = page.locator(".basket-add").first.get_attribute("data-name")
    page.locator(".to-basket").click()
    expect(page.locator("[data-basket-rows] li a")).to_have_text([str(name)])
    expect(page.locator("[data-basket-lead=session]")).to_be_visible()
    assert page.evaluate(LOCAL) is None
    assert str(name) in page.evaluate(SESSION)
    elsewhere = page.context.new_page()
    elsewhere.goto(f"{site.address}/fi/basket")
    expect(elsewhere.locator("[data-basket-empty]")).to_be_visible()


def test_list_lasts_tells_what_happens_and_is_emptied(open_page: Open) -> None:
    page = open_page("/fi/?q=uimaryhm%C3%A4")
    page.locator(".basket-add").first.click()
    expect(page.locator("[data-basket-told]")).to_have_text("Lisättiin muistilistaan: Uimaryhmä aloittelijoille")
    expect(page.locator("[data-basket-count]")).to_have_text("1")
    page.locator(".to-basket").click()
    row = page.locator("[data-basket-rows] li")
    expect(row).to_contain_text("+358405550101")
    assert "Uimaryhm%C3%A4%20aloittelijoille" in str(page.locator("[data-basket-mail]").get_attribute("href"))
    page.reload()
    row.get_by_role("button", name="Poista: Uimaryhmä aloittelijoille").click()
    expect(page.locator("[data-basket-empty]")).to_be_visible()
    assert page.evaluate(LOCAL) == "[]"


def test_list_tells_that_a_service_is_gone(open_page: Open) -> None:
    page = open_page("/fi/basket")
    page.evaluate('() => localStorage.setItem(\'hytevirta.basket\', \'[{"id": "gone", "name": "Vanha ryhmä"}]\')')
    page.reload()
    row = page.locator("[data-basket-rows] li")
    expect(row).to_contain_text("Vanha ryhmä")
    expect(row.locator("[data-gone]")).to_be_visible()
    expect(row.locator("a")).not_to_have_attribute("href", "/")
