"""Where an entry belongs, and why, in names that a person knows."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping

from catalog.domain.concepts import ConceptNames, class_code
from catalog.domain.themes import Filing, Rules
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
        self.target_groups = {class_code(code) for code in classification.target_groups}
        self.words = {language: _words(parts) for language, parts in texts.items()}


def placements(
    classification: Classification, texts: Mapping[str, tuple[str, ...]], filing: Filing, names: ConceptNames
) -> tuple[Placement, ...]:
    """Every sub-theme the rules give, in the county's order.

    Args:
        texts: language → name, summary and keywords; descriptions are left out, as they mention what isn't offered.
        names: names of the service classes and ontology terms, for rules by label and for the reasons.
    """
    filed = Filed(classification, texts, names)
    if filed.target_groups and all(_is_other(group, filing) for group in filed.target_groups):
        return ()
    return tuple(
        Placement(theme=theme.code, sub_theme=sub.code, reasons=reasons)
        for theme in filing.themes
        for sub in theme.sub_themes
        if (reasons := tuple(_reasons(filed, sub.rules, filing, names)))
    )


def _is_other(group: str, filing: Filing) -> bool:
    return any(group == other or group.startswith(f"{other}.") for other in filing.other_target_groups)


def _reasons(filed: Filed, rules: Rules, filing: Filing, names: ConceptNames) -> Iterator[PlacementReason]:
    if filed.classes & rules.except_classes or _first_match(filed.words.get("fi", ()), rules.except_stems):
        return
    own = [
        *(_class(code, names) for code in sorted(filed.classes & rules.service_classes)),
        *(_term(label, filed.terms[label], names) for label in sorted(filed.terms.keys() & rules.terms)),
        *_keywords(filed, rules),
        *(_source_theme(code, filing) for code in sorted(filed.source_themes & rules.source_themes)),
    ]
    yield from own
    if own:
        yield from (_class(code, names) for code in sorted(filed.classes & rules.supporting_classes))


def _class(code: str, names: ConceptNames) -> PlacementReason:
    return PlacementReason(kind=ReasonKind.SERVICE_CLASS, code=code, name=names.get(code, {}))


def _term(label: str, uri: str, names: ConceptNames) -> PlacementReason:
    return PlacementReason(kind=ReasonKind.ONTOLOGY_TERM, code=uri, name=names.get(uri, _as_text("fi", label)))


def _keywords(filed: Filed, rules: Rules) -> Iterator[PlacementReason]:
    for language, stems in sorted(rules.stems.items()):
        if word := _first_match(filed.words.get(language, ()), stems):
            yield PlacementReason(kind=ReasonKind.KEYWORD, code=word[:200], name=_as_text(language, word))


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


def _first_match(words: tuple[str, ...], stems: tuple[str, ...]) -> str | None:
    return next((word for word in words if word.startswith(stems)), None) if stems else None
