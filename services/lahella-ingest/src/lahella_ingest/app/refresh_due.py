"""Publish and take away what time alone has changed: windows that opened or closed, sessions of a new week."""

from __future__ import annotations

from datetime import datetime

from chassis.core.errors import PermanentError
from lahella_ingest.app.apply_verdicts import Changes, apply_verdicts
from lahella_ingest.app.ports import Store, Stored
from lahella_ingest.domain.activity import read_activity
from lahella_ingest.domain.rules import Rules
from lahella_ingest.domain.verdict import Verdict, judge

BATCH = 100


async def refresh_due(*, store: Store, rules: Rules, now: datetime) -> tuple[int, Changes]:
    """One batch of activities whose time has come, from their stored form; returns how many, and what changed."""
    async with store.transaction() as work:
        due = await work.due(now, BATCH)
        verdicts = [_verdict(stored, rules, now) for stored in due]
        await work.reschedule(verdicts)
        return len(due), await apply_verdicts(verdicts, work=work)


def _verdict(stored: Stored, rules: Rules, now: datetime) -> Verdict:
    """What an older version took and this one does not stays as it is until the source is read again."""
    try:
        activity = read_activity(stored.raw)
    except PermanentError as exc:
        return Verdict(stored.key, None, rejected=exc.code, explanation=exc.explanation)
    return judge(activity, stored.organization, rules, now)
