"""Names of services and organisations, without what does not count; and the words that tell two services apart."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from catalog.domain.areas import County

# Beginnings of the words by which one provider's look-alikes differ: the day, the level, whom it is for.
_TELLING: Mapping[str, tuple[str, ...]] = {
    "day": (
        *("maanant", "tiista", "keskivii", "torsta", "perjant", "lauant", "sunnunt"),
        *("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag"),
        *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
        *("aamu", "ilta", "viikonlop", "morgon", "kväll", "morning", "evening"),
    ),
    "level": (
        *("alkeis", "alkeet", "aloittel", "jatko", "edisty", "nybörj", "fortsätt", "avancer"),
        *("beginner", "advanced", "intermediate", "kevyt", "tehokas", "perus"),
    ),
    "whom": (
        *("mies", "mieh", "nais", "naine", "isä", "äiti", "äitie", "vauva", "taapero", "laps", "lapse", "nuor"),
        *("aikui", "seniori", "ikäih", "eläkel", "perhe", "omais", "män", "kvinn", "barn", "unga", "vuxn", "äldre"),
        *("senior", "men", "women", "children", "youth", "adult", "families"),
    ),
    "where": ("etä", "verkko", "teams", "distans", "online", "remote"),
}
_ORGANISATION_FORMS = frozenset(
    {"ry", "rf", "oy", "ab", "oyj", "sr", "osk", "ky", "tmi", "kaupunki", "kunta", "stad", "kommun", "yhdistys"}
)
_WORD = re.compile(r"[^\W_]+")


def plain(text: str) -> str:
    """Lower case, one Unicode form, single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def words_of(text: str) -> list[str]:
    """The words of a text that is plain already."""
    return _WORD.findall(text)


def service_name(written: str, county: County) -> str:
    """The name, plain, without the municipality that Lähellä's transfer to PTV adds ("Tuoliryhmä – Hattula")."""
    name = plain(written)
    match = re.fullmatch(r"(.+?)( [–-] |, )([^,–]+)", name)
    return match[1] if match and county.municipality_named(match[3]) else name


def places_named(name: str, county: County) -> frozenset[str]:
    """Codes of the county's municipalities that a name has among its words."""
    return frozenset(code for word in words_of(plain(name)) if (code := county.municipality_named(word)))


def organisation_name(written: str) -> str:
    """The name without its legal form, diacritics kept: "Tuki ry" and "Tuki" are one."""
    return " ".join(word for word in words_of(plain(written)) if word not in _ORGANISATION_FORMS)


def tell_tale(name: str) -> dict[str, frozenset[str]]:
    """By kind, the words of a name that tell it from its look-alikes; numbers among them."""
    given = words_of(plain(name))
    found = {"number": frozenset(word for word in given if any(sign.isdigit() for sign in word))}
    for kind, stems in _TELLING.items():
        found[kind] = frozenset(stem for word in given for stem in _longest(word, stems))
    return {kind: some for kind, some in found.items() if some}


def _longest(word: str, stems: tuple[str, ...]) -> list[str]:
    if not word.startswith(stems):
        return []
    return [max((stem for stem in stems if word.startswith(stem)), key=len)]
