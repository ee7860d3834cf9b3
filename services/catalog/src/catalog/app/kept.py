"""The entries of a replica, by id and by old id."""

from __future__ import annotations

import zlib
from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from threading import Lock

from catalog.domain.concepts import concept_keys
from event_schemas.entry import EntryPublished

_MOST_READ = 2000


@dataclass(frozen=True, slots=True)
class EntryChange:
    """An entry at a version; None once it is removed."""

    entry_id: str
    version: int
    entry: EntryPublished | None


@dataclass(frozen=True, slots=True)
class _Kept:
    """Entries are kept as packed JSON: as models, a national catalogue would not fit into a small replica."""

    version: int
    body: bytes | None
    aliases: tuple[str, ...] = ()


class KeptEntries:
    """The newest of every entry; those read last stay unpacked."""

    def __init__(self) -> None:
        self._kept: dict[str, _Kept] = {}
        self._live = 0
        self._aliases: dict[str, str] = {}
        self._users: defaultdict[str, set[str]] = defaultdict(set)
        self._read: OrderedDict[str, EntryPublished] = OrderedDict()
        self._reading = Lock()

    def __len__(self) -> int:
        return self._live

    def get(self, entry_id: str) -> EntryPublished | None:
        """A live entry."""
        with self._reading:
            if entry_id in self._read:
                self._read.move_to_end(entry_id)
                return self._read[entry_id]
            kept = self._kept.get(entry_id)
            if kept is None or kept.body is None:
                return None
            found = self._read[entry_id] = _unpacked(kept.body)
            if len(self._read) > _MOST_READ:
                self._read.popitem(last=False)
            return found

    def survivor(self, alias: str) -> str | None:
        """The entry that an old id leads to."""
        return self._aliases.get(alias)

    def all(self) -> Iterator[EntryPublished]:
        """Every live entry, none of which stays unpacked; what changes meanwhile may or may not be among them."""
        return (_unpacked(kept.body) for kept in list(self._kept.values()) if kept.body is not None)

    def fresh(self, changes: Iterable[EntryChange]) -> list[EntryChange]:
        """The newest change of each entry, where it is newer than what is kept."""
        newest = {change.entry_id: change for change in sorted(changes, key=lambda change: change.version)}
        return [change for change in newest.values() if change.version > self._version(change.entry_id)]

    def users_of(self, concepts: Iterable[str]) -> set[str]:
        """Entries that have any of the concepts."""
        return {entry_id for key in concepts for entry_id in self._users.get(key, ())}

    def take(self, changes: Iterable[EntryChange]) -> None:
        for change in changes:
            entry = change.entry
            body, aliases = (zlib.compress(entry.to_json(), 1), entry.aliases) if entry else (None, ())
            self._replace(change.entry_id, _Kept(change.version, body, aliases))
            self._live += entry is not None
            self._aliases |= dict.fromkeys(aliases, change.entry_id)
            for key in concept_keys(entry.classification) if entry else ():
                self._users[key].add(change.entry_id)

    def _version(self, entry_id: str) -> int:
        kept = self._kept.get(entry_id)
        return kept.version if kept else -1

    def _replace(self, entry_id: str, new: _Kept) -> None:
        """A reader may be at work in another thread: what it has unpacked must not stay after the change."""
        with self._reading:
            kept = self._kept.get(entry_id)
            self._kept[entry_id] = new
            read = self._read.pop(entry_id, None)
        if kept is None or kept.body is None:
            return
        self._live -= 1
        for alias in kept.aliases:
            if self._aliases.get(alias) == entry_id:
                del self._aliases[alias]
        before = read or _unpacked(kept.body)
        for key in concept_keys(before.classification):
            self._users[key].discard(entry_id)


def _unpacked(body: bytes) -> EntryPublished:
    return EntryPublished.from_json(zlib.decompress(body))
