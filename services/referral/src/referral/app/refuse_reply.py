"""A refused reply is answered on the receiver's own topic with a code, once."""

from __future__ import annotations

import re
from datetime import datetime

from chassis.core.clock import Clock
from chassis.postgres.outbox import Outgoing
from event_schemas.ids import EventId
from event_schemas.referral import ReferralReplyRefused, RefusalCode
from referral.app.ports import NewWork
from referral.app.topics import referral_topic
from referral.domain.binding import Reply, ReplyRefused

_ANSWERABLE = re.compile("[!-~]{1,100}")


def refusal_event(reply: Reply, code: RefusalCode, at: datetime) -> ReferralReplyRefused:
    return ReferralReplyRefused(
        referral_id=reply.referral_id,
        receiver=reply.receiver,
        reply_id=EventId(reply.reply_id),
        code=code,
        refused_at=at,
    )


async def refuse_reply(refused: ReplyRefused, *, new_work: NewWork, clock: Clock) -> bool:
    """Answers in a transaction of its own, since the reply's is rolled back; False when it was answered before.

    A reply whose id breaks the contract can't be named in an answer: its dead letter is all that remains of it.
    """
    reply, now = refused.reply, clock()
    if _ANSWERABLE.fullmatch(reply.reply_id) is None:
        return False
    async with new_work() as work:
        first = await work.refusals.add(reply.receiver, reply.reply_id, reply.referral_id, refused.code, at=now)
        if first:
            event = refusal_event(reply, refused.refusal, now)
            await work.events.publish([Outgoing(referral_topic(reply.receiver), reply.referral_id, event)])
    return first
