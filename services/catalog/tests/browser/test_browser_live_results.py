"""Results that follow what is typed, for who listens: field case H1."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from .conftest import Open

WATCH = """() => {
  const status = document.querySelector('#status');
  status.isTheSame = true;
  window.told = [];
  const tell = () => window.told.push(status.textContent.trim());
  new MutationObserver(tell).observe(status, {childList: true, subtree: true});
}"""
TOLD = "() => window.told"


def test_each_settled_result_is_told_once_and_the_focus_stays(open_page: Open) -> None:
    page = open_page("/fi/")
    page.evaluate(WATCH)
    told: list[str] = []
    for word, count in (("ryhmä", "29 palvelua"), ("tuolijumppa", "1 palvelu"), ("zzzzzzz", "Ei palveluja")):
        page.locator("#q").fill("")
        page.locator("#q").press_sequentially(word, delay=15)
        expect(page.locator("#status")).to_have_text(count)
        told.append(count)
    assert page.evaluate(TOLD) == told
    assert page.evaluate("() => document.querySelector('#status').isTheSame")
    expect(page.locator("#q")).to_be_focused()
    assert "q=zzzzzzz" in page.url


def test_sending_the_form_takes_one_to_the_results_and_back_restores_the_question(open_page: Open) -> None:
    page = open_page("/fi/?q=unikoulu")
    page.locator("#q").fill("tuolijumppa")
    page.locator("#q").press("Enter")
    page.wait_for_url("**q=tuolijumppa*")
    expect(page.locator("#results-heading")).to_be_focused()
    page.go_back()
    page.wait_for_url("**q=unikoulu*")
    expect(page.locator("#q")).to_have_value("unikoulu")
    expect(page.locator(".card h3 a")).to_have_text(["Unikoulu"])


def test_filters_are_told_by_keyboard_and_keep_the_focus(open_page: Open) -> None:
    page = open_page("/sv/")
    page.locator(".narrow summary").click()
    page.evaluate(WATCH)
    _press(page, "#f-theme-exercise")
    expect(page.locator("#status")).to_contain_text("tjänst")
    expect(page.locator("#f-theme-exercise")).to_be_focused()
    narrowed = page.evaluate(TOLD)[-1]
    _press(page, "#f-theme-exercise")
    expect(page.locator("#status")).not_to_have_text(narrowed)
    assert len(page.evaluate(TOLD)) == 2


def _press(page: Page, selector: str) -> None:
    page.locator(selector).focus()
    page.keyboard.press("Space")
