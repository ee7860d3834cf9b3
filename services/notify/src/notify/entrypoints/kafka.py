"""Requests from `hyte.notifications.requested.v1`."""

from __future__ import annotations

from collections.abc import Callable

from chassis.core.clock import Clock
from chassis.kafka.handlers import OneHandler, Subscription, effect_subscription
from chassis.kafka.records import Delivery
from chassis.postgres.database import Connection
from event_schemas.notification import NotificationCancelled, NotificationRequested, RecipientStopped
from notify.app.accept_request import Rules, accept_request
from notify.app.call_off import cancel_notification, stop_recipient
from notify.app.ports import ContactBox, Notifications

REQUESTS_TOPIC = "hyte.notifications.requested.v1"
GROUP = "notify"


def requests_subscription(
    rules: Rules, *, on: Callable[[Connection], Notifications], box: ContactBox, clock: Clock
) -> Subscription:
    return effect_subscription(GROUP, [REQUESTS_TOPIC], _handler(rules, on, box, clock), clock=clock)


def _handler(rules: Rules, on: Callable[[Connection], Notifications], box: ContactBox, clock: Clock) -> OneHandler:
    async def handle(delivery: Delivery, tx: Connection) -> None:
        match delivery.event:
            case NotificationRequested() as event:
                await accept_request(event, rules=rules, store=on(tx), box=box, now=clock())
            case NotificationCancelled() as event:
                await cancel_notification(event, store=on(tx), now=clock())
            case RecipientStopped() as event:
                await stop_recipient(event, store=on(tx), now=clock())

    return handle
