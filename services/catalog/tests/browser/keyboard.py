"""A person who uses the keyboard only: goes from stop to stop, and has to see where they are."""

from __future__ import annotations

from playwright.sync_api import Page

_REACHED = "(selector) => document.activeElement?.matches(selector) ?? false"
_SEEN = """() => {
  const stop = document.activeElement;
  const shown = [stop, stop.nextElementSibling].filter(Boolean).map((one) => getComputedStyle(one));
  return shown.some((style) => style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0);
}"""
_NAMED = "() => document.activeElement === document.body || document.activeElement.matches('[tabindex=\"-1\"]')"


def go_to(page: Page, selector: str, *, key: str = "Tab", most: int = 90) -> None:
    """Presses the key until the focus is there; every stop on the way shows its focus."""
    for _ in range(most):
        page.keyboard.press(key)
        if page.evaluate(_REACHED, selector):
            break
        assert page.evaluate(_NAMED) or page.evaluate(_SEEN), page.evaluate("() => document.activeElement.outerHTML")
    assert page.evaluate(_REACHED, selector), f"{most} stops did not reach {selector}"
    assert page.evaluate(_SEEN), f"the focus on {selector} is not seen"
