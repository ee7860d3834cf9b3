"""Channels of v11, and the connections that its services hold, in v12's shape."""

from __future__ import annotations

from typing import Any

from ptv_ingest.adapters.ptv_v11 import contacts
from ptv_ingest.adapters.ptv_v11.opening_hours import service_hours
from ptv_ingest.adapters.ptv_v11.places import addresses, area, delivery_addresses
from ptv_ingest.adapters.ptv_v11.services import display_names
from ptv_ingest.adapters.ptv_v11.words import CHARGES, Wire, blocks, by_language, part, rows, texts, typed, word

_TYPES = {"EChannel": "EService", "Phone": "TelephoneService"}
_LEVEL = "accessibilityClassificationLevel"


def channel(row: Wire) -> Wire:
    kind = word(row.get("serviceChannelType"))
    return {
        "contentId": row.get("id"),
        "serviceChannelType": _TYPES.get(kind, kind),
        "serviceLanguages": row.get("languages"),
        "area": area(row.get("areaType"), row.get("areas")),
        "serviceHours": service_hours(row.get("serviceHours")),
        "electronicIdentification": _identification(row.get("requiresAuthentication")),
        "electronicSignature": _signature(row),
        "location": addresses(row.get("addresses"), "Location", "Visiting"),
        "contactAddresses": addresses(row.get("addresses"), "Postal"),
        "deliveryAddresses": delivery_addresses(_deliveries(row), row.get("formReceiver")),
        "languageVersions": blocks(_texts(row, kind)),
    }


def _texts(row: Wire, kind: Any) -> dict[str, dict[str, Any]]:
    described = row.get("serviceChannelDescriptions")
    return {
        **display_names(row.get("serviceChannelNames"), row.get("displayNameType")),
        "summary": typed(described, "Summary", "ShortDescription"),
        "description": typed(described, "Description"),
        "supportEmails": contacts.emails(row.get("supportEmails"), row.get("emails")),
        "supportPhoneNumbers": contacts.phones(row.get("supportPhones")),
        "formIdentifier": texts(row.get("formIdentifier")),
        "formFiles": _form_files(row.get("channelUrls")),
        _LEVEL: _levels(row),
        **_numbers(row.get("phoneNumbers"), kind),
        **_pages(row, kind),
    }


def _numbers(given: Any, kind: Any) -> dict[str, dict[str, Any]]:
    """A place's fax numbers stand among its phones."""
    if kind == "Phone":
        return {"phoneNumbers": contacts.phones(given)}
    return {
        "contactPhoneNumbers": contacts.phones(given, "Phone", "Sms"),
        "contactFaxNumbers": contacts.phones(given, "Fax"),
    }


def _pages(row: Wire, kind: Any) -> dict[str, dict[str, Any]]:
    """A place has web pages; of other channels the first of each language is the one that it is."""
    pages = contacts.links(row.get("webPages") or row.get("urls"))
    attached = contacts.attachments(row.get("attachments"), row.get("accessibilityClassification"))
    if kind in ("ServiceLocation", "PrintableForm"):
        return {"contactWebPages": pages, "attachmentLinks": attached}
    others = {language: [*found[1:], *attached.get(language, [])] for language, found in pages.items()}
    return {
        "webAddress": {language: found[0] for language, found in pages.items()},
        "attachmentLinks": {**attached, **others},
    }


def _levels(row: Wire) -> dict[str, Any]:
    """Per language; before v9 one for the channel."""
    if flat := row.get(_LEVEL):
        return {word(one.get("language")): flat for one in rows(row.get("serviceChannelNames"))}
    return texts(row.get("accessibilityClassification"), _LEVEL)


def _form_files(given: Any) -> dict[str, list[Wire]]:
    return {language: [_form_file(one) for one in found] for language, found in by_language(given).items()}


def _form_file(given: Wire) -> Wire:
    return {"url": given.get("url") or given.get("value"), "type": str(given.get("type") or "").lower()}


def _deliveries(row: Wire) -> Any:
    """Before v9 a form had one address."""
    one = row.get("deliveryAddress")
    return row.get("deliveryAddresses") or ([one] if isinstance(one, dict) else [])


def _identification(required: Any) -> str | None:
    return {True: "Required", False: "NotRequired"}.get(required) if isinstance(required, bool) else None


def _signature(row: Wire) -> Wire | None:
    required, count = row.get("requiresSignature"), row.get("signatureQuantity")
    if not isinstance(required, bool):
        return None
    if not required:
        return {"type": "NotRequired"}
    return {"type": "Required", "numberOfRequiredSignatures": count if isinstance(count, int) and count > 0 else 1}


def connection(row: Wire) -> Wire:
    """`row` is a member of a service's channels, under the service's id (see `embedded`)."""
    held = part(row.get("connection"))
    details = part(held.get("contactDetails"))
    described = held.get("description")
    return {
        "serviceContentId": row.get("serviceId"),
        "channelContentId": part(held.get("serviceChannel")).get("id"),
        "chargeType": CHARGES.get(word(held.get("serviceChargeType"))),
        "serviceHours": service_hours(held.get("serviceHours")),
        "contactAddresses": addresses(details.get("addresses"), "Postal", "Location", "Visiting"),
        "languageVersions": blocks(
            {
                "description": typed(described, "Description"),
                "chargeTypeAdditionalInformation": typed(described, "ChargeTypeAdditionalInfo"),
                "contactPhoneNumbers": contacts.phones(_details(details, "phoneNumbers", "phones"), "Phone", "Sms"),
                "contactFaxNumbers": contacts.phones(_details(details, "phoneNumbers", "phones"), "Fax"),
                "contactEmails": contacts.emails(details.get("emails")),
                "contactWebPages": contacts.links(details.get("webPages")),
            }
        ),
    }


def _details(details: Wire, *names: str) -> Any:
    return next((details[name] for name in names if details.get(name)), None)


def embedded(service: Wire) -> list[Wire]:
    """The connections that a service holds, each with the service's id."""
    return [{"serviceId": service.get("id"), "connection": one} for one in rows(service.get("serviceChannels"))]
