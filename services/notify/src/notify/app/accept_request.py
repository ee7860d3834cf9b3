"""A request becomes a notification: opened, checked, stored encrypted; refused ones end as failed at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import structlog
from joserfc.jwk import ECKey

from chassis.core.errors import PermanentError
from chassis.sealing.seal import unseal
from event_schemas import UnreadableRecord
from event_schemas.notification import DeliveryChannel, NotificationContent, NotificationRequested, Urgency
from event_schemas.notification import NotificationState as State
from notify.app.policy import Policy
from notify.app.ports import ContactBox, Notifications
from notify.domain.content_free import link_reveals
from notify.domain.notification import Contact, Notification
from notify.domain.phone import Unsendable, mobile_number
from notify.domain.templates import Templates
from notify.domain.timing import look_again_at

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Rules:
    """What a request is judged by; `keys` are notify's own private ones, newest first."""

    templates: Templates
    forbidden_stems: Sequence[str]
    keys: Sequence[ECKey]
    policy: Policy


async def accept_request(
    event: NotificationRequested, *, rules: Rules, store: Notifications, box: ContactBox, now: datetime
) -> None:
    """Raises PermanentError where the sealed content is not for us or not of this request."""
    content = _opened(event, rules.keys)
    notification, contact = _judged(event, content, rules, now)
    reason = await store.why_not(notification.id, notification.recipient_ref)
    if reason is not None:
        notification, contact = _ended(notification, State.CANCELLED, reason, now), None
    sealed = box.seal(notification.id, contact) if contact is not None else None
    new = await store.add(notification, sealed)
    log.info("notification requested", notification_id=event.notification_id, new=new, code=notification.code)


def _opened(event: NotificationRequested, keys: Sequence[ECKey]) -> NotificationContent:
    # A dead request must not hold up what comes later for the recipient, least of all a stop: hence parks=False.
    if event.sealed.jwe is None:
        raise PermanentError("dataref-not-read", "sealed content by reference is not fetched here", parks=False)
    try:
        content = NotificationContent.from_json(unseal(event.sealed.jwe, keys))
    except UnreadableRecord as exc:
        raise PermanentError("content-unreadable", exc.reason, parks=False) from None
    except PermanentError as exc:
        raise PermanentError(exc.code, exc.explanation, parks=False) from exc
    if (content.notification_id, content.template) != (event.notification_id, event.template):
        raise PermanentError("content-of-another", "the sealed content belongs to another request", parks=False)
    return content


def _judged(
    event: NotificationRequested, content: NotificationContent, rules: Rules, now: datetime
) -> tuple[Notification, Contact | None]:
    """The notification as it begins, and its contact data if it is to be sent."""
    notification = _asked_for(event, content, now)
    template = rules.templates.approved(event.template, event.template_version)
    if template is None:
        return _ended(notification, State.FAILED, "template-not-approved", now), None
    notification = replace(notification, template_version=template.version)
    try:
        contact = _contact(content, rules.forbidden_stems)
    except Unsendable as exc:
        return _ended(notification, State.FAILED, exc.code, now), None
    due = look_again_at(notification, wanted=now, quiet=rules.policy.quiet_hours)
    return replace(notification, next_attempt_at=due), contact


def _asked_for(event: NotificationRequested, content: NotificationContent, now: datetime) -> Notification:
    return Notification(
        id=UUID(event.notification_id),
        recipient_ref=event.recipient_ref,
        channel=str(content.channel),
        template=event.template,
        template_version=None,
        language=event.language,
        urgent=event.urgency == Urgency.URGENT,
        not_before=event.not_before or now,
        expires_at=event.expires_at,
    )


def _contact(content: NotificationContent, forbidden_stems: Sequence[str]) -> Contact:
    """Raises Unsendable."""
    if content.channel != DeliveryChannel.SMS:
        raise Unsendable("channel-not-offered")
    if link_reveals(content.link, forbidden_stems):
        raise Unsendable("link-reveals-content")
    return Contact(mobile_number(content.to), content.link)


def _ended(notification: Notification, state: State, code: str, now: datetime) -> Notification:
    return replace(notification, state=state, code=code, next_attempt_at=None, closed_at=now)
