"""Finnish business ids (Y-tunnus)."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from stdnum.fi import ytunnus

# Six digits before the check digit are of numbers given before 1978; they are padded with a zero.
_WRITTEN = re.compile(r"(?:FI-?)?([0-9]{6,7})-?([0-9])", re.IGNORECASE)
_DASHES = re.compile("[\u2010-\u2015\u2212]")
# Passes the check digit, yet is what people type into a field that must not be empty.
_PLACEHOLDER = "0000000-0"


# Organisations are few beside the descriptions that name them.
@lru_cache(maxsize=10_000)
def business_id(text: str | None) -> str | None:
    """The Y-tunnus as `1234567-8`, so that two spellings are one number; None where it is missing or no such number.

    White space, invisible signs, any dash or none, the prefix FI and the old six digits are understood. A number with a
    wrong check digit and the placeholder 0000000-0 are none. Source: PRH and the Tax Administration, check digit of the
    Y-tunnus; a number that would need 10 as its check digit is never given.
    """
    found = _WRITTEN.fullmatch(_DASHES.sub("-", _without_white_space(text or "")))
    if found is None:
        return None
    number = f"{found[1].zfill(7)}-{found[2]}"
    return number if number != _PLACEHOLDER and ytunnus.is_valid(number) else None


def _without_white_space(text: str) -> str:
    """Nor the invisible format signs that come along when a number is pasted."""
    return "".join(sign for sign in text if not sign.isspace() and unicodedata.category(sign) != "Cf")
