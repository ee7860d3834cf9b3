"""Addresses of v12 objects in v11's shapes, which differ by where they stand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from devstack.simulators.ptv.v11.lookup import Lookup
from devstack.simulators.ptv.v11.words import Wire, items

_STATES = {"NLS": "Ok", "User": "EnteredByUser", "AccessibilityRegister": "EnteredByAR"}
Place = Mapping[str, Any]


def of_location(place: Place, post: Place, at: Lookup) -> list[Wire]:
    """A service location's addresses: where it is, and where its post goes."""
    rows = [_location("Single", streetAddress=street(one, at)) for one in place["streetAddresses"]]
    rows += [_location("Other", otherAddress=_other(one, at)) for one in place["otherAddresses"]]
    rows += [_location("Abroad", locationAbroad=items(one["address"])) for one in place["foreignAddresses"]]
    return rows + [{**row, "otherAddress": None, "entrances": []} for row in of_contact(post, at)]


def of_organisation(place: Place, post: Place, at: Lookup) -> list[Wire]:
    rows = [_visiting("Street", streetAddress=street(one, at)) for one in place["streetAddresses"]]
    rows += [_visiting("Other", otherAddress=_other(one, at)) for one in place["otherAddresses"]]
    return rows + [_as_organisations(row) for row in of_contact(post, at)]


def of_contact(post: Place, at: Lookup) -> list[Wire]:
    """Postal addresses of a connection, and of places and organisations."""
    rows = [_postal("Street", streetAddress=street(one, at)) for one in post["streetAddresses"]]
    rows += [_postal("PostOfficeBox", postOfficeBoxAddress=_box(one, at)) for one in post["postOfficeBoxAddresses"]]
    return rows + [_postal("Abroad", locationAbroad=items(one["address"])) for one in post["foreignAddresses"]]


def of_delivery(addresses: list[Wire], at: Lookup) -> list[Wire]:
    return [_delivery(address, at) for address in addresses]


def street(address: Wire, at: Lookup) -> Wire:
    return {
        "street": items(address["streetName"]),
        "streetNumber": address["addressDetail"],
        **_postal_code(address, at),
        "additionalInformation": items(address["additionalInformation"]),
        **_coordinates(address["coordinates"]),
    }


def _box(address: Wire, at: Lookup) -> Wire:
    return {
        "postOfficeBox": items(address["postOfficeBox"]),
        **_postal_code(address, at),
        "additionalInformation": items(address["additionalInformation"]),
    }


def _other(address: Wire, at: Lookup) -> Wire:
    place = _coordinates(address["coordinates"])
    return {
        "latitude": place["latitude"],
        "longitude": place["longitude"],
        "postalCode": address["postalCode"],
        "postOffice": items(at.post_office(address["postalCode"])),
        "additionalInformation": items(address["additionalInformation"]),
    }


def _postal_code(address: Wire, at: Lookup) -> Wire:
    office = at.post_office(address["postalCode"])
    return {
        "postalCode": address["postalCode"],
        "postOffice": items({language: name.upper() for language, name in office.items()}),
        "municipality": at.municipality_named(office) if office else None,
    }


def _coordinates(points: list[Wire]) -> Wire:
    """Metres of EPSG:3067 as strings; latitude is the northing."""
    point = next((one for one in points if one["system"] == "EPSG:3067"), None)
    if point is None:
        return {"latitude": None, "longitude": None, "coordinateState": "NotReceived"}
    state = _STATES[point["source"]]
    return {"latitude": str(point["northing"]), "longitude": str(point["easting"]), "coordinateState": state}


def _location(kind: str, **filled: Any) -> Wire:
    return {**_empty("Location", kind), "otherAddress": None, "locationAbroad": None, "entrances": [], **filled}


def _visiting(kind: str, **filled: Any) -> Wire:
    return {**_empty("Visiting", kind), "otherAddress": None, "foreignAddress": None, **filled}


def _postal(kind: str, **filled: Any) -> Wire:
    return {**_empty("Postal", kind), "locationAbroad": None, **filled}


def _empty(where: str, kind: str) -> Wire:
    return {"type": where, "subType": kind, "postOfficeBoxAddress": None, "streetAddress": None, "country": "FI"}


def _as_organisations(row: Wire) -> Wire:
    """Organisations name an address abroad otherwise."""
    kept = {key: value for key, value in row.items() if key != "locationAbroad"}
    kind = "Foreign" if row["subType"] == "Abroad" else row["subType"]
    return {**kept, "subType": kind, "otherAddress": None, "foreignAddress": row["locationAbroad"]}


def _delivery(address: Wire, at: Lookup) -> Wire:
    kind = address["deliveryAddressType"]
    shape: Wire = {
        "subType": {"StreetAddress": "Street", "DeliveryInformation": "NoAddress"}.get(kind, kind),
        "postOfficeBoxAddress": None,
        "streetAddress": None,
        "deliveryAddressInText": [],
        "receiver": [row for row in items(address["recipient"]) if row["value"]],
    }
    if kind == "StreetAddress":
        whole = street(address, at)
        placed = ("latitude", "longitude", "coordinateState")
        return {**shape, "streetAddress": {key: value for key, value in whole.items() if key not in placed}}
    if kind == "PostOfficeBox":
        return {**shape, "postOfficeBoxAddress": _box(address, at)}
    return {**shape, "deliveryAddressInText": items(address["deliveryInformation"])}
