"""Phones, e-mails, links and areas of v12 objects in v11's shapes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from devstack.simulators.ptv.v11.lookup import Lookup
from devstack.simulators.ptv.v11.words import CHARGES, Texts, Wire, items, listed

_AREA_TYPES = {"WholeCountry": "Nationwide", "WholeCountryExceptAland": "NationwideExceptAlandIslands"}
_PHONE_TYPES = {"Sms": "Sms", "Fax": "Fax"}
_SERVICE_NUMBER = re.compile(r"0[67]00|0800|020|116|10\d{1,4}$|11\d{1,4}$")


def phones(texts: Texts, *fields: str) -> list[Wire]:
    """Numbers without a type, as support phones have them."""
    found = typed_phones(texts, *fields)
    return [{key: value for key, value in one.items() if key != "type"} for one in found]


def typed_phones(texts: Texts, *fields: str) -> list[Wire]:
    return [_phone(language, one) for field in fields for language, one in listed(texts, field)]


def _phone(language: str, phone: Wire) -> Wire:
    digits = re.sub(r"\D", "", phone["number"])
    service_number = "dialCode" not in phone and _SERVICE_NUMBER.match(digits) is not None
    return {
        "type": _PHONE_TYPES.get(phone["type"], "Phone"),
        "additionalInformation": phone["additionalInformation"],
        "serviceChargeType": CHARGES[phone["chargeType"]],
        "chargeDescription": phone["chargeDescription"],
        "prefixNumber": None if service_number else phone.get("dialCode", "+358"),
        "isFinnishServiceNumber": service_number,
        "number": digits if service_number else digits.removeprefix("0"),
        "language": language,
    }


def emails(texts: Texts, field: str) -> list[Wire]:
    return [{"value": one["email"], "language": language} for language, one in listed(texts, field)]


def web_pages(texts: Texts, field: str) -> list[Wire]:
    return [{"url": one["url"], "value": one["name"], "language": language} for language, one in listed(texts, field)]


def web_address(texts: Texts) -> list[Wire]:
    """The single address of a web channel; v11 keeps it in the list of web pages."""
    found = [(language, text["webAddress"]) for language, text in texts.items()]
    return [{"url": one["url"], "value": one["name"], "language": language} for language, one in found if one["url"]]


def legislation(texts: Texts) -> list[Wire]:
    return [
        {
            "names": [{"value": law["name"], "language": language}],
            "webPages": [{"url": law["url"], "value": law["name"], "language": language}],
        }
        for language, law in listed(texts, "legislationLinks")
    ]


def attachments(texts: Texts) -> list[Wire]:
    return [
        {
            "name": one["name"],
            "description": one["additionalInformation"],
            "url": one["url"],
            "language": language,
            "type": "Attachment",
        }
        for language, one in listed(texts, "attachmentLinks")
    ]


def area(wire: Mapping[str, Any] | None, at: Lookup) -> Wire:
    """`areaType` and `areas`; both null where v12 says nothing."""
    if wire is None:
        return {"areaType": None, "areas": None}
    if wire["areaType"] in _AREA_TYPES:
        return {"areaType": _AREA_TYPES[wire["areaType"]], "areas": []}
    areas = [_area("Region", "region-codes", code, at) for code in wire.get("regions", [])]
    counties = wire.get("wellbeingServicesCounties", [])
    areas += [_area("WellbeingServiceCounties", "wellbeing-services-county-codes", code, at) for code in counties]
    if wire["municipalities"]:
        areas.append(_municipal_area(wire["municipalities"], at))
    return {"areaType": "LimitedType", "areas": areas}


def _area(kind: str, path: str, code: str, at: Lookup) -> Wire:
    row = at.by_code[path].get(code)
    municipalities = row["municipalities"] if row else []
    return {
        "type": kind,
        "code": code,
        "name": items(row["name"]) if row else [],
        "municipalities": [at.municipality(member) for member in municipalities],
    }


def _municipal_area(codes: list[str], at: Lookup) -> Wire:
    municipalities = [at.municipality(code) for code in codes]
    return {"type": "Municipality", "code": None, "name": None, "municipalities": municipalities}
