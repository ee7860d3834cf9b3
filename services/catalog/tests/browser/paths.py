"""One address of every kind of page, without its language."""

from __future__ import annotations

from ..everyday import HOME_VIOLENCE, SWIMMING

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
