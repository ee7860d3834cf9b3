"""What comes in by topics: replies of receivers, and what became of notifications."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

import structlog

from chassis.core.clock import Clock
from chassis.kafka.handlers import Subscription, effect_subscription
from chassis.kafka.records import Delivery
from chassis.postgres.database import Connection
from event_schemas.ids import ReceiverId
from event_schemas.notification import NotificationStatusChanged
from event_schemas.referral_reply import ReferralReplied
from referral.app.notify_client import note_status
from referral.app.ports import NewWork, Work
from referral.app.refuse_reply import refuse_reply
from referral.app.take_reply import ReplyTools, take_reply
from referral.domain.binding import Reply, ReplyRefused

log = structlog.get_logger(__name__)

GROUP = "referral"
STATUS_TOPIC = "hyte.notifications.status.v1"
_BEFORE_RECEIVER, _AFTER_RECEIVER = "hyte.referral-replies.", ".v1"

WorkIn = Callable[[Connection], Work]


def reply_topic(receiver: ReceiverId) -> str:
    return f"{_BEFORE_RECEIVER}{receiver}{_AFTER_RECEIVER}"


def replies_subscription(
    receivers: Sequence[ReceiverId], tools: ReplyTools, *, work_in: WorkIn, new_work: NewWork, clock: Clock
) -> Subscription:
    """All receivers' replies and the notification statuses, in one group."""

    async def handle(delivery: Delivery, tx: Connection) -> None:
        event = delivery.event
        if isinstance(event, ReferralReplied):
            verdict = await take_reply(_reply(delivery, event), work_in(tx), tools)
            log.info("reply taken", referral_id=event.referral_id, verdict=verdict)
        elif isinstance(event, NotificationStatusChanged):
            version = delivery.envelope.version
            await note_status(work_in(tx), event.notification_id, str(event.state), event.at, version=version)

    topics = [*(reply_topic(receiver) for receiver in receivers), STATUS_TOPIC]
    subscription = effect_subscription(GROUP, topics, handle, clock=clock)
    return replace(subscription, handler=_answering_refusals(subscription.handler, new_work, clock))


def _answering_refusals(
    handler: Callable[[Sequence[Delivery], Connection], Awaitable[None]], new_work: NewWork, clock: Clock
) -> Callable[[Sequence[Delivery], Connection], Awaitable[None]]:
    """A refusal is answered before it is raised on.

    The batch runs in a savepoint: rolled back, it holds no lock on a key that the answer's own transaction needs.
    """

    async def guarded(deliveries: Sequence[Delivery], tx: Connection) -> None:
        try:
            async with tx.transaction():
                await handler(deliveries, tx)
        except ReplyRefused as refused:
            await refuse_reply(refused, new_work=new_work, clock=clock)
            raise

    return guarded


def _reply(delivery: Delivery, event: ReferralReplied) -> Reply:
    topic = delivery.record.topic
    receiver = ReceiverId(topic.removeprefix(_BEFORE_RECEIVER).removesuffix(_AFTER_RECEIVER))
    return Reply(receiver, delivery.key, delivery.envelope.id, event)
