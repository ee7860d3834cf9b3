"""Pictures of the tray's main pages for the documents, taken from a running stack."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Error, Page, ViewportSize, sync_playwright

from devstack.chromium import ABSENT, find_chromium
from devstack.places import ROOT
from devstack.processes import StackError
from devstack.show import console

FOLDER = ROOT / "docs" / "screenshots"
_SIZES: dict[str, ViewportSize] = {"phone": {"width": 390, "height": 844}, "desktop": {"width": 1100, "height": 760}}


def take_screenshots(tray: str, folder: Path = FOLDER) -> list[Path]:
    """Few and small, for they lie in the repository: PNG, the tray being at the address `tray`.

    Raises:
        StackError: there is no Chromium, or the tray doesn't show what its pages should.
    """
    chromium = find_chromium()
    if chromium is None:
        raise StackError(ABSENT)
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        try:
            taken = [path for size in _SIZES for path in _of_size(browser, tray.rstrip("/"), size, folder)]
        except Error as exc:
            raise StackError(f"the pictures could not be taken: {exc.message.splitlines()[0]}") from exc
        finally:
            browser.close()
    console.print(f"{len(taken)} pictures, {sum(path.stat().st_size for path in taken) // 1024} KiB, in {folder}")
    return taken


def _of_size(browser: Browser, tray: str, size: str, folder: Path) -> list[Path]:
    phone = size == "phone"
    context = browser.new_context(
        base_url=tray, viewport=_SIZES[size], has_touch=phone, is_mobile=phone, locale="fi-FI", color_scheme="light"
    )
    page = context.new_page()
    taken = []
    for name in _OF_SIZE[size]:
        _PAGES[name](page)
        taken.append(_picture(page, folder / f"{name}-{size}.png"))
    page.emulate_media(color_scheme="dark")
    _landing(page)
    taken.append(_picture(page, folder / f"landing-{size}-dark.png"))
    context.close()
    return taken


def _picture(page: Page, path: Path) -> Path:
    page.wait_for_load_state("networkidle")
    page.screenshot(path=path, animations="disabled", caret="hide")
    return path


def _landing(page: Page) -> None:
    page.goto("/fi/")


def _results(page: Page) -> None:
    page.goto("/fi/?q=liikuntaryhmä")
    page.locator("#results").evaluate("(node) => node.scrollIntoView()")


def _entry(page: Page) -> None:
    page.locator(".card h3 a").first.click()
    page.wait_for_url("**/entries/*")


def _talking_card(page: Page) -> None:
    page.goto("/fi/how-are-you")
    for question in ("moving", "mind"):
        page.locator(f"input[name={question}][value=change]").check(force=True)
    page.evaluate("() => window.scrollTo(0, 0)")


def _basket(page: Page) -> None:
    page.goto("/fi/?q=ryhmä")
    for button in page.locator(".basket-add").all()[:3]:
        button.click()
    page.goto("/fi/basket")
    page.locator("[data-basket-rows] li").first.wait_for()


_PAGES: dict[str, Callable[[Page], None]] = {
    "landing": _landing,
    "results": _results,
    "entry": _entry,
    "how-are-you": _talking_card,
    "basket": _basket,
}
# In this order: the entry is the first of the results.
_OF_SIZE = {"phone": ("landing", "results", "entry", "how-are-you", "basket"), "desktop": ("landing", "results")}
