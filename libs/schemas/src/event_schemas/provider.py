"""Who provides a service."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from event_schemas.base import Value, extensible
from event_schemas.contact import Email, Link, Phone
from event_schemas.ids import AnyBusinessId, AnyMunicipalityCode, AnyOrganizationId
from event_schemas.text import LocalizedText


class ProviderType(StrEnum):
    """Kinds of organisations, as residents tell them apart."""

    MUNICIPALITY = "municipality"
    WELLBEING_COUNTY = "wellbeing-county"
    STATE = "state"
    NGO = "ngo"
    PARISH = "parish"
    COMPANY = "company"
    OTHER = "other"


AnyProviderType = Annotated[ProviderType | str, Field(union_mode="left_to_right"), extensible(ProviderType)]


class ProviderRole(StrEnum):
    """What another organisation does for the service."""

    RESPONSIBLE = "responsible"
    PRODUCER = "producer"


AnyProviderRole = Annotated[ProviderRole | str, Field(union_mode="left_to_right"), extensible(ProviderRole)]


class Provider(Value):
    """An organisation with its work contacts; `parent_id` is the organisation it is a part of."""

    organization_id: AnyOrganizationId | None = None
    business_id: AnyBusinessId | None = None
    type: AnyProviderType = ProviderType.OTHER
    name: LocalizedText = Field(default_factory=dict)
    parent_id: AnyOrganizationId | None = None
    municipality: AnyMunicipalityCode | None = None
    phones: tuple[Phone, ...] = ()
    emails: tuple[Email, ...] = ()
    links: tuple[Link, ...] = ()
    unlinked: tuple[LocalizedText, ...] = ()
    """Web addresses as written that make no working link: to be shown as text."""


class OtherProvider(Provider):
    """An organisation beside the main one."""

    role: AnyProviderRole = ProviderRole.RESPONSIBLE
