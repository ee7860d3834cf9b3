"""What the API answers with."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from referral.app.content import StoredContent
from referral.app.read_referral import Status
from referral.domain.identifiers import birth_date, is_temporary
from referral.domain.states import State


class CreatedAnswer(BaseModel):
    """A new referral: where it is at first."""

    referral_id: str
    state: State
    version: int
    created_at: datetime


class FactAnswer(BaseModel):
    """What a party did; `applied` is false when it came too late to change anything."""

    model_config = ConfigDict(from_attributes=True)

    party: str
    act: str
    at: datetime
    outcome: str | None = None
    applied: bool


class NotificationAnswer(BaseModel):
    """What became of telling the client; `channel` is `none` where no safe channel can be used."""

    model_config = ConfigDict(from_attributes=True)

    matter: str
    channel: str
    state: str
    at: datetime


class StatusAnswer(BaseModel):
    """Where a referral is, in codes; how it went only where the consent covers feedback.

    `version` is that of what is shown here.
    """

    referral_id: str
    type: str
    state: State
    version: int
    receiver: str | None
    acknowledge_by: datetime | None
    facts: list[FactAnswer]
    notifications: list[NotificationAnswer]


class IdentityAnswer(BaseModel):
    """What the client's identity code tells. A temporary one gives way to the real one as soon as that is known."""

    birth_date: date
    temporary: bool


class ReferralAnswer(StatusAnswer):
    """Status and content; both null once the consent is withdrawn. `identity` only where a code was given."""

    municipality: str | None
    content: dict[str, Any] | None
    identity: IdentityAnswer | None


def status_answer(status: Status) -> StatusAnswer:
    return StatusAnswer(**_status_fields(status))


def referral_answer(status: Status, stored: StoredContent | None) -> ReferralAnswer:
    content = stored.content.model_dump(mode="json", exclude_none=True) if stored is not None else None
    municipality = stored.municipality if stored is not None else None
    identity = _identity(stored.content.client.identity_code) if stored is not None else None
    return ReferralAnswer(**_status_fields(status), municipality=municipality, content=content, identity=identity)


def _identity(code: str | None) -> IdentityAnswer | None:
    return IdentityAnswer(birth_date=birth_date(code), temporary=is_temporary(code)) if code is not None else None


def _status_fields(status: Status) -> dict[str, Any]:
    referral = status.referral
    return {
        "referral_id": referral.id,
        "type": referral.referral_type,
        "state": status.shown.state,
        "version": status.shown.version,
        "receiver": referral.receiver,
        "acknowledge_by": referral.acknowledge_by,
        "facts": [FactAnswer.model_validate(fact) for fact in status.shown.facts],
        "notifications": [NotificationAnswer.model_validate(one) for one in status.notifications],
    }
