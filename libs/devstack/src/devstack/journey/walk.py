"""The order of the journey."""

from __future__ import annotations

from devstack.stack import Stack


class JourneyFailed(RuntimeError):
    """A step did not come true; the message says which and what was seen."""


def walk(stack: Stack) -> None:
    """Walks every step."""
