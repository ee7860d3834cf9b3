"""All that v11 answers from: rows in listing order, what is gone, and what connections touched."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime

from devstack.simulators.ptv.shelves import Gone, Touched
from devstack.simulators.ptv.v11.areas import municipalities, tagged
from devstack.simulators.ptv.v11.asked import Asked
from devstack.simulators.ptv.v11.errors import missing
from devstack.simulators.ptv.v11.words import Wire
from devstack.simulators.ptv.vocabulary import Vocabulary

_AREA_LISTS = {"Region": "region-codes", "WellbeingServiceCounties": "wellbeing-services-county-codes"}
LABELS = {
    "service": "Service",
    "channel": "Service channel",
    "organization": "Organization",
    "general-description": "General description",
    "service-collection": "Service collection",
}


@dataclass(frozen=True)
class Row:
    id: str
    name: str | None
    modified: datetime
    wire: Wire


@dataclass(frozen=True)
class GoneRow:
    """`wire` is a row of `archived/list`."""

    id: str
    name: str | None
    at: datetime
    how: Gone
    wire: Wire


@dataclass(frozen=True)
class Catalogue:
    vocabulary: Vocabulary
    rows: Mapping[str, Mapping[str, Row]]
    with_general_description: Callable[[str], Wire]
    """A service with its general description's texts, by id."""
    gone: Mapping[str, Sequence[GoneRow]] = field(default_factory=dict)
    touched: Sequence[Touched] = ()
    hidden: Mapping[str, Set[str]] = field(default_factory=dict)

    def row(self, kind: str, identity: str) -> Row:
        """Raises Refused (404)."""
        found = self.found(kind, [identity])
        if not found:
            raise missing(f"{LABELS[kind]} with id '{identity}' not found.")
        return found[0]

    def found(self, kind: str, ids: Iterable[str]) -> list[Row]:
        """Those of the ids that are published and can be read, in listing order."""
        wanted = set(ids) - set(self.hidden.get(kind, ()))
        return [row for identity, row in self.rows[kind].items() if identity in wanted]

    def listed(self, kind: str, asked: Asked, *, with_connections: bool = False) -> list[Row | GoneRow]:
        """The rows of an id listing by status and time. `with_connections` lists a changed connection's ends too."""
        if asked.status != "Published":
            gone = [row for row in self.gone.get(kind, ()) if row.how == asked.status.lower()]
            return [row for row in gone if asked.within(row.at)]
        touched = self._touched_ids(asked) if with_connections else frozenset[str]()
        rows = self.rows[kind].values()
        return [row for row in rows if asked.within(row.modified) or row.id in touched]

    def _touched_ids(self, asked: Asked) -> frozenset[str]:
        if asked.since is None and asked.before is None:
            return frozenset()
        return frozenset[str]().union(*(one.ids for one in self.touched if asked.within(one.at)))

    def area_codes(self, kind: str) -> set[str]:
        """Codes of one area type: those of the code lists and those that content shows."""
        shown = [row.wire for rows in self.rows.values() for row in rows.values()]
        if kind == "Municipality":
            listed = {row["code"] for row in self.vocabulary.rows["municipality-codes"]}
            return listed.union(*(municipalities(wire) for wire in shown))
        listed = {row["code"] for row in self.vocabulary.rows.get(_AREA_LISTS.get(kind, ""), [])}
        return listed | {code for wire in shown for found, code in tagged(wire) if found == kind}
