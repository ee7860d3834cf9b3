"""A delivery report: late, double and out of order ones change nothing, and are kept."""

from __future__ import annotations

from datetime import datetime

import structlog

from notify.app.metrics import RECEIPTS
from notify.app.policy import Policy
from notify.app.ports import Notifications, Receipt
from notify.domain.notification import Attempt, Notification, after
from notify.domain.states import Effect, Fact, contradicts

log = structlog.get_logger(__name__)


async def take_receipt(digest: bytes, receipt: Receipt, *, store: Notifications, policy: Policy, now: datetime) -> None:
    """`digest` is that of the token in the address the report came to."""
    attempt = await store.attempt_of(digest)
    before = await store.lock(attempt.notification_id) if attempt is not None else None
    if attempt is None or before is None:
        RECEIPTS.labels("strange").inc()
        log.warning("receipt for no attempt of ours")
        return
    if await store.has_receipt(attempt.id, receipt):
        RECEIPTS.labels("repeated").inc()
        return
    moved = _moved(before, attempt, receipt, policy, now)
    effect = _effect(before, moved, receipt)
    await store.add_receipt(attempt.id, receipt, effect, now)
    await store.save([(before, moved)])
    RECEIPTS.labels(effect).inc()
    log.info("receipt taken", notification_id=str(before.id), attempt=attempt.number, effect=str(effect))


def _moved(before: Notification, attempt: Attempt, receipt: Receipt, policy: Policy, now: datetime) -> Notification:
    # That an earlier attempt failed says nothing of the one that followed it.
    superseded = receipt.fact is Fact.REPORTED_FAILED and attempt.number < before.attempts
    if receipt.fact is None or superseded:
        return before
    code = "gateway-reported-failure" if receipt.fact is Fact.REPORTED_FAILED else None
    return after(before, receipt.fact, now=now, receipt_wait=policy.receipt_wait, code=code)


def _effect(before: Notification, moved: Notification, receipt: Receipt) -> Effect:
    if moved is not before:
        return Effect.APPLIED
    if receipt.fact is not None and contradicts(before.state, receipt.fact):
        return Effect.CONTRADICTS
    return Effect.NOTED
