"""Telling people: `hyte.notifications.requested.v1` and `hyte.notifications.status.v1`."""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from event_schemas.base import Event, SealedContent, UtcTime, WebAddress, extensible
from event_schemas.ids import AnyNotificationId, AnyRecipientRef, LanguageTag, ReasonCode
from event_schemas.sealed import Sealed


class Urgency(StrEnum):
    """Whether quiet hours are respected; only `urgent` breaks them."""

    NORMAL = "normal"
    URGENT = "urgent"


class DeliveryChannel(StrEnum):
    """By what a notification is sent."""

    SMS = "sms"
    EMAIL = "email"
    SUOMIFI = "suomifi"


class NotificationState(StrEnum):
    """Where a notification is. `unknown`: it was handed over, and nobody can tell what came of it."""

    ACCEPTED = "accepted"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    EXPIRED = "expired"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"


AnyUrgency = Annotated[Urgency | str, Field(union_mode="left_to_right"), extensible(Urgency)]
AnyDeliveryChannel = Annotated[DeliveryChannel | str, Field(union_mode="left_to_right"), extensible(DeliveryChannel)]
AnyNotificationState = Annotated[
    NotificationState | str, Field(union_mode="left_to_right"), extensible(NotificationState)
]


class NotificationRequested(Event):
    """Somebody is to be told; whom, and by which link, is in the sealed `NotificationContent`."""

    event_type: ClassVar[str] = "fi.hytevirta.notification.requested.v1"

    notification_id: AnyNotificationId
    recipient_ref: AnyRecipientRef
    template: ReasonCode
    template_version: Annotated[int, Field(ge=1)] | None = None
    """The version the requester had in mind; None takes the newest approved one."""
    language: LanguageTag
    urgency: AnyUrgency = Urgency.NORMAL
    not_before: UtcTime | None = None
    expires_at: UtcTime
    sealed: Sealed


class NotificationCancelled(Event):
    """A notification is not to be sent, if it has not been yet."""

    event_type: ClassVar[str] = "fi.hytevirta.notification.cancelled.v1"

    notification_id: AnyNotificationId
    recipient_ref: AnyRecipientRef
    reason: ReasonCode


class RecipientStopped(Event):
    """Nothing more is to be sent to this recipient, and the contact data held for it is erased."""

    event_type: ClassVar[str] = "fi.hytevirta.recipient.stopped.v1"

    recipient_ref: AnyRecipientRef
    reason: ReasonCode
    at: UtcTime


class NotificationStatusChanged(Event):
    """A notification reached a state; `code` says why it failed or is unknown."""

    event_type: ClassVar[str] = "fi.hytevirta.notification.status-changed.v1"

    notification_id: AnyNotificationId
    state: AnyNotificationState
    at: UtcTime
    code: ReasonCode | None = None


class NotificationContent(SealedContent):
    """Plaintext for notify. `to` is a phone number (E.164), an e-mail address, or an identity code for Suomi.fi."""

    content_type: ClassVar[str] = "fi.hytevirta.notification.content.v1"

    notification_id: AnyNotificationId
    channel: AnyDeliveryChannel
    to: Annotated[str, Field(min_length=3, max_length=320)]
    language: LanguageTag
    template: ReasonCode
    link: WebAddress
