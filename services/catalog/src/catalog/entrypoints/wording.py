"""Reasons in words: "palveluluokka P27.1 Liikunta ja urheilu"."""

from __future__ import annotations

from dataclasses import dataclass

from event_schemas.entry import PlacementReason

_KINDS = {
    "fi": {
        "service-class": "palveluluokka",
        "ontology-term": "asiasana",
        "keyword": "sana",
        "general-description": "pohjakuvaus",
        "source-theme": "Lähellä.fi-teema",
        "curator": "palvelutarjottimen toimitus",
    },
    "sv": {
        "service-class": "serviceklass",
        "ontology-term": "ämnesord",
        "keyword": "ord",
        "general-description": "grundbeskrivning",
        "source-theme": "tema i Lähellä.fi",
        "curator": "servicebrickans redaktion",
    },
    "en": {
        "service-class": "service class",
        "ontology-term": "subject term",
        "keyword": "word",
        "general-description": "general description",
        "source-theme": "Lähellä.fi theme",
        "curator": "editors of the tray",
    },
}


@dataclass(frozen=True, slots=True)
class ReasonWords:
    """What kind of reason it is, and its name; `language` is the name's, only where it is not the one asked for."""

    kind: str
    name: str
    language: str | None


def reason_words(reason: PlacementReason, language: str) -> ReasonWords:
    """What a person reads; a code is shown only where people use it."""
    kind = _KINDS[language].get(reason.kind, str(reason.kind))
    found = next((tag for tag in (language, "fi", *reason.name) if tag in reason.name), language)
    name = reason.name[found].text if found in reason.name else ""
    other = None if found == language else found
    if reason.kind == "service-class":
        return ReasonWords(f"{kind} {reason.code}", name, other)
    return ReasonWords(kind, name or reason.code, other)


def reason_text(reason: PlacementReason, language: str) -> str:
    """The same as one text."""
    words = reason_words(reason, language)
    return f"{words.kind} {words.name}".rstrip()
