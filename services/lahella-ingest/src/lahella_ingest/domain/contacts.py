"""Contacts of an activity: phones, e-mail addresses, links."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from chassis.finland.phone import e164
from chassis.finland.web_address import web_address
from event_schemas.contact import Email, Link, Phone
from event_schemas.text import LocalizedText, Text
from lahella_ingest.domain.activity import Contact
from lahella_ingest.domain.languages import localized

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True, slots=True)
class Contacts:
    """`unlinked` are web addresses as written that make no working link."""

    phones: tuple[Phone, ...] = ()
    emails: tuple[Email, ...] = ()
    links: tuple[Link, ...] = ()
    unlinked: tuple[LocalizedText, ...] = ()


def contacts_of(contacts: Sequence[Contact], languages: Collection[str]) -> Contacts:
    """Every contact in the form of its kind. People write an e-mail address as a web address, and the other way round.

    Notes are kept in the activity's own `languages` only: clients write a fixed note in every language.
    """
    phones, emails, links, unlinked = [], [], [], []
    for contact in contacts:
        value, note = contact.value, _note(contact, languages)
        if contact.type == "phone" and (number := phone_number(value)):
            phones.append(Phone(number=number, note=note))
        elif contact.type in ("email", "www") and (address := email_address(value)):
            emails.append(Email(address=address, note=note))
        elif contact.type in ("email", "www") and (url := web_address(value)):
            links.append(Link(url=url, title=note))
        elif value:
            unlinked.append(as_written(value))
    return Contacts(tuple(phones), tuple(emails), tuple(links), tuple(unlinked))


def _note(contact: Contact, languages: Collection[str]) -> LocalizedText:
    return localized({code: each.description for code, each in contact.translations.items() if code in languages})


def as_written(value: str) -> LocalizedText:
    """Words that are shown but can't be used as an address; the language of an address is nobody's."""
    return {"fi": Text(text=value)}


def phone_number(written: str) -> str | None:
    """E.164 where the number has such a form, else as written (short numbers, words beside it); None without digits."""
    number = e164(written)
    if number is not None:
        return number
    return written if 2 <= len(written) <= 40 and any(char.isdigit() for char in written) else None


def email_address(written: str) -> str | None:
    """The address with capitals, ä and IDN domains as written; None where there is none."""
    address = written.removeprefix("mailto:").strip()
    return address if len(address) <= 320 and _EMAIL.fullmatch(address) else None
