"""Time zones as descriptions name them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from event_schemas.channel import Channel
from event_schemas.session import Session

FINLAND = ZoneInfo("Europe/Helsinki")


def zone_named(name: str) -> ZoneInfo:
    """The zone; Finland's where the IANA database has none of the name: what is offered is offered here."""
    return _known(name) or FINLAND


def has_unknown_zone(channels: Iterable[Channel], sessions: Iterable[Session]) -> bool:
    """Whether opening hours or sessions name a zone that the IANA database doesn't have."""
    return any(_known(name) is None for name in _named(channels, sessions))


def _named(channels: Iterable[Channel], sessions: Iterable[Session]) -> Iterator[str]:
    yield from (hours.zone for channel in channels for hours in channel.hours)
    yield from (session.zone for session in sessions)


@lru_cache(maxsize=1000)
def _known(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: the name is that of a folder, such as Europe
        return None
