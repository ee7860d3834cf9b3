"""Phones, e-mail addresses and links: from one list per language to one list with languages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple, TypeVar

import phonenumbers
from phonenumbers import PhoneNumberType

from chassis.finland.phone import e164
from chassis.finland.web_address import web_address
from event_schemas import contact
from event_schemas.text import LocalizedText
from ptv_ingest.adapters.ptv_v12 import wire_parts as wire
from ptv_ingest.domain.texts import localized, one_line, plain

B = TypeVar("B")
_KINDS = {"Fax": contact.PhoneKind.FAX, "Sms": contact.PhoneKind.SMS}
_CHARGES = {
    "Free": contact.PhoneCharge.FREE,
    "Charged": contact.PhoneCharge.LOCAL,
    "ExtraCharge": contact.PhoneCharge.EXTRA,
}
# Numbers that only work from Finnish networks, or cost what they cost there: shown as they are dialled.
_SERVICE_NUMBERS = {
    PhoneNumberType.TOLL_FREE,
    PhoneNumberType.SHARED_COST,
    PhoneNumberType.PREMIUM_RATE,
    PhoneNumberType.UAN,
}
_FINLAND = ("+358", "358", "00358")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


def phones(
    blocks: Mapping[str, B], of: Callable[[B], Iterable[wire.Phone]], left_out: Counter[str]
) -> tuple[contact.Phone, ...]:
    """Each number once, with the languages whose blocks give it."""
    grouped: dict[tuple[str, contact.PhoneKind], dict[str, wire.Phone]] = {}
    for language, block in blocks.items():
        for phone in of(block):
            number = _number(phone)
            if 2 <= len(number) <= 40:
                kind = _KINDS.get(phone.type, contact.PhoneKind.VOICE)
                grouped.setdefault((number, kind), {}).setdefault(language, phone)
            else:
                left_out["unreadable-phone"] += 1
    return tuple(_phone(number, kind, by_language) for (number, kind), by_language in grouped.items())


def _phone(number: str, kind: contact.PhoneKind, by_language: Mapping[str, wire.Phone]) -> contact.Phone:
    first = next(iter(by_language.values()))
    return contact.Phone(
        number=number,
        kind=kind,
        charge=_CHARGES.get(first.charge_type, contact.PhoneCharge.UNKNOWN),
        charge_note=localized({lang: one_line(phone.charge_description) for lang, phone in by_language.items()}),
        note=localized({lang: one_line(phone.additional_information) for lang, phone in by_language.items()}),
        languages=tuple(sorted(by_language)),
    )


def _number(phone: wire.Phone) -> str:
    """E.164 where the number has such a form, else as dialled."""
    written = one_line(phone.number)
    dial_code = one_line(phone.dial_code)
    international = written.startswith(("+", "00"))
    number = e164(f"{dial_code}{written.lstrip('0')}" if dial_code and not international else written)
    if number is None or phonenumbers.number_type(phonenumbers.parse(number)) in _SERVICE_NUMBERS:
        return written if dial_code in _FINLAND else f"{dial_code} {written}".strip()
    return number


def emails(
    blocks: Mapping[str, B], of: Callable[[B], Iterable[wire.Email]], left_out: Counter[str]
) -> tuple[contact.Email, ...]:
    """Each address once; whatever has one @ between two parts passes, also with ä or capitals."""
    grouped: dict[str, dict[str, wire.Email]] = {}
    for language, block in blocks.items():
        for email in of(block):
            address = one_line(email.email).removeprefix("mailto:").strip("<>;,. ")
            if _EMAIL.fullmatch(address) and len(address) <= 320:
                grouped.setdefault(address, {}).setdefault(language, email)
            else:
                left_out["unreadable-email"] += 1
    return tuple(
        contact.Email(
            address=address,
            note=localized({lang: one_line(email.additional_information) for lang, email in by_language.items()}),
            languages=tuple(sorted(by_language)),
        )
        for address, by_language in grouped.items()
    )


class WebAddresses(NamedTuple):
    """Working links, and what people wrote that makes none: that is for readers to see as text."""

    links: tuple[contact.Link, ...]
    unlinked: tuple[LocalizedText, ...]


def web_addresses(
    blocks: Mapping[str, B], of: Callable[[B], Iterable[wire.Link | None]], left_out: Counter[str]
) -> WebAddresses:
    """Each address once; its language is known where only one language gives it."""
    working: dict[str, dict[str, wire.Link]] = {}
    broken: dict[str, dict[str, str]] = {}
    for language, block in blocks.items():
        for link in of(block):
            if link is None or not (link.url or link.name):
                continue
            url = web_address(link.url)
            if url is not None:
                working.setdefault(url, {}).setdefault(language, link)
                continue
            left_out["unreadable-link"] += 1
            if written := one_line(link.url):
                broken.setdefault(written, {})[language] = written
    found = tuple(_link(url, by_language) for url, by_language in working.items())
    return WebAddresses(found, tuple(localized(texts) for texts in broken.values()))


def links(
    blocks: Mapping[str, B], of: Callable[[B], Iterable[wire.Link | None]], left_out: Counter[str]
) -> tuple[contact.Link, ...]:
    """Only those that work, for places that have no room for the others."""
    return web_addresses(blocks, of, left_out).links


def _link(url: str, by_language: Mapping[str, wire.Link]) -> contact.Link:
    languages: Sequence[str] = tuple(by_language)
    return contact.Link(
        url=url,
        title=localized({lang: one_line(link.name) for lang, link in by_language.items()}),
        note=localized({lang: plain(link.additional_information) for lang, link in by_language.items()}),
        language=languages[0] if len(languages) == 1 else None,
    )
