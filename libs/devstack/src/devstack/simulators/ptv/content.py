"""Reads the data files and gives whole, checked PTV objects."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import TypeAdapter

from devstack.simulators.ptv import expand
from devstack.simulators.ptv.authoring import (
    ChannelSheet,
    CollectionSheet,
    GeneralDescriptionSheet,
    OrganisationSheet,
    ServiceSheet,
)
from devstack.simulators.ptv.expand_channels import channel
from devstack.simulators.ptv.vocabulary import Vocabulary, load_vocabulary
from devstack.simulators.ptv.wire import ENTITIES

S = TypeVar("S")
DATA = Path(__file__).parents[2] / "data" / "ptv"
"""The Kanta-Häme content that comes with the simulator."""


@dataclass(frozen=True)
class Content:
    vocabulary: Vocabulary
    objects: dict[str, list[dict[str, Any]]]
    """Wire objects by kind, the kinds being those of `wire.ENTITIES`."""


def load_content(folder: Path = DATA) -> Content:
    """Reads every file of `folder`.

    Raises pydantic's `ValidationError`, `KeyError` or `ValueError` naming what is wrong in the authored data.
    """
    organisations = _sheets(folder, "organisations*.yaml", OrganisationSheet)
    vocabulary = load_vocabulary(
        _mapping(folder / "vocabularies.yaml") | _mapping(folder / "areas.yaml") | _mapping(folder / "countries.yaml"),
        frozenset(sheet.id for sheet in organisations),
    )
    services = _sheets(folder, "services*.yaml", ServiceSheet)
    descriptions = _sheets(folder, "general_descriptions*.yaml", GeneralDescriptionSheet)
    collections = _sheets(folder, "service_collections*.yaml", CollectionSheet)
    objects = {
        "organization": [expand.organisation(sheet, vocabulary) for sheet in organisations],
        "general-description": [expand.general_description(sheet, vocabulary) for sheet in descriptions],
        "service": [expand.service(sheet, vocabulary) for sheet in services],
        "channel": [channel(sheet, vocabulary) for sheet in _sheets(folder, "channels*.yaml", ChannelSheet)],
        "connection": [connection for sheet in services for connection in expand.connections(sheet)],
        "service-collection": [expand.collection(sheet) for sheet in collections],
    }
    _check(objects)
    return Content(vocabulary, objects)


def _sheets(folder: Path, pattern: str, sheet: type[S]) -> list[S]:
    adapter = TypeAdapter(list[sheet])  # type: ignore[valid-type]
    return [made for path in sorted(folder.glob(pattern)) for made in adapter.validate_python(_yaml(path))]


def _mapping(path: Path) -> dict[str, Any]:
    return TypeAdapter(dict[str, Any]).validate_python(_yaml(path))


def _yaml(path: Path) -> Any:
    return yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)


def _check(objects: dict[str, list[dict[str, Any]]]) -> None:
    """Refuses what no reader should have to meet: a wrong shape, a reference to nothing, an id used twice."""
    for kind, members in objects.items():
        for member in members:
            ENTITIES[kind].validate_python(member)
    ids = {kind: [member["contentId"] for member in objects[kind]] for kind in objects if kind != "connection"}
    for kind, found in ids.items():
        if len(set(found)) != len(found):
            raise ValueError(f"an id is used twice among the {kind} sheets")
    for connection in objects["connection"]:
        if connection["channelContentId"] not in ids["channel"]:
            raise ValueError(f"service {connection['serviceContentId']} is connected to a channel that does not exist")
    for kind in ("service", "channel", "general-description", "service-collection"):
        _check_owners(objects[kind], ids["organization"])
    for collection in objects["service-collection"]:
        if not {item["contentId"] for item in collection["items"]} <= {*ids["service"], *ids["channel"]}:
            raise ValueError(f"collection {collection['contentId']} shows what does not exist")


def _check_owners(members: list[dict[str, Any]], organisations: list[str]) -> None:
    for member in members:
        if member["organizationContentId"] not in organisations:
            raise ValueError(f"{member['contentId']} belongs to an organisation that does not exist")
