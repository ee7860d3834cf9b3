"""The client is told that there is news: by one allowed channel, once per matter, without a word of what it is."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from joserfc.jwk import ECKey

from chassis.core.clock import NewId
from chassis.core.errors import PermanentError
from chassis.postgres.outbox import Outgoing
from chassis.sealing.seal import seal
from chassis.sealing.vault import Vault
from event_schemas.ids import NotificationId, RecipientRef, ReferralId
from event_schemas.notification import (
    DeliveryChannel,
    NotificationContent,
    NotificationRequested,
    RecipientStopped,
)
from event_schemas.referral_content import Client
from event_schemas.sealed import Sealed
from referral.app.content import stored_content
from referral.app.ports import Pseudonyms, Work
from referral.app.topics import NOTIFICATIONS_TOPIC
from referral.domain.channels import NO_CHANNEL, allowed_channel
from referral.domain.referral import NotificationFact

ACCEPTED = "accepted"

_TEMPLATE = "new-message"
_WORTH_SENDING = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class NotifyTools:
    """What telling works with; `link` is where the client logs in, `channels` what notify can send by."""

    vault: Vault
    pseudonyms: Pseudonyms
    notify_key: ECKey
    link: str
    channels: Collection[DeliveryChannel]
    new_id: NewId


async def notify_client(work: Work, referral_id: ReferralId, matter: str, tools: NotifyTools, *, now: datetime) -> bool:
    """False when there is no safe channel, which is kept to be seen, or the matter has been told already."""
    stored = await stored_content(work, tools.vault, referral_id)
    if stored is None:
        return False
    client = stored.content.client
    chosen = allowed_channel(client, stored.content.consent.safe_channels, tools.channels)
    notification_id = NotificationId(str(tools.new_id()))
    recipient = recipient_ref(referral_id, tools.pseudonyms)
    first = await work.notifications.add(referral_id, notification_id, recipient, _fact(matter, chosen, now))
    if chosen is None or not first:
        return False
    request = _request(notification_id, recipient, client, chosen, tools, now)
    await work.events.publish([Outgoing(NOTIFICATIONS_TOPIC, recipient, request)])
    return True


def recipient_ref(referral_id: ReferralId, pseudonyms: Pseudonyms) -> RecipientRef:
    """One per referral, and not made from its id without the key.

    It is no secret from whoever sees both sides: taking a reply, or a withdrawal, is one trace over the referral's
    event and the one for notify, in their headers and in the logs.
    """
    return RecipientRef(pseudonyms.pseudonym(referral_id, purpose="notification-recipient")[:32])


def _fact(matter: str, chosen: tuple[DeliveryChannel, str] | None, now: datetime) -> NotificationFact:
    if chosen is None:
        return NotificationFact(matter, NO_CHANNEL, "no-safe-channel", now)
    return NotificationFact(matter, chosen[0], "requested", now)


def _request(
    notification_id: NotificationId,
    recipient: RecipientRef,
    client: Client,
    chosen: tuple[DeliveryChannel, str],
    tools: NotifyTools,
    now: datetime,
) -> NotificationRequested:
    content = NotificationContent(
        notification_id=notification_id,
        channel=chosen[0],
        to=chosen[1],
        language=client.language,
        template=_TEMPLATE,
        link=tools.link,
    )
    return NotificationRequested(
        notification_id=notification_id,
        recipient_ref=recipient,
        template=_TEMPLATE,
        language=client.language,
        expires_at=now + _WORTH_SENDING,
        sealed=Sealed(key_id=str(tools.notify_key.kid), jwe=seal(content.to_json(), tools.notify_key)),
    )


async def note_status(
    work: Work, notification_id: NotificationId, state: str, at: datetime, *, version: int | None
) -> bool:
    """Keeps the newest state of one of our notifications; False for anybody else's and for older news.

    Raises:
        PermanentError: `status-without-version`: whether it is news can't be told.
    """
    if version is None:
        raise PermanentError("status-without-version", "a status must carry its envelope's version", parks=False)
    return await work.notifications.update(notification_id, state, at, version=version)


async def stop_notifying(work: Work, referral_id: ReferralId, *, now: datetime) -> None:
    """Notify forgets the contact data it holds for this referral."""
    stops = [
        RecipientStopped(recipient_ref=RecipientRef(ref), reason="erased", at=now)
        for ref in await work.notifications.recipients(referral_id)
    ]
    await work.events.publish([Outgoing(NOTIFICATIONS_TOPIC, stop.recipient_ref, stop) for stop in stops])
