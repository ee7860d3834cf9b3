"""What the API reads. Strict: a misspelt field (`non_disclosur`) is refused, for ignoring it could expose a client."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from event_schemas.base import UtcTime
from event_schemas.ids import AnyEntryId, AnyReceiverId, LanguageTag, MunicipalityCode
from event_schemas.referral import ContactMode, ReferralType
from event_schemas.referral_content import (
    Client,
    ConsentForm,
    ContactChannel,
    EmailAddress,
    ReferralReason,
    Referrer,
)
from referral.domain.identifiers import identity_code, municipality_code, phone_number
from referral.domain.referral import GivenConsent, NewReferral


def _text(most: int) -> object:
    return Field(min_length=1, max_length=most)


Municipality = Annotated[
    str, BeforeValidator(municipality_code, json_schema_input_type=str | int), Field(description="kuntakoodi, 061")
]
Phone = Annotated[str, Field(max_length=40), AfterValidator(phone_number)]
IdentityCode = Annotated[str, Field(max_length=40), AfterValidator(identity_code)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, str_strip_whitespace=True)


class ClientBody(_Body):
    """The person referred; the identity code only where the receiver needs it, else the year of birth."""

    name: Annotated[str, _text(200)]
    phone: Phone | None = None
    email: EmailAddress | None = None
    identity_code: IdentityCode | None = None
    birth_year: Annotated[int, Field(ge=1900, le=2100)] | None = None
    preferred_channel: ContactChannel | None = None
    best_time: Annotated[str, _text(200)] | None = None
    language: LanguageTag = "fi"
    interpreter: LanguageTag | None = None
    non_disclosure: bool = Field(default=False, description="turvakielto: routed by hand, the place shows nowhere")

    @model_validator(mode="after")
    def _is_known_by_one_thing(self) -> Self:
        if self.birth_year is not None and self.identity_code is not None:
            raise ValueError("either birth year or identity code, not both")
        return self

    def to_client(self) -> Client:
        return Client.model_validate(self.model_dump())


class ReferrerBody(_Body):
    """The professional who refers."""

    name: Annotated[str, _text(200)]
    title: Annotated[str, _text(200)] | None = None
    unit_oid: Annotated[str, Field(pattern=r"^[0-2](\.(0|[1-9][0-9]*))+$", max_length=100)]
    reply_to: Annotated[str, _text(320)] | None = None

    def to_referrer(self) -> Referrer:
        return Referrer.model_validate(self.model_dump())


class ConsentBody(_Body):
    """What the client has agreed to."""

    text_version: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,60}$")]
    given_at: UtcTime
    form: ConsentForm
    receiver: AnyReceiverId | None = None
    feedback: bool = Field(default=False, description="whether the referrer may learn how it went")
    safe_channels: tuple[ContactChannel, ...] = Field(
        default=(), max_length=4, description="channels that nobody else reads"
    )

    def to_consent(self) -> GivenConsent:
        return GivenConsent(
            self.text_version, self.given_at, self.form, self.receiver, self.feedback, self.safe_channels
        )


class NewReferralBody(_Body):
    """A referral. Without consent it is refused, with the code `consent-missing`."""

    type: ReferralType
    municipality: Municipality
    client: ClientBody
    reasons: Annotated[tuple[ReferralReason, ...], Field(min_length=1, max_length=9)]
    referrer: ReferrerBody
    consent: ConsentBody | None = None
    wish: Annotated[str, _text(500)] | None = None
    free_text: Annotated[str, _text(2000)] | None = None
    restrictions: Annotated[str, _text(1000)] | None = None
    contact_mode: ContactMode | None = None
    chosen_entries: tuple[AnyEntryId, ...] = Field(default=(), max_length=20)
    confirm_duplicate: bool = Field(default=False, description="send although the client has been referred today")

    def to_new_referral(self) -> NewReferral:
        return NewReferral(
            referral_type=self.type,
            municipality=MunicipalityCode(self.municipality),
            client=self.client.to_client(),
            reasons=self.reasons,
            referrer=self.referrer.to_referrer(),
            consent=self.consent.to_consent() if self.consent is not None else None,
            restrictions=self.restrictions,
            free_text=self.free_text,
            wish=self.wish,
            contact_mode=self.contact_mode,
            chosen_entries=self.chosen_entries,
            confirm_duplicate=self.confirm_duplicate,
        )
