"""What a receiver is told of referrals: `hyte.referrals.<receiver>.v1`."""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from event_schemas.base import Event, UtcTime, extensible
from event_schemas.ids import AnyEventId, AnyReceiverId, AnyReferralId
from event_schemas.sealed import Sealed


class ReferralType(StrEnum):
    """Kinds of referral: exercise and wellbeing."""

    EXERCISE = "liikuntalahete"
    WELLBEING = "hyvinvointilahete"


class ContactMode(StrEnum):
    """Who makes the first contact."""

    ADVISER_CONTACTS = "adviser-contacts"
    CLIENT_CONTACTS = "client-contacts"


class WithdrawalReason(StrEnum):
    """Why the receiver has to let go of a referral and erase it."""

    CONSENT_WITHDRAWN = "consent-withdrawn"
    REROUTED = "rerouted"
    EXPIRED = "expired"
    ENTERED_IN_ERROR = "entered-in-error"
    ERASED = "erased"


class RefusalCode(StrEnum):
    """Why a receiver's reply was not taken."""

    UNREADABLE = "unreadable"
    UNKNOWN_KEY = "unknown-key"
    BAD_SIGNATURE = "bad-signature"
    WRONG_RECEIVER = "wrong-receiver"
    UNKNOWN_REFERRAL = "unknown-referral"
    NOT_BOUND = "not-bound"
    NOT_ALLOWED = "not-allowed"
    STALE = "stale"


AnyReferralType = Annotated[ReferralType | str, Field(union_mode="left_to_right"), extensible(ReferralType)]
AnyContactMode = Annotated[ContactMode | str, Field(union_mode="left_to_right"), extensible(ContactMode)]
AnyWithdrawalReason = Annotated[WithdrawalReason | str, Field(union_mode="left_to_right"), extensible(WithdrawalReason)]
AnyRefusalCode = Annotated[RefusalCode | str, Field(union_mode="left_to_right"), extensible(RefusalCode)]


class ReferralSent(Event):
    """A referral for this receiver; the client is known only from the sealed `ReferralContent`.

    The same referral is sealed and sent again, with a higher `attempt`, when nobody has acknowledged it.
    """

    event_type: ClassVar[str] = "fi.hytevirta.referral.sent.v1"

    referral_id: AnyReferralId
    receiver: AnyReceiverId
    referral_type: AnyReferralType
    attempt: Annotated[int, Field(ge=1)] = 1
    sent_at: UtcTime
    acknowledge_by: UtcTime
    sealed: Sealed


class ReferralWithdrawn(Event):
    """The receiver may no longer process the referral and erases its content."""

    event_type: ClassVar[str] = "fi.hytevirta.referral.withdrawn.v1"

    referral_id: AnyReferralId
    receiver: AnyReceiverId
    reason: AnyWithdrawalReason
    withdrawn_at: UtcTime


class ReferralReplyRefused(Event):
    """A reply had no effect; `reply_id` is the `ce_id` of its record."""

    event_type: ClassVar[str] = "fi.hytevirta.referral.reply-refused.v1"

    referral_id: AnyReferralId
    receiver: AnyReceiverId
    reply_id: AnyEventId
    code: AnyRefusalCode
    refused_at: UtcTime
