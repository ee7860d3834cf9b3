"""Nothing more is sent: of one notification (cancelled), or to one recipient (stopped). Contact data goes at once."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from event_schemas.notification import NotificationCancelled, RecipientStopped
from notify.app.ports import Notifications
from notify.domain.notification import call_off


async def cancel_notification(event: NotificationCancelled, *, store: Notifications, now: datetime) -> None:
    """What is with the gateway already can't be called back; it keeps its state, and no attempt follows."""
    notification_id = UUID(event.notification_id)
    await store.remember_called_off(notification_id, event.reason, now)
    before = await store.lock(notification_id)
    if before is not None:
        await store.save([(before, call_off(before, reason=event.reason, now=now))])
        await store.erase_contacts([notification_id])


async def stop_recipient(event: RecipientStopped, *, store: Notifications, now: datetime) -> None:
    """Also requests that come later are cancelled."""
    await store.remember_stop(event.recipient_ref, event.reason, event.at)
    held = await store.lock_recipient(event.recipient_ref)
    await store.save([(before, call_off(before, reason=event.reason, now=now)) for before in held])
    await store.erase_contacts([notification.id for notification in held])
