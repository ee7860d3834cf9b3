"""Municipalities behind areas of every kind."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from unicodedata import normalize

from catalog.domain.words.tokens import folded
from chassis.finland.municipality import FormerMunicipality, municipality_code
from event_schemas.area import Area, MunicipalityArea, NationwideArea, RegionArea

# Case endings that a place name takes in a question: Forssan, Forssassa, Hattulaan, Lopella, Jokioisilla, Jokioisten …
_ENDING = "(n|ten|i?(ssa|ssä|sta|stä|lla|llä|lta|ltä|lle)|an|än|en|on|hin|iin|seen)?"


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
    """The county served: its own code, its region's code, and its municipalities in alphabetical order.

    `former` are municipalities anywhere that have merged; listings may still carry their codes.
    """

    code: str
    region: str
    municipalities: tuple[Municipality, ...]
    former: tuple[FormerMunicipality, ...] = ()

    @cached_property
    def by_code(self) -> Mapping[str, Municipality]:
        return {municipality.code: municipality for municipality in self.municipalities}

    @cached_property
    def codes(self) -> frozenset[str]:
        return frozenset(self.by_code)

    @cached_property
    def digest(self) -> str:
        """Changes when anything of the county does."""
        return sha256(repr((self.code, self.region, self.municipalities, self.former)).encode()).hexdigest()[:16]

    @cached_property
    def _spellings(self) -> tuple[tuple[re.Pattern[str], str], ...]:
        return tuple((_spellings(place), place.code) for place in self.municipalities)

    @cached_property
    def _former_spellings(self) -> tuple[tuple[re.Pattern[str], str], ...]:
        places = ((place, self.current(place.code)) for place in self.former)
        return tuple((_spellings(place), code) for place, code in places if code in self.codes)

    @cached_property
    def _into(self) -> Mapping[str, str]:
        return {place.code: place.into for place in self.former}

    def current(self, code: str) -> str:
        """The code itself, or that of the municipality it has merged into."""
        return self.current(self._into[code]) if code in self._into else code

    def municipality_named(self, written: str) -> str | None:
        """Code of the municipality that a person means by a code or a name in any case, commas and all.

        The name of a municipality that has merged into one of the county's means that one.
        """
        name = _plain(written)
        if name in self.codes:
            return name
        return _matching(self._spellings, name) or self.formerly_named(written)

    def formerly_named(self, written: str) -> str | None:
        """Code of the county's municipality that one of this name has merged into."""
        return _matching(self._former_spellings, _plain(written))

    def municipality_chosen(self, value: str) -> str | None:
        """As `municipality_named`, for a value that can be nothing but a place: 61 is Forssa, 099 its successor."""
        code = municipality_code(_plain(value))
        current = self.current(code) if code else None
        return current if current in self.codes else self.municipality_named(value)


def _plain(written: str) -> str:
    """Without diacritics: hameenlinna is typed where there is no ä."""
    return folded(normalize("NFC", written.strip(" ,.;")).casefold())


def _spellings(place: Municipality | FormerMunicipality) -> re.Pattern[str]:
    fi, sv, stem = (re.escape(name.casefold()) for name in (place.fi, place.sv, place.stem))
    return re.compile(folded(f"{fi}|{sv}|{stem}{_ENDING}"))


def _matching(spellings: Iterable[tuple[re.Pattern[str], str]], name: str) -> str | None:
    return next((code for pattern, code in spellings if pattern.fullmatch(name)), None)


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


def coverage(areas: Iterable[Area], county: County) -> Coverage:
    """What the areas amount to, as seen from `county`."""
    given: Sequence[Area] = tuple(areas)
    return Coverage(
        named=frozenset(county.current(area.code) for area in given if isinstance(area, MunicipalityArea)),
        through=frozenset(code for area in given for code in _through(area, county)),
        nationwide=any(isinstance(area, NationwideArea) for area in given),
    )


def current_areas(areas: Iterable[Area], county: County) -> tuple[Area, ...]:
    """The areas with merged municipalities under the code of today, each once."""
    return tuple(dict.fromkeys(_current(area, county) for area in areas))


def _current(area: Area, county: County) -> Area:
    if not isinstance(area, MunicipalityArea):
        return area
    return MunicipalityArea.model_validate({"code": county.current(area.code)})


def _through(area: Area, county: County) -> frozenset[str]:
    if isinstance(area, MunicipalityArea | NationwideArea):
        return frozenset()
    ours = county.region if isinstance(area, RegionArea) else county.code
    return county.codes if area.code == ours else frozenset({f"{area.kind}:{area.code}"})
