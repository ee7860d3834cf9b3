"""Everything that is known of one listing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from chassis.core.errors import PermanentError
from event_schemas.listing import ListingPublished
from lahella_ingest.app.ports import LastEvent, Rejection, Stored, Version, Work
from lahella_ingest.domain.activity import read_activity
from lahella_ingest.domain.organization import Organization
from lahella_ingest.domain.rules import Rules
from lahella_ingest.domain.verdict import Verdict, judge

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Inspection:
    """`state` says in words what would become of the activity now, and `raw` is its body as it was received."""

    key: str
    state: str
    last_event: str
    raw: Any
    organization: Organization | None
    listing: ListingPublished | None
    versions: Sequence[Version]
    rejection: Rejection | None


async def inspect_listing(key: str, *, work: Work, rules: Rules, now: datetime) -> Inspection | None:
    """None when nothing is known of the key."""
    stored = (await work.stored([key])).get(key)
    rejection = next((one for one in await work.bodies.rejections() if one.id == key), None)
    event = await work.last_event(key)
    if stored is None and rejection is None and event is None:
        return None
    verdict = _verdict(stored, rules, now) if stored else None
    return Inspection(
        key=key,
        state=_state(verdict),
        last_event=_told(event),
        raw=stored.raw if stored else None,
        organization=stored.organization if stored else None,
        listing=verdict.listing if verdict else None,
        versions=await work.bodies.versions(key),
        rejection=rejection,
    )


def _verdict(stored: Stored, rules: Rules, now: datetime) -> Verdict:
    try:
        return judge(read_activity(stored.raw), stored.organization, rules, now)
    except PermanentError as exc:
        return Verdict(stored.key, None, rejected=exc.code, explanation=exc.explanation)


def _state(verdict: Verdict | None) -> str:
    if verdict is None:
        return "no activity of this key is stored"
    if verdict.listing is not None:
        return "is to be published"
    if verdict.removal is not None:
        return f"is not to be published ({verdict.removal})"
    return f"can't be made into a listing ({verdict.rejected}: {verdict.explanation})"


def _told(event: LastEvent | None) -> str:
    if event is None:
        return "none, it was never published"
    moment = _EPOCH + timedelta(microseconds=event.version)
    return f"{'published' if event.published else 'removed'}, version {event.version} ({moment:%Y-%m-%d %H:%M:%S} UTC)"
