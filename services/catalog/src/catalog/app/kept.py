"""The entries of a replica, by id and by old id."""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from catalog.domain.concepts import concept_keys
from event_schemas.entry import EntryPublished

_MOST_READ = 500


@dataclass(frozen=True, slots=True)
class EntryChange:
    """An entry at a version; None once it is removed."""

    entry_id: str
    version: int
    entry: EntryPublished | None


@dataclass(frozen=True, slots=True)
class KeptEntry:
    """An entry as packed JSON: as models, a national catalogue would not fit into a small replica."""

    packed: bytes

    @classmethod
    def of(cls, body: bytes) -> KeptEntry:
        return cls(zlib.compress(body, 1))

    @property
    def body(self) -> bytes:
        """Its JSON."""
        return zlib.decompress(self.packed)

    @property
    def entry(self) -> EntryPublished:
        """Those read last stay unpacked."""
        return _unpacked(self.packed)


@dataclass(frozen=True, slots=True)
class Newest:
    """What is known at a version: no entry once it is removed."""

    version: int
    kept: KeptEntry | None
    aliases: tuple[str, ...] = ()
    concepts: frozenset[str] = frozenset()


_NOTHING = Newest(-1, None)


class KeptEntries:
    """The newest of every entry; `written` makes the JSON that is kept, which may say more than the event.

    One takes, others may read in threads.
    """

    def __init__(self, written: Callable[[EntryPublished], bytes]) -> None:
        self._written = written
        self._newest: dict[str, Newest] = {}
        self._live = 0
        # Several claim an alias while records of two partitions overtake each other.
        self._claims: dict[str, tuple[str, ...]] = {}
        self._users: defaultdict[str, set[str]] = defaultdict(set)

    def __len__(self) -> int:
        return self._live

    def get(self, entry_id: str) -> KeptEntry | None:
        """A live entry."""
        return self._newest.get(entry_id, _NOTHING).kept

    def survivor(self, alias: str) -> str | None:
        """The entry that an old id leads to."""
        return next(iter(self._claims.get(alias, ())), None)

    def all(self) -> Iterator[EntryPublished]:
        """Every live entry, none of which stays unpacked; what changes meanwhile may or may not be among them."""
        return (EntryPublished.from_json(one.kept.body) for one in list(self._newest.values()) if one.kept)

    def fresh(self, changes: Iterable[EntryChange]) -> list[EntryChange]:
        """The newest change of each entry, where it is newer than what is kept."""
        newest = {change.entry_id: change for change in sorted(changes, key=lambda change: change.version)}
        return [
            change for change in newest.values() if change.version > self._newest.get(change.entry_id, _NOTHING).version
        ]

    def users_of(self, concepts: Iterable[str]) -> set[str]:
        """Entries that have any of the concepts."""
        return {entry_id for key in concepts for entry_id in self._users.get(key, ())}

    def packed(self, changes: Iterable[EntryChange]) -> dict[str, Newest]:
        """What is to be taken, by id: the slow part, which may be done in another thread."""
        return {change.entry_id: self._known(change) for change in changes}

    def take(self, newest: Mapping[str, Newest]) -> None:
        """Who reads meanwhile finds every id leading somewhere: what comes is there before anything goes."""
        before = {entry_id: self._newest.get(entry_id, _NOTHING) for entry_id in newest}
        for entry_id, one in sorted(newest.items(), key=lambda item: item[1].kept is None):
            self._claim(entry_id, one)
            self._newest[entry_id] = one
        for entry_id, one in before.items():
            self._forget(entry_id, one, newest[entry_id])

    def _known(self, change: EntryChange) -> Newest:
        entry = change.entry
        if entry is None:
            return Newest(change.version, None)
        kept, concepts = KeptEntry.of(self._written(entry)), frozenset(concept_keys(entry.classification))
        return Newest(change.version, kept, entry.aliases, concepts)

    def _claim(self, entry_id: str, newest: Newest) -> None:
        self._live += newest.kept is not None
        for alias in newest.aliases:
            self._claims[alias] = (entry_id, *self._others(alias, entry_id))
        for key in newest.concepts:
            self._users[key].add(entry_id)

    def _forget(self, entry_id: str, before: Newest, newest: Newest) -> None:
        self._live -= before.kept is not None
        for alias in set(before.aliases).difference(newest.aliases):
            if left := self._others(alias, entry_id):
                self._claims[alias] = left
            else:
                del self._claims[alias]
        for key in before.concepts - newest.concepts:
            self._users[key].discard(entry_id)

    def _others(self, alias: str, entry_id: str) -> tuple[str, ...]:
        """Who else claims it."""
        return tuple(one for one in self._claims.get(alias, ()) if one != entry_id)


@lru_cache(maxsize=_MOST_READ)
def _unpacked(packed: bytes) -> EntryPublished:
    return EntryPublished.from_json(zlib.decompress(packed))
