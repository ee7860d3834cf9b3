"""Published and unpublished objects of one copy of PTV's content, by kind and key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Literal

import orjson

from devstack.simulators.ptv.problems import NotFound

Key = tuple[str, ...]
"""A content id; of a connection the pair service, channel."""

Gone = Literal["archived", "withdrawn"]
"""Archived content is listed as such; withdrawn content went back to draft and only v11 lists it."""


@dataclass(frozen=True)
class Stored:
    """`saves` counts how often the object was published: v11 orders some lists anew at each save."""

    wire: dict[str, Any]
    published_at: datetime | None
    saves: int = 1

    @cached_property
    def body(self) -> bytes:
        return orjson.dumps(self.wire)


@dataclass(frozen=True)
class Archived:
    stored: Stored
    at: datetime
    how: Gone = "archived"


@dataclass
class Shelf:
    """One kind of object."""

    live: dict[Key, Stored] = field(default_factory=dict)
    archived: dict[Key, Archived] = field(default_factory=dict)
    hidden: set[Key] = field(default_factory=set)
    """Listed, yet not found by id."""

    def get(self, key: Key) -> bytes:
        if key in self.hidden:
            raise NotFound("NotPublished")
        if key in self.live:
            return self.live[key].body
        raise NotFound("NotPublished" if key in self.archived else "Unknown")

    def put(self, key: Key, stored: Stored, *, first: bool) -> None:
        self.archived.pop(key, None)
        self.hidden.discard(key)
        self.live.pop(key, None)
        self.live = {key: stored, **self.live} if first else self.live
        self.live[key] = stored


@dataclass(frozen=True)
class Touched:
    """A change of a connection: PTV v11 lists both its ends as changed then, with their own times as they were."""

    at: datetime
    ids: frozenset[str]


class Shelves:
    """Every shelf of one copy. Each change takes the time it happened at."""

    def __init__(self, kinds: Iterable[str]) -> None:
        self.by_kind = {kind: Shelf() for kind in kinds}
        self.touched: list[Touched] = []
        self.version = 0

    def put(self, kind: str, wire: dict[str, Any], at: datetime, *, first: bool = False) -> None:
        """Publishes, at the end of every listing: PTV orders by when the version was made."""
        shelf, key = self.by_kind[kind], key_of(kind, wire)
        before = shelf.live.get(key)
        shelf.put(key, Stored(wire, _moment(wire.get("publishedAt")), before.saves + 1 if before else 1), first=first)
        self._changed(kind, key, at)

    def take(self, kind: str, key: Key, at: datetime, how: Gone) -> None:
        """Ends a published object, with the connections of a service or channel. Raises NotFound."""
        shelf = self.by_kind[kind]
        if key not in shelf.live:
            raise NotFound("NotPublished" if key in shelf.archived else "Unknown")
        shelf.archived[key] = Archived(shelf.live.pop(key), at, how)
        self._changed(kind, key, at)
        for connection in _ends_at(kind, key, self.by_kind["connection"].live):
            self.take("connection", connection, at, how)

    def vanish(self, kind: str, key: Key) -> None:
        """Takes an object away without a trace, and the connections of a service or channel with it."""
        self.by_kind[kind].live.pop(key, None)
        self.by_kind[kind].archived.pop(key, None)
        self.version += 1
        for connection in _ends_at(kind, key, self.by_kind["connection"].live):
            self.vanish("connection", connection)

    def restore(self, kind: str, key: Key, at: datetime, published_at: str | None) -> None:
        """Publishes what had ended, with this `publishedAt`, and its connections whose other end is there."""
        shelf = self.by_kind[kind]
        if key not in shelf.archived:
            raise NotFound("Unknown")
        self.put(kind, {**shelf.archived[key].stored.wire, "publishedAt": published_at}, at)
        for connection in _ends_at(kind, key, self.by_kind["connection"].archived):
            service, channel = connection
            if (service,) in self.by_kind["service"].live and (channel,) in self.by_kind["channel"].live:
                self.restore("connection", connection, at, published_at)

    def replace_codes(self, kinds: Iterable[str], renamed: Mapping[str, str]) -> None:
        """Other service classes in place of some, with no object's time moved."""
        for kind in kinds:
            live = self.by_kind[kind].live
            for key, stored in live.items():
                codes = [renamed.get(code, code) for code in stored.wire.get("serviceClasses", ())]
                live[key] = Stored({**stored.wire, "serviceClasses": codes}, stored.published_at, stored.saves)
        self.version += 1

    def hide(self, kind: str, key: Key) -> None:
        self.by_kind[kind].hidden.add(key)
        self.version += 1

    def _changed(self, kind: str, key: Key, at: datetime) -> None:
        self.version += 1
        if kind == "connection":
            self.touched.append(Touched(at, frozenset(key)))


def key_of(kind: str, wire: Mapping[str, Any]) -> Key:
    if kind == "connection":
        return (wire["serviceContentId"], wire.get("channelContentId") or wire["serviceChannelContentId"])
    return (wire["contentId"],)


def _ends_at(kind: str, key: Key, connections: Iterable[Key]) -> list[Key]:
    if kind not in ("service", "channel"):
        return []
    side = 0 if kind == "service" else 1
    return [pair for pair in connections if pair[side] == key[0]]


def _moment(published: object) -> datetime | None:
    """None too for what is no time, as a recorded or a spoilt object may have: only a whole reading meets it."""
    try:
        moment = datetime.fromisoformat(str(published))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
