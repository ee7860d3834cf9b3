"""What the simulated PTV holds at a moment: published objects, already rendered, and archived ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_OID, uuid5

import orjson

from devstack.simulators.ptv.content import Content
from devstack.simulators.ptv.problems import NotFound
from devstack.simulators.ptv.queries import ArchivedQuery, Page, SearchQuery
from devstack.simulators.ptv.vocabulary import Vocabulary

Key = tuple[str, ...]
_REMEMBERED_SEARCHES = 64


@dataclass(frozen=True)
class Stored:
    wire: dict[str, Any]
    body: bytes
    published_at: datetime | None


@dataclass(frozen=True)
class Archived:
    stored: Stored
    at: datetime


@dataclass
class Shelf:
    """One kind of object, by content id; a connection by the pair service, channel."""

    live: dict[Key, Stored] = field(default_factory=dict)
    archived: dict[Key, Archived] = field(default_factory=dict)

    def get(self, key: Key) -> bytes:
        if key in self.live:
            return self.live[key].body
        raise NotFound("NotPublished" if key in self.archived else "Unknown")


class World:
    """All shelves and the code lists. `clock` gives the time of publishing and archiving."""

    def __init__(self, content: Content, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self.vocabulary: Vocabulary = content.vocabulary
        self.shelves = {kind: Shelf() for kind in content.objects}
        self._found: dict[tuple[str, str], list[bytes]] = {}
        for kind, members in content.objects.items():
            for wire in members:
                self.put(kind, wire)

    def put(self, kind: str, wire: Mapping[str, Any]) -> None:
        """Publishes a wire object as it is, whatever its shape; `publishedAt` is now when it has none."""
        stored = _stored({"publishedAt": _instant(self._clock()), **wire})
        key = key_of(kind, wire)
        self._found.clear()
        self.shelves[kind].archived.pop(key, None)
        self.shelves[kind].live[key] = stored

    def archive(self, kind: str, key: Key) -> None:
        """Takes a published object away; with a service or channel go its connections, as in PTV."""
        shelf = self.shelves[kind]
        if key not in shelf.live:
            raise NotFound("NotPublished" if key in shelf.archived else "Unknown")
        self._found.clear()
        shelf.archived[key] = Archived(shelf.live.pop(key), self._clock())
        for connection in self._connections_of(kind, key, self.shelves["connection"].live):
            self.archive("connection", connection)

    def unarchive(self, kind: str, key: Key) -> None:
        """Publishes an archived object again, now; its connections return where the other end is published."""
        shelf = self.shelves[kind]
        if key not in shelf.archived:
            raise NotFound("Unknown")
        self.put(kind, {**shelf.archived[key].stored.wire, "publishedAt": _instant(self._clock())})
        for connection in self._connections_of(kind, key, self.shelves["connection"].archived):
            service, channel = connection
            if (service,) in self.shelves["service"].live and (channel,) in self.shelves["channel"].live:
                self.unarchive("connection", connection)

    def search(self, kind: str, query: SearchQuery) -> bytes:
        # A full read asks the same search page after page; filtering anew each time would cost pages times objects.
        search = (kind, query.model_dump_json(exclude={"page"}))
        if search not in self._found:
            if len(self._found) >= _REMEMBERED_SEARCHES:
                self._found.clear()
            self._found[search] = self._filter(kind, query)
        return rendered_page(query, self._found[search])

    def _filter(self, kind: str, query: SearchQuery) -> list[bytes]:
        since = query.published_at_or_after
        return [
            stored.body
            for stored in self.shelves[kind].live.values()
            if _published_since(stored, since) and query.admits(stored.wire)
        ]

    def archived_since(self, kind: str, query: ArchivedQuery) -> bytes:
        rows = [
            orjson.dumps({"contentId": archived_row_id(key)})
            for key, archived in self.shelves[kind].archived.items()
            if archived.at >= query.archived_at_or_after
        ]
        return rendered_page(query, rows)

    def hierarchy(self, content_id: str) -> bytes:
        """Parent and child pairs of the whole family the organisation belongs to."""
        organisations = self.shelves["organization"].live
        if (content_id,) not in organisations:
            raise NotFound(None)
        parents = {key[0]: stored.wire["parentOrganizationContentId"] for key, stored in organisations.items()}
        root = _root(content_id, parents)
        edges = [
            {"childContentId": child, "parentContentId": parent}
            for child, parent in parents.items()
            if parent is not None and _root(child, parents) == root
        ]
        return orjson.dumps({"edges": edges})

    def _connections_of(self, kind: str, key: Key, connections: Iterable[Key]) -> list[Key]:
        if kind not in ("service", "channel"):
            return []
        side = 0 if kind == "service" else 1
        return [pair for pair in connections if pair[side] == key[0]]


def key_of(kind: str, wire: Mapping[str, Any]) -> Key:
    if kind == "connection":
        return (wire["serviceContentId"], wire["channelContentId"])
    return (wire["contentId"],)


def archived_row_id(key: Key) -> str:
    """The id in an archived row. A connection's row carries one that names no pair, which is the real list's flaw."""
    return key[0] if len(key) == 1 else str(uuid5(NAMESPACE_OID, "/".join(key)))


def rendered_page(query: Page, bodies: list[bytes]) -> bytes:
    start = (query.page - 1) * query.page_size
    return orjson.dumps(
        {
            "page": query.page,
            "pageSize": query.page_size,
            "totalItems": len(bodies),
            "totalPages": -(-len(bodies) // query.page_size),
            "items": [orjson.Fragment(body) for body in bodies[start : start + query.page_size]],
        }
    )


def _stored(wire: dict[str, Any]) -> Stored:
    published = wire["publishedAt"]
    return Stored(wire, orjson.dumps(wire), None if published is None else datetime.fromisoformat(published))


def _published_since(stored: Stored, since: datetime | None) -> bool:
    return since is None or (stored.published_at is not None and stored.published_at >= since)


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _root(content_id: str, parents: Mapping[str, str | None]) -> str:
    while (parent := parents.get(content_id)) is not None:
        content_id = parent
    return content_id
