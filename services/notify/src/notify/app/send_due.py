"""Sending what is due: the attempt is a row before the gateway is called, and no transaction is open meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256

import stamina
import structlog

from chassis.core.clock import Clock, NewId
from chassis.core.errors import PermanentError, TemporaryError
from notify.app.metrics import ATTEMPT_SECONDS, ATTEMPTS
from notify.app.policy import Policy
from notify.app.ports import ContactBox, Notifications, Outcome, SealedContact, SmsGateway, Transaction
from notify.domain.notification import Attempt, Contact, Notification, after
from notify.domain.states import Fact
from notify.domain.templates import Templates
from notify.domain.timing import look_again_at, sendable_at

log = structlog.get_logger(__name__)

_RECORDING_PATIENCE = timedelta(seconds=10)
"""With the time of a call less than the grace of a stopping process."""


@dataclass(frozen=True, slots=True)
class Claim:
    """An attempt begun, with what it needs. `token` is the secret part of the address for its receipts."""

    notification: Notification
    attempt: Attempt
    contact: SealedContact | None
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Sender:
    """What sending needs."""

    transaction: Transaction
    box: ContactBox
    gateway: SmsGateway
    templates: Templates
    policy: Policy
    receipts_url: str
    clock: Clock
    new_id: NewId
    new_token: Callable[[], str]


async def send_due(sender: Sender) -> int:
    """Sends up to `at_once` due notifications side by side; returns how many were looked at."""
    async with sender.transaction() as store:
        due = await store.lock_due(sender.clock(), sender.policy.at_once)
        claims = [await _claim(sender, store, notification) for notification in due]
    await asyncio.gather(*[_attempt(sender, claim) for claim in claims if claim is not None])
    return len(due)


async def _claim(sender: Sender, store: Notifications, notification: Notification) -> Claim | None:
    """Begins an attempt; None where the notification has expired or its time has not come."""
    now = sender.clock()
    if notification.expires_at <= now:
        await _move(sender, store, notification, Fact.TIME_PASSED, code="not-sent-in-time")
        return None
    if sendable_at(notification, now=now, quiet=sender.policy.quiet_hours) > now:
        later = look_again_at(notification, wanted=now, quiet=sender.policy.quiet_hours)
        await store.save(notification, replace(notification, next_attempt_at=later))
        return None
    return await _begin(sender, store, notification, now)


async def _begin(sender: Sender, store: Notifications, notification: Notification, now: datetime) -> Claim:
    token = sender.new_token()
    number = notification.attempts + 1
    attempt = Attempt(sender.new_id(), notification.id, number, token_digest(token), now)
    await store.begin_attempt(attempt)
    begun = after(notification, Fact.ATTEMPT_BEGUN, now=now, receipt_wait=sender.policy.receipt_wait)
    await store.save(notification, replace(begun, attempts=number))
    return Claim(begun, attempt, await store.contact(notification.id), token)


def token_digest(token: str) -> bytes:
    """What is kept of a token: whoever reads the database can't report in the gateway's name."""
    return sha256(token.encode()).digest()


async def _attempt(sender: Sender, claim: Claim) -> None:
    outcome = await _outcome(sender, claim)
    ATTEMPTS.labels(outcome.fact).inc()
    log.info(
        "notification attempted",
        notification_id=str(claim.notification.id),
        attempt=claim.attempt.number,
        outcome=str(outcome.fact),
        code=outcome.code,
    )
    await _insist_on_recording(sender, claim.attempt, outcome)


async def _insist_on_recording(sender: Sender, attempt: Attempt, outcome: Outcome) -> None:
    """Through a short outage of our database; a longer one leaves the attempt open, and it ends as unknown."""
    try:
        async for trial in stamina.retry_context(
            on=TemporaryError, attempts=None, timeout=_RECORDING_PATIENCE, wait_initial=0.2, wait_max=2
        ):
            with trial:
                await record_outcome(sender, attempt, outcome)
    except TemporaryError as exc:
        log.error("outcome not recorded", notification_id=str(attempt.notification_id), code=exc.code)


async def _outcome(sender: Sender, claim: Claim) -> Outcome:
    try:
        contact, text = _message(sender, claim)
    except PermanentError as exc:
        return Outcome(Fact.REFUSED, exc.code)
    receipts_to = f"{sender.receipts_url.rstrip('/')}/receipts/{claim.token}"
    with ATTEMPT_SECONDS.time():
        return await sender.gateway.send(to=contact.to, text=text, receipts_to=receipts_to)


def _message(sender: Sender, claim: Claim) -> tuple[Contact, str]:
    """The contact data and the text to send, compared once more with the approved template."""
    if claim.contact is None:
        raise PermanentError("contact-erased", "its contact data is gone")
    notification = claim.notification
    template = sender.templates.approved(notification.template, notification.template_version)
    if template is None:
        raise PermanentError("template-not-approved", "the version is not approved any more")
    contact = sender.box.open(notification.id, claim.contact)
    text = template.render(notification.language, contact.link)
    if not template.has_rendered(text):
        raise PermanentError("text-not-approved", "the text is not the approved one with a plain link")
    return contact, text


async def record_outcome(sender: Sender, attempt: Attempt, outcome: Outcome) -> None:
    """Stores how the call ended. A receipt may have settled the notification before: then it stays as it is."""
    async with sender.transaction() as store:
        notification = await store.lock(attempt.notification_id)
        if notification is None or not await store.end_attempt(attempt.id, outcome, sender.clock()):
            return
        fact, code, due = _consequence(sender, notification, outcome)
        await _move(sender, store, notification, fact, code=code, next_attempt_at=due)


def _consequence(
    sender: Sender, notification: Notification, outcome: Outcome
) -> tuple[Fact, str | None, datetime | None]:
    """After a message that was not taken: when to try again, or that it was tried often enough."""
    policy = sender.policy
    if outcome.fact is not Fact.NOT_TAKEN:
        return outcome.fact, outcome.code, None
    if notification.attempts >= policy.most_attempts:
        return Fact.REFUSED, "attempts-used-up", None
    wait = max(policy.backoff.wait(notification.attempts), outcome.wait or timedelta(0))
    due = look_again_at(notification, wanted=sender.clock() + wait, quiet=policy.quiet_hours)
    return outcome.fact, outcome.code, due


async def _move(
    sender: Sender,
    store: Notifications,
    notification: Notification,
    fact: Fact,
    *,
    code: str | None = None,
    next_attempt_at: datetime | None = None,
) -> None:
    moved = after(
        notification,
        fact,
        now=sender.clock(),
        receipt_wait=sender.policy.receipt_wait,
        code=code,
        next_attempt_at=next_attempt_at,
    )
    await store.save(notification, moved)


async def until_next_due(sender: Sender, *, most: timedelta) -> timedelta:
    """How long the sender may rest: until the next notification is due, at most `most`."""
    async with sender.transaction() as store:
        due = await store.next_due()
    return most if due is None else min(most, max(due - sender.clock(), timedelta(0)))
