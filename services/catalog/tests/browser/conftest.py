"""The web application over a tray of everyday services, on a port of its own, and a real browser that looks at it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from catalog.entrypoints.web.application import application
from catalog.entrypoints.web.report_pages import Reporting
from chassis.core.clock import utc_now
from devstack.assets import page_assets
from devstack.chromium import ABSENT, find_chromium
from devstack.processes import free_port, wait_until

from ..everyday import EVERYDAY
from ..trays import tray_of

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DESKTOP = {"viewport": {"width": 1280, "height": 900}}


_GIVEN_UP = ("htmx:sendAbort", "htmx:afterRequest", "htmx:oobErrorNoTarget")


@dataclass
class Site:
    """The running application, and what its browsers have asked for."""

    address: str
    requests: list[str] = field(default_factory=list)

    def foreign(self) -> list[str]:
        return [url for url in self.requests if not url.startswith((self.address, "data:", "blob:"))]


class _NoReports:
    """The page is looked at, nothing is sent: whatever asks for more is a bug of the test."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"no test sends a report, but {name} was asked for")


class _Server(uvicorn.Server):
    def install_signal_handlers(self) -> None:
        """Signals are the test runner's."""


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with ThreadPoolExecutor() as beside:  # this thread may have the browser's event loop already
        tray = beside.submit(tray_of, EVERYDAY).result()
    app = application(tray, clock=utc_now, reporting=Reporting(_NoReports(), None, 90), assets=page_assets())
    port = free_port()
    # As chassis.http.server serves it.
    config = uvicorn.Config(app, host="127.0.0.1", port=port, log_config=None, access_log=False, lifespan="off")
    server = _Server(config)
    thread = threading.Thread(target=server.run, name="web")
    thread.start()
    wait_until(lambda: server.started, seconds=10, what="the web application")
    try:
        yield Site(f"http://127.0.0.1:{port}")
    finally:
        server.should_exit = True
        thread.join(10)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """For this folder only: while it is there, the thread has an event loop that tests elsewhere would meet."""
    chromium = find_chromium()
    if chromium is None:
        pytest.skip(ABSENT)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield started
        started.close()


Open = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, site: Site) -> Iterator[Open]:
    """Opens a path in a browser of its own; every error of a script and every refused resource fails the test."""
    site.requests.clear()
    with ExitStack() as stack:
        troubles: list[str] = []

        def opened(path: str, **context: Any) -> Page:
            made: BrowserContext = stack.enter_context(browser.new_context(**{**DESKTOP, "locale": "fi-FI", **context}))
            made.set_default_timeout(10_000)
            page = made.new_page()
            page.on("request", lambda request: site.requests.append(request.url))
            page.on("pageerror", lambda error: troubles.append(str(error)))
            page.on("console", lambda said: troubles.append(said.text) if _is_trouble(said, page) else None)
            page.goto(site.address + path)
            return page

        yield opened
        assert troubles == []


def _is_trouble(said: ConsoleMessage, page: Page) -> bool:
    """No fault is that a page or an entry of the list isn't there.

    Nor what htmx gives up on: an older question, and the count of a filter that only the newer answer has.
    """
    address = said.location["url"]
    known = address == page.url or "/v1/entries/" in address or said.text.startswith(_GIVEN_UP)
    return said.type in ("error", "warning") and not known


@pytest.fixture(scope="session")
def axe() -> Axe:
    return Axe()


def violations(axe: Axe, page: Page, *rules: str) -> list[str]:
    """What WCAG 2.2 A and AA and axe's best practices find on a page, or the rules named."""
    found = axe.run(page, options={"runOnly": list(rules)} if rules else None).response["violations"]
    return [f"{one['id']}: {node['target']} {node.get('failureSummary', '')}" for one in found for node in one["nodes"]]
