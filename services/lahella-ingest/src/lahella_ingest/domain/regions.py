"""Regions of Lähellä.fi are names; areas of a listing are codes."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Self, TypeVar

from chassis.core.errors import PermanentError
from chassis.finland.municipality import former_municipalities, municipality_on
from event_schemas.area import Area, MunicipalityArea, NationwideArea, RegionArea
from event_schemas.ids import MunicipalityCode, RegionCode

Code = TypeVar("Code", bound=str)
UNKNOWN_REGION = "unknown-region"


@dataclass(frozen=True, slots=True)
class Regions:
    """Codes by name: `cities` to municipalities (kunta), `states` to regions (maakunta).

    Municipalities that have merged by `day` are those they merged into.
    """

    cities: Mapping[str, MunicipalityCode]
    states: Mapping[str, RegionCode]
    day: date = date.max

    @classmethod
    def of(cls, cities: Mapping[str, MunicipalityCode], states: Mapping[str, RegionCode]) -> Self:
        """The lists as written; case and white space of the names don't count. Former municipalities are known too."""
        former = {_normal(one.fi): MunicipalityCode(one.code) for one in former_municipalities().values()}
        return cls(former | _normal_keys(cities), _normal_keys(states))

    def at(self, day: date) -> Self:
        return replace(self, day=day)

    def areas(self, names: Iterable[str]) -> tuple[Area, ...]:
        """Areas of wire names such as `city/FI/Loppi`; none means the whole country.

        Raises:
            PermanentError: `unknown-region`; half the areas would be wrong, and none would mean everywhere.
        """
        found = sorted({self._area(name) for name in names}, key=lambda area: (area.kind, area.code))
        return tuple(found) or (NationwideArea(),)

    def municipality(self, city: str) -> MunicipalityCode | None:
        """The municipality of an address's city, when the city is one (post offices often are not)."""
        code = self.cities.get(_normal(city))
        return MunicipalityCode(municipality_on(code, self.day)) if code else None

    def _area(self, wire_name: str) -> MunicipalityArea | RegionArea:
        kind, _, name = wire_name.partition("/FI/")
        if kind == "city" and (municipality := self.municipality(name)):
            return MunicipalityArea(code=municipality)
        if kind == "state" and (region := self.states.get(_normal(name))):
            return RegionArea(code=region)
        raise PermanentError(UNKNOWN_REGION, f"{len(wire_name)} characters, not in the list of regions")


def _normal_keys(codes: Mapping[str, Code]) -> dict[str, Code]:
    return {_normal(name): code for name, code in codes.items()}


def _normal(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())
