"""The words of an entry that every system searches, in three fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from catalog.domain.concepts import ConceptNames
from catalog.domain.documents import TERM_FIELDS, texts_of
from catalog.domain.plain import plain
from catalog.domain.themes import Filing
from event_schemas.entry import EntryPublished


@dataclass(frozen=True)
class Texts:
    """Of one entry, all languages together; `label` has names of classes, terms and themes."""

    key: str
    name: str
    label: str
    body: str


def texts(key: str, entry: EntryPublished, names: ConceptNames, filing: Filing) -> Texts:
    parts: Mapping[str, list[str]] = {where: [] for where in TERM_FIELDS}
    for where, _, written in texts_of(entry, names=names, filing=filing):
        parts[where].append(plain(written) if where == "body" else written)
    return Texts(key, *(_joined(parts[where]) for where in ("name", "label", "body")))


def _joined(parts: Iterable[str]) -> str:
    # A line of its own for each text, so that no phrase reaches from one into another.
    return "\n".join(dict.fromkeys(parts))
