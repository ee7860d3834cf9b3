"""Areas and addresses of v11 in v12's shape, with the municipality and post office that v12 does not tell."""

from __future__ import annotations

from typing import Any

from ptv_ingest.adapters.ptv_v11.words import Texts, Wire, part, rows, texts, word

_AREA_TYPES = {
    "Nationwide": "WholeCountry",
    "WholeCountry": "WholeCountry",
    "NationwideExceptAlandIslands": "WholeCountryExceptAland",
    "WholeCountryExceptAlandIslands": "WholeCountryExceptAland",
}
_REGIONS = ("Region", "Province")
_COUNTIES = ("WellbeingServiceCounties",)
# States in which a point was found, with v12's word for who found it.
_KNOWN_KINDS = ("", "Single", "Street", "PostOfficeBox", "Abroad", "Foreign", "Other", "Multipoint")
_POINT_SOURCES = {"Ok": "NLS", "EnteredByUser": "User", "EnteredByAR": "AccessibilityRegister"}


def area(area_type: Any, areas: Any) -> Wire:
    """Sub-regions and hospital districts no longer exist: their municipalities stand for them."""
    if word(area_type) in _AREA_TYPES:
        return {"areaType": _AREA_TYPES[area_type]}
    given = rows(areas)
    by_municipalities = [one for one in given if one.get("type") not in (*_REGIONS, *_COUNTIES)]
    return {
        "areaType": "LimitedArea",
        "municipalities": [code for one in by_municipalities for code in _codes(one.get("municipalities"))],
        "regions": [one["code"] for one in given if one.get("type") in _REGIONS and one.get("code")],
        "wellbeingServicesCounties": [one["code"] for one in given if one.get("type") in _COUNTIES and one.get("code")],
    }


def municipality_area(municipality: Any) -> Wire:
    return {"areaType": "LimitedArea", "municipalities": _codes([municipality])}


def _codes(municipalities: Any) -> list[Any]:
    return [one["code"] for one in rows(municipalities) if one.get("code") not in (None, "")]


def addresses(given: Any, *types: str) -> Wire:
    """Those of the types, sorted as v12 sorts them. An address of an unknown kind is told as such."""
    wanted = [one for one in rows(given) if _type(one) in types]
    return {
        "unknownKinds": sum(word(one.get("subType")) not in _KNOWN_KINDS for one in wanted),
        "streetAddresses": [_street(one) for one in wanted if one.get("streetAddress")],
        "postOfficeBoxAddresses": [_box(one) for one in wanted if one.get("postOfficeBoxAddress")],
        "otherAddresses": [_other(one) for one in wanted if one.get("otherAddress")],
        "foreignAddresses": [_foreign(one) for one in wanted if _abroad(one)],
    }


def _type(given: Wire) -> str:
    return word(given.get("type")) or ("Postal" if given.get("postOfficeBoxAddress") else "Location")


def delivery_addresses(given: Any, form_receiver: Any = None) -> list[Wire]:
    """An address without a recipient stays an address. Earlier versions had one recipient for the form."""
    receiver = texts(form_receiver)
    return [_delivery(one, receiver) for one in rows(given)]


def _delivery(given: Wire, receiver: Texts) -> Wire:
    shape: Wire = {}
    if given.get("streetAddress"):
        shape = _street(given)
    elif given.get("postOfficeBoxAddress"):
        shape = _box(given)
    text = texts(given.get("deliveryAddressInText"))
    return {**shape, "deliveryInformation": text, "recipient": texts(given.get("receiver")) or receiver}


def _street(given: Wire) -> Wire:
    street = part(given.get("streetAddress"))
    return {
        "streetName": texts(street.get("street")),
        "addressDetail": street.get("streetNumber"),
        **_postal(street),
        "countryCode": given.get("country"),
        "coordinates": [*_point(street), *_entrances(given.get("entrances"))],
        "additionalInformation": texts(street.get("additionalInformation")),
        "accessibilitySentences": _sentences(given.get("entrances")),
    }


def _box(given: Wire) -> Wire:
    box = part(given.get("postOfficeBoxAddress"))
    return {
        "postOfficeBox": texts(box.get("postOfficeBox")),
        **_postal(box),
        "countryCode": given.get("country"),
        "additionalInformation": texts(box.get("additionalInformation")),
    }


def _other(given: Wire) -> Wire:
    other = part(given.get("otherAddress"))
    return {
        **_postal(other),
        "coordinates": _point(other),
        "additionalInformation": texts(other.get("additionalInformation")),
    }


def _foreign(given: Wire) -> Wire:
    return {"address": texts(_abroad(given)), "countryCode": given.get("country")}


def _abroad(given: Wire) -> Any:
    return given.get("locationAbroad") or given.get("foreignAddress")


def _postal(given: Wire) -> Wire:
    return {
        "postalCode": given.get("postalCode"),
        "postOffice": texts(given.get("postOffice")),
        "municipality": part(given.get("municipality")).get("code"),
    }


def _point(given: Wire) -> list[Wire]:
    """Metres of EPSG:3067 as strings, latitude being the northing; only where the state says that there is a point."""
    source = _POINT_SOURCES.get(word(given.get("coordinateState")) or "Ok")
    return _coordinate(given, source) if source else []


def _entrances(given: Any) -> list[Wire]:
    """Where the main entrance is: the accessibility register has measured it."""
    main = [one for one in rows(given) if one.get("isMainEntrance") is True]
    return [found for one in main for found in _coordinate(part(one.get("coordinates")), "AccessibilityRegister")]


def _coordinate(given: Wire, source: str) -> list[Wire]:
    try:
        easting, northing = (float(str(given.get(name)).replace(",", ".")) for name in ("longitude", "latitude"))
    except ValueError:
        return []
    return [{"system": "EPSG:3067", "source": source, "easting": easting, "northing": northing}]


def _sentences(entrances: Any) -> Texts:
    """The register's sentences, one a line, by language; entrances and groups are headed by their names."""
    lines: dict[str, list[str]] = {}
    for entrance in rows(entrances):
        for language, text in texts(entrance.get("name")).items():
            lines.setdefault(language, []).append(text)
        for group in rows(entrance.get("accessibilitySentences")):
            for found in (group.get("sentenceGroup"), *(one.get("sentence") for one in rows(group.get("sentences")))):
                for language, text in texts(found).items():
                    lines.setdefault(language, []).append(text)
    return {language: "\n".join(found) for language, found in lines.items()}
