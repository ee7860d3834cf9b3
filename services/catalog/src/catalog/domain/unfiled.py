"""How an entry counts: the themes it is filed under, or why it is under none, and classes that no rule names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from catalog.domain.concepts import class_code
from catalog.domain.filing import COUNTY, is_for_others
from catalog.domain.themes import Filing
from event_schemas.classification import Classification
from event_schemas.entry import Placement


class Unfiled(StrEnum):
    """Why an entry is under no theme, the first that holds."""

    NOT_FOR_RESIDENTS = "not-for-residents"
    """Every target group is one that the content pack leaves out."""
    UNKNOWN_CLASS = "unknown-class"
    """It has a service class that no rule names: new, renamed, or none of the county's themes."""
    NO_CLASS = "no-class"
    """It has no service class, and no word or term places it."""
    NO_RULE_FITS = "no-rule-fits"
    """Its classes count only beside other reasons, or an exception forbids."""


class CountedBy(StrEnum):
    """What entries are counted by."""

    THEME = "theme"
    UNFILED = "unfiled"
    UNKNOWN_CLASS = "unknown-class"


@dataclass(frozen=True, order=True, slots=True)
class Count:
    """Something an entry is counted under; `code` is a theme's or sub-theme's, a reason's, or a service class's."""

    by: CountedBy
    code: str

    def __str__(self) -> str:
        return f"{self.by}:{self.code}"

    @staticmethod
    def read(text: str) -> Count:
        by, _, code = text.partition(":")
        return Count(CountedBy(by), code)


def counted_under(classification: Classification, placed: Iterable[Placement], filing: Filing) -> tuple[Count, ...]:
    """Everything that one entry counts under, sorted."""
    of_county = tuple(one for one in placed if one.mapping == COUNTY)
    return tuple(sorted(set(_counts(classification, of_county, filing))))


def unfiled_reason(classification: Classification, filing: Filing) -> Unfiled:
    """Why an entry without placements has none."""
    if is_for_others(classification, filing):
        return Unfiled.NOT_FOR_RESIDENTS
    if unknown_classes(classification, filing):
        return Unfiled.UNKNOWN_CLASS
    return Unfiled.NO_RULE_FITS if classification.service_classes else Unfiled.NO_CLASS


def unknown_classes(classification: Classification, filing: Filing) -> tuple[str, ...]:
    """Codes of the service classes that no rule of the content pack names."""
    return tuple(sorted({class_code(code) for code in classification.service_classes} - filing.known_classes))


def _counts(classification: Classification, placed: tuple[Placement, ...], filing: Filing) -> Iterator[Count]:
    for placement in placed:
        yield Count(CountedBy.THEME, placement.theme)
        if placement.sub_theme:
            yield Count(CountedBy.THEME, placement.sub_theme)
    if not placed:
        yield Count(CountedBy.UNFILED, unfiled_reason(classification, filing))
    for code in unknown_classes(classification, filing):
        yield Count(CountedBy.UNKNOWN_CLASS, code)
