"""Which services and activities belong to the county."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from event_schemas.area import Area, MunicipalityArea, NationwideArea, RegionArea, WellbeingCountyArea


@dataclass(frozen=True, slots=True)
class Scope:
    """Codes of three lists that are never mixed, since region 05 and county 05 are different places."""

    municipalities: frozenset[str]
    regions: frozenset[str]
    nationwide: bool
    counties: frozenset[str] = frozenset()

    def covers(self, areas: Iterable[Area]) -> bool:
        """Whether something offered in `areas` is offered here."""
        return any(self._covers(area) for area in areas)

    def _covers(self, area: Area) -> bool:
        match area:
            case MunicipalityArea():
                return area.code in self.municipalities
            case RegionArea():
                return area.code in self.regions
            case WellbeingCountyArea():
                return area.code in self.counties
            case NationwideArea():
                return self.nationwide
