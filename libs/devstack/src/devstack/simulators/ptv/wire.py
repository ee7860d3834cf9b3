"""Closed models of the PTV v12 objects a reader receives.

Used to refuse a mistake in the authored data at load time; answers are served from plain dictionaries.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from devstack.simulators.ptv.wire_channels import AnyChannel
from devstack.simulators.ptv.wire_parts import (
    Area,
    Code,
    ContactAddresses,
    ContentId,
    Email,
    EmailWithInfo,
    Fax,
    Instant,
    Language,
    LimitedArea,
    Link,
    LinkWithInfo,
    MunicipalityArea,
    NullableText,
    OrganizationLocation,
    Published,
    ServiceHours,
    Text,
    Uri,
    VoicePhone,
    Wire,
)


class NoVoucher(Wire):
    voucher_type: Literal["NotUsed"]


class InformedVoucher(Wire):
    voucher_type: Literal["WithAdditionalInformation"]
    additional_information: str | None


class LinkedVoucher(Wire):
    voucher_type: Literal["WithUrl"]
    urls: list[LinkWithInfo]


class ServiceTexts(Wire):
    name: Annotated[str, Field(min_length=1, max_length=100)]
    alternative_name: str | None
    summary: Annotated[str, Field(max_length=150)] | None
    description: str | None
    user_instructions: str | None
    conditions: str | None
    charge_type_additional_information: str | None
    legislation_links: list[Link]
    freely_assigned_keywords: list[str]
    voucher: Annotated[NoVoucher | InformedVoucher | LinkedVoucher, Field(discriminator="voucher_type")]


class ExtendedServiceTexts(ServiceTexts):
    processing_time_additional_information: str | None
    deadline_additional_information: str | None
    validity_time_additional_information: str | None


class SelfProducers(Wire):
    organizations: list[ContentId]


class NamedProducer(Wire):
    name: Text


class Producers(Wire):
    organizations: list[ContentId]
    other: list[NamedProducer]


class ServiceProducers(Wire):
    self_produced_producers: SelfProducers
    procured_producers: Producers
    other_producers: Producers


class Classified(Published):
    organization_content_id: ContentId
    target_groups: list[Code]
    service_classes: Annotated[list[Code], Field(max_length=4)]
    life_events: list[Code]
    ontology_terms: Annotated[list[Uri], Field(max_length=10)]
    industrial_classes: list[Uri]
    charge_type: Literal["Free", "Charged"] | None


class ServiceCommon(Classified):
    other_responsible_organizations: list[ContentId]
    general_description_content_id: ContentId | None
    producers: ServiceProducers
    funding_type: Literal["MarketFunded", "PubliclyFunded"] | None
    service_languages: list[str]
    area: Area


class PlainService(ServiceCommon):
    service_type: Literal["Service"]
    language_versions: dict[Language, ServiceTexts]


class ExtendedService(ServiceCommon):
    service_type: Literal["ProfessionalQualification", "PermitOrOtherObligation"]
    language_versions: dict[Language, ExtendedServiceTexts]


class GeneralDescriptionTexts(Wire):
    name: str
    description: str | None
    background_description: str | None
    user_instructions: str | None
    conditions: str | None
    charge_type_additional_information: str | None
    freely_assigned_keywords: list[str]
    legislation_links: list[Link]


class GeneralDescription(Classified):
    service_type: Literal["Service"]
    general_description_types: list[
        Literal["Church", "EmploymentArea", "Municipality", "Other", "WellbeingServicesCounty"]
    ]
    language_versions: dict[Language, GeneralDescriptionTexts]


class ConnectionTexts(Wire):
    description: str | None
    charge_type_additional_information: str | None
    contact_phone_numbers: list[VoicePhone]
    contact_fax_numbers: list[Fax]
    contact_emails: list[Email]
    contact_web_pages: list[LinkWithInfo]


class Connection(Wire):
    service_content_id: ContentId
    channel_content_id: ContentId
    contact_addresses: ContactAddresses
    charge_type: Literal["Free", "Charged", "Other"] | None
    service_hours: ServiceHours
    published_at: Instant | None
    migrated_at: Instant | None = None
    language_versions: dict[Language, ConnectionTexts]


class CollectionItem(Wire):
    item_type: Literal["Service", "Channel"]
    content_id: ContentId


class CollectionTexts(Wire):
    name: str
    summary: str | None
    description: str | None


class ServiceCollection(Wire):
    content_id: ContentId
    organization_content_id: ContentId
    migrated_at: Instant | None = None
    language_versions: dict[Language, CollectionTexts]
    items: list[CollectionItem]


class OrganizationTexts(Wire):
    name: str
    alternative_name: str | None
    is_alternative_name_primary: bool
    summary: Annotated[str, Field(max_length=150)] | None
    description: str | None
    contact_emails: list[EmailWithInfo]
    contact_web_pages: list[Link]
    contact_phone_numbers: list[VoicePhone]


class EInvoiceAddress(Wire):
    address: str
    intermediator_code: str | None
    additional_information: NullableText


class OrganizationCommon(Published):
    parent_organization_content_id: ContentId | None
    business_id: Annotated[str, Field(pattern=r"^\d{7}-\d$")]
    oid: str | None
    e_invoice_addresses: list[EInvoiceAddress]
    contact_addresses: ContactAddresses
    location: OrganizationLocation
    language_versions: dict[Language, OrganizationTexts]


class Municipality(OrganizationCommon):
    organization_type: Literal["Municipality"]
    area: MunicipalityArea


class RegionalOrganization(OrganizationCommon):
    organization_type: Literal["RegionalOrganization"]
    area: LimitedArea


class OtherOrganization(OrganizationCommon):
    organization_type: Literal["State", "Organization", "Company"]
    area: Area


ENTITIES: dict[str, TypeAdapter[Any]] = {
    "service": TypeAdapter(Annotated[PlainService | ExtendedService, Field(discriminator="service_type")]),
    "channel": TypeAdapter(AnyChannel),
    "connection": TypeAdapter(Connection),
    "organization": TypeAdapter(
        Annotated[Municipality | RegionalOrganization | OtherOrganization, Field(discriminator="organization_type")]
    ),
    "general-description": TypeAdapter(GeneralDescription),
    "service-collection": TypeAdapter(ServiceCollection),
}
"""How each kind of object is checked, by the kind's name."""
