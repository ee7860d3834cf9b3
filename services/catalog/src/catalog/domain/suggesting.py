"""Keys by which names and words are found while they are typed.

A key is language, rank, how the text is typed, and after a sign that nobody types how it is shown. So what was typed is
how some keys begin, and a sorted list of keys is all that it takes. Rank 0 begins where the text begins, rank 1 at a
later word or part of a compound.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from catalog.domain.words.analysis import STOP_WORDS, Analyser
from catalog.domain.words.lexicon import base_form
from catalog.domain.words.tokens import folded, inner_parts, joined, words
from event_schemas.entry import EntryPublished

SHOWN = "\x1f"
_MOST_WORDS = 6
_LONGEST = 120
_SHORTEST_WORD = 3


@lru_cache(maxsize=50_000)
def typed_ways(text: str) -> tuple[str, ...]:
    """How keys write what was typed: with hyphens left out, or as blanks; none where there are no words."""
    given = [folded(word) for word in words(text)]
    split = [piece for word in given for piece in (inner_parts(word) or [word])]
    return tuple(dict.fromkeys(filter(None, (" ".join(map(joined, given)), " ".join(split)))))


def beginning(language: str, rank: int, typed: str) -> str:
    """What the keys begin with that a typed text fits."""
    return f"{language}{rank}:{typed}"


def shown_text(key: str) -> str:
    return key.partition(SHOWN)[2]


def called_keys(entry: EntryPublished, analyser: Analyser) -> set[str]:
    """Keys of an entry's names."""
    named = ((language, text.text) for language, text in entry.name.items())
    return {key for language, name in named for key in _keys(language, name, analyser)}


def said_keys(entry: EntryPublished, labels: Iterable[tuple[str, str]]) -> set[str]:
    """Keys of the words in names and labels, in their base form, and of whole labels."""
    named = [(language, text.text) for language, text in entry.name.items()]
    labelled = list(labels)
    said = {
        (language, base_form(joined(word), language)) for language, text in (*named, *labelled) for word in words(text)
    }
    telling = {(language, word) for language, word in said if len(word) >= _SHORTEST_WORD and word not in STOP_WORDS}
    whole = {(language, label.casefold()) for language, label in labelled if len(label) <= _LONGEST}
    return {_key(language, 0, typed, text) for language, text in telling | whole for typed in typed_ways(text)[:1]}


def _keys(language: str, name: str, analyser: Analyser) -> Iterator[str]:
    shown = name[:_LONGEST]
    for typed in typed_ways(name):
        pieces = typed.split(" ")[:_MOST_WORDS]
        for rank, rest in enumerate(_rests(pieces)):
            yield _key(language, min(rank, 1), rest, shown)
    for word in words(name):
        yield from (_key(language, 1, inner, shown) for inner in _inner(word, language, analyser))


def _rests(pieces: Sequence[str]) -> Iterator[str]:
    return (" ".join(pieces[start:]) for start in range(len(pieces)))


def _inner(word: str, language: str, analyser: Analyser) -> Iterator[str]:
    """The later parts of a compound: jumppa in seniorijumppa."""
    parts = analyser.terms(word, language).parts
    return (folded(part.partition(":")[2]) for part in parts[1:])


def _key(language: str, rank: int, typed: str, shown: str) -> str:
    return beginning(language, rank, typed[:_LONGEST]) + SHOWN + shown
