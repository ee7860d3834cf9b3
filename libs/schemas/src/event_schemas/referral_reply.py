"""What receivers answer: `hyte.referral-replies.<receiver>.v1`."""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from event_schemas.base import Event, SealedContent, UtcTime, extensible
from event_schemas.ids import AnyEventId, AnyReceiverId, AnyReferralId, ReasonCode
from event_schemas.sealed import Sealed


class ReplyStatus(StrEnum):
    """What a receiver can say of a referral."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    REJECTED_WRONG_MUNICIPALITY = "rejected-wrong-municipality"
    REJECTED_NOT_ELIGIBLE = "rejected-not-eligible"
    NO_CAPACITY = "no-capacity"
    CONTACT_ATTEMPTED = "contact-attempted"
    CONTACTED = "contacted"
    STARTED = "started"
    COMPLETED = "completed"
    NOT_REACHED = "not-reached"
    DECLINED = "declined"


AnyReplyStatus = Annotated[ReplyStatus | str, Field(union_mode="left_to_right"), extensible(ReplyStatus)]


class ReferralReplied(Event):
    """A receiver's answer: a signed `ReplyStatement` (JWS) sealed for the county."""

    event_type: ClassVar[str] = "fi.hytevirta.referral.replied.v1"

    referral_id: AnyReferralId
    receiver: AnyReceiverId
    sealed: Sealed


class ReplyStatement(SealedContent):
    """Payload of the JWS (RFC 7515) by the receiver's registered key.

    `ce_id` is the id of the record that carries the statement and `answers` that of the event it answers, so that
    neither can be moved to another referral or played again.
    """

    content_type: ClassVar[str] = "fi.hytevirta.referral.reply-statement.v1"

    referral_id: AnyReferralId
    ce_id: AnyEventId
    receiver: AnyReceiverId
    answers: AnyEventId
    status: AnyReplyStatus
    at: UtcTime
    outcome: ReasonCode | None = None
