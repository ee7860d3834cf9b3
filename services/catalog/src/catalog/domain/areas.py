"""Municipalities behind areas of every kind."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from event_schemas.area import Area, MunicipalityArea, NationwideArea, RegionArea

# Case endings that a place name takes in a question: Forssan, Forssassa, Hattulaan, Lopella …
_ENDING = "(n|ssa|ssä|sta|stä|lla|llä|lta|ltä|lle|an|än|en|on|hin|seen)?"


@dataclass(frozen=True, slots=True)
class Municipality:
    """`stem` is what Finnish case endings are added to (Lope-lla)."""

    code: str
    fi: str
    sv: str
    stem: str

    def name(self, language: str) -> str:
        return self.sv if language == "sv" else self.fi


@dataclass(frozen=True)
class County:
    """The county served: its own code, its region's code, and its municipalities in alphabetical order."""

    code: str
    region: str
    municipalities: tuple[Municipality, ...]

    @cached_property
    def by_code(self) -> Mapping[str, Municipality]:
        return {municipality.code: municipality for municipality in self.municipalities}

    @cached_property
    def codes(self) -> frozenset[str]:
        return frozenset(self.by_code)

    @cached_property
    def _spellings(self) -> tuple[tuple[re.Pattern[str], str], ...]:
        return tuple(
            (re.compile(f"{place.fi.casefold()}|{place.sv.casefold()}|{place.stem}{_ENDING}"), place.code)
            for place in self.municipalities
        )

    def municipality_named(self, written: str) -> str | None:
        """Code of the municipality that a person means by a code or a name in any case, commas and all."""
        name = written.strip(" ,.;").casefold()
        if name in self.codes:
            return name
        return next((code for pattern, code in self._spellings if pattern.fullmatch(name)), None)


@dataclass(frozen=True, slots=True)
class Coverage:
    """Where something is offered: `named` municipalities, those `through` a region or county, or everywhere.

    Regions and counties other than the one served are kept as marks: equal ones overlap, no more is known of them.
    """

    named: frozenset[str]
    through: frozenset[str]
    nationwide: bool

    @property
    def municipalities(self) -> frozenset[str]:
        return self.named | self.through

    def overlaps(self, other: Coverage) -> bool:
        if self.nationwide or other.nationwide:
            return bool(self) and bool(other)
        return bool(self.municipalities & other.municipalities)

    def __bool__(self) -> bool:
        return self.nationwide or bool(self.municipalities)


def coverage(areas: Iterable[Area], county: County) -> Coverage:
    """What the areas amount to, as seen from `county`."""
    given: Sequence[Area] = tuple(areas)
    return Coverage(
        named=frozenset(area.code for area in given if isinstance(area, MunicipalityArea)),
        through=frozenset(code for area in given for code in _through(area, county)),
        nationwide=any(isinstance(area, NationwideArea) for area in given),
    )


def _through(area: Area, county: County) -> frozenset[str]:
    if isinstance(area, MunicipalityArea | NationwideArea):
        return frozenset()
    ours = county.region if isinstance(area, RegionArea) else county.code
    return county.codes if area.code == ours else frozenset({f"{area.kind}:{area.code}"})
