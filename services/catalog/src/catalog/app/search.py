"""What can be asked of the tray, and how it answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal, Protocol

from catalog.app.kept import KeptEntry
from catalog.domain.cards import Card
from catalog.domain.documents import Document
from catalog.domain.hits import Highlight, HitReason
from catalog.domain.marks import Shown
from catalog.domain.words.analysis import Analyser
from event_schemas.entry import EntryPublished
from event_schemas.session import Session


class Match(StrEnum):
    """How the hits fit: no words asked for, all words found, only some, or there are no hits."""

    BROWSE = "browse"
    ALL = "all"
    SOME = "some"
    NONE = "none"


class Way(StrEnum):
    """How a word of the question was understood: as texts write it, in another form, as a slip, or by a part of it."""

    WRITTEN = "written"
    AS_IS = "as-is"
    SLIP = "slip"
    LOOSE = "loose"


class Scope(StrEnum):
    """How near an entry is to the municipality asked for."""

    MUNICIPALITY = "municipality"
    REGION = "region"
    NATIONWIDE = "nationwide"


@dataclass(frozen=True, slots=True)
class Filters:
    """Within one filter any value fits, between filters all have to.

    `age` is in full years; an entry that names no ages is for everyone. `price` is free or paid, `channels` are kinds
    of channel, `accessibility` coded features. `session_within` is in days from the moment of asking.
    """

    municipality: str | None = None
    themes: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    provider_types: tuple[str, ...] = ()
    age: int | None = None
    accessibility: tuple[str, ...] = ()
    price: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    open_now: bool = False
    session_within: int | None = None

    @property
    def chosen(self) -> Mapping[str, Sequence[str]]:
        """Codes chosen by facet, where there are any; separators alone are no code."""
        codes = {facet: getattr(self, name) for facet, name in _NAMES.items()}
        codes["municipality"] = (self.municipality,) if self.municipality else ()
        tidy = {facet: [code.strip(_SEPARATORS) for code in given] for facet, given in codes.items()}
        return {facet: [code for code in given if code] for facet, given in tidy.items() if any(given)}

    @property
    def in_use(self) -> tuple[str, ...]:
        """Facets, and age, that narrow."""
        others = {"age": self.age is not None, OPEN_NOW: self.open_now, SESSION_WITHIN: self.session_within is not None}
        return (*self.chosen, *(name for name, used in others.items() if used))

    def without(self, facet: str) -> Filters:
        """With one of `in_use` left out."""
        name = _NAMES.get(facet, facet)
        return replace(self, **{name: _UNFILTERED[name]})


_NAMES = {
    "theme": "themes",
    "audience": "audience",
    "language": "languages",
    "accessibility": "accessibility",
    "price": "price",
    "channel": "channels",
    "kind": "kinds",
    "provider_type": "provider_types",
}
_SEPARATORS = " ,.;"
_UNFILTERED: Mapping[str, Any] = {one.name: one.default for one in fields(Filters)}
FACETS = ("municipality", *_NAMES)
"""Facets of codes."""

OPEN_NOW, SESSION_WITHIN = "open_now", "session_within"
SESSION_DAYS = (1, 7, 30)
"""Days for which the facet `session_within` counts."""


@dataclass(frozen=True, slots=True)
class IndexQuery:
    """`shown` is what earlier pages have shown: none of it comes again. What has a word of `rather` comes first.

    `at` is the moment of asking; without one nothing is told of opening and sessions.
    """

    words: tuple[str, ...]
    filters: Filters
    language: str
    limit: int
    shown: Shown = field(default_factory=Shown)
    rather: tuple[str, ...] = ()
    at: datetime | None = None


Facets = Mapping[str, Mapping[str, int]]
"""Filter → value → how many entries."""


@dataclass(frozen=True, slots=True)
class Counted:
    """How many entries fit, and how many would with each value of a filter."""

    total: int
    facets: Facets


@dataclass(frozen=True, slots=True)
class FoundEntry:
    """What the index has of an entry; `open_now` is None where no channel tells its hours, or no moment was given."""

    entry_id: str
    card: Card
    open_now: bool | None


@dataclass(frozen=True, slots=True)
class Found:
    """One page, and whether `more` follow.

    `counted` waits for what is counted of all pages meanwhile. `ways` tells of each word how it was understood.
    """

    entries: tuple[FoundEntry, ...]
    more: bool
    match: Match
    counted: Callable[[], Counted]
    ways: Mapping[str, Way] = field(default_factory=dict)


class SearchIndex(Protocol):
    """A disposable index of one process."""

    def prepare(self, put: Sequence[Document], remove: Sequence[str]) -> None:
        """Writes changes that `show` makes visible; may be called from another thread, one call at a time."""

    def show(self) -> None:
        """Makes what was prepared visible at once."""

    def search(self, query: IndexQuery) -> Found: ...

    def nearest(self, query: IndexQuery) -> Nearest:
        """What would give hits for a query that has none."""

    def count(self, query: IndexQuery) -> int:
        """Entries that have every word and pass the filters."""

    def suggest(self, text: str, language: str, *, municipality: str | None, limit: int) -> Suggested:
        """Names and words that begin so, or have words that do."""

    def renewed(self, analyser: Analyser) -> SearchIndex:
        """An empty index of the same kind, for documents made with another analyser."""


@dataclass(frozen=True, slots=True)
class Suggested:
    """Names and words, the most frequent first; a name with the entry that has it, where it is one alone.

    `others`, only where there are neither, are entries that have every word typed somewhere.
    """

    names: tuple[tuple[str, str | None], ...] = ()
    words: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """`marked` is an excerpt with the words found; `other_language` is told where they are in none of the page's own.

    `fuzzy` hits owe a word to a likely slip. `open_now` is None where no channel tells its hours.
    """

    kept: KeptEntry
    reasons: tuple[HitReason, ...]
    scope: Scope | None
    next_session: Session | None = None
    open_now: bool | None = None
    marked: Highlight | None = None
    other_language: str | None = None
    fuzzy: bool = False

    @property
    def entry(self) -> EntryPublished:
        return self.kept.entry


@dataclass(frozen=True, slots=True)
class Nearest:
    """What would give hits where there are none.

    `without` counts the entries that leaving one filter out would give, by filter; themes and municipalities count
    what each of them would give in place of all filters, the most first; where the words are nowhere, without them:
    `of_words` tells.
    """

    without: Mapping[str, int] = field(default_factory=dict)
    themes: Mapping[str, int] = field(default_factory=dict)
    municipalities: Mapping[str, int] = field(default_factory=dict)
    of_words: bool = True


@dataclass(frozen=True, slots=True)
class Page:
    """One page of an answer; `municipality` is the place understood, `cut` whether the question was shortened.

    Facets are municipality, theme, audience, language, accessibility, price, channel, kind, provider_type, open_now
    ("yes") and session_within (days). `instead` is the question as it may have been meant, with words that have hits.
    """

    hits: tuple[Hit, ...]
    total: int
    match: Match
    cursor: str | None
    municipality: str | None
    cut: bool
    facets: Facets = field(default_factory=dict)
    instead: str | None = None
    nearest: Nearest = field(default_factory=Nearest)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a person may be typing: `text` is to be shown; an entry or theme leads there, a word or place to a search.

    A name that several entries have is a word.
    """

    text: str
    kind: Literal["entry", "theme", "word", "place"]
    entry_id: str | None = None
    theme: str | None = None
