"""The rules of sending that an operator sets."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from chassis.core.backoff import Backoff
from notify.domain.timing import QuietHours


@dataclass(frozen=True, slots=True)
class Policy:
    """`attempt_timeout`: an attempt without outcome for so long is given up as unknown."""

    quiet_hours: QuietHours | None = None
    most_attempts: int = 48
    backoff: Backoff = field(default_factory=lambda: Backoff(timedelta(seconds=10), timedelta(minutes=5)))
    attempt_timeout: timedelta = timedelta(minutes=2)
    receipt_wait: timedelta = timedelta(hours=72)
    contact_retention: timedelta = timedelta(days=3)
    at_once: int = 16
