"""Area filters of v11, which look at the areas an object shows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from devstack.simulators.ptv.v11.errors import bad, missing
from devstack.simulators.ptv.v11.words import Wire

_CODE = re.compile(r"[0-9]{1,6}")
_TYPES = {
    "municipality": "Municipality",
    "province": "Region",
    "businessregions": "BusinessSubRegion",
    "hospitalregions": "HospitalDistrict",
    "wellbeingservicecounties": "WellbeingServiceCounties",
}
_WHOLE_COUNTRY = ("Nationwide", "NationwideExceptAlandIslands")


@dataclass(frozen=True)
class AreaFilter:
    """A municipality finds what is tagged with it or with an area that contains it; any other area only itself."""

    kind: str
    code: str
    whole_country: bool

    def admits(self, wire: Wire) -> bool:
        if self.whole_country and wire.get("areaType") in _WHOLE_COUNTRY:
            return True
        if self.kind == "Municipality":
            return self.code in municipalities(wire)
        return (self.kind, self.code) in tagged(wire)


def area_filter(kind: str, code: str, *, whole_country: bool, known: Callable[[str], Iterable[str]]) -> AreaFilter:
    """`known` gives the codes of one area type. Raises Refused for a type or code PTV does not have."""
    found = _TYPES.get(kind.lower())
    if found is None:
        raise bad("area", f"The value '{kind}' is not valid.")
    if _CODE.fullmatch(code) is None:
        raise bad("code", "The field code is invalid.")
    if code not in set(known(found)):
        raise missing(f"Area with code '{code}' not found.")
    return AreaFilter(found, code, whole_country)


def municipalities(wire: Wire) -> set[str]:
    """Codes of every municipality in the object's areas; of a municipality as organisation, its own."""
    own = wire.get("municipality") or {}
    members = [one for area in wire.get("areas") or [] if area for one in area.get("municipalities") or [] if one]
    return {code for code in [own.get("code"), *(one.get("code") for one in members)] if code}


def tagged(wire: Wire) -> set[tuple[str, str]]:
    areas = [area for area in wire.get("areas") or [] if area]
    return {(area["type"], area["code"]) for area in areas if area.get("type") and area.get("code")}
