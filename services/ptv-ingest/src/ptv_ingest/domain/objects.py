"""PTV's objects in a form of our own, whichever version of its interface they were read from.

They are kept as JSON between runs, hence models and not dataclasses. Texts are already plain and normalised, sets are
sorted: two objects that mean the same are equal.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from event_schemas.area import Area
from event_schemas.base import Value
from event_schemas.channel import Channel
from event_schemas.classification import Classification
from event_schemas.contact import Email, Link, Phone
from event_schemas.hours import OpeningHours
from event_schemas.listing import ListingKind
from event_schemas.place import Address
from event_schemas.price import Price, Voucher
from event_schemas.provider import Provider
from event_schemas.text import LocalizedText

FORM = 4
"""Raise it when reading an object gives another result than before: listings are made again at the next start."""


class Kind(StrEnum):
    """The streams of PTV, in the order in which they are read."""

    ORGANIZATION = "organization"
    GENERAL_DESCRIPTION = "general-description"
    SERVICE = "service"
    CHANNEL = "channel"
    CONNECTION = "connection"


class SourceObject(Value):
    """One object; `object_id` is PTV's content id, of a connection `<service id>/<channel id>`."""

    object_id: str
    published_at: datetime | None = Field(default=None, exclude=True)

    def uses(self) -> tuple[str, ...]:
        """Ids of the objects whose change also changes this one's listing."""
        return ()


class Organization(SourceObject):
    """An organisation as the provider it is in listings."""

    provider: Provider


class Described(SourceObject):
    """What a service and a general description have in common."""

    description: LocalizedText = Field(default_factory=dict)
    instructions: LocalizedText = Field(default_factory=dict)
    restrictions: LocalizedText = Field(default_factory=dict)
    price: Price | None = None
    classification: Classification = Classification()
    legislation: tuple[Link, ...] = ()


class GeneralDescription(Described):
    """A national text (pohjakuvaus) that services build on; `types` are PTV's kinds of provider it is meant for."""

    types: tuple[str, ...] = ()


class Service(Described):
    """A service without its channels."""

    kind: ListingKind
    organization_id: str | None = None
    organization_names: dict[str, LocalizedText] = Field(default_factory=dict)
    """Names that the service itself gives of its organisations, also of those that PTV does not publish."""
    responsible_ids: tuple[str, ...] = ()
    producer_ids: tuple[str, ...] = ()
    producer_names: tuple[LocalizedText, ...] = ()
    general_description_id: str | None = None
    name: LocalizedText
    alternative_name: LocalizedText = Field(default_factory=dict)
    summary: LocalizedText = Field(default_factory=dict)
    areas: tuple[Area, ...] = ()
    languages: tuple[str, ...] = ()
    voucher: Voucher | None = None

    def uses(self) -> tuple[str, ...]:
        named = {self.organization_id, self.general_description_id, *self.responsible_ids, *self.producer_ids}
        return tuple(sorted(one for one in named if one is not None))


class ServiceChannel(SourceObject):
    """A channel as it is in listings."""

    channel: Channel


class Connection(SourceObject):
    """That a service is reached by a channel, and what differs from the channel's own data for that service."""

    service_id: str
    channel_id: str
    description: LocalizedText = Field(default_factory=dict)
    price: Price | None = None
    phones: tuple[Phone, ...] = ()
    emails: tuple[Email, ...] = ()
    links: tuple[Link, ...] = ()
    unlinked: tuple[LocalizedText, ...] = ()
    hours: tuple[OpeningHours, ...] = ()
    postal_addresses: tuple[Address, ...] = ()

    def uses(self) -> tuple[str, ...]:
        return (self.service_id, self.channel_id)


MODELS: dict[Kind, type[SourceObject]] = {
    Kind.ORGANIZATION: Organization,
    Kind.GENERAL_DESCRIPTION: GeneralDescription,
    Kind.SERVICE: Service,
    Kind.CHANNEL: ServiceChannel,
    Kind.CONNECTION: Connection,
}


def connection_id(service_id: str, channel_id: str) -> str:
    return f"{service_id}/{channel_id}"
