"""What a visitor reports about an entry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from event_schemas.ids import EntryId, ListingId

LONGEST_TEXT = 500
"""Signs; a longer text invites to tell of oneself."""


class ReportReason(StrEnum):
    """What is wrong, as the visitor sees it."""

    ENDED = "ended"
    CONTACT = "wrong-contact"
    TIME = "wrong-time"
    PLACE = "wrong-place"
    UNCLEAR = "unclear"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Report:
    """One report; `listing_ids` are the entry's when it came. The text is deleted after its time."""

    report_id: UUID
    entry_id: EntryId
    listing_ids: tuple[ListingId, ...]
    reason: ReportReason
    text: str | None
    received_at: datetime
    closed_at: datetime | None = None
