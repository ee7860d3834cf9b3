"""What time alone brings: attempts nobody ended, receipts that never came, contact data no longer needed."""

from __future__ import annotations

from datetime import datetime

from notify.app.policy import Policy
from notify.app.ports import Notifications, Outcome
from notify.domain.notification import Notification, after
from notify.domain.states import Fact

_BATCH = 500


async def tidy_up(*, store: Notifications, policy: Policy, now: datetime) -> None:
    """One round; what is left over is taken by the next."""
    await _end_abandoned(store, policy, now)
    await _settle(store, policy, now)
    await store.erase_contacts_closed_before(now - policy.contact_retention)


async def _end_abandoned(store: Notifications, policy: Policy, now: datetime) -> None:
    """A process died between the attempt's row and its outcome: the message may have left, so it isn't sent again."""
    outcome, began_before = Outcome(Fact.UNCLEAR, "interrupted"), now - policy.attempt_timeout
    held = await store.lock_abandoned(began_before, _BATCH)
    ended = await store.end_abandoned([before.id for before in held], began_before, outcome, now)
    await store.save(
        [
            (before, after(before, outcome.fact, now=now, receipt_wait=policy.receipt_wait, code=outcome.code))
            for before in held
            if before.id in ended
        ]
    )


async def _settle(store: Notifications, policy: Policy, now: datetime) -> None:
    await store.save([(before, _settled(before, policy, now)) for before in await store.lock_unsettled(now, _BATCH)])


def _settled(before: Notification, policy: Policy, now: datetime) -> Notification:
    code = before.code or "no-receipt"
    return after(before, Fact.NO_REPORT, now=now, receipt_wait=policy.receipt_wait, code=code)
