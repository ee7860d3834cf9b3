"""Closed models of the five kinds of PTV v12 service channel."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from devstack.simulators.ptv.wire_parts import (
    AnyPhone,
    Area,
    ChannelLocation,
    ContactAddresses,
    ContentId,
    Email,
    Fax,
    Language,
    Link,
    LinkWithInfo,
    NullableText,
    PostOfficeBox,
    Published,
    ServiceHours,
    StreetAddress,
    Text,
    VoicePhone,
    WebAddress,
    Wire,
)


class ChannelTexts(Wire):
    name: Annotated[str, Field(min_length=1)]
    summary: Annotated[str, Field(max_length=150)] | None
    description: str | None


class Supported(ChannelTexts):
    support_emails: list[Email]
    support_phone_numbers: list[VoicePhone]


Accessibility = Literal["FullyCompliant", "PartiallyCompliant", "NonCompliant", "Unknown"]


class WebPageTexts(Supported):
    accessibility_classification_level: Accessibility
    web_address: WebAddress


class EServiceTexts(WebPageTexts):
    attachment_links: list[LinkWithInfo]


class TelephoneTexts(ChannelTexts):
    web_address: WebAddress
    support_emails: list[Email]
    phone_numbers: list[AnyPhone]


class FormFile(Link):
    type: Literal["rtf", "doc", "pdf", "odt", "excel"]


class PrintableFormTexts(Supported):
    attachment_links: list[LinkWithInfo]
    form_identifier: str | None
    form_files: list[FormFile]


class ServiceLocationTexts(ChannelTexts):
    alternative_name: str | None
    is_alternative_name_primary: bool
    contact_emails: list[Email]
    contact_fax_numbers: list[Fax]
    contact_web_pages: list[Link]
    contact_phone_numbers: list[VoicePhone]


class ChannelCommon(Published):
    organization_content_id: ContentId
    allowed_connection_type: Literal["AllOrganizations", "OwnOrganizations"]
    service_languages: list[str]
    area: Area | None


class Signature(Wire):
    type: Literal["Required"]
    number_of_required_signatures: Annotated[int, Field(ge=1, le=9)]


class NoSignature(Wire):
    type: Literal["NotRequired"]


class EService(ChannelCommon):
    service_channel_type: Literal["EService"]
    electronic_signature: Annotated[Signature | NoSignature, Field(discriminator="type")]
    electronic_identification: Literal["Required", "NotRequired"]
    service_hours: ServiceHours
    language_versions: dict[Language, EServiceTexts]


class TelephoneService(ChannelCommon):
    service_channel_type: Literal["TelephoneService"]
    service_hours: ServiceHours
    language_versions: dict[Language, TelephoneTexts]


class DeliveryStreet(StreetAddress):
    delivery_address_type: Literal["StreetAddress"]
    recipient: NullableText


class DeliveryBox(PostOfficeBox):
    delivery_address_type: Literal["PostOfficeBox"]
    recipient: NullableText


class DeliveryNote(Wire):
    delivery_address_type: Literal["DeliveryInformation"]
    delivery_information: Text
    recipient: NullableText


class PrintableForm(ChannelCommon):
    service_channel_type: Literal["PrintableForm"]
    delivery_addresses: list[
        Annotated[DeliveryStreet | DeliveryBox | DeliveryNote, Field(discriminator="delivery_address_type")]
    ]
    language_versions: dict[Language, PrintableFormTexts]


class ServiceLocation(ChannelCommon):
    service_channel_type: Literal["ServiceLocation"]
    location: ChannelLocation
    contact_addresses: ContactAddresses
    service_hours: ServiceHours
    language_versions: dict[Language, ServiceLocationTexts]


class WebPage(ChannelCommon):
    service_channel_type: Literal["WebPage"]
    language_versions: dict[Language, WebPageTexts]


AnyChannel = Annotated[
    EService | TelephoneService | PrintableForm | ServiceLocation | WebPage, Field(discriminator="service_channel_type")
]
