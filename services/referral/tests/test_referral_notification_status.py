"""What became of a notification shows on the referral, in codes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chassis.core.clock import new_id
from chassis.postgres.outbox import Outgoing
from event_schemas.ids import NotificationId
from event_schemas.notification import NotificationState, NotificationStatusChanged
from event_schemas.referral_reply import ReplyStatus

from .conftest import World

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]

STATUS = "hyte.notifications.status.v1"


async def tell(world: World, notification_id: str, state: NotificationState, at: datetime) -> None:
    """As notify would: the event through this database's outbox stands for notify's own."""
    event = NotificationStatusChanged(notification_id=NotificationId(notification_id), state=state, at=at)
    async with world.base.database.transaction() as tx:
        await world.base.outbox.append(tx, [Outgoing(STATUS, notification_id, event)])


async def test_the_newest_notification_status_is_shown_and_older_news_changes_nothing(world: World) -> None:
    referral_id = await world.create()
    received = await world.sent(referral_id)
    await world.hameenlinna.reply(received, ReplyStatus.ACCEPTED)
    await world.state_becomes(referral_id, "accepted")
    (event,) = [event for _, event in await requested(world)]
    before = (await world.status(referral_id))["version"]

    now = datetime.now(UTC)
    await tell(world, str(new_id()), NotificationState.SENT, now)
    await tell(world, event.notification_id, NotificationState.DELIVERED, now)
    await tell(world, event.notification_id, NotificationState.SENT, now - timedelta(minutes=1))
    await tell(world, event.notification_id, NotificationState.DELIVERED, now + timedelta(seconds=1))

    async def shown() -> bool:
        return bool((await world.status(referral_id))["version"] == before + 2)

    await world.becomes(shown, "two newer statuses")
    (notification,) = (await world.status(referral_id))["notifications"]
    assert (notification["state"], notification["channel"]) == ("delivered", "sms")


async def requested(world: World) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []

    async def there() -> bool:
        found[:] = await world.events("hyte.notifications.requested.v1")
        return bool(found)

    await world.becomes(there, "the notification request")
    return found
