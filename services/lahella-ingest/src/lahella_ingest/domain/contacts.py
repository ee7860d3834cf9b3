"""Contacts of an activity: phones, e-mail addresses, links."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from chassis.finland.phone import e164
from event_schemas.contact import Email, Link, Phone
from event_schemas.text import LocalizedText
from lahella_ingest.domain.activity import Contact
from lahella_ingest.domain.languages import localized

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_WEB = re.compile(r"https?://[^\s/]+\.\S+")


@dataclass(frozen=True, slots=True)
class Contacts:
    phones: tuple[Phone, ...] = ()
    emails: tuple[Email, ...] = ()
    links: tuple[Link, ...] = ()


def contacts_of(contacts: Sequence[Contact], languages: Collection[str]) -> Contacts:
    """The contacts that can be used; a value that is no address of its kind is left out.

    Notes are kept in the activity's own `languages` only: clients write a fixed note in every language.
    """
    phones, emails, links = [], [], []
    for contact in contacts:
        note = localized({code: each.description for code, each in contact.translations.items() if code in languages})
        if contact.type == "phone" and (phone := _phone(contact.value, note)):
            phones.append(phone)
        elif contact.type == "email" and (email := email_address(contact.value)):
            emails.append(Email(address=email, note=note))
        elif contact.type == "www" and (url := web_address(contact.value)):
            links.append(Link(url=url, title=note))
    return Contacts(tuple(phones), tuple(emails), tuple(links))


def _phone(written: str, note: LocalizedText) -> Phone | None:
    number = phone_number(written)
    return Phone(number=number, note=note) if number else None


def phone_number(written: str) -> str | None:
    """E.164 where the number has such a form, else as written (short numbers, words beside it); None without digits."""
    number = e164(written)
    if number is not None:
        return number
    return written if 2 <= len(written) <= 40 and any(char.isdigit() for char in written) else None


def email_address(written: str) -> str | None:
    address = written.removeprefix("mailto:")
    return address if len(address) <= 320 and _EMAIL.fullmatch(address) else None


def web_address(written: str) -> str | None:
    """A web address, with the scheme that people leave out."""
    url = written if written.lower().startswith(("http://", "https://")) else f"https://{written}"
    url = re.sub(r"^[A-Za-z]+(?=://)", lambda scheme: scheme[0].lower(), url)
    return url if len(url) <= 2000 and _WEB.fullmatch(url) else None
