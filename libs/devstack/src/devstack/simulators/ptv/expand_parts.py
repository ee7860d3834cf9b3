"""Authored areas, phones, addresses and links to their PTV shapes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from devstack.simulators.ptv.authoring import AddressSheet, PhoneSheet

_NATIONWIDE = {"country": "WholeCountry", "country-except-aland": "WholeCountryExceptAland"}


def area(words: str | list[str], municipality_codes: Mapping[str, str]) -> dict[str, Any]:
    """`country`, `country-except-aland`, or a mix of municipality names, `region:05` and `county:07`."""
    entries = [words] if isinstance(words, str) else words
    if entries[0] in _NATIONWIDE:
        return {"areaType": _NATIONWIDE[entries[0]]}
    limited: dict[str, Any] = {
        "areaType": "LimitedArea",
        "municipalities": [],
        "regions": [],
        "wellbeingServicesCounties": [],
    }
    for entry in entries:
        kind, _, code = entry.partition(":")
        if kind == "region":
            limited["regions"].append(code)
        elif kind == "county":
            limited["wellbeingServicesCounties"].append(code)
        else:
            limited["municipalities"].append(municipality_codes[entry])
    return limited


def phone(sheet: PhoneSheet | str) -> dict[str, Any]:
    """A plain string is a domestic number at the ordinary charge."""
    sheet = PhoneSheet(number=sheet) if isinstance(sheet, str) else sheet
    shape: dict[str, Any] = {
        "number": sheet.number,
        "chargeType": sheet.charge,
        "chargeDescription": sheet.charge_note,
        "additionalInformation": sheet.note,
    }
    if sheet.kind == "voice" and sheet.dial_code is None:
        return {"type": "DomesticPhone", **shape}
    kind = {"voice": "InternationalPhone", "fax": "Fax", "sms": "Sms"}[sheet.kind]
    return {"type": kind, "dialCode": sheet.dial_code or "+358", **shape}


def voice_phones(sheets: Iterable[PhoneSheet | str]) -> list[dict[str, Any]]:
    return [made for made in map(phone, sheets) if made["type"] in ("DomesticPhone", "InternationalPhone")]


def fax_numbers(sheets: Iterable[PhoneSheet | str]) -> list[dict[str, Any]]:
    return [made for made in map(phone, sheets) if made["type"] == "Fax"]


def emails(addresses: Iterable[str]) -> list[dict[str, Any]]:
    return [{"email": address} for address in addresses]


def links(web: Mapping[str, str]) -> list[dict[str, Any]]:
    """Link names to addresses."""
    return [{"name": name, "url": url} for name, url in web.items()]


def informed_links(web: Mapping[str, str]) -> list[dict[str, Any]]:
    return [{**link, "additionalInformation": None} for link in links(web)]


def web_address(web: Mapping[str, str]) -> dict[str, Any]:
    """The one web address of a channel; both parts are null when there is none."""
    return next(iter(links(web)), {"name": None, "url": None})


def street_address(sheet: AddressSheet) -> dict[str, Any]:
    return {
        "addressSource": {"source": "Posti" if sheet.at else "UserEntered"},
        "streetName": sheet.street,
        "addressDetail": sheet.number,
        "postalCode": sheet.postal_code,
        "coordinates": _coordinates(sheet, "NLS"),
        "additionalInformation": sheet.note,
    }


def contact_addresses(sheets: Sequence[AddressSheet]) -> dict[str, Any]:
    return {
        "foreignAddresses": [_foreign_address(sheet) for sheet in sheets if sheet.abroad],
        "postOfficeBoxAddresses": [po_box(sheet) for sheet in sheets if sheet.po_box],
        "streetAddresses": [street_address(sheet) for sheet in sheets if sheet.street],
    }


def location(
    sheets: Sequence[AddressSheet], street: Callable[[AddressSheet], dict[str, Any]] = street_address
) -> dict[str, Any]:
    return {
        "foreignAddresses": [_foreign_address(sheet) for sheet in sheets if sheet.abroad],
        "otherAddresses": [_other_address(sheet) for sheet in sheets if sheet.place],
        "streetAddresses": [street(sheet) for sheet in sheets if sheet.street],
    }


def channel_street_address(sheet: AddressSheet) -> dict[str, Any]:
    return {**street_address(sheet), "accessibilityRegisterServicePointId": sheet.accessibility_point}


def delivery_address(sheet: AddressSheet) -> dict[str, Any]:
    """Where a filled form is taken or sent."""
    recipient = {"recipient": sheet.recipient}
    if sheet.street:
        return {"deliveryAddressType": "StreetAddress", **street_address(sheet), **recipient}
    if sheet.po_box:
        return {"deliveryAddressType": "PostOfficeBox", **po_box(sheet), **recipient}
    return {"deliveryAddressType": "DeliveryInformation", "deliveryInformation": sheet.place, **recipient}


def po_box(sheet: AddressSheet) -> dict[str, Any]:
    return {
        "postalCode": sheet.postal_code,
        "postOfficeBox": sheet.po_box,
        "additionalInformation": sheet.note,
    }


def _foreign_address(sheet: AddressSheet) -> dict[str, Any]:
    return {"address": sheet.abroad, "countryCode": sheet.country}


def _other_address(sheet: AddressSheet) -> dict[str, Any]:
    return {
        "postalCode": sheet.postal_code,
        "coordinates": _coordinates(sheet, "User"),
        "additionalInformation": sheet.place,
    }


def _coordinates(sheet: AddressSheet, source: str) -> list[dict[str, Any]]:
    if sheet.at is None:
        return []
    easting, northing = sheet.at
    return [{"system": "EPSG:3067", "source": source, "easting": easting, "northing": northing}]
