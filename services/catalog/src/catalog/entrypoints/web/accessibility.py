"""What makes a place accessible, as lines of the page."""

from __future__ import annotations

from catalog.entrypoints.web.views import Said, said
from event_schemas.accessibility import Accessibility

FEATURES = {
    "ac_wheelchair": {"fi": "Sopii pyörätuolilla liikkuville", "sv": "Passar rullstol", "en": "Fits a wheelchair"},
    "ac_rollator": {"fi": "Sopii rollaattorilla liikkuville", "sv": "Passar rollator", "en": "Fits a walking frame"},
    "ac_inductionloop": {"fi": "Induktiosilmukka", "sv": "Induktionsslinga", "en": "Hearing loop"},
    "ac_itoilet": {"fi": "Esteetön WC", "sv": "Tillgänglig toalett", "en": "Accessible toilet"},
    "ac_parking": {"fi": "Pysäköintipaikkoja", "sv": "Parkeringsplatser", "en": "Parking"},
}
"""Lähellä.fi's codes of features, in words by language."""


def accessible_lines(accessibility: Accessibility | None, language: str) -> list[Said]:
    """Features that have words, then each sentence; a code that is new at the source waits for its words."""
    if accessibility is None:
        return []
    features = [Said(FEATURES[code][language], None, False) for code in accessibility.features if code in FEATURES]
    return features + _sentences(said(accessibility.note, language))


def _sentences(note: Said | None) -> list[Said]:
    lines = note.text.splitlines() if note else []
    return [Said(line.strip(), note.language, note.machine) for line in lines if note and line.strip()]
