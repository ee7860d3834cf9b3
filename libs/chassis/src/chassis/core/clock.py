"""Time and ids as arguments: the only place that asks the machine for them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

from uuid6 import uuid7

Clock = Callable[[], datetime]
"""Gives the present as an aware UTC time."""

NewId = Callable[[], UUID]
"""Gives a fresh UUIDv7."""


def utc_now() -> datetime:
    return datetime.now(UTC)


def new_id() -> UUID:
    return UUID(bytes=uuid7().bytes)


def microseconds(moment: datetime) -> int:
    """Whole microseconds since 1970, without the rounding of a float."""
    passed = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return (passed.days * 86_400 + passed.seconds) * 1_000_000 + passed.microseconds
