"""What makes a place accessible, as lines of the page."""

from __future__ import annotations

from catalog.entrypoints.web.labels import LABELS
from catalog.entrypoints.web.translations import Wording
from catalog.entrypoints.web.views import Said, said
from event_schemas.accessibility import Accessibility


def accessible_lines(accessibility: Accessibility | None, wording: Wording) -> list[Said]:
    """Features that have words, then each sentence; a code that is new at the source waits for its words."""
    if accessibility is None:
        return []
    features = [
        Said(wording.label("accessibility", code), None, False)
        for code in accessibility.features
        if code in LABELS["accessibility"]
    ]
    return features + _sentences(said(accessibility.note, wording.language))


def _sentences(note: Said | None) -> list[Said]:
    lines = note.text.splitlines() if note else []
    return [Said(line.strip(), note.language, note.machine) for line in lines if note and line.strip()]
