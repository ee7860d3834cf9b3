"""Phones, e-mail addresses and links of v11, by language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ptv_ingest.adapters.ptv_v11.words import CHARGES, Wire, by_language, rows, word

_KINDS = {"Fax": "Fax", "Sms": "Sms"}
_STATEMENT = "accessibilityStatementWebPage"
_PHONE_CHARGES = CHARGES | {"Other": "ExtraCharge"}


def phones(value: Any, *kinds: str) -> dict[str, list[Wire]]:
    """Those of the kinds, or all. A row without a number says nothing; a kind that nobody knows is a voice's."""
    wanted = [one for one in rows(value) if one.get("number") and (not kinds or _kind(one) in kinds)]
    return _each(wanted, _phone)


def _kind(given: Wire) -> str:
    return _KINDS.get(word(given.get("type")), "Phone")


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


def attachments(value: Any, statements: Any = None) -> dict[str, list[Wire]]:
    """Named by `name`, others by `value`; behind them the pages that tell how accessible a channel is."""
    given = [one for one in rows(value) if one.get("url") or one.get("name")]
    return _each([*given, *(_statement(one) for one in rows(statements) if one.get(_STATEMENT))], _link)


def _statement(given: Wire) -> Wire:
    return {"language": given.get("language"), "name": given.get(f"{_STATEMENT}Name"), "url": given.get(_STATEMENT)}


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
