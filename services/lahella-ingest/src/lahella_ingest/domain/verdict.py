"""What is to become of an activity at a moment: published, taken away, or left as it is with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chassis.core.errors import PermanentError
from event_schemas.listing import ListingPublished, RemovalReason
from lahella_ingest.domain.activity import Activity
from lahella_ingest.domain.listing import listing_of
from lahella_ingest.domain.organization import Organization
from lahella_ingest.domain.rules import Rules
from lahella_ingest.domain.sessions import Horizon, is_over, next_week
from lahella_ingest.domain.visibility import State, next_boundary, state_at
from lahella_ingest.domain.wire import HELSINKI

MOST_BYTES = 800_000
"""Of a listing as JSON: what an event may have, with room to spare."""

_REMOVALS = {
    State.DRAFT: RemovalReason.ARCHIVED,
    State.PENDING: RemovalReason.ARCHIVED,
    State.EXPIRED: RemovalReason.EXPIRED,
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """Exactly one of `listing`, `removal` and `rejected` is given; `due_at` is when time alone may change it."""

    key: str
    due_at: datetime | None
    listing: ListingPublished | None = None
    removal: RemovalReason | None = None
    rejected: str | None = None
    explanation: str = ""
    """Of the rejection, without any content."""


def judge(activity: Activity, organization: Organization | None, rules: Rules, now: datetime) -> Verdict:
    """Hidden activities need not be complete; only what is to be seen is checked and mapped."""
    boundary = next_boundary(activity, now)
    state = state_at(activity, now)
    if state is not State.SHOWN:
        return Verdict(activity.key, boundary, removal=_REMOVALS[state])
    horizon = Horizon.of_week(now)
    try:
        listing = listing_of(activity, organization, rules.regions.at(now.astimezone(HELSINKI).date()), horizon)
    except PermanentError as exc:
        return Verdict(activity.key, boundary, rejected=exc.code, explanation=exc.explanation)
    if not rules.scope.covers(listing.areas):
        return Verdict(activity.key, None, removal=RemovalReason.OUT_OF_SCOPE)
    if len(listing.to_json()) > MOST_BYTES:
        return Verdict(activity.key, boundary, rejected="too-big")
    return Verdict(activity.key, _earlier(boundary, _sessions_move(activity, horizon, now)), listing=listing)


def _sessions_move(activity: Activity, horizon: Horizon, now: datetime) -> datetime | None:
    events = [event for channel in activity.traits.channels for event in channel.events]
    return None if all(is_over(event, horizon) for event in events) else next_week(now)


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    return min((moment for moment in (one, other) if moment), default=None)
