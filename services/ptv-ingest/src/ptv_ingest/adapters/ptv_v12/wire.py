"""PTV v12's objects as they come over the wire. Source: DVV's OpenAPI document v12 0.1.0."""

from __future__ import annotations

from typing import Any

from pydantic import AliasChoices, AwareDatetime, Field

from ptv_ingest.adapters.ptv_v12.wire_parts import (
    NO_TEXTS,
    Address,
    Addresses,
    Area,
    Digits,
    Email,
    FormFile,
    Languages,
    Link,
    Many,
    Maybe,
    Phone,
    ServiceHours,
    Texts,
    Voucher,
    Wire,
)


class DescribedBlock(Wire):
    """Texts of one language that services and general descriptions share."""

    name: str = ""
    description: str | None = None
    background_description: str | None = None
    user_instructions: str | None = None
    conditions: str | None = None
    charge_type_additional_information: str | None = None
    processing_time_additional_information: str | None = None
    deadline_additional_information: str | None = None
    validity_time_additional_information: str | None = None
    legislation_links: Many[Link] = ()
    freely_assigned_keywords: Many[str] = ()


class ServiceBlock(DescribedBlock):
    alternative_name: str | None = None
    summary: str | None = None
    voucher: Maybe[Voucher] = None


class ContentObject(Wire):
    content_id: str
    published_at: Maybe[AwareDatetime] = None


class Classified(ContentObject):
    service_type: str = "Service"
    charge_type: str | None = None
    target_groups: Many[str] = ()
    service_classes: Many[str] = ()
    life_events: Many[str] = ()
    ontology_terms: Many[str] = ()
    industrial_classes: Many[str] = ()


class GeneralDescription(Classified):
    general_description_types: Many[str] = ()
    language_versions: Languages[DescribedBlock]


class OtherProducer(Wire):
    name: Texts = NO_TEXTS


class Producers(Wire):
    organizations: Many[str] = ()
    other: Many[OtherProducer] = ()


class AllProducers(Wire):
    self_produced_producers: Producers = Producers()
    procured_producers: Producers = Producers()
    other_producers: Producers = Producers()


class Service(Classified):
    """Ours: `organization_names` by content id. v11 can leave out the responsible organisation."""

    organization_content_id: str | None = None
    organization_names: dict[str, Texts] = Field(default_factory=dict)
    other_responsible_organizations: Many[str] = ()
    general_description_content_id: str | None = None
    producers: AllProducers = AllProducers()
    service_languages: Many[str] = ()
    area: Area = Area()
    language_versions: Languages[ServiceBlock]


class OrganizationBlock(Wire):
    name: str = ""
    alternative_name: str | None = None
    is_alternative_name_primary: bool = False
    contact_emails: Many[Email] = ()
    contact_web_pages: Many[Link] = ()
    contact_phone_numbers: Many[Phone] = ()


class Organization(ContentObject):
    organization_type: str = ""
    parent_organization_content_id: str | None = None
    business_id: Maybe[Digits] = None
    area: Area = Area()
    language_versions: Languages[OrganizationBlock] = Field(default_factory=dict)


class ChannelBlock(OrganizationBlock):
    """Texts and contacts of one language, of any of the five channel types."""

    summary: str | None = None
    description: str | None = None
    accessibility_classification_level: str | None = None
    web_address: Maybe[Link] = None
    attachment_links: Many[Link] = ()
    support_emails: Many[Email] = ()
    support_phone_numbers: Many[Phone] = ()
    phone_numbers: Many[Phone] = ()
    contact_fax_numbers: Many[Phone] = ()
    form_identifier: str | None = None
    form_files: Many[FormFile] = ()


class Signature(Wire):
    type: str = ""
    number_of_required_signatures: int = 1


class Channel(ContentObject):
    service_channel_type: str
    service_languages: Many[str] = ()
    area: Area = Area()
    service_hours: ServiceHours = ServiceHours()
    electronic_identification: str | None = None
    electronic_signature: Maybe[Signature] = None
    location: Addresses = Addresses()
    contact_addresses: Addresses = Addresses()
    delivery_addresses: Many[Address] = ()
    language_versions: Languages[ChannelBlock]


class ConnectionBlock(Wire):
    description: str | None = None
    charge_type_additional_information: str | None = None
    contact_phone_numbers: Many[Phone] = ()
    contact_fax_numbers: Many[Phone] = ()
    contact_emails: Many[Email] = ()
    contact_web_pages: Many[Link] = ()


class Connection(Wire):
    """The channel's id has two names: DVV has renamed it between snapshots of its document."""

    service_content_id: str
    channel_content_id: str = Field(validation_alias=AliasChoices("channelContentId", "serviceChannelContentId"))
    charge_type: str | None = None
    contact_addresses: Addresses = Addresses()
    service_hours: ServiceHours = ServiceHours()
    published_at: Maybe[AwareDatetime] = None
    language_versions: Languages[ConnectionBlock] = Field(default_factory=dict)


class Page(Wire):
    """One page of any list; its rows stay as they are, so that one broken row spoils nothing else."""

    total_items: int
    total_pages: int = 1
    items: tuple[Any, ...] = ()


class CodeRow(Wire):
    """A row of any code list."""

    code: str | None = None
    uri: str | None = None
    parent_uri: str | None = None
    parent_uris: Many[str] = ()
    is_valid: bool = True
    name: Texts = NO_TEXTS
    municipalities: Many[str] = ()
