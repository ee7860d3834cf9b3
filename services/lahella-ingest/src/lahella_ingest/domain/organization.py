"""The organisation (group) behind an activity."""

from __future__ import annotations

from dataclasses import dataclass

from stdnum.exceptions import ValidationError
from stdnum.fi import ytunnus

from event_schemas.ids import BusinessId, OrganizationId
from event_schemas.provider import Provider, ProviderType
from event_schemas.text import Text
from lahella_ingest.domain.contacts import Contacts

# Typed in to get past a required field; its check digit is right.
_PLACEHOLDERS = {"0000000-0"}


@dataclass(frozen=True, slots=True)
class Organization:
    """`business_id` as the source or an operator gives it, valid or not."""

    group_id: str
    name: str | None = None
    business_id: str | None = None


def business_id(written: str | None) -> BusinessId | None:
    """The Y-tunnus as `1234567-8` when its check digit is right and it is no placeholder, else None."""
    try:
        digits = ytunnus.validate((written or "").upper().replace("FI", "").replace("-", "").strip().zfill(8))
    except ValidationError:
        return None
    number = f"{digits[:7]}-{digits[7]}"
    return None if number in _PLACEHOLDERS else BusinessId(number)


def provider(organization: Organization | None, contacts: Contacts) -> Provider:
    """The provider of a listing, always an NGO: Lähellä.fi is their service."""
    return Provider(
        organization_id=OrganizationId(f"lahella:{organization.group_id}") if organization else None,
        business_id=business_id(organization.business_id) if organization else None,
        type=ProviderType.NGO,
        name={"fi": Text(text=organization.name)} if organization and organization.name else {},
        phones=contacts.phones,
        emails=contacts.emails,
        links=contacts.links,
    )
