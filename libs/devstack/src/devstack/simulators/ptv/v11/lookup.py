"""What a v11 object shows of others: names of classes, organisations, services, channels and areas."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from devstack.simulators.ptv.shelves import Shelf, Stored
from devstack.simulators.ptv.v11.words import Wire, items, plain_name
from devstack.simulators.ptv.vocabulary import Row, Vocabulary


@dataclass(frozen=True)
class Lookup:
    """Everything published, indexed once for many renderings."""

    live: Mapping[str, Mapping[str, Stored]]
    by_code: Mapping[str, Mapping[str, Row]]
    by_uri: Mapping[str, Mapping[str, Row]]
    connections_of_service: Mapping[str, list[Stored]]
    connections_of_channel: Mapping[str, list[Stored]]
    collections_of: Mapping[str, list[Stored]]

    def name(self, kind: str, identity: str) -> str | None:
        stored = self.live[kind].get(identity)
        return None if stored is None else plain_name(stored.wire["languageVersions"])

    def item(self, kind: str, identity: str) -> Wire:
        return {"id": identity, "name": self.name(kind, identity)}

    def municipality(self, code: str) -> Wire:
        row = self.by_code["municipality-codes"].get(code)
        return {"code": code, "name": items(row["name"]) if row else []}

    def municipality_named(self, name: Mapping[str, str]) -> Wire | None:
        """The municipality whose name a post office bears."""
        rows = self.by_code["municipality-codes"].values()
        found = next((row for row in rows if row["name"].get("fi") == name.get("fi")), None)
        return None if found is None else self.municipality(found["code"])

    def post_office(self, postal_code: str | None) -> Mapping[str, str]:
        row = self.by_code["postal-codes"].get(postal_code or "")
        name: Mapping[str, str] = row["name"] if row else {}
        return name


def lookup(shelves: Mapping[str, Shelf], vocabulary: Vocabulary) -> Lookup:
    live = {kind: {"/".join(key): stored for key, stored in shelf.live.items()} for kind, shelf in shelves.items()}
    connections = live["connection"].values()
    return Lookup(
        live=live,
        by_code={path: {row["code"]: row for row in rows if "code" in row} for path, rows in vocabulary.rows.items()},
        by_uri={path: {row["uri"]: row for row in rows if "uri" in row} for path, rows in vocabulary.rows.items()},
        connections_of_service=_grouped(connections, lambda wire: [wire["serviceContentId"]]),
        connections_of_channel=_grouped(connections, lambda wire: [wire["channelContentId"]]),
        collections_of=_grouped(live["service-collection"].values(), _members),
    )


def _members(wire: Wire) -> list[str]:
    return [item["contentId"] for item in wire["items"]]


def _grouped(found: Iterable[Stored], keys: Callable[[dict[str, Any]], list[str]]) -> dict[str, list[Stored]]:
    groups: dict[str, list[Stored]] = defaultdict(list)
    for stored in found:
        for key in keys(stored.wire):
            groups[key].append(stored)
    return groups
