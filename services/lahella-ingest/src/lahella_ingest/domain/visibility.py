"""Whether an activity is to be seen at a moment. The source sends nothing when that changes: time alone does it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from lahella_ingest.domain.activity import Activity


class State(StrEnum):
    DRAFT = "draft"
    PENDING = "pending"
    SHOWN = "shown"
    EXPIRED = "expired"


def state_at(activity: Activity, now: datetime) -> State:
    """The effective state. `status` null stands for published once a window is set: a new item has neither.

    Stricter than the known client, which lets the status `published` win over the window: what has run out must not
    be offered to residents, and an item shown too late is mended at the next reading.
    """
    start, end = activity.visible_from, activity.visible_until
    has_window = start is not None or end is not None
    if activity.status not in (None, "published") or (activity.status is None and not has_window):
        return State.DRAFT
    if end is not None and end <= now:
        return State.EXPIRED
    if start is not None and start > now:
        return State.PENDING
    return State.SHOWN


def next_boundary(activity: Activity, now: datetime) -> datetime | None:
    """When the window opens or closes next; None when it never will."""
    return min((edge for edge in (activity.visible_from, activity.visible_until) if edge and edge > now), default=None)
