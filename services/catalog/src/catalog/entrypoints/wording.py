"""Reasons in words: "palveluluokka P27.1 Liikunta ja urheilu"."""

from __future__ import annotations

from event_schemas.entry import PlacementReason
from event_schemas.text import text_in

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


def reason_text(reason: PlacementReason, language: str) -> str:
    """What a person reads; a code is shown only where people use it."""
    kind = _KINDS[language].get(reason.kind, str(reason.kind))
    name = text_in(reason.name, language, "fi")
    if reason.kind == "service-class":
        return " ".join(part for part in (kind, reason.code, name) if part)
    return f"{kind} {name or reason.code}"
