"""Authored channels to the five kinds of PTV v12 service channel."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from devstack.simulators.ptv import expand_parts as parts
from devstack.simulators.ptv.authoring import ChannelSheet, ChannelTextSheet
from devstack.simulators.ptv.expand_hours import service_hours
from devstack.simulators.ptv.identity import content_id
from devstack.simulators.ptv.vocabulary import Vocabulary


def channel(sheet: ChannelSheet, vocabulary: Vocabulary) -> dict[str, Any]:
    own_fields, own_texts = _KINDS[sheet.kind]
    stamps = {"publishedAt": sheet.published} | ({} if sheet.migrated is None else {"migratedAt": sheet.migrated})
    return {
        **stamps,
        "contentId": content_id("channel", sheet.id),
        "organizationContentId": content_id("organization", sheet.organisation),
        "serviceChannelType": sheet.kind,
        "allowedConnectionType": "AllOrganizations" if sheet.open_to_all else "OwnOrganizations",
        "serviceLanguages": sheet.languages,
        "area": None if sheet.area is None else parts.area(sheet.area, vocabulary.municipality_codes),
        **own_fields(sheet),
        "languageVersions": {language: _common_texts(text) | own_texts(text) for language, text in sheet.texts.items()},
    }


def _common_texts(text: ChannelTextSheet) -> dict[str, Any]:
    return {"name": text.name, "summary": text.summary, "description": text.description}


def _hours(sheet: ChannelSheet) -> dict[str, Any]:
    return {"serviceHours": service_hours(sheet.hours, sheet.holidays)}


def _e_service(sheet: ChannelSheet) -> dict[str, Any]:
    signature: dict[str, Any] = {"type": "NotRequired"}
    if sheet.signatures:
        signature = {"type": "Required", "numberOfRequiredSignatures": sheet.signatures}
    identification = "Required" if sheet.identification else "NotRequired"
    return {"electronicSignature": signature, "electronicIdentification": identification, **_hours(sheet)}


def _location(sheet: ChannelSheet) -> dict[str, Any]:
    return {
        "location": parts.location(sheet.addresses, parts.channel_street_address),
        "contactAddresses": parts.contact_addresses(sheet.post),
        **_hours(sheet),
    }


def _form(sheet: ChannelSheet) -> dict[str, Any]:
    return {"deliveryAddresses": [parts.delivery_address(address) for address in sheet.post]}


def _web_page(_: ChannelSheet) -> dict[str, Any]:
    return {}


def _support(text: ChannelTextSheet) -> dict[str, Any]:
    return {
        "supportEmails": parts.emails(text.emails),
        "supportPhoneNumbers": parts.voice_phones(text.phones),
    }


def _web_page_texts(text: ChannelTextSheet) -> dict[str, Any]:
    web = {"accessibilityClassificationLevel": text.accessibility, "webAddress": parts.web_address(text.web)}
    return web | _support(text)


def _e_service_texts(text: ChannelTextSheet) -> dict[str, Any]:
    return _web_page_texts(text) | {"attachmentLinks": parts.informed_links(text.attachments)}


def _telephone_texts(text: ChannelTextSheet) -> dict[str, Any]:
    return {
        "webAddress": parts.web_address(text.web),
        "supportEmails": parts.emails(text.emails),
        "phoneNumbers": [parts.phone(phone) for phone in text.phones],
    }


def _form_texts(text: ChannelTextSheet) -> dict[str, Any]:
    files = [{**link, "type": link["url"].rpartition(".")[2]} for link in parts.links(text.files)]
    return _support(text) | {
        "attachmentLinks": parts.informed_links(text.attachments),
        "formIdentifier": text.form,
        "formFiles": files,
    }


def _location_texts(text: ChannelTextSheet) -> dict[str, Any]:
    return {
        "alternativeName": text.alternative_name,
        "isAlternativeNamePrimary": text.show_alternative,
        "contactEmails": parts.emails(text.emails),
        "contactFaxNumbers": parts.fax_numbers(text.phones),
        "contactWebPages": parts.links(text.web),
        "contactPhoneNumbers": parts.voice_phones(text.phones),
    }


_KINDS: dict[str, tuple[Callable[[ChannelSheet], dict[str, Any]], Callable[[ChannelTextSheet], dict[str, Any]]]] = {
    "EService": (_e_service, _e_service_texts),
    "TelephoneService": (_hours, _telephone_texts),
    "PrintableForm": (_form, _form_texts),
    "ServiceLocation": (_location, _location_texts),
    "WebPage": (_web_page, _web_page_texts),
}
