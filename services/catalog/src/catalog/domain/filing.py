"""Where an entry belongs, and why, in names that a person knows."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping

from catalog.domain.concepts import ConceptNames, class_code
from catalog.domain.rulebook import Places, Rulebook
from catalog.domain.themes import Filing
from event_schemas.classification import Classification
from event_schemas.entry import Placement, PlacementReason, ReasonKind
from event_schemas.text import LocalizedText, Text, TextOrigin

_WORD = re.compile(r"\w+")


class Filed:
    """What the rules look at: classes, terms by their Finnish label, words by language, Lähellä's themes."""

    def __init__(
        self, classification: Classification, texts: Mapping[str, tuple[str, ...]], names: ConceptNames
    ) -> None:
        self.classes = {class_code(code) for code in classification.service_classes}
        self.terms = {_label(names, term): term for term in classification.ontology_terms}
        self.source_themes = set(classification.source_themes)
        self.words = {language: _words(parts) for language, parts in texts.items()}


def placements(
    classification: Classification, texts: Mapping[str, tuple[str, ...]], filing: Filing, names: ConceptNames
) -> tuple[Placement, ...]:
    """Every sub-theme the rules give, in the county's order.

    Args:
        texts: language → name, summary and keywords; descriptions are left out, as they mention what isn't offered.
        names: names of the service classes and ontology terms, for rules by label and for the reasons.
    """
    if is_for_others(classification, filing):
        return ()
    filed = Filed(classification, texts, names)
    found = _reasons(filed, filing, names)
    places = filing.sub_themes
    return tuple(
        Placement(theme=places[place][0].code, sub_theme=places[place][1].code, reasons=found[place])
        for place in sorted(found)
    )


def is_for_others(classification: Classification, filing: Filing) -> bool:
    """Whether every target group is one that is no residents'."""
    groups = {class_code(code) for code in classification.target_groups}
    return bool(groups) and all(_is_other(group, filing) for group in groups)


def _is_other(group: str, filing: Filing) -> bool:
    return any(group == other or group.startswith(f"{other}.") for other in filing.other_target_groups)


def _reasons(filed: Filed, filing: Filing, names: ConceptNames) -> dict[int, tuple[PlacementReason, ...]]:
    """Reasons by sub-theme; what only supports adds to other reasons, and where an exception holds there are none."""
    book = filing.rulebook
    found: defaultdict[int, list[PlacementReason]] = defaultdict(list)
    for place, reason in _own_reasons(filed, filing, names):
        found[place].append(reason)
    for code in sorted(filed.classes & book.supporting_classes.keys()):
        for place in book.supporting_classes[code]:
            if place in found:
                found[place].append(_class(code, names))
    forbidden = _forbidden(filed, book)
    return {place: tuple(reasons) for place, reasons in found.items() if place not in forbidden}


def _own_reasons(filed: Filed, filing: Filing, names: ConceptNames) -> Iterator[tuple[int, PlacementReason]]:
    """Each reason that places by itself, with the sub-theme it places under; the most telling kind first."""
    book = filing.rulebook
    for code in sorted(filed.classes & book.service_classes.keys()):
        yield from _for_each(book.service_classes[code], _class(code, names))
    for label in sorted(filed.terms.keys() & book.terms.keys()):
        yield from _for_each(book.terms[label], _term(label, filed.terms[label], names))
    for language, stems in book.stems.items():
        for place, word in stems.first_words(filed.words.get(language, ())).items():
            yield place, _keyword(language, word)
    for code in sorted(filed.source_themes & book.source_themes.keys()):
        yield from _for_each(book.source_themes[code], _source_theme(code, filing))


def _for_each(places: Places, reason: PlacementReason) -> Iterator[tuple[int, PlacementReason]]:
    return ((place, reason) for place in places)


def _forbidden(filed: Filed, book: Rulebook) -> set[int]:
    by_class = {place for code in filed.classes for place in book.except_classes.get(code, ())}
    return by_class | book.except_stems.first_words(filed.words.get("fi", ())).keys()


def _class(code: str, names: ConceptNames) -> PlacementReason:
    return PlacementReason(kind=ReasonKind.SERVICE_CLASS, code=code, name=names.get(code, {}))


def _term(label: str, uri: str, names: ConceptNames) -> PlacementReason:
    return PlacementReason(kind=ReasonKind.ONTOLOGY_TERM, code=uri, name=names.get(uri, _as_text("fi", label)))


def _keyword(language: str, word: str) -> PlacementReason:
    return PlacementReason(kind=ReasonKind.KEYWORD, code=word[:200], name=_as_text(language, word))


def _source_theme(code: str, filing: Filing) -> PlacementReason:
    names = filing.source_theme_names.get(code, {})
    texts = {language: Text(text=name, origin=TextOrigin.CURATED) for language, name in names.items()}
    return PlacementReason(kind=ReasonKind.SOURCE_THEME, code=code, name=texts)


def _as_text(language: str, word: str) -> LocalizedText:
    return {language: Text(text=word)}


def _label(names: ConceptNames, term: str) -> str:
    return names[term]["fi"].text.casefold() if "fi" in names.get(term, {}) else term


def _words(parts: tuple[str, ...]) -> tuple[str, ...]:
    text = unicodedata.normalize("NFC", " ".join(parts)).casefold()
    return tuple(dict.fromkeys(_WORD.findall(text)))
