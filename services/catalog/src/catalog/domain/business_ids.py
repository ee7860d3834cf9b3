"""Finnish business ids (Y-tunnus) as evidence that two descriptions have one provider."""

from __future__ import annotations

from stdnum.fi import ytunnus

# Passes the check digit, yet is what people type into a field that must not be empty.
_PLACEHOLDER = "00000000"


def valid_business_id(written: str | None) -> str | None:
    """Eight digits, or None where the number is missing, a placeholder, or has a wrong check digit."""
    digits = ytunnus.compact(written or "").removeprefix("FI").zfill(8)
    if digits == _PLACEHOLDER or not ytunnus.is_valid(digits):
        return None
    return digits
