"""Whether a reply is what it claims to be: each claim is made twice, outside and inside the signature."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.core.errors import PermanentError
from event_schemas.ids import ReceiverId, ReferralId
from event_schemas.referral import RefusalCode
from event_schemas.referral_reply import ReferralReplied, ReplyStatement


class ReplyRefused(PermanentError):
    """A reply without effect: dead-lettered for inspection, answered with its code.

    It never holds up the referral's later replies, for those may come from the true receiver.
    """

    def __init__(self, refusal: RefusalCode, explanation: str, *, reply: Reply) -> None:
        super().__init__(refusal, explanation, parks=False)
        self.refusal = refusal
        self.reply = reply


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply as it came: the topic's receiver, the record's key, the envelope's id, the event."""

    receiver: ReceiverId
    key: str
    reply_id: str
    event: ReferralReplied

    @property
    def referral_id(self) -> ReferralId:
        return self.event.referral_id


def require_own_topic(reply: Reply) -> None:
    """Before anything is opened: the event names the receiver whose topic it stands on, and the record's key."""
    if reply.event.receiver != reply.receiver:
        raise ReplyRefused(RefusalCode.WRONG_RECEIVER, "the event names another receiver than its topic", reply=reply)
    if reply.key != reply.event.referral_id:
        raise ReplyRefused(RefusalCode.NOT_BOUND, "the record's key is not the referral's id", reply=reply)


def require_bound(reply: Reply, statement: ReplyStatement) -> None:
    """After the signature is verified: the statement belongs to this record, so that it can't be moved or replayed."""
    if statement.receiver != reply.receiver:
        raise ReplyRefused(RefusalCode.WRONG_RECEIVER, "the statement names another receiver", reply=reply)
    if statement.referral_id != reply.event.referral_id:
        raise ReplyRefused(RefusalCode.NOT_BOUND, "the statement is about another referral", reply=reply)
    if statement.ce_id != reply.reply_id:
        raise ReplyRefused(RefusalCode.NOT_BOUND, "the statement was signed for another record", reply=reply)
