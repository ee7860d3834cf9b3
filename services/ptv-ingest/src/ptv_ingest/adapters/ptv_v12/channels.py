"""Channels and connections of v12 in our own form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from chassis.finland.web_address import web_address
from event_schemas import channel
from event_schemas.accessibility import Accessibility
from event_schemas.ids import ChannelId
from event_schemas.place import Address
from event_schemas.price import Charge, Price
from event_schemas.text import LocalizedText
from ptv_ingest.adapters.ptv_v12 import wire, wire_parts
from ptv_ingest.adapters.ptv_v12.contacts import WebAddresses, emails, phones, web_addresses
from ptv_ingest.adapters.ptv_v12.opening_hours import opening_hours
from ptv_ingest.adapters.ptv_v12.places import addresses, areas, only_municipality, places
from ptv_ingest.adapters.ptv_v12.tags import content_id, language_tags
from ptv_ingest.app.ports import RowRejected
from ptv_ingest.domain import objects
from ptv_ingest.domain.texts import joined, localized, many_lines, one_line, plain

_LEVELS = {
    "FullyCompliant": channel.AccessibilityLevel.FULL,
    "PartiallyCompliant": channel.AccessibilityLevel.PARTIAL,
    "NonCompliant": channel.AccessibilityLevel.NONE,
    "Unknown": channel.AccessibilityLevel.UNKNOWN,
}
_CHARGES = {"Free": Charge.FREE, "Charged": Charge.CHARGED, "Other": Charge.OTHER}
_Blocks = dict[str, wire.ChannelBlock]


def service_channel(row: dict[str, Any], left_out: Counter[str]) -> objects.ServiceChannel:
    """Raises RowRejected for a channel type that nobody knows, and pydantic's ValidationError."""
    given = wire.Channel.model_validate(row, context=left_out)
    make = _MAKERS.get(given.service_channel_type)
    if make is None:
        raise RowRejected("unknown-channel-type")
    object_id = content_id(given.content_id)
    return objects.ServiceChannel(
        object_id=object_id, published_at=given.published_at, channel=make(given, _common(given, left_out), left_out)
    )


def _common(given: wire.Channel, left_out: Counter[str]) -> dict[str, Any]:
    blocks = given.language_versions
    web = web_addresses(blocks, lambda block: [*block.contact_web_pages, *block.attachment_links], left_out)
    return {
        "channel_id": ChannelId(f"ptv:{content_id(given.content_id)}"),
        "name": localized({lang: _name(block) for lang, block in blocks.items()}),
        "summary": localized({lang: one_line(block.summary) for lang, block in blocks.items()}),
        "description": localized({lang: plain(block.description) for lang, block in blocks.items()}),
        "languages": language_tags(given.service_languages),
        "areas": areas(given.area, left_out),
        "phones": phones(blocks, _all_phones, left_out),
        "emails": emails(blocks, lambda block: [*block.contact_emails, *block.support_emails], left_out),
        "links": web.links,
        "unlinked": web.unlinked,
        "hours": opening_hours(given.service_hours, left_out),
    }


def _name(block: wire.ChannelBlock) -> str:
    return one_line(block.alternative_name if block.is_alternative_name_primary else None) or one_line(block.name)


def _all_phones(block: wire.ChannelBlock) -> list[wire_parts.Phone]:
    return [
        *block.phone_numbers,
        *block.contact_phone_numbers,
        *block.support_phone_numbers,
        *block.contact_fax_numbers,
    ]


def _web(given: wire.Channel, left_out: Counter[str]) -> WebAddresses:
    """The address of the page or service itself."""
    return web_addresses(given.language_versions, lambda block: [block.web_address], left_out)


def _level(blocks: _Blocks) -> channel.AccessibilityLevel | None:
    """The first language's: PTV states it per language, listings per channel."""
    levels = (block.accessibility_classification_level for _, block in sorted(blocks.items()))
    return next((_LEVELS[level] for level in levels if level in _LEVELS), None)


def _place(given: wire.Channel, common: dict[str, Any], left_out: Counter[str]) -> channel.PlaceChannel:
    location = given.location
    visited = [*location.street_addresses, *location.other_addresses, *location.foreign_addresses]
    found = places(visited, left_out, only_municipality(common["areas"]))
    left_out["unknown-address"] += location.unknown_kinds
    keys = (one_line(one.accessibility_register_service_point_id) for one in visited)
    return channel.PlaceChannel(
        **common,
        address=found[0].address if found else None,
        point=found[0].point if found else None,
        further_places=tuple(found[1:]),
        postal_addresses=_postal(given.contact_addresses, left_out),
        accessibility=_accessibility(visited),
        accessibility_point_id=next((key for key in keys if key), None),
    )


def _accessibility(visited: Iterable[wire_parts.Address]) -> Accessibility | None:
    sentences = [
        localized({lang: many_lines(text) for lang, text in one.accessibility_sentences.items()}) for one in visited
    ]
    note = joined(*sentences)
    return Accessibility(note=note) if note else None


def _postal(given: wire_parts.Addresses, left_out: Counter[str]) -> tuple[Address, ...]:
    written = [*given.street_addresses, *given.post_office_box_addresses, *given.foreign_addresses]
    return addresses(written, left_out)


def _phone(given: wire.Channel, common: dict[str, Any], left_out: Counter[str]) -> channel.PhoneChannel:
    web = _web(given, left_out)
    more = {"links": (*web.links, *common["links"]), "unlinked": (*web.unlinked, *common["unlinked"])}
    return channel.PhoneChannel(**common | more)


def _e_service(given: wire.Channel, common: dict[str, Any], left_out: Counter[str]) -> channel.EServiceChannel:
    web = _web(given, left_out)
    return channel.EServiceChannel(
        **common | {"unlinked": (*web.unlinked, *common["unlinked"])},
        addresses=web.links,
        identification_required={"Required": True, "NotRequired": False}.get(given.electronic_identification or ""),
        signatures_required=_signatures(given.electronic_signature),
        accessibility=_level(given.language_versions),
    )


def _signatures(signature: wire.Signature | None) -> int | None:
    if signature is None:
        return None
    return max(signature.number_of_required_signatures, 0) if signature.type == "Required" else 0


def _web_page(given: wire.Channel, common: dict[str, Any], left_out: Counter[str]) -> channel.WebPageChannel:
    web = _web(given, left_out)
    return channel.WebPageChannel(
        **common | {"unlinked": (*web.unlinked, *common["unlinked"])},
        addresses=web.links,
        accessibility=_level(given.language_versions),
    )


def _form(given: wire.Channel, common: dict[str, Any], left_out: Counter[str]) -> channel.PrintableFormChannel:
    blocks = given.language_versions
    broken = web_addresses(blocks, lambda block: block.form_files, left_out).unlinked
    return channel.PrintableFormChannel(
        **common | {"unlinked": (*broken, *common["unlinked"])},
        form_identifier=localized({lang: one_line(block.form_identifier) for lang, block in blocks.items()}),
        files=_files(blocks),
        delivery_addresses=addresses(given.delivery_addresses, left_out),
    )


def _files(blocks: _Blocks) -> tuple[channel.FormFile, ...]:
    return tuple(
        channel.FormFile(url=url, file_type=file.type, language=language)
        for language, block in blocks.items()
        for file in block.form_files
        if (url := web_address(file.url)) is not None
    )


_Maker = Callable[[wire.Channel, dict[str, Any], Counter[str]], channel.Channel]
_MAKERS: dict[str, _Maker] = {
    "ServiceLocation": _place,
    "TelephoneService": _phone,
    "EService": _e_service,
    "WebPage": _web_page,
    "PrintableForm": _form,
}


def connection(row: dict[str, Any], left_out: Counter[str]) -> objects.Connection:
    """Raises pydantic's ValidationError."""
    given = wire.Connection.model_validate(row, context=left_out)
    blocks = given.language_versions
    service_id, channel_id = content_id(given.service_content_id), content_id(given.channel_content_id)
    web = web_addresses(blocks, lambda block: block.contact_web_pages, left_out)
    return objects.Connection(
        object_id=objects.connection_id(service_id, channel_id),
        published_at=given.published_at,
        service_id=service_id,
        channel_id=channel_id,
        description=localized({lang: plain(block.description) for lang, block in blocks.items()}),
        price=price(
            given.charge_type,
            localized({lang: plain(block.charge_type_additional_information) for lang, block in blocks.items()}),
        ),
        phones=phones(blocks, lambda block: [*block.contact_phone_numbers, *block.contact_fax_numbers], left_out),
        emails=emails(blocks, lambda block: block.contact_emails, left_out),
        links=web.links,
        unlinked=web.unlinked,
        hours=opening_hours(given.service_hours, left_out),
        postal_addresses=_postal(given.contact_addresses, left_out),
    )


def price(charge_type: str | None, note: LocalizedText) -> Price | None:
    """A charge as far as it is stated; None when nothing is."""
    charge = _CHARGES.get(charge_type or "")
    if charge is None and not note:
        return None
    return Price(charge=charge or Charge.OTHER, note=note)
