"""What the simulated PTV holds at a moment, as v11 sees it and as v12's later copy does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_OID, uuid5

import orjson

from devstack.simulators.ptv.content import Content
from devstack.simulators.ptv.listings import Listings
from devstack.simulators.ptv.problems import NotFound
from devstack.simulators.ptv.queries import ArchivedQuery, CollectedQuery, Page, SearchQuery
from devstack.simulators.ptv.shelves import Gone, Key, Shelf, Shelves, Stored
from devstack.simulators.ptv.vocabulary import Vocabulary, renamed_class
from devstack.simulators.ptv.wire import ENTITIES

_REMEMBERED_SEARCHES = 64
Change = Callable[[Shelves], None]


class World:
    """Two copies of the content and the code lists. `clock` gives the time of publishing and archiving.

    Everything is entered in `origin`, which v11 reads; `shelves`, which v12 reads, follow after `copy_lag`. `skew` is
    how far PTV's clock is off.
    """

    def __init__(self, content: Content, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self.vocabulary: Vocabulary = content.vocabulary
        self.origin = Shelves(ENTITIES)
        self._copy = Shelves(ENTITIES)
        self._waiting: list[tuple[datetime, Change]] = []
        self.copy_lag = timedelta()
        self.skew = timedelta()
        self.listings = Listings()
        self.channel_id_name = "channelContentId"
        self._found: tuple[int, dict[tuple[str, str], list[bytes]]] = (0, {})
        for kind, members in content.objects.items():
            for wire in members:
                self.put(kind, wire)
        # Connections that were there from the start have not changed.
        self.origin.touched.clear()

    def now(self) -> datetime:
        """The time on PTV's clock."""
        return self._clock() + self.skew

    @property
    def shelves(self) -> dict[str, Shelf]:
        """What v12 holds by now."""
        return self.copied().by_kind

    def copied(self) -> Shelves:
        while self._waiting and self._waiting[0][0] <= self.now():
            self._waiting.pop(0)[1](self._copy)
        return self._copy

    def put(self, kind: str, wire: Mapping[str, Any], *, first: bool = False) -> None:
        """Publishes a wire object as it is, whatever its shape; `publishedAt` is now when it has none.

        `first` puts it at the head of every listing, as something made before all others.
        """
        at = self.now()
        stamp = {} if kind == "service-collection" else {"publishedAt": instant(at)}
        published = {**stamp, **wire}
        self._enter(lambda shelves: shelves.put(kind, published, at, first=first))

    def archive(self, kind: str, key: Key) -> None:
        """Takes a published object away; with a service or channel go its connections, as in PTV."""
        self._end(kind, key, "archived")

    def withdraw(self, kind: str, key: Key) -> None:
        """Takes a published object back to draft: it is in no archive, and v11 lists it as withdrawn."""
        self._end(kind, key, "withdrawn")

    def vanish(self, kind: str, key: Key) -> None:
        """Takes an object away without an archived row: by its id it is unknown."""
        self._enter(lambda shelves: shelves.vanish(kind, key))

    def unarchive(self, kind: str, key: Key, *, same_time: bool = False) -> None:
        """Publishes an ended object again, now or with the `publishedAt` it had; connections return with it."""
        at = self.now()
        ended = self.origin.by_kind[kind].archived.get(key)
        if ended is None:
            raise NotFound("Unknown")
        published_at = ended.stored.wire["publishedAt"] if same_time else instant(at)
        self._enter(lambda shelves: shelves.restore(kind, key, at, published_at))

    def rename_class(self, code: str, new_code: str) -> None:
        """Gives a service class another code and address everywhere; nothing's time moves."""
        self.vocabulary = replace(self.vocabulary, rows=renamed_class(self.vocabulary.rows, code, new_code))
        self._enter(lambda shelves: shelves.replace_codes(("service", "general-description"), {code: new_code}))

    def hide(self, kind: str, key: Key) -> None:
        """Listed from now on, but 404 by its id."""
        self._enter(lambda shelves: shelves.hide(kind, key))

    def _end(self, kind: str, key: Key, how: Gone) -> None:
        at = self.now()
        self._enter(lambda shelves: shelves.take(kind, key, at, how))

    def _enter(self, change: Change) -> None:
        change(self.origin)
        if self.copy_lag or self._waiting:
            self._waiting.append((self.now() + self.copy_lag, change))
        else:
            change(self._copy)

    def search(self, kind: str, query: SearchQuery) -> bytes:
        # A full read asks the same search page after page; filtering anew each time would cost pages times objects.
        version, found = self._found
        if version != self.copied().version or len(found) >= _REMEMBERED_SEARCHES:
            self._found = (_, found) = (self._copy.version, {})
        search = (kind, query.model_dump_json(exclude={"page"}))
        if search not in found:
            found[search] = self._filter(kind, query)
        answer = self._page(kind, query, found[search])
        self.listings.answered(kind, query.page)
        return self.spelt(answer) if kind == "connection" else answer

    def _page(self, kind: str, query: Page, bodies: list[bytes]) -> bytes:
        rows, total = self.listings.rows(kind, bodies)
        return rendered_page(query, rows, total)

    def _filter(self, kind: str, query: SearchQuery) -> list[bytes]:
        since = query.published_at_or_after
        members = self._members(query)
        return [
            _listed(kind, stored)
            for key, stored in self.shelves[kind].live.items()
            if _published_since(stored, since) and query.admits(stored.wire) and (members is None or key[0] in members)
        ]

    def _members(self, query: SearchQuery) -> set[str] | None:
        """Ids in the collection that the query asks for; None when it asks for no collection."""
        if not isinstance(query, CollectedQuery) or query.service_collection_content_id is None:
            return None
        collection = self.shelves["service-collection"].live.get((query.service_collection_content_id,))
        return {item["contentId"] for item in collection.wire.get("items", ())} if collection else set()

    def archived_since(self, kind: str, query: ArchivedQuery) -> bytes:
        rows = [
            orjson.dumps({"contentId": archived_row_id(key)})
            for key, archived in self.shelves[kind].archived.items()
            if archived.how == "archived" and archived.at >= query.archived_at_or_after
        ]
        return rendered_page(query, rows, len(rows))

    def connection(self, key: Key) -> bytes:
        return self.spelt(self.shelves["connection"].get(key))

    def spelt(self, body: bytes) -> bytes:
        """The one field of connections that has gone by two names."""
        return body.replace(b'"channelContentId":', b'"%s":' % self.channel_id_name.encode())

    def hierarchy(self, content_id: str) -> bytes:
        """Parent and child pairs of the whole family the organisation belongs to."""
        organisations = self.shelves["organization"].live
        if (content_id,) not in organisations:
            raise NotFound(None)
        parents = {key[0]: stored.wire.get("parentOrganizationContentId") for key, stored in organisations.items()}
        root = root_of(content_id, parents)
        edges = [
            {"childContentId": child, "parentContentId": parent}
            for child, parent in parents.items()
            if parent is not None and root_of(child, parents) == root
        ]
        return orjson.dumps({"edges": edges})


def archived_row_id(key: Key) -> str:
    """The id in an archived row. A connection's row carries one that names no pair, which is the real list's flaw."""
    return key[0] if len(key) == 1 else str(uuid5(NAMESPACE_OID, "/".join(key)))


def rendered_page(query: Page, bodies: list[bytes], total: int) -> bytes:
    start = (query.page - 1) * query.page_size
    return orjson.dumps(
        {
            "page": query.page,
            "pageSize": query.page_size,
            "totalItems": total,
            "totalPages": -(-total // query.page_size),
            "items": [orjson.Fragment(body) for body in bodies[start : start + query.page_size]],
        }
    )


def instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def root_of(content_id: str, parents: Mapping[str, str | None]) -> str:
    while (parent := parents.get(content_id)) is not None:
        content_id = parent
    return content_id


def _listed(kind: str, stored: Stored) -> bytes:
    """A collection's members are shown by id only."""
    if kind != "service-collection":
        return stored.body
    return orjson.dumps({name: value for name, value in stored.wire.items() if name != "items"})


def _published_since(stored: Stored, since: datetime | None) -> bool:
    return since is None or (stored.published_at is not None and stored.published_at >= since)
