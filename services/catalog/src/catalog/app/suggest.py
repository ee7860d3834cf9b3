"""Suggestions while a person types: themes, places, words and names in one list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from catalog.app.search import Suggested, Suggestion
from catalog.domain.entries import Content
from catalog.domain.suggesting import typed_ways
from catalog.domain.words.analysis import LANGUAGES
from event_schemas.entry import EntryPublished
from event_schemas.text import text_in

_MOST_WORDS = 3


def suggestions(
    found: Suggested, text: str, language: str, content: Content, others: Iterable[EntryPublished], *, limit: int
) -> tuple[Suggestion, ...]:
    """Themes and places that begin so, a few words, then names as far as there is room, each text once."""
    ways = typed_ways(text)
    named = {name.casefold() for name, _ in found.names}
    words = [Suggestion(word, "word") for word in found.words if word not in named]
    some = chain(
        _themes(ways, language, content),
        _places(ways, language, content),
        words[:_MOST_WORDS],
        (Suggestion(name, "entry" if one else "word", entry_id=one) for name, one in found.names),
        (Suggestion(_name(entry, language), "entry", entry_id=entry.entry_id) for entry in others),
        words[_MOST_WORDS:],
    )
    once: dict[str, Suggestion] = {}
    for one in some:
        once.setdefault(one.text.casefold(), one)
    return tuple(once.values())[:limit]


def _themes(ways: Iterable[str], language: str, content: Content) -> Iterator[Suggestion]:
    named = ((code, names[language]) for code, names in content.filing.names.items())
    return (Suggestion(name, "theme", theme=code) for code, name in named if _begins(name, ways))


def _places(ways: Iterable[str], language: str, content: Content) -> Iterator[Suggestion]:
    named = (place.name(language) for place in content.county.municipalities)
    return (Suggestion(name, "place") for name in named if _begins(name, ways))


def _begins(name: str, ways: Iterable[str]) -> bool:
    return any(written.startswith(typed) for written in typed_ways(name) for typed in ways)


def _name(entry: EntryPublished, language: str) -> str:
    return text_in(entry.name, language, *LANGUAGES) or entry.entry_id
