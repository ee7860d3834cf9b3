"""Phone numbers, made one E.164 number."""

from __future__ import annotations

import unicodedata

import phonenumbers


def e164(text: str | None) -> str | None:
    """The number in E.164 (`+358401234567`); a number without country code is Finnish. None where it has no such form.

    White space, invisible signs, `+358 (0)…`, `00358…` and `358…` are understood. Letters and digits of other scripts
    are refused, since phonenumbers would turn them into digits nobody wrote; so is an extension, which E.164 can't
    hold. The kind of the number (mobile, service number) is for the caller to judge.

    Source: ITU-T E.164, libphonenumber's numbering plans.
    """
    written = "".join(sign for sign in text or "" if unicodedata.category(sign) != "Cf")
    if any(sign.isalpha() or (sign.isdigit() and not sign.isascii()) for sign in written):
        return None
    try:
        number = phonenumbers.parse(written, "FI")
    except phonenumbers.NumberParseException:
        return None
    if number.extension or not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
