"""One call to the gateway and its outcome; no transaction is open during the call."""

from __future__ import annotations

from datetime import datetime, timedelta

import stamina
import structlog

from chassis.core.errors import PermanentError, TemporaryError
from notify.app.metrics import ATTEMPT_SECONDS, ATTEMPTS
from notify.app.ports import Outcome
from notify.app.sender import Claim, Sender
from notify.domain.notification import Attempt, Contact, Notification
from notify.domain.states import Fact
from notify.domain.timing import look_again_at

log = structlog.get_logger(__name__)

_RECORDING_PATIENCE = timedelta(seconds=10)
"""With the time of a call less than the grace of a stopping process."""


async def attempt(sender: Sender, claim: Claim) -> None:
    """Calls the gateway once and records what came of it."""
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


async def _insist_on_recording(sender: Sender, begun: Attempt, outcome: Outcome) -> None:
    """Through a short outage of our database; a longer one leaves the attempt open, and it ends as unknown."""
    try:
        async for trial in stamina.retry_context(
            on=TemporaryError, attempts=None, timeout=_RECORDING_PATIENCE, wait_initial=0.2, wait_max=2
        ):
            with trial:
                await _record(sender, begun, outcome)
    except TemporaryError as exc:
        log.error("outcome not recorded", notification_id=str(begun.notification_id), code=exc.code)


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


async def _record(sender: Sender, begun: Attempt, outcome: Outcome) -> None:
    """Stores how the call ended. A receipt may have settled the notification before: then it stays as it is."""
    async with sender.transaction() as store:
        before = await store.lock(begun.notification_id)
        if before is None or not await store.end_attempt(begun.id, outcome, sender.clock()):
            return
        fact, code, due = _consequence(sender, before, outcome)
        await store.save([(before, sender.moved(before, fact, code=code, next_attempt_at=due))])


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
