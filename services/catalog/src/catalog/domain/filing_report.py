"""How much of what concerns wellbeing the rules file, and what they leave out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from catalog.domain.concepts import class_code
from catalog.domain.filing import COUNTY
from catalog.domain.themes import Filing
from catalog.domain.unfiled import Unfiled, unfiled_reason
from event_schemas.entry import EntryPublished


@dataclass(slots=True)
class FilingReport:
    """Counts of entries. Relevant are those filed, and others for residents with a class that can place, or none."""

    entries: int = 0
    relevant: int = 0
    filed: int = 0
    filed_twice: int = 0
    unfiled: list[tuple[Unfiled, EntryPublished]] = field(default_factory=list)
    """Every entry without a theme, relevant or not."""

    def add(self, entries: Iterable[EntryPublished], filing: Filing) -> None:
        for entry in entries:
            self._add(entry, filing)

    def _add(self, entry: EntryPublished, filing: Filing) -> None:
        places = sum(placement.mapping == COUNTY for placement in entry.placements)
        self.entries += 1
        self.filed += places > 0
        self.filed_twice += places > 1
        if places:
            self.relevant += 1
            return
        reason = unfiled_reason(entry.classification, filing)
        self.relevant += reason != Unfiled.NOT_FOR_RESIDENTS and _may_concern(entry, filing)
        self.unfiled.append((reason, entry))


def _may_concern(entry: EntryPublished, filing: Filing) -> bool:
    classes = {class_code(code) for code in entry.classification.service_classes}
    book = filing.rulebook
    return not classes or any(code in book.service_classes or code in book.supporting_classes for code in classes)
