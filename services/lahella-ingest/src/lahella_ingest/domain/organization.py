"""The organisation (group) behind an activity."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.finland.business_id import business_id
from event_schemas.ids import BusinessId, OrganizationId
from event_schemas.provider import Provider, ProviderType
from event_schemas.text import Text
from lahella_ingest.domain.contacts import Contacts


@dataclass(frozen=True, slots=True)
class Organization:
    """`business_id` as the source or an operator gives it, valid or not."""

    group_id: str
    name: str | None = None
    business_id: str | None = None


def provider(organization: Organization | None, contacts: Contacts) -> Provider:
    """The provider of a listing, always an NGO: Lähellä.fi is their service."""
    number = business_id(organization.business_id) if organization else None
    return Provider(
        organization_id=OrganizationId(f"lahella:{organization.group_id}") if organization else None,
        business_id=BusinessId(number) if number else None,
        type=ProviderType.NGO,
        name={"fi": Text(text=organization.name)} if organization and organization.name else {},
        phones=contacts.phones,
        emails=contacts.emails,
        links=contacts.links,
        unlinked=contacts.unlinked,
    )
