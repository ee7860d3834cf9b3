"""Which entries concern violence and the like, where pages offer a quick exit."""

from __future__ import annotations

from catalog.domain.concepts import class_code
from catalog.domain.filing import words_of_entry
from catalog.domain.themes import Filing
from event_schemas.entry import EntryPublished, ReasonKind


def is_sensitive(entry: EntryPublished, filing: Filing) -> bool:
    """Whether somebody looking over the reader's shoulder must not learn that this page was open.

    Terms are known by the labels that placed the entry: an entry carries URIs only.
    """
    marks = filing.quick_exit
    classes = {class_code(code) for code in entry.classification.service_classes}
    return bool(classes & marks.service_classes or _terms(entry) & marks.terms) or _has_word(entry, filing)


def _terms(entry: EntryPublished) -> set[str]:
    reasons = (reason for placement in entry.placements for reason in placement.reasons)
    return {
        reason.name["fi"].text.casefold()
        for reason in reasons
        if reason.kind == ReasonKind.ONTOLOGY_TERM and "fi" in reason.name
    }


def _has_word(entry: EntryPublished, filing: Filing) -> bool:
    words = words_of_entry(entry)
    return any(
        word.startswith(stems)
        for language, stems in filing.quick_exit.stems.items()
        for word in words.get(language, ())
    )
