"""Areas, addresses and points. PTV gives coordinates in ETRS-TM35FIN (EPSG:3067), readers get WGS 84."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache

from pyproj import Transformer

from event_schemas import area, place
from event_schemas.ids import MunicipalityCode, RegionCode, WellbeingCountyCode
from event_schemas.text import LocalizedText
from ptv_ingest.adapters.ptv_v12 import wire_parts as wire
from ptv_ingest.domain.texts import localized, one_line, plain

# The entrance beats the building, and that beats a point somebody set on a map.
_SOURCES = ("AccessibilityRegister", "NLS", "User")
_EASTING = (43_500, 765_000)
_NORTHING = (6_522_000, 7_796_000)
_POSTAL_CODE = re.compile(r"(?<![0-9])[0-9]{5}(?![0-9])")


def areas(given: wire.Area, left_out: Counter[str]) -> tuple[area.Area, ...]:
    """Where something is offered; the three code lists stay apart. Unknown kinds and codes are left out."""
    if given.area_type in ("WholeCountry", "WholeCountryExceptAland"):
        return (area.NationwideArea(except_aland=given.area_type != "WholeCountry"),)
    found: list[area.Area] = []
    found += [area.MunicipalityArea(code=MunicipalityCode(code)) for code in _codes(given.municipalities, 3, left_out)]
    found += [area.RegionArea(code=RegionCode(code)) for code in _codes(given.regions, 2, left_out)]
    counties = _codes(given.wellbeing_services_counties, 2, left_out)
    found += [area.WellbeingCountyArea(code=WellbeingCountyCode(code)) for code in counties]
    return tuple(found)


def _codes(written: Iterable[str], digits: int, left_out: Counter[str]) -> list[str]:
    codes = {one: _code(one, digits) for one in written}
    left_out["unreadable-area"] += sum(code is None for code in codes.values())
    return sorted({code for code in codes.values() if code is not None})


def _code(written: str, digits: int) -> str | None:
    """With the zeros that are lost where a code was a number on its way: "61" and "61.0" are 061."""
    match = re.fullmatch(r"([0-9]+)(\.0+)?", written.strip())
    code = match[1].zfill(digits) if match else ""
    return code if len(code) == digits else None


def only_municipality(areas_of: Sequence[area.Area]) -> MunicipalityCode | None:
    """The municipality, where something is offered in exactly one."""
    match areas_of:
        case [area.MunicipalityArea(code=code)]:
            return code
    return None


def address(
    given: wire.Address, left_out: Counter[str], municipality: MunicipalityCode | None = None
) -> place.Address | None:
    """One postal or street address; None when it says nothing. `municipality` is for those that name none."""
    street = _street(given)
    box = localized({lang: one_line(text) for lang, text in given.post_office_box.items()})
    note = _note(given)
    code = _postal_code(given.postal_code, left_out)
    if not (street or box or note or code):
        return None
    own = _code(given.municipality or "", 3)
    return place.Address(
        street=street,
        post_box=box,
        postal_code=code,
        post_office=localized({lang: one_line(text) for lang, text in given.post_office.items()}),
        municipality=MunicipalityCode(own) if own else municipality,
        country=given.country_code if re.fullmatch("[A-Z]{2}", given.country_code or "") else "FI",
        note=note,
    )


def _postal_code(written: str | None, left_out: Counter[str]) -> str | None:
    """The five digits, whatever somebody wrote around them."""
    if not written:
        return None
    match = _POSTAL_CODE.search(written)
    left_out["unreadable-postal-code"] += match is None
    return match[0] if match else None


def _street(given: wire.Address) -> LocalizedText:
    number = given.address_detail or ""
    streets = {lang: one_line(f"{name} {number}") for lang, name in given.street_name.items() if one_line(name)}
    return localized(streets or {lang: one_line(text) for lang, text in given.address.items()})


def _note(given: wire.Address) -> LocalizedText:
    languages = {*given.additional_information, *given.delivery_information, *given.recipient}
    texts = (given.recipient, given.delivery_information, given.additional_information)
    return localized({lang: plain("\n".join(text.get(lang, "") for text in texts)) for lang in languages})


def addresses(given: Iterable[wire.Address], left_out: Counter[str]) -> tuple[place.Address, ...]:
    return tuple(found for one in given if (found := address(one, left_out)) is not None)


def places(
    given: Iterable[wire.Address], left_out: Counter[str], municipality: MunicipalityCode | None
) -> list[place.Place]:
    """Visiting addresses with their points: those that a map can show come first."""
    found = [place.Place(address=address(one, left_out, municipality), point=point(one.coordinates)) for one in given]
    said = [one for one in found if one.address is not None or one.point is not None]
    return sorted(said, key=lambda one: one.point is None)


def point(given: Iterable[wire.Coordinate]) -> place.Point | None:
    """The best point of those in the national grid; no coordinates means no point, never (0, 0)."""
    usable = [found for found in given if _in_finland(found)]
    usable.sort(key=lambda found: _SOURCES.index(found.source) if found.source in _SOURCES else len(_SOURCES))
    if not usable:
        return None
    longitude, latitude = _to_wgs84().transform(usable[0].easting, usable[0].northing)
    return place.Point(latitude=round(latitude, 6), longitude=round(longitude, 6))


def _in_finland(found: wire.Coordinate) -> bool:
    return (
        found.system == "EPSG:3067"
        and _EASTING[0] <= (found.easting or 0) <= _EASTING[1]
        and _NORTHING[0] <= (found.northing or 0) <= _NORTHING[1]
    )


@cache
def _to_wgs84() -> Transformer:
    return Transformer.from_crs("EPSG:3067", "EPSG:4326", always_xy=True)
