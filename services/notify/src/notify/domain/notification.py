"""A notification and how facts change it. Contact data is not part of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from event_schemas.notification import NotificationState as State
from notify.domain.states import FINAL, Fact, next_state


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to tell and the link to give: personal data, in memory only while it is used."""

    to: str = field(repr=False)
    link: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Notification:
    """`next_attempt_at`, `settle_at` and `closed_at` as in the table of the same name."""

    id: UUID
    recipient_ref: str
    channel: str
    template: str
    template_version: int | None
    language: str
    urgent: bool
    not_before: datetime
    expires_at: datetime
    state: State = State.ACCEPTED
    code: str | None = None
    attempts: int = 0
    called_off: str | None = None
    next_attempt_at: datetime | None = None
    settle_at: datetime | None = None
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One call to the gateway, begun."""

    id: UUID
    notification_id: UUID
    number: int
    token_digest: bytes
    began_at: datetime


def after(
    notification: Notification,
    fact: Fact,
    *,
    now: datetime,
    receipt_wait: timedelta,
    code: str | None = None,
    next_attempt_at: datetime | None = None,
) -> Notification:
    """The notification once `fact` is known; the same object where it changes nothing.

    A message called off during a call is not tried again. `receipt_wait` is how long a receipt is waited for.
    """
    if fact is Fact.NOT_TAKEN and notification.called_off is not None:
        fact, code = Fact.CALLED_OFF, notification.called_off
    state = next_state(notification.state, fact)
    if state is None:
        return notification
    moved = replace(notification, state=state, code=code, next_attempt_at=None)
    if state in FINAL or fact is Fact.NO_REPORT:
        return replace(moved, settle_at=None, closed_at=notification.closed_at or now)
    if state in (State.SENT, State.UNKNOWN):
        return replace(moved, settle_at=now + receipt_wait)
    return replace(moved, next_attempt_at=next_attempt_at if state is State.ACCEPTED else None)


def call_off(notification: Notification, *, reason: str, now: datetime) -> Notification:
    """Not to be sent any more: cancelled at once, or marked while a call is under way that may still succeed."""
    if notification.state is State.SENDING:
        return replace(notification, called_off=reason)
    return after(notification, Fact.CALLED_OFF, now=now, receipt_wait=timedelta(0), code=reason)
