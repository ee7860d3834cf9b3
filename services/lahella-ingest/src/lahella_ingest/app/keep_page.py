"""Keep the activities of one page, and publish what has changed by them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.core.errors import PermanentError
from lahella_ingest.app.apply_verdicts import Changes, apply_verdicts
from lahella_ingest.app.ports import Found, Stored, Work
from lahella_ingest.domain.activity import Activity, content_hash, key_of, read_activity
from lahella_ingest.domain.regions import Regions
from lahella_ingest.domain.verdict import Verdict, judge


@dataclass(frozen=True, slots=True)
class Kept:
    changes: Changes
    rejected: Counter[str]
    """How many items were not taken, by reason."""


async def keep_page(found: Sequence[Found], run_id: UUID, *, work: Work, regions: Regions, now: datetime) -> Kept:
    """A rejected item changes nothing: what was accepted of it before stays published, and counts as seen."""
    items = {key_of(item.raw): item for item in found}
    keys = sorted(key for key in items if key)
    before = await work.stored(keys)
    rejected = Counter({"malformed": sum(key_of(item.raw) is None for item in found)})
    accepted: list[tuple[Stored, Verdict]] = []
    for key in keys:
        try:
            accepted.append(_accepted(items[key], before.get(key), regions, now))
        except PermanentError as exc:
            rejected[exc.code] += 1
    await work.keep(accepted, run_id)
    await work.mark_seen(keys, run_id)
    return Kept(await apply_verdicts([verdict for _, verdict in accepted], work=work), rejected)


def _accepted(item: Found, before: Stored | None, regions: Regions, now: datetime) -> tuple[Stored, Verdict]:
    """Raises PermanentError with the reason why the item is not taken."""
    activity = read_activity(item.raw)
    stored, activity = _newest(item, activity, before)
    verdict = judge(activity, stored.organization, regions, now)
    if verdict.rejected:
        raise PermanentError(verdict.rejected)
    return stored, verdict


def _newest(item: Found, activity: Activity, before: Stored | None) -> tuple[Stored, Activity]:
    """The item as it came, or as stored while its content is the same: coordinates that drift are no change."""
    digest = content_hash(activity)
    if before is not None and before.content_hash == digest:
        return Stored(before.key, before.raw, digest, item.organization), read_activity(before.raw)
    return Stored(activity.key, item.raw, digest, item.organization), activity
