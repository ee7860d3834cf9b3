"""Plaintext of a referral, sealed for its receiver. It holds no address: under turvakielto none may leave."""

from enum import StrEnum
from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from event_schemas.base import SealedContent, UtcTime, Value, extensible
from event_schemas.ids import AnyEntryId, AnyReceiverId, AnyReferralId, LanguageTag
from event_schemas.referral import AnyContactMode, AnyReferralType, ContactMode


class ContactChannel(StrEnum):
    """How a person can be reached."""

    PHONE = "phone"
    SMS = "sms"
    EMAIL = "email"
    SUOMIFI = "suomifi"


class ReferralReason(StrEnum):
    """Why a client is referred."""

    INACTIVITY = "inactivity"
    WEIGHT = "weight"
    DIABETES_RISK = "diabetes-risk"
    HEART = "heart"
    MUSCULOSKELETAL = "musculoskeletal"
    MOOD = "mood"
    LONELINESS = "loneliness"
    LIFE_CHANGE = "life-change"
    OTHER = "other"


class ConsentForm(StrEnum):
    """How consent was given."""

    ORAL = "oral"
    WRITTEN = "written"
    ELECTRONIC = "electronic"


AnyContactChannel = Annotated[ContactChannel | str, Field(union_mode="left_to_right"), extensible(ContactChannel)]
AnyReferralReason = Annotated[ReferralReason | str, Field(union_mode="left_to_right"), extensible(ReferralReason)]
AnyConsentForm = Annotated[ConsentForm | str, Field(union_mode="left_to_right"), extensible(ConsentForm)]

PhoneNumber = Annotated[str, Field(pattern=r"^\+[0-9]{6,15}$")]
EmailAddress = Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$", max_length=320)]
# Form of the Finnish personal identity code with the separators in use since 2023; the sender checks its check digit.
IdentityCode = Annotated[str, Field(pattern="^[0-9]{6}[-+YXWVUABCDEF][0-9]{3}[0-9A-FHJ-NPR-Y]$")]


class Client(Value):
    """The person referred; the identity code only where the receiver needs it, else the year of birth."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    phone: PhoneNumber | None = None
    email: EmailAddress | None = None
    birth_year: Annotated[int, Field(ge=1900, le=2100)] | None = None
    identity_code: IdentityCode | None = None
    preferred_channel: AnyContactChannel | None = None
    best_time: Annotated[str, Field(max_length=200)] | None = None
    language: LanguageTag = "fi"
    interpreter: LanguageTag | None = None
    """Language to interpret, where an interpreter is needed."""
    non_disclosure: bool = False
    """Turvakielto: place and municipality of this person are protected."""

    @model_validator(mode="after")
    def _is_known_by_one_thing(self) -> Self:
        if self.birth_year is not None and self.identity_code is not None:
            raise ValueError("either birth year or identity code, not both")
        return self


class Referrer(Value):
    """The professional who refers, as known from the sign-in."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    title: Annotated[str, Field(max_length=200)] | None = None
    unit_oid: Annotated[str, Field(pattern=r"^[0-2](\.(0|[1-9][0-9]*))+$")]
    reply_to: Annotated[str, Field(max_length=320)] | None = None


class Consent(Value):
    """The client's consent to this disclosure, and what it covers."""

    text_version: Annotated[str, Field(min_length=1, max_length=60)]
    given_at: UtcTime
    form: AnyConsentForm
    recorded_by: Annotated[str, Field(min_length=1, max_length=200)]
    receiver: AnyReceiverId
    feedback: bool
    """Whether the referrer may learn how it went."""
    safe_channels: tuple[AnyContactChannel, ...] = ()
    """Channels that nobody else reads."""


class ReferralContent(SealedContent):
    """Everything the receiver learns of the client."""

    content_type: ClassVar[str] = "fi.hytevirta.referral.content.v1"

    referral_id: AnyReferralId
    referral_type: AnyReferralType
    client: Client
    reasons: Annotated[tuple[AnyReferralReason, ...], Field(min_length=1)]
    restrictions: Annotated[str, Field(max_length=1000)] | None = None
    """What to mind in exercise, given by a health professional (health data, GDPR art. 9)."""
    free_text: Annotated[str, Field(max_length=2000)] | None = None
    wish: Annotated[str, Field(max_length=500)] | None = None
    referrer: Referrer
    consent: Consent
    contact_mode: AnyContactMode = ContactMode.ADVISER_CONTACTS
    chosen_entries: tuple[AnyEntryId, ...] = ()

    @model_validator(mode="after")
    def _can_be_contacted(self) -> Self:
        unreachable = self.client.phone is None and self.client.email is None
        if self.contact_mode == ContactMode.ADVISER_CONTACTS and unreachable:
            raise ValueError("the adviser needs a phone number or an e-mail address")
        return self
