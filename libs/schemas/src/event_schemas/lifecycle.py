"""Steps of referrals without anything that points to a person: `hyte.referral-lifecycle.v1`."""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from event_schemas.base import Event, extensible
from event_schemas.ids import AnyCaseId, AnyMunicipalityCode
from event_schemas.referral import AnyReferralType


class Step(StrEnum):
    """Steps that are counted."""

    SENT = "sent"
    REROUTED = "rerouted"
    RECEIVED = "received"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    NO_CAPACITY = "no-capacity"
    CONTACTED = "contacted"
    STARTED = "started"
    COMPLETED = "completed"
    NOT_REACHED = "not-reached"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


AnyStep = Annotated[Step | str, Field(union_mode="left_to_right"), extensible(Step)]


class ReferralStepTaken(Event):
    """A step on a date.

    `case_id` is random and not the referral's id; there is no time of day, no reason, and under turvakielto no
    municipality.
    """

    event_type: ClassVar[str] = "fi.hytevirta.referral.step-taken.v1"

    case_id: AnyCaseId
    step: AnyStep
    on: date
    municipality: AnyMunicipalityCode | None = None
    referral_type: AnyReferralType
