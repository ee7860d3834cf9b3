"""A referral: what is asked for, and what is kept of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from event_schemas.ids import CaseId, EntryId, MunicipalityCode, ReceiverId, ReferralId
from event_schemas.referral import ContactMode, ReferralType
from event_schemas.referral_content import Client, ConsentForm, ContactChannel, ReferralReason, Referrer
from referral.domain.states import Party, State


@dataclass(frozen=True, slots=True)
class GivenConsent:
    """The client's consent as the referrer recorded it; `receiver` None is whoever the home municipality has."""

    text_version: str
    given_at: datetime
    form: ConsentForm
    receiver: ReceiverId | None
    feedback: bool
    safe_channels: tuple[ContactChannel, ...]


@dataclass(frozen=True, slots=True)
class NewReferral:
    """What a professional sends; `consent` None is refused, not sent."""

    referral_type: ReferralType
    municipality: MunicipalityCode
    client: Client
    reasons: tuple[ReferralReason, ...]
    referrer: Referrer
    consent: GivenConsent | None
    restrictions: str | None = None
    free_text: str | None = None
    wish: str | None = None
    contact_mode: ContactMode | None = None
    chosen_entries: tuple[EntryId, ...] = ()
    confirm_duplicate: bool = False


@dataclass(frozen=True, slots=True)
class Referral:
    """What is kept in the clear. Under turvakielto neither municipality nor receiver is.

    `version` grows by one with each fact after the first, and with each news of a notification.
    """

    id: ReferralId
    case_id: CaseId
    referral_type: str
    municipality: MunicipalityCode | None
    receiver: ReceiverId | None
    state: State
    version: int
    client_ref: str
    created_at: datetime
    created_on: date
    acknowledge_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """Something a party did; `applied` is False when it came too late to change anything."""

    party: Party
    act: str
    at: datetime
    reply_id: str | None = None
    outcome: str | None = None
    applied: bool = True


@dataclass(frozen=True, slots=True)
class NotificationFact:
    """What became of telling the client of a matter."""

    matter: str
    channel: str
    state: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SentEvent:
    """The event that told the receiver of the referral."""

    event_id: UUID
    receiver: ReceiverId
    attempt: int
    sent_at: datetime


def acts_of(party: Party, facts: Sequence[Fact]) -> set[str]:
    return {fact.act for fact in facts if fact.party == party}


def likenesses_of(client: Client) -> list[str]:
    """What a second referral of the same client would share with the first, by any one of which it is noticed."""
    name = " ".join(client.name.casefold().split())
    found = [
        client.identity_code and f"identity {client.identity_code}",
        client.phone and f"phone {name} {client.phone}",
        client.email and f"email {name} {client.email.casefold()}",
    ]
    return sorted(text for text in found if text)
