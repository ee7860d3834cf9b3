"""What time alone brings: attempts nobody ended, receipts that never came, contact data no longer needed."""

from __future__ import annotations

from datetime import datetime

from notify.app.policy import Policy
from notify.app.ports import Notifications, Outcome
from notify.domain.notification import after
from notify.domain.states import Fact

_BATCH = 500


async def tidy_up(*, store: Notifications, policy: Policy, now: datetime) -> None:
    """One round; what is left over is taken by the next."""
    await _end_abandoned(store, policy, now)
    await _settle(store, policy, now)
    await store.erase_contacts_closed_before(now - policy.contact_retention)


async def _end_abandoned(store: Notifications, policy: Policy, now: datetime) -> None:
    """A process died between the attempt's row and its outcome: the message may have left, so it isn't sent again."""
    outcome = Outcome(Fact.UNCLEAR, "interrupted")
    for attempt in await store.abandoned_attempts(now - policy.attempt_timeout, _BATCH):
        before = await store.lock(attempt.notification_id)
        if before is not None and await store.end_attempt(attempt.id, outcome, now):
            moved = after(before, outcome.fact, now=now, receipt_wait=policy.receipt_wait, code=outcome.code)
            await store.save(before, moved)


async def _settle(store: Notifications, policy: Policy, now: datetime) -> None:
    for before in await store.lock_unsettled(now, _BATCH):
        code = before.code or "no-receipt"
        moved = after(before, Fact.NO_REPORT, now=now, receipt_wait=policy.receipt_wait, code=code)
        await store.save(before, moved)
