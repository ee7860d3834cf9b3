"""Which activities belong to the county, and with what they are read: the rules that an operator sets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from event_schemas.area import Area, MunicipalityArea, NationwideArea, RegionArea, WellbeingCountyArea
from lahella_ingest.domain.regions import Regions


@dataclass(frozen=True, slots=True)
class Scope:
    """Codes of municipalities (kunta) and regions (maakunta) whose activities are ours; nationwide ones or not."""

    municipalities: frozenset[str]
    regions: frozenset[str]
    nationwide: bool

    def covers(self, areas: Iterable[Area]) -> bool:
        """Whether something offered in `areas` is offered here."""
        return any(self._covers(area) for area in areas)

    def _covers(self, area: Area) -> bool:
        match area:
            case MunicipalityArea():
                return area.code in self.municipalities
            case RegionArea():
                return area.code in self.regions
            case NationwideArea():
                return self.nationwide
            case WellbeingCountyArea():  # no such area in Lähellä
                return False


@dataclass(frozen=True, slots=True)
class Rules:
    regions: Regions
    scope: Scope
