"""What became of a notification shows on the referral, in codes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chassis.core.clock import new_id
from chassis.core.errors import PermanentError
from chassis.kafka.records import Delivery, Record, decode
from chassis.postgres.outbox import Outgoing
from event_schemas.codec import headers_of
from event_schemas.envelope import Envelope
from event_schemas.ids import NotificationId
from event_schemas.notification import NotificationState, NotificationStatusChanged
from event_schemas.referral_reply import ReplyStatus
from referral.bootstrap import replies

from .conftest import STATUS, World

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]

NOW = datetime(2026, 11, 3, 8, 5, tzinfo=UTC)


async def tell(world: World, notification_id: str, state: NotificationState, at: datetime) -> None:
    """As notify would: the event through this database's outbox stands for notify's own."""
    event = NotificationStatusChanged(notification_id=NotificationId(notification_id), state=state, at=at)
    async with world.base.database.transaction() as tx:
        await world.base.outbox.append(tx, [Outgoing(STATUS, notification_id, event)])


async def test_what_notify_says_last_is_shown_whatever_its_clock_says(world: World) -> None:
    referral_id = await world.create()
    received = await world.sent(referral_id)
    await world.hameenlinna.reply(received, ReplyStatus.ACCEPTED)
    await world.state_becomes(referral_id, "accepted")
    (event,) = [event for _, event in await requested(world)]
    before = (await world.status(referral_id))["version"]

    await tell(world, str(new_id()), NotificationState.SENT, NOW)
    await tell(world, event.notification_id, NotificationState.SENT, NOW)
    await tell(world, event.notification_id, NotificationState.DELIVERED, NOW - timedelta(minutes=1))

    async def shown() -> bool:
        return bool((await world.status(referral_id))["version"] == before + 2)

    await world.becomes(shown, "two newer statuses")
    (notification,) = (await world.status(referral_id))["notifications"]
    assert (notification["state"], notification["channel"]) == ("delivered", "sms")


def delivered(notification_id: str, state: NotificationState, at: datetime, *, version: int | None) -> Delivery:
    event = NotificationStatusChanged(notification_id=NotificationId(notification_id), state=state, at=at)
    envelope = Envelope(str(new_id()), "urn:notify", event.event_type, at, None, None, version=version)
    return decode(Record(STATUS, 0, 0, at, notification_id.encode(), event.to_json(), headers_of(envelope)))


async def notification_of(world: World, referral_id: str) -> str:
    """A client told, as far as this service's own database knows."""
    notification_id = str(new_id())
    async with world.base.database.connection() as connection:
        await connection.execute(
            "INSERT INTO notification (id, referral_id, matter, recipient_ref, channel, state, at)"
            " VALUES ($1, $2, 'accepted', 'ref', 'sms', 'requested', $3)",
            notification_id,
            referral_id,
            NOW,
        )
    return notification_id


async def test_older_news_that_comes_later_changes_nothing_whatever_its_clock_says(still_world: World) -> None:
    referral_id = await still_world.create()
    notification_id = await notification_of(still_world, referral_id)
    # The process that said `sent` first had a clock ahead of the one that said `delivered`.
    batch = [
        delivered(notification_id, NotificationState.DELIVERED, NOW, version=8),
        delivered(notification_id, NotificationState.SENT, NOW + timedelta(minutes=1), version=7),
        delivered(notification_id, NotificationState.DELIVERED, NOW, version=8),
    ]
    before = (await still_world.status(referral_id))["version"]
    async with still_world.base.database.transaction() as tx:
        await replies(still_world.base, still_world.keys.settings).handler(batch, tx)
    status = await still_world.status(referral_id)
    assert [one["state"] for one in status["notifications"]] == ["delivered"]
    assert status["version"] == before + 1


async def test_a_status_without_version_is_refused_and_holds_nothing_up(still_world: World) -> None:
    delivery = delivered(str(new_id()), NotificationState.SENT, NOW, version=None)
    with pytest.raises(PermanentError, match="status-without-version") as refused:
        async with still_world.base.database.transaction() as tx:
            await replies(still_world.base, still_world.keys.settings).handler([delivery], tx)
    assert not refused.value.parks


async def requested(world: World) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []

    async def there() -> bool:
        found[:] = await world.events("hyte.notifications.requested.v1")
        return bool(found)

    await world.becomes(there, "the notification request")
    return found
