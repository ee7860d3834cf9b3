"""Channels of an activity to channels of a listing: a hybrid one becomes a place and an e-service."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from chassis.finland.web_address import web_address
from event_schemas.accessibility import Accessibility
from event_schemas.channel import Channel, EServiceChannel, PhoneChannel, PlaceChannel
from event_schemas.ids import ChannelId
from event_schemas.place import Address, Place, Point
from event_schemas.session import Enrolment
from event_schemas.text import LocalizedText
from lahella_ingest.domain.activity import Activity, ActivityChannel
from lahella_ingest.domain.contacts import Contacts, as_written, email_address
from lahella_ingest.domain.languages import language_tags, localized
from lahella_ingest.domain.regions import Regions
from lahella_ingest.domain.sessions import Setting

_POSTAL_CODE = re.compile(r"(?<![0-9])[0-9]{5}(?![0-9])")


def channels_of(activity: Activity, contacts: Contacts, regions: Regions) -> tuple[Channel, ...]:
    """The contacts are the activity's, not a channel's, on the wire: each channel carries them all."""
    return tuple(
        channel
        for position, wire in enumerate(activity.traits.channels)
        for channel in _channels(wire, _shared(activity, wire, position, contacts), regions)
    )


def _shared(activity: Activity, wire: ActivityChannel, position: int, contacts: Contacts) -> dict[str, Any]:
    return {
        "channel_id": channel_id(activity, wire, position),
        "summary": localized({code: texts.summary for code, texts in wire.translations.items()}),
        "languages": language_tags(activity.traits.locale),
        "phones": contacts.phones,
        "emails": contacts.emails,
        "links": contacts.links,
        "unlinked": (*contacts.unlinked, *_unlinked_enrolment(wire)),
    }


def _unlinked_enrolment(wire: ActivityChannel) -> Iterator[LocalizedText]:
    if wire.registration_url and web_address(wire.registration_url) is None:
        yield as_written(wire.registration_url)


def _channels(wire: ActivityChannel, shared: dict[str, Any], regions: Regions) -> Iterator[Channel]:
    if is_place(wire):
        yield PlaceChannel(
            **shared,
            address=address_of(wire, regions),
            point=point_of(wire),
            accessibility=accessibility_of([wire]),
        )
    if is_online(wire):
        suffix = "-online" if is_place(wire) else ""
        yield EServiceChannel(**shared | {"channel_id": f"{shared['channel_id']}{suffix}"})
    if "phone" in wire.type:
        suffix = "-phone" if is_place(wire) or is_online(wire) else ""
        yield PhoneChannel(**shared | {"channel_id": f"{shared['channel_id']}{suffix}"})


def channel_id(activity: Activity, wire: ActivityChannel, position: int) -> ChannelId:
    return ChannelId(f"lahella:{activity.key}:{wire.id or position + 1}")


def is_place(wire: ActivityChannel) -> bool:
    return "place" in wire.type or "hybrid" in wire.type


def is_online(wire: ActivityChannel) -> bool:
    return "online" in wire.type or "hybrid" in wire.type


def setting_of(activity: Activity, position: int, regions: Regions) -> Setting:
    """Where the sessions of one channel are."""
    wire = activity.traits.channels[position]
    address, point = (address_of(wire, regions), point_of(wire)) if is_place(wire) else (None, None)
    place = Place(address=address, point=point) if address or point else None
    return Setting(channel_id(activity, wire, position), place, is_online(wire))


def address_of(wire: ActivityChannel, regions: Regions) -> Address | None:
    """One address from its translations; only the Finnish one is sure to have a street."""
    addresses = {code: texts.address for code, texts in sorted(wire.translations.items()) if texts.address}
    if not addresses:
        return None
    first = addresses.get("fi") or next(iter(addresses.values()))
    return Address(
        street=localized({code: address.street for code, address in addresses.items()}),
        postal_code=postal_code(first.postal_code, first.country),
        post_office=localized({code: address.city for code, address in addresses.items()}),
        municipality=regions.municipality(first.city),
        country=first.country,
    )


def postal_code(written: str, country: str) -> str | None:
    """The five digits of a Finnish postal code, whatever stands around them; None when it is not plain which they are.

    Foreign codes stay as written.
    """
    if country != "FI":
        return written or None
    found = set(_POSTAL_CODE.findall(written))
    return found.pop() if len(found) == 1 else None


def point_of(wire: ActivityChannel) -> Point | None:
    """The point of a GeoJSON position, longitude first; none when it lies nowhere, or where zeros were filled in."""
    longitude, latitude = wire.map.center.coordinates or (0.0, 0.0)
    somewhere = -180 <= longitude <= 180 and -90 <= latitude <= 90 and (longitude, latitude) != (0.0, 0.0)
    return Point(longitude=longitude, latitude=latitude) if somewhere else None


def accessibility_of(channels: Sequence[ActivityChannel]) -> Accessibility | None:
    """Features by the source's codes; `ac_unknow` (its spelling) says that nothing is known."""
    features = {code for channel in channels for code in channel.accessibility} - {"ac_unknow"}
    return Accessibility(features=tuple(sorted(features))) if features else None


def enrolment_of(activity: Activity) -> Enrolment | None:
    """How to sign up, from the first channel that says so; the words may stand at the activity instead."""
    channels = activity.traits.channels
    told = localized({code: texts.registration for code, texts in activity.traits.translations.items()})
    chosen = next((each for each in channels if each.registration_required or _says_how(each)), None)
    if chosen is None:
        return Enrolment(instructions=told) if told else None
    at_channel = localized({code: texts.registration for code, texts in chosen.translations.items()})
    return Enrolment(
        required=chosen.registration_required,
        url=web_address(chosen.registration_url),
        email=email_address(chosen.registration_email),
        instructions={**told, **at_channel},
    )


def _says_how(wire: ActivityChannel) -> bool:
    words = any(texts.registration for texts in wire.translations.values())
    return words or bool(wire.registration_url or wire.registration_email)
