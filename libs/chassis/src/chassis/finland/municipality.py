"""Codes of Finnish municipalities (kuntakoodi), and what became of municipalities that have merged."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

_MERGERS = Path(__file__).with_name("municipality_mergers.csv")
# What spreadsheets and JSON make of a code: 61, 61.0, "061".
_WRITTEN = re.compile(r'"?([0-9]{1,3})(?:\.0+)?"?', re.ASCII)


@dataclass(frozen=True, slots=True)
class FormerMunicipality:
    """A municipality that ended on the day `on` by joining the one coded `into`.

    `stem` is what Finnish case endings are added to (Reng-ossa: rengo).
    """

    code: str
    fi: str
    sv: str
    stem: str
    into: str
    on: date


def municipality_code(given: object) -> str | None:
    """Three digits, also of a number that has lost its leading zero: 61, 61.0 and "61" are 061; None where it is none.

    Whether there is such a municipality is for the caller's own list to say.
    """
    if isinstance(given, bool) or not isinstance(given, int | float | str):
        return None
    found = _WRITTEN.fullmatch(str(given))
    return found[1].zfill(3) if found else None


@cache
def former_municipalities() -> Mapping[str, FormerMunicipality]:
    """Every merger on the list, by the code that ended: all since 2013, and those of Kanta-Häme in 2009.

    Source: Statistics Finland, classification of municipalities, yearly changes. A merger to come is added with its
    day, and takes effect on it.
    """
    with _MERGERS.open(encoding="utf-8", newline="") as file:
        return {row["code"]: _former(row) for row in csv.DictReader(file)}


def _former(row: dict[str, str]) -> FormerMunicipality:
    on = date.fromisoformat(row["on"])
    return FormerMunicipality(row["code"], row["fi"], row["sv"], row["stem"], row["into"], on)


def municipality_on(code: str, day: date) -> str:
    """The municipality that a code means on a day: its own, or the one it has merged into by then."""
    former = former_municipalities().get(code)
    return municipality_on(former.into, day) if former and former.on <= day else code
