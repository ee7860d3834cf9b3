"""The filing rules turned round: from what a description has to the sub-themes it concerns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

K = TypeVar("K")
Places = tuple[int, ...]
"""Sub-themes by their place in the county's order, counted over all themes."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What places an entry under a sub-theme: each match is a reason of its own.

    `supporting_classes` hold other things too, so they count only beside another reason. `except_*` forbid.
    Terms are Finnish labels of ontology terms; `stems` are beginnings of words by language.
    """

    service_classes: frozenset[str]
    supporting_classes: frozenset[str]
    terms: frozenset[str]
    stems: Mapping[str, tuple[str, ...]]
    source_themes: frozenset[str]
    general_descriptions: frozenset[str] = frozenset()
    except_classes: frozenset[str] = frozenset()
    except_stems: tuple[str, ...] = ()


class Stems:
    """Beginnings of words, with the sub-themes that look for them."""

    def __init__(self, pairs: Iterable[tuple[str, int]]) -> None:
        given = tuple(pairs)
        self._size = min((len(stem) for stem, _ in given), default=0)
        heads: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
        for stem, place in given:
            heads[stem[: self._size]].append((stem, place))
        self._heads = dict(heads)

    def first_words(self, words: Iterable[str]) -> dict[int, str]:
        """Sub-theme → the first of the words that it looks for."""
        found: dict[int, str] = {}
        for word in words:
            for stem, place in self._heads.get(word[: self._size], ()):
                if place not in found and word.startswith(stem):
                    found[place] = word
        return found


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Rules of all sub-themes, made once, so that filing costs what an entry has, not what the county has written."""

    service_classes: Mapping[str, Places]
    supporting_classes: Mapping[str, Places]
    terms: Mapping[str, Places]
    source_themes: Mapping[str, Places]
    general_descriptions: Mapping[str, Places]
    stems: Mapping[str, Stems]
    except_classes: Mapping[str, Places]
    except_stems: Stems


def rulebook(rules: Sequence[Rules]) -> Rulebook:
    """The rules in the order of their sub-themes, turned round."""
    languages = sorted({language for one in rules for language in one.stems})
    return Rulebook(
        service_classes=_turned(one.service_classes for one in rules),
        supporting_classes=_turned(one.supporting_classes for one in rules),
        terms=_turned(one.terms for one in rules),
        source_themes=_turned(one.source_themes for one in rules),
        general_descriptions=_turned(one.general_descriptions for one in rules),
        stems={language: Stems(_placed(one.stems.get(language, ()) for one in rules)) for language in languages},
        except_classes=_turned(one.except_classes for one in rules),
        except_stems=Stems(_placed(one.except_stems for one in rules)),
    )


def _placed(codes: Iterable[Iterable[K]]) -> Iterator[tuple[K, int]]:
    return ((code, place) for place, some in enumerate(codes) for code in some)


def _turned(codes: Iterable[Iterable[K]]) -> dict[K, Places]:
    places: defaultdict[K, list[int]] = defaultdict(list)
    for code, place in _placed(codes):
        places[code].append(place)
    return {code: tuple(some) for code, some in places.items()}
