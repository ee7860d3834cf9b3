"""Phone numbers as people and systems write them, made one E.164 number that can receive an SMS."""

from __future__ import annotations

import phonenumbers
from phonenumbers import PhoneNumberType

from chassis.finland.phone import e164

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
    number = e164(text)
    if number is None:
        raise Unsendable("number-invalid")
    kind = phonenumbers.number_type(phonenumbers.parse(number))
    if kind not in _MOBILE:
        raise Unsendable(_REASONS.get(kind, "number-not-mobile"))
    return number
