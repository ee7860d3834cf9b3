"""Claiming what is due: each attempt is a row before the gateway is called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from notify.app.ports import Change, SealedContact
from notify.app.sender import Claim, Sender, token_digest
from notify.domain.notification import Attempt, Notification
from notify.domain.states import Fact
from notify.domain.timing import look_again_at, sendable_at


@dataclass(frozen=True, slots=True)
class Claimed:
    """The attempts begun of the due notifications that were looked at."""

    looked_at: int
    claims: Sequence[Claim]


async def claim_due(sender: Sender, limit: int) -> Claimed:
    """Begins an attempt for each of up to `limit` due notifications, unless it has expired or has to wait longer."""
    now = sender.clock()
    async with sender.transaction() as store:
        due = await store.lock_due(now, limit)
        ready = [notification for notification in due if _is_ready(sender, notification, now)]
        contacts = await store.contacts([notification.id for notification in ready])
        claims = [_begun(sender, notification, contacts.get(notification.id), now) for notification in ready]
        await store.begin_attempts([claim.attempt for claim in claims])
        await store.save(_changes(sender, due, claims, now))
    return Claimed(len(due), claims)


def _is_ready(sender: Sender, notification: Notification, now: datetime) -> bool:
    return sendable_at(notification, now=now, quiet=sender.policy.quiet_hours) <= now < notification.expires_at


def _begun(sender: Sender, notification: Notification, contact: SealedContact | None, now: datetime) -> Claim:
    token, number = sender.new_token(), notification.attempts + 1
    attempt = Attempt(sender.new_id(), notification.id, number, token_digest(token), now)
    begun = replace(sender.moved(notification, Fact.ATTEMPT_BEGUN), attempts=number)
    return Claim(begun, attempt, contact, token)


def _changes(sender: Sender, due: Sequence[Notification], claims: Sequence[Claim], now: datetime) -> Sequence[Change]:
    begun = {claim.notification.id: claim.notification for claim in claims}
    return [(before, begun.get(before.id) or _not_begun(sender, before, now)) for before in due]


def _not_begun(sender: Sender, notification: Notification, now: datetime) -> Notification:
    if notification.expires_at <= now:
        return sender.moved(notification, Fact.TIME_PASSED, code="not-sent-in-time")
    later = look_again_at(notification, wanted=now, quiet=sender.policy.quiet_hours)
    return replace(notification, next_attempt_at=later)


async def until_next_due(sender: Sender, *, most: timedelta) -> timedelta:
    """How long the sender may rest: until the next notification is due, at most `most`."""
    async with sender.transaction() as store:
        due = await store.next_due()
    return most if due is None else min(most, max(due - sender.clock(), timedelta(0)))
