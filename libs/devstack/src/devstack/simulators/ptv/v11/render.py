"""The catalogue of what the world holds, rendered anew when something has changed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from pydantic import ValidationError

from devstack.simulators.ptv.shelves import Archived, Shelf, Stored
from devstack.simulators.ptv.v11.catalogue import Catalogue, GoneRow, Row
from devstack.simulators.ptv.v11.channels import TYPES, channel
from devstack.simulators.ptv.v11.lookup import Lookup, lookup
from devstack.simulators.ptv.v11.organisations import collection, organisation
from devstack.simulators.ptv.v11.services import general_description, service, service_with_general_description
from devstack.simulators.ptv.v11.words import SERVICE_TYPES, Wire, modified_at, naive, names, plain_name
from devstack.simulators.ptv.wire import ENTITIES
from devstack.simulators.ptv.world import World

_SHAPES: dict[str, Callable[[Stored, Lookup], Wire]] = {
    "service": service,
    "channel": channel,
    "organization": organisation,
    "general-description": general_description,
    "service-collection": collection,
}
_ARCHIVED_NAMES = {"service": "serviceNames", "channel": "names"}


class Rendered:
    """A catalogue that follows the world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._version = -1
        self._catalogue: Catalogue | None = None

    def __call__(self) -> Catalogue:
        version = self._world.origin.version
        if self._catalogue is None or self._version != version:
            self._version, self._catalogue = version, _render(self._world)
        return self._catalogue


def _render(world: World) -> Catalogue:
    shelves = {kind: _whole(kind, shelf) for kind, shelf in world.origin.by_kind.items()}
    at = lookup(shelves, world.vocabulary)
    return Catalogue(
        vocabulary=world.vocabulary,
        rows={kind: _rows(kind, at) for kind in _SHAPES},
        with_general_description=partial(_with_general_description, at),
        gone={kind: [_gone(kind, one) for one in shelves[kind].archived.values()] for kind in _SHAPES},
        touched=world.origin.touched,
        hidden={kind: {key[0] for key in shelf.hidden} for kind, shelf in shelves.items()},
    )


def _whole(kind: str, shelf: Shelf) -> Shelf:
    """Without what only v12 could hold: an object that is not of v12's published shape has no older form."""
    live = {key: stored for key, stored in shelf.live.items() if _has_its_shape(kind, stored)}
    archived = {key: one for key, one in shelf.archived.items() if _has_its_shape(kind, one.stored)}
    return Shelf(live, archived, shelf.hidden)


def _has_its_shape(kind: str, stored: Stored) -> bool:
    try:
        ENTITIES[kind].validate_python(stored.wire)
    except ValidationError:
        return False
    return True


def _rows(kind: str, at: Lookup) -> dict[str, Row]:
    shape = _SHAPES[kind]
    return {
        key: Row(
            id=key,
            name=plain_name(stored.wire["languageVersions"]),
            modified=modified_at(stored.published_at, key),
            wire=shape(stored, at),
        )
        for key, stored in at.live[kind].items()
    }


def _with_general_description(at: Lookup, identity: str) -> Wire:
    return service_with_general_description(at.live["service"][identity], at)


def _gone(kind: str, archived: Archived) -> GoneRow:
    wire = archived.stored.wire
    texts, identity = wire["languageVersions"], wire["contentId"]
    found = str(wire.get("serviceType") or wire.get("serviceChannelType"))
    row = {
        "id": identity,
        "organizationId": wire.get("organizationContentId"),
        "type": SERVICE_TYPES.get(found, TYPES.get(found, found)),
        "archivingDate": naive(archived.at),
        _ARCHIVED_NAMES.get(kind, "names"): names(texts),
    }
    return GoneRow(identity, plain_name(texts), archived.at, archived.how, row)
