"""From a service and what it uses to its listing. A pure function: equal parts give an equal listing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from event_schemas.channel import Channel, PlaceChannel, PrintableFormChannel
from event_schemas.classification import Classification
from event_schemas.ids import ListingId, OrganizationId
from event_schemas.listing import AgeRange, Audience, ListingPublished, Source, SourceSystem
from event_schemas.place import Address, Place
from event_schemas.price import Charge, Price
from event_schemas.provider import OtherProvider, Provider, ProviderRole, ProviderType
from event_schemas.text import LocalizedText, TextOrigin
from ptv_ingest.domain.objects import (
    Connection,
    GeneralDescription,
    Organization,
    Service,
    ServiceChannel,
)
from ptv_ingest.domain.texts import joined

T = TypeVar("T")

_YOUNG_PEOPLE = "KR1.3"
_CITIZENS = "KR1"
_AUTHORITIES = "KR3"
# Old age begins at the age of old-age pension, for which people may wait until 65 (act on the care of older people
# 980/2012, section 3). Youth ends at 29 (youth act 1285/2016, section 3); services mostly count that year in.
_AGES = {"KR1.1": AgeRange(lowest=65), _YOUNG_PEOPLE: AgeRange(highest=29)}
_CHURCH = "Church"


@dataclass(frozen=True, slots=True)
class Parts:
    """A service and the published objects it uses; what it names but PTV does not show is missing."""

    service: Service
    channels: Sequence[tuple[Connection, ServiceChannel]] = ()
    organizations: Mapping[str, Organization] = field(default_factory=dict)
    general_description: GeneralDescription | None = None
    post_offices: Mapping[str, LocalizedText] = field(default_factory=dict)


def listing_key(service_id: str) -> ListingId:
    return ListingId(f"ptv:{service_id}")


def listing_of(parts: Parts) -> ListingPublished:
    """Own words come first; what the service leaves open is taken from its general description, and marked so."""
    service, base = parts.service, parts.general_description
    classification = _classification(service, base)
    return ListingPublished(
        listing_id=listing_key(service.object_id),
        kind=service.kind,
        source=Source(system=SourceSystem.PTV, key=service.object_id, published_at=service.published_at),
        name=service.name,
        alternative_name=service.alternative_name,
        summary=service.summary,
        description=_completed(service, service.description, base.description if base else {}),
        instructions=_completed(service, service.instructions, base.instructions if base else {}),
        restrictions=_completed(service, service.restrictions, base.restrictions if base else {}),
        provider=_provider(parts),
        other_providers=_other_providers(parts),
        areas=service.areas,
        channels=_channels(parts),
        price=_price(parts),
        voucher=service.voucher,
        audience=audience(classification.target_groups),
        ages=ages(classification.target_groups),
        languages=service.languages,
        classification=classification,
        legislation=_together(service.legislation, base.legislation if base else ()),
    )


def audience(target_groups: Iterable[str]) -> tuple[Audience, ...]:
    """Residents unless every group named is of businesses or authorities. Source: PTV's code list of target groups."""
    groups = set(target_groups)
    found: list[Audience] = []
    if not groups or any(group.startswith(_CITIZENS) for group in groups):
        found.append(Audience.RESIDENTS)
    if any(group.startswith(_AUTHORITIES) for group in groups):
        found.append(Audience.PROFESSIONALS)
    if _YOUNG_PEOPLE in groups:
        found.append(Audience.YOUNG_PEOPLE)
    return tuple(found)


def ages(target_groups: Iterable[str]) -> tuple[AgeRange, ...]:
    """Ages where every group of residents that is named has some: families or the long-term ill are of any age."""
    residents = {group for group in target_groups if group.startswith(f"{_CITIZENS}.")}
    return tuple(_AGES[group] for group in sorted(residents)) if residents <= _AGES.keys() else ()


def _completed(service: Service, own: LocalizedText, general: LocalizedText) -> LocalizedText:
    """General texts only in the languages in which the service itself is named."""
    added = {
        language: text.model_copy(update={"origin": TextOrigin.GENERAL_DESCRIPTION})
        for language, text in general.items()
        if language in service.name and language not in own
    }
    return dict(sorted({**own, **added}.items()))


def _provider(parts: Parts) -> Provider:
    """Nobody where PTV names nobody. Who builds on a general description of the Church's is a parish."""
    main, base = parts.service.organization_id, parts.general_description
    provider = _organization(parts, main) if main is not None else Provider()
    if base is not None and _CHURCH in base.types and provider.type in (ProviderType.NGO, ProviderType.OTHER):
        return provider.model_copy(update={"type": ProviderType.PARISH})
    return provider


def _organization(parts: Parts, object_id: str) -> Provider:
    known = parts.organizations.get(object_id)
    if known is not None:
        return known.provider
    name = parts.service.organization_names.get(object_id, {})
    return Provider(organization_id=OrganizationId(f"ptv:{object_id}"), name=name)


def _other_providers(parts: Parts) -> tuple[OtherProvider, ...]:
    """Organisations that PTV does not publish are left out unless the service names them: a bare id helps nobody."""
    service = parts.service
    roles = dict.fromkeys(service.producer_ids, ProviderRole.PRODUCER)
    roles |= dict.fromkeys(service.responsible_ids, ProviderRole.RESPONSIBLE)
    known = [
        OtherProvider(**{name: getattr(found, name) for name in Provider.model_fields}, role=role)
        for one, role in sorted(roles.items())
        if (found := _organization(parts, one)).name
    ]
    named = [OtherProvider(name=name, role=ProviderRole.PRODUCER) for name in service.producer_names]
    return (*known, *named)


def _channels(parts: Parts) -> tuple[Channel, ...]:
    ordered = sorted(parts.channels, key=lambda pair: pair[0].channel_id)
    return tuple(_channel(connection, channel, parts.post_offices) for connection, channel in ordered)


def _channel(connection: Connection, source: ServiceChannel, offices: Mapping[str, LocalizedText]) -> Channel:
    """Hours and texts of the connection replace the channel's, its contacts come first."""
    channel = source.channel
    changes: dict[str, object] = {
        "published_at": source.published_at,
        "hours": connection.hours or channel.hours,
        "description": _connection_text(connection, channel),
        "phones": _together(connection.phones, channel.phones),
        "emails": _together(connection.emails, channel.emails),
        "links": _together(connection.links, channel.links),
        "unlinked": _together(connection.unlinked, channel.unlinked),
    }
    if isinstance(channel, PlaceChannel):
        postal = _together(connection.postal_addresses, channel.postal_addresses)
        changes["postal_addresses"] = tuple(_at_office(address, offices) for address in postal)
        changes["address"] = _at_office(channel.address, offices) if channel.address else None
        changes["further_places"] = tuple(_place_at_office(place, offices) for place in channel.further_places)
    if isinstance(channel, PrintableFormChannel):
        changes["delivery_addresses"] = tuple(_at_office(address, offices) for address in channel.delivery_addresses)
    return channel.model_copy(update=changes)


def _at_office(address: Address, offices: Mapping[str, LocalizedText]) -> Address:
    office = offices.get(address.postal_code or "")
    return address.model_copy(update={"post_office": office}) if office else address


def _place_at_office(place: Place, offices: Mapping[str, LocalizedText]) -> Place:
    return place.model_copy(update={"address": _at_office(place.address, offices)}) if place.address else place


def postal_codes(parts: Sequence[tuple[Connection, ServiceChannel]]) -> set[str]:
    """Codes whose post offices the listing will name."""
    found: list[Address | None] = []
    for connection, source in parts:
        found += connection.postal_addresses
        if isinstance(source.channel, PlaceChannel):
            found += [source.channel.address, *source.channel.postal_addresses]
            found += [place.address for place in source.channel.further_places]
        if isinstance(source.channel, PrintableFormChannel):
            found += source.channel.delivery_addresses
    return {address.postal_code for address in found if address is not None and address.postal_code}


def _connection_text(connection: Connection, channel: Channel) -> LocalizedText:
    charge = connection.price.note if connection.price else {}
    return joined({**channel.description, **connection.description}, charge)


def _price(parts: Parts) -> Price | None:
    """The service's own, else the general description's, else what all its connections agree on.

    PTV blanks the charge that a general description sets: who then only tells more about it has that charge.
    """
    own, base = parts.service.price, parts.general_description
    general = base.price if base else None
    if general is not None and (own is None or own.charge == Charge.OTHER):
        note = _completed(parts.service, own.note if own else {}, general.note)
        return general.model_copy(update={"note": note})
    if own is not None:
        return own
    stated = {connection.price.charge for connection, _ in parts.channels if connection.price}
    return Price(charge=stated.pop()) if len(stated) == 1 else None


def _classification(service: Service, base: GeneralDescription | None) -> Classification:
    if base is None:
        return service.classification
    own, general = service.classification, base.classification
    keywords = {
        language: _merged(own.keywords.get(language, ()), general.keywords.get(language, ()))
        for language in sorted({*own.keywords, *general.keywords})
        if language in service.name
    }
    return Classification(
        service_classes=_merged(own.service_classes, general.service_classes),
        ontology_terms=_merged(own.ontology_terms, general.ontology_terms),
        target_groups=_merged(own.target_groups, general.target_groups),
        life_events=_merged(own.life_events, general.life_events),
        industrial_classes=_merged(own.industrial_classes, general.industrial_classes),
        keywords=keywords,
        general_description_id=base.object_id,
    )


def _merged(first: Iterable[str], second: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({*first, *second}))


def _together(first: Sequence[T], second: Sequence[T]) -> tuple[T, ...]:
    return (*first, *(one for one in second if one not in first))
