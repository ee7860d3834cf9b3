"""Why an entry answers a question: told per word, and shown in an excerpt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from catalog.domain.cards import Card
from catalog.domain.concepts import ConceptNames
from catalog.domain.documents import TERM_FIELDS
from catalog.domain.sought import HOWS, Sought, Spot
from catalog.domain.themes import Filing

_EXCERPT = 180
_BEFORE = 60


@dataclass(frozen=True, slots=True)
class HitReason:
    """Which word was found where and how.

    `where` is name, label or body; `how` is word (any inflection), part (inside a compound), synonym, form (spelling or
    its beginning), or similar (a likely slip).
    """

    word: str
    where: str
    how: str


@dataclass(frozen=True, slots=True)
class Highlight:
    """An excerpt in `language`; `spans` are [start, end) of the words found in it, in signs.

    `where` is the kind of text it is from, as of `HitReason`.
    """

    where: str
    text: str
    spans: tuple[tuple[int, int], ...]
    language: str


@dataclass(frozen=True, slots=True)
class Marked:
    """All that a hit says of the question.

    `other_language` is where the words are when the page's own language has none of them; `meant` are words of the
    entry by the word that is a likely slip of theirs.
    """

    reasons: tuple[HitReason, ...] = ()
    highlight: Highlight | None = None
    other_language: str | None = None
    meant: tuple[tuple[str, str], ...] = ()

    @property
    def is_fuzzy(self) -> bool:
        return any(reason.how == "similar" for reason in self.reasons)


@dataclass(frozen=True, slots=True)
class _Text:
    where: str
    language: str
    text: str
    spots: Sequence[Spot]

    @property
    def numbers(self) -> frozenset[int]:
        return frozenset(spot.number for spot in self.spots)


def marked(sought: Sought, card: Card, names: ConceptNames, filing: Filing, language: str) -> Marked:
    """Reads texts until each word is found as well as it can be; those in other languages only for words missing."""
    if not sought.words:
        return Marked()
    found = list(_read(sought, card, names, filing, language))
    if not found:
        return Marked()
    best = max(found, key=lambda one: (one.language == language, len(one.numbers)))
    return Marked(
        reasons=tuple(_reasons(sought, found)),
        highlight=_highlight(best),
        other_language=None if best.language == language else best.language,
        meant=tuple(
            (sought.words[spot.number], spot.token) for one in found for spot in one.spots if spot.how == "similar"
        ),
    )


def _read(sought: Sought, card: Card, names: ConceptNames, filing: Filing, language: str) -> Iterator[_Text]:
    missing, unfound = set(range(len(sought.words))), set(range(len(sought.words)))
    for is_own in (True, False):
        if not unfound:
            return
        for where, spoken, text in card.texts(names, filing):
            if (spoken == language) is not is_own:
                continue
            spots = list(sought.spots(text, spoken))
            if spots:
                yield _Text(where, spoken, text, spots)
                unfound -= {spot.number for spot in spots}
                missing -= {spot.number for spot in spots if spot.how == HOWS[0]}
            if not missing:
                return


def _reasons(sought: Sought, found: Iterable[_Text]) -> Iterator[HitReason]:
    """The strongest reason of each word; words that the entry lacks have none."""
    best: dict[int, tuple[int, int]] = {}
    for one in found:
        for spot in one.spots:
            rank = HOWS.index(spot.how), TERM_FIELDS.index(one.where)
            best[spot.number] = min(rank, best.get(spot.number, rank))
    for number in sorted(best):
        how, where = best[number]
        yield HitReason(sought.words[number], TERM_FIELDS[where], HOWS[how])


def _highlight(found: _Text) -> Highlight:
    """The text from a little before the first word found, cut between words."""
    text, spans = found.text, sorted({(spot.start, spot.end) for spot in found.spots})
    first, first_end = spans[0]
    start = _after_blank(text, first - _BEFORE, first)
    end = _before_blank(text, first_end, start + _EXCERPT)
    before, after = "… " if start else "", " …" if end < len(text) else ""
    moved = len(before) - start
    inside = tuple((begins + moved, ends + moved) for begins, ends in spans if ends <= end)
    return Highlight(found.where, before + text[start:end] + after, inside, found.language)


def _after_blank(text: str, earliest: int, latest: int) -> int:
    if earliest <= 0:
        return 0
    blank = text.find(" ", earliest, latest)
    return blank + 1 if blank >= 0 else latest


def _before_blank(text: str, earliest: int, latest: int) -> int:
    if latest >= len(text):
        return len(text)
    return max(earliest, text.rfind(" ", earliest, latest))
