"""Keep the activities of a page, or others that were met, and publish what has changed by them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from chassis.core.errors import PermanentError
from lahella_ingest.app.apply_verdicts import apply_verdicts
from lahella_ingest.app.ports import Found, Rejected, Run, Stored, Work
from lahella_ingest.app.tally import Tally
from lahella_ingest.domain.activity import Activity, body_id, content_hash, key_of, read_activity
from lahella_ingest.domain.organization import Organization
from lahella_ingest.domain.rules import Rules
from lahella_ingest.domain.verdict import Verdict, judge


async def keep_items(
    found: Sequence[Found], run: Run, *, work: Work, rules: Rules, now: datetime, tally: Tally
) -> None:
    """A rejected item changes nothing: what was accepted of it before stays published, and counts as seen."""
    items = {key_of(item.raw) or body_id(item.raw): item for item in await work.bodies.redacted(found)}
    keys = sorted(items)
    before = await work.stored(keys)
    accepted: list[tuple[Stored, Verdict]] = []
    rejected: list[Rejected] = []
    for key in keys:
        try:
            accepted.append(_accepted(items[key], before.get(key), rules, now))
        except PermanentError as exc:
            rejected.append(Rejected(key, items[key], exc.code, exc.explanation))
            tally.reject(exc.code, [key])
    await work.bodies.keep([stored for stored, _ in accepted if _is_new(stored, before)])
    await work.keep(accepted, run)
    await work.mark_seen(keys, run)
    await work.bodies.reject(rejected)
    await work.bodies.accept([stored.key for stored, _ in accepted])
    tally.add(await apply_verdicts([verdict for _, verdict in accepted], work=work))


def _is_new(stored: Stored, before: Mapping[str, Stored]) -> bool:
    known = before.get(stored.key)
    return known is None or known.content_hash != stored.content_hash


def _accepted(item: Found, before: Stored | None, rules: Rules, now: datetime) -> tuple[Stored, Verdict]:
    """Raises PermanentError with the reason why the item is not taken."""
    stored, activity = _newest(item, read_activity(item.raw), before)
    verdict = judge(activity, stored.organization, rules, now)
    if verdict.rejected:
        raise PermanentError(verdict.rejected, verdict.explanation)
    return stored, verdict


def _newest(item: Found, activity: Activity, before: Stored | None) -> tuple[Stored, Activity]:
    """The item as it came, or as stored while its content is the same: coordinates that drift are no change."""
    digest = content_hash(activity)
    organization = _described(item.organization, before.organization if before else None)
    if before is not None and before.content_hash == digest:
        return replace(before, organization=organization), read_activity(before.raw)
    return Stored(activity.key, item.raw, digest, organization), activity


def _described(named: Organization | None, known: Organization | None) -> Organization | None:
    """An answer may name the organisation without describing it; then what is known of it holds."""
    if named is None or known is None or named.group_id != known.group_id:
        return named or known
    return Organization(named.group_id, named.name or known.name, named.business_id or known.business_id)
