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
    addresses = (address for channel in channels for address in _addresses(channel))
    return any(address.postal_code and _cleaned(address) is None for address in addresses)


def _addresses(channel: Channel) -> tuple[Address, ...]:
    if isinstance(channel, PlaceChannel):
        further = tuple(place.address for place in channel.further_places if place.address)
        return (*((channel.address,) if channel.address else ()), *further, *channel.postal_addresses)
    return channel.delivery_addresses if isinstance(channel, PrintableFormChannel) else ()


def _cleaned(address: Address) -> str | None:
    """The postal code as it should be; other countries have rules of their own."""
    return postal_code(address.postal_code or "") if address.country == "FI" else address.postal_code


def _clean_channel(channel: Channel) -> Channel:
    if all(_cleaned(address) == address.postal_code for address in _addresses(channel)):
        return channel
    if isinstance(channel, PrintableFormChannel):
        return channel.model_copy(update={"delivery_addresses": _clean_all(channel.delivery_addresses)})
    return _clean_place(channel) if isinstance(channel, PlaceChannel) else channel


def _clean_place(channel: PlaceChannel) -> PlaceChannel:
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
    return address.model_copy(update={"postal_code": _cleaned(address)})
