"""Where an entry belongs, and why, in names that a person knows."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache

from catalog.domain.concepts import ConceptNames, class_code
from catalog.domain.rulebook import Places, Rulebook
from catalog.domain.themes import Filing, MappedTheme, Names, Override, ThemeMapping
from event_schemas.classification import Classification
from event_schemas.entry import EntryPublished, Placement, PlacementReason, ReasonKind
from event_schemas.text import LocalizedText, Text, TextOrigin

COUNTY = "county"
"""The mapping whose themes are the tray's own."""

_WORD = re.compile(r"\w+(?:-\w+)*")
_Reasons = dict[int, tuple[PlacementReason, ...]]


class Filed:
    """What the rules look at: classes, terms by their Finnish label, words by language, Lähellä's themes."""

    def __init__(self, entry: EntryPublished, names: ConceptNames) -> None:
        classification = entry.classification
        self.classes = {class_code(code) for code in classification.service_classes}
        self.terms = {_label(names, term): term for term in classification.ontology_terms}
        self.source_themes = set(classification.source_themes)
        general = classification.general_description_id
        self.general_descriptions = {str(general)} if general else set[str]()
        self.words = words_of_entry(entry)


def placements(
    entry: EntryPublished, filing: Filing, names: ConceptNames, mappings: Iterable[ThemeMapping] = ()
) -> tuple[Placement, ...]:
    """Every sub-theme that the rules and the curators give, in the county's order, then themes of other mappings.

    Args:
        names: names of the service classes and ontology terms, for rules by label and for the reasons.
    """
    filed = Filed(entry, names)
    for_residents = not is_for_others(entry.classification, filing)
    found = _reasons(filed, filing.rulebook, filing, names) if for_residents else {}
    found = _overridden(found, entry, filing)
    places = filing.sub_themes
    county = tuple(
        Placement(mapping=COUNTY, theme=places[place][0].code, sub_theme=places[place][1].code, reasons=found[place])
        for place in sorted(found)
    )
    other = (one for mapping in mappings for one in _mapped(mapping, county, filed, filing, names, for_residents))
    return (*county, *other)


def words_of_entry(entry: EntryPublished) -> dict[str, tuple[str, ...]]:
    """Language → words of name, summary and keywords, each once.

    Descriptions are left out, as they mention what isn't offered.
    """
    parts: defaultdict[str, list[str]] = defaultdict(list)
    for texts in (entry.name, entry.alternative_name, entry.summary):
        for language, text in texts.items():
            parts[language].append(text.text)
    for language, keywords in entry.classification.keywords.items():
        parts[language].extend(keywords)
    return {language: _words(some) for language, some in parts.items()}


def is_for_others(classification: Classification, filing: Filing) -> bool:
    """Whether every target group is one that is no residents'."""
    groups = {class_code(code) for code in classification.target_groups}
    return bool(groups) and all(_is_other(group, filing) for group in groups)


def _is_other(group: str, filing: Filing) -> bool:
    return any(group == other or group.startswith(f"{other}.") for other in filing.other_target_groups)


def _mapped(
    mapping: ThemeMapping,
    county: Iterable[Placement],
    filed: Filed,
    filing: Filing,
    names: ConceptNames,
    for_residents: bool,
) -> Iterator[Placement]:
    own = _reasons(filed, mapping.rulebook, filing, names) if for_residents else {}
    forbidden = _forbidden(filed, mapping.rulebook)
    for place, theme in enumerate(mapping.themes):
        reasons = (*own.get(place, ()), *_inherited(theme, county))
        if reasons and place not in forbidden:
            yield Placement(mapping=mapping.code, theme=theme.code, reasons=_each_once(reasons))


def _inherited(theme: MappedTheme, county: Iterable[Placement]) -> Iterator[PlacementReason]:
    return (reason for one in county if one.sub_theme in theme.sub_themes for reason in one.reasons)


def _each_once(reasons: Iterable[PlacementReason]) -> tuple[PlacementReason, ...]:
    return tuple({(reason.kind, reason.code): reason for reason in reasons}.values())


def _overridden(found: _Reasons, entry: EntryPublished, filing: Filing) -> _Reasons:
    """Curators' words win over every rule, also over that of target groups."""
    ids = (entry.entry_id, *entry.aliases, *(member.listing_id for member in entry.members))
    words = [override for one in ids for override in filing.overrides.get(one, ())]
    if not words:
        return found
    places = {sub.code: place for place, (_, sub) in enumerate(filing.sub_themes)}
    removed = {places[code] for word in words for code in word.remove}
    kept = {place: reasons for place, reasons in found.items() if place not in removed}
    for word in words:
        for code in word.add:
            kept[places[code]] = (_curator(code, word), *kept.get(places[code], ()))
    return kept


def _reasons(filed: Filed, book: Rulebook, filing: Filing, names: ConceptNames) -> _Reasons:
    """Reasons by sub-theme; what only supports adds to other reasons, and where an exception holds there are none."""
    found: defaultdict[int, list[PlacementReason]] = defaultdict(list)
    for place, reason in _own_reasons(filed, book, filing, names):
        found[place].append(reason)
    for code in sorted(filed.classes & book.supporting_classes.keys()):
        for place in book.supporting_classes[code]:
            if place in found:
                found[place].append(_class(code, names))
    forbidden = _forbidden(filed, book)
    return {place: tuple(reasons) for place, reasons in found.items() if place not in forbidden}


def _own_reasons(
    filed: Filed, book: Rulebook, filing: Filing, names: ConceptNames
) -> Iterator[tuple[int, PlacementReason]]:
    """Each reason that places by itself, with the sub-theme it places under; the most telling kind first."""
    for code in sorted(filed.classes & book.service_classes.keys()):
        yield from _for_each(book.service_classes[code], _class(code, names))
    for code in sorted(filed.general_descriptions & book.general_descriptions.keys()):
        yield from _for_each(book.general_descriptions[code], _general_description(code, filing))
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


@lru_cache(maxsize=10_000)
def _keyword(language: str, word: str) -> PlacementReason:
    return PlacementReason(kind=ReasonKind.KEYWORD, code=word[:200], name=_as_text(language, word))


def _general_description(code: str, filing: Filing) -> PlacementReason:
    name = _curated(filing.general_description_names[code])
    return PlacementReason(kind=ReasonKind.GENERAL_DESCRIPTION, code=code, name=name)


def _source_theme(code: str, filing: Filing) -> PlacementReason:
    name = _curated(filing.source_theme_names.get(code, {}))
    return PlacementReason(kind=ReasonKind.SOURCE_THEME, code=code, name=name)


def _curator(sub_theme: str, word: Override) -> PlacementReason:
    return PlacementReason(kind=ReasonKind.CURATOR, code=sub_theme, name=_curated(word.reason))


def _curated(names: Names) -> LocalizedText:
    return {language: Text(text=name, origin=TextOrigin.CURATED) for language, name in names.items()}


def _as_text(language: str, word: str) -> LocalizedText:
    return {language: Text(text=word)}


def _label(names: ConceptNames, term: str) -> str:
    return names[term]["fi"].text.casefold() if "fi" in names.get(term, {}) else term


def _words(parts: Iterable[str]) -> tuple[str, ...]:
    """Hyphenated words as they are, and each of their parts: a stem may be ruoka-apu, or jumppa for vauva-jumppa."""
    text = unicodedata.normalize("NFC", " ".join(parts)).casefold()
    return tuple(dict.fromkeys(piece for word in _WORD.findall(text) for piece in (word, *word.split("-"))))
