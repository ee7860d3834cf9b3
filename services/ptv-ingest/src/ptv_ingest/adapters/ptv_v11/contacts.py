"""Phones, e-mail addresses and links of v11, by language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ptv_ingest.adapters.ptv_v11.words import Wire, by_language, rows, word

_KINDS = {"Fax": "Fax", "Sms": "Sms"}
_PHONE_CHARGES = {"Chargeable": "Charged", "FreeOfCharge": "Free", "Other": "ExtraCharge"}


def phones(value: Any, *kinds: str) -> dict[str, list[Wire]]:
    """Those of the kinds, or all. A row without a number says nothing."""
    wanted = [one for one in rows(value) if one.get("number") and (not kinds or one.get("type", "Phone") in kinds)]
    return _each(wanted, _phone)


def _phone(given: Wire) -> Wire:
    """A Finnish service number is dialled as it stands; others have their country's number before them."""
    prefix = None if given.get("isFinnishServiceNumber") else given.get("prefixNumber")
    voice = "InternationalPhone" if prefix else "DomesticPhone"
    return {
        "type": _KINDS.get(word(given.get("type")), voice),
        "dialCode": prefix,
        "number": given.get("number"),
        "chargeType": _PHONE_CHARGES.get(word(given.get("serviceChargeType")), ""),
        "chargeDescription": given.get("chargeDescription"),
        "additionalInformation": given.get("additionalInformation"),
    }


def emails(*values: Any) -> dict[str, list[Wire]]:
    """A service location has them under two names: `emails` on the wire, `supportEmails` in the document."""
    given = [one for value in values for one in rows(value) if one.get("value")]
    return _each(given, lambda one: {"email": one["value"], "additionalInformation": one.get("description")})


def links(value: Any) -> dict[str, list[Wire]]:
    return _each([one for one in rows(value) if one.get("url") or one.get("value")], _link)


def attachments(value: Any) -> dict[str, list[Wire]]:
    """Named by `name`, others by `value`."""
    return _each([one for one in rows(value) if one.get("url") or one.get("name")], _link)


def links_of_vouchers(value: Any) -> dict[str, list[Wire]]:
    """All of them, also those that say nothing but that a voucher can be used."""
    return _each(rows(value), _link)


def _link(given: Wire) -> Wire:
    return {
        "name": given.get("name") or given.get("value"),
        "url": given.get("url"),
        "additionalInformation": given.get("description") or given.get("additionalInformation"),
    }


def _each(given: list[Wire], make: Callable[[Wire], Wire]) -> dict[str, list[Wire]]:
    return {language: [make(one) for one in found] for language, found in by_language(given).items()}
