"""Phone numbers as people and systems write them, made one E.164 number that can receive an SMS."""

from __future__ import annotations

import re
import unicodedata

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

# phonenumbers turns letters into keypad digits; a number with letters is a slip, not a number.
_WRITTEN = re.compile(r"\+?[0-9 ()/.-]+", re.ASCII)

_REASONS = {
    PhoneNumberType.FIXED_LINE: "number-landline",
    PhoneNumberType.TOLL_FREE: "number-toll-free",
    PhoneNumberType.PREMIUM_RATE: "number-premium-rate",
}
_MOBILE = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}


class Unsendable(Exception):
    """The number can't be sent an SMS; `code` says why, the number is not quoted."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def mobile_number(text: str) -> str:
    """The number in E.164; numbers without country code are Finnish. Raises Unsendable."""
    visible = _visible(text)
    if not _WRITTEN.fullmatch(visible):
        raise Unsendable("number-invalid")
    try:
        number = phonenumbers.parse(visible, "FI")
    except NumberParseException:
        raise Unsendable("number-invalid") from None
    if not phonenumbers.is_valid_number(number):
        raise Unsendable("number-invalid")
    kind = phonenumbers.number_type(number)
    if kind not in _MOBILE:
        raise Unsendable(_REASONS.get(kind, "number-not-mobile"))
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def _visible(text: str) -> str:
    """Without invisible format signs, and with plain spaces for the others: both come along when numbers are pasted."""
    kept = (sign for sign in text if unicodedata.category(sign) != "Cf")
    return "".join(" " if unicodedata.category(sign) == "Zs" else sign for sign in kept).strip()
