"""Waits between attempts: exponential with full jitter, so that many waiters don't come back together.

Source: M. Brooker, "Exponential Backoff And Jitter", 2015.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Backoff:
    """`first` doubles per attempt up to `most`; the wait is drawn from the upper half of that span."""

    first: timedelta = timedelta(milliseconds=100)
    most: timedelta = timedelta(seconds=5)

    def ceiling(self, attempt: int) -> timedelta:
        """The longest wait after the `attempt`-th failure (1 = the first)."""
        return min(self.most, self.first * 2.0 ** min(attempt - 1, 30))

    def wait(self, attempt: int) -> timedelta:
        return self.ceiling(attempt) * (0.5 + random.random() / 2)  # noqa: S311 - spreads load, guards nothing
