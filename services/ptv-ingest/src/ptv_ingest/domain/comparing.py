"""When two listings are the same."""

from __future__ import annotations

from event_schemas.base import Event
from event_schemas.listing import ListingPublished


def without_times(event: Event) -> Event:
    """A listing without times of publishing: PTV moves them when somebody saves a text without changing it."""
    if not isinstance(event, ListingPublished):
        return event
    source = event.source.model_copy(update={"published_at": None})
    channels = tuple(channel.model_copy(update={"published_at": None}) for channel in event.channels)
    return event.model_copy(update={"source": source, "channels": channels})
