"""The five kinds of channel of the national content, in the shares that PTV has them."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from devstack.simulators.ptv import national_parts as parts
from devstack.simulators.ptv.national_parts import Wire
from devstack.simulators.ptv.national_texts import Phrases

_KINDS = ("ServiceLocation", "WebPage", "EService", "TelephoneService", "PrintableForm")
_SHARES = (45, 25, 15, 10, 5)


def channel_parts(rng: Random, phrases: Phrases, number: int) -> Wire:
    """What is the channel's own: its kind, the kind's fields, and the texts."""
    (kind,) = rng.choices(_KINDS, _SHARES)
    languages = ["fi", *(one for one in ("sv", "en") if rng.random() < 0.35)]
    versions = {language: _texts(rng, phrases, kind, language, number) for language in languages}
    return {
        "serviceChannelType": kind,
        "serviceLanguages": ["fi", "sv"],
        **_OWN[kind](rng),
        "languageVersions": versions,
    }


def _texts(rng: Random, phrases: Phrases, kind: str, language: str, number: int) -> Wire:
    common = {
        "name": phrases.name(rng, language, number),
        "summary": phrases.sentence(rng, language),
        "description": phrases.description(rng, language, least=100, most=700),
    }
    return {**common, **_TEXTS[kind](rng)}


def _support(rng: Random) -> Wire:
    return {"supportEmails": [parts.email(rng)], "supportPhoneNumbers": [parts.phone(rng)]}


def _web_texts(rng: Random) -> Wire:
    level = rng.choice(("FullyCompliant", "PartiallyCompliant", "Unknown"))
    return {"accessibilityClassificationLevel": level, "webAddress": parts.link(rng), **_support(rng)}


def _e_service_texts(rng: Random) -> Wire:
    return {**_web_texts(rng), "attachmentLinks": [parts.link_with_information(rng)] if rng.random() < 0.2 else []}


def _telephone_texts(rng: Random) -> Wire:
    return {"webAddress": {"name": None, "url": None}, "supportEmails": [], "phoneNumbers": [parts.phone(rng)]}


def _form_texts(rng: Random) -> Wire:
    form = {**parts.link(rng), "type": "pdf"}
    return {**_support(rng), "attachmentLinks": [], "formIdentifier": None, "formFiles": [form]}


def _location_texts(rng: Random) -> Wire:
    return {
        "alternativeName": None,
        "isAlternativeNamePrimary": False,
        "contactEmails": [parts.email(rng)],
        "contactFaxNumbers": [],
        "contactWebPages": [parts.link(rng)],
        "contactPhoneNumbers": [parts.phone(rng)],
    }


def _e_service(rng: Random) -> Wire:
    return {
        "electronicSignature": {"type": "NotRequired"},
        "electronicIdentification": rng.choice(("Required", "NotRequired")),
        "serviceHours": parts.NO_HOURS,
    }


def _telephone(rng: Random) -> Wire:
    return {"serviceHours": parts.opening_hours(rng)}


def _form(rng: Random) -> Wire:
    delivery = {**parts.street_address(rng), "deliveryAddressType": "StreetAddress", "recipient": {"fi": "Kirjaamo"}}
    return {"deliveryAddresses": [delivery]}


def _location(rng: Random) -> Wire:
    place = {**parts.street_address(rng), "accessibilityRegisterServicePointId": None}
    return {
        "location": {"foreignAddresses": [], "otherAddresses": [], "streetAddresses": [place]},
        "contactAddresses": parts.NO_ADDRESSES,
        "serviceHours": parts.opening_hours(rng),
    }


def _web_page(_: Random) -> Wire:
    return {}


_OWN: dict[str, Callable[[Random], Wire]] = {
    "ServiceLocation": _location,
    "WebPage": _web_page,
    "EService": _e_service,
    "TelephoneService": _telephone,
    "PrintableForm": _form,
}
_TEXTS: dict[str, Callable[[Random], Wire]] = {
    "ServiceLocation": _location_texts,
    "WebPage": _web_texts,
    "EService": _e_service_texts,
    "TelephoneService": _telephone_texts,
    "PrintableForm": _form_texts,
}
