"""Postal codes as sources write them, cleaned or left out."""

from __future__ import annotations

import re
from collections.abc import Iterable

from event_schemas.channel import Channel, PlaceChannel, PrintableFormChannel
from event_schemas.place import Address

# Anchored on both sides: five digits inside a longer number are no postal code.
_POSTAL_CODE = re.compile(r"(?<![0-9])[0-9]{5}(?![0-9])")


def postal_code(written: str) -> str | None:
    """The five digits of a Finnish postal code, with a post office or FI- beside them or not; None where not one."""
    found = _POSTAL_CODE.findall(written)
    return found[0] if len(found) == 1 else None


def with_clean_postal_codes(channels: Iterable[Channel]) -> tuple[Channel, ...]:
    """The channels with Finnish postal codes of five digits; a code that can't be read is left out."""
    return tuple(_clean_channel(channel) for channel in channels)


def has_unreadable_postal_code(channels: Iterable[Channel]) -> bool:
    """Whether a Finnish address has something in place of its postal code that is none."""
    return any(
        address.postal_code and address.country == "FI" and postal_code(address.postal_code) is None
        for channel in channels
        for address in _addresses(channel)
    )


def _addresses(channel: Channel) -> tuple[Address, ...]:
    if isinstance(channel, PlaceChannel):
        further = tuple(place.address for place in channel.further_places if place.address)
        return (*((channel.address,) if channel.address else ()), *further, *channel.postal_addresses)
    return channel.delivery_addresses if isinstance(channel, PrintableFormChannel) else ()


def _clean_channel(channel: Channel) -> Channel:
    if isinstance(channel, PrintableFormChannel):
        return channel.model_copy(update={"delivery_addresses": _clean_all(channel.delivery_addresses)})
    if not isinstance(channel, PlaceChannel):
        return channel
    places = tuple(
        place.model_copy(update={"address": _clean(place.address)}) if place.address else place
        for place in channel.further_places
    )
    return channel.model_copy(
        update={
            "address": _clean(channel.address) if channel.address else None,
            "further_places": places,
            "postal_addresses": _clean_all(channel.postal_addresses),
        }
    )


def _clean_all(addresses: Iterable[Address]) -> tuple[Address, ...]:
    return tuple(_clean(address) for address in addresses)


def _clean(address: Address) -> Address:
    if not address.postal_code or address.country != "FI":
        return address
    return address.model_copy(update={"postal_code": postal_code(address.postal_code)})
