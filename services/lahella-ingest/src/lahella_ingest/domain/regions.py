"""Regions of Lähellä.fi are names; areas of a listing are codes."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from chassis.core.errors import PermanentError
from event_schemas.area import Area, MunicipalityArea, NationwideArea, RegionArea
from event_schemas.ids import MunicipalityCode, RegionCode


@dataclass(frozen=True, slots=True)
class Regions:
    """Codes by name: `cities` to municipalities (kunta), `states` to regions (maakunta)."""

    cities: Mapping[str, MunicipalityCode]
    states: Mapping[str, RegionCode]

    def areas(self, names: Iterable[str]) -> tuple[Area, ...]:
        """Areas of wire names such as `city/FI/Loppi`; none means the whole country.

        Raises:
            PermanentError: `unknown-region`; half the areas would be wrong, and none would mean everywhere.
        """
        found = sorted({self._area(name) for name in names}, key=lambda area: (area.kind, area.code))
        return tuple(found) or (NationwideArea(),)

    def municipality(self, city: str) -> MunicipalityCode | None:
        """The municipality of an address's city, when the city is one (post offices often are not)."""
        return self.cities.get(_normal(city))

    def _area(self, wire_name: str) -> MunicipalityArea | RegionArea:
        kind, _, name = wire_name.partition("/FI/")
        name = _normal(name)
        if kind == "city" and (municipality := self.cities.get(name)):
            return MunicipalityArea(code=municipality)
        if kind == "state" and (region := self.states.get(name)):
            return RegionArea(code=region)
        raise PermanentError("unknown-region", f"{len(wire_name)} characters, not in the list of regions")


def _normal(name: str) -> str:
    return unicodedata.normalize("NFC", name.strip())
