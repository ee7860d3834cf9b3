"""What can be asked of the tray, and how it answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from catalog.domain.documents import Document
from catalog.domain.hits import HitReason
from catalog.domain.marks import Shown
from event_schemas.entry import EntryPublished


class Match(StrEnum):
    """How the hits fit: no words asked for, all words found, or only some."""

    BROWSE = "browse"
    ALL = "all"
    SOME = "some"


class Scope(StrEnum):
    """How near an entry is to the municipality asked for."""

    MUNICIPALITY = "municipality"
    REGION = "region"
    NATIONWIDE = "nationwide"


@dataclass(frozen=True, slots=True)
class Filters:
    """Within one filter any value fits, between filters all have to."""

    municipality: str | None = None
    themes: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IndexQuery:
    """`shown` is what earlier pages have shown: none of it comes again. What has a word of `rather` comes first."""

    words: tuple[str, ...]
    filters: Filters
    language: str
    limit: int
    shown: Shown = field(default_factory=Shown)
    rather: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """Ids of one page, and whether `more` follow; `total` and `facets` (filter → value → count) are of all pages."""

    entry_ids: tuple[str, ...]
    more: bool
    total: int
    match: Match
    facets: Mapping[str, Mapping[str, int]]


class SearchIndex(Protocol):
    """A disposable index of one process."""

    def prepare(self, put: Sequence[Document], remove: Sequence[str]) -> None:
        """Writes changes that `show` makes visible; may be called from another thread, one call at a time."""

    def show(self) -> None:
        """Makes what was prepared visible at once."""

    def search(self, query: IndexQuery) -> Found: ...


@dataclass(frozen=True, slots=True)
class Hit:
    entry: EntryPublished
    reasons: tuple[HitReason, ...]
    scope: Scope | None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of an answer; `municipality` is the place understood, `cut` whether the question was shortened."""

    hits: tuple[Hit, ...]
    total: int
    match: Match
    cursor: str | None
    municipality: str | None
    cut: bool
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
