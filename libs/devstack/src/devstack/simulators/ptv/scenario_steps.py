"""Steps of a scenario that change what PTV holds.

Those about one object take its `kind` (a service unless told otherwise) and its `key`: the content id, or of a
connection `<service>/<channel>`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from devstack.simulators.faults import Faults
from devstack.simulators.ptv.shelves import Key
from devstack.simulators.ptv.world import World

Kind = Literal["service", "channel", "connection", "organization", "general-description", "service-collection"]
Wire = dict[str, Any]


@dataclass(frozen=True)
class Stage:
    """What the steps act on."""

    world: World
    faults: Faults

    def wire(self, kind: str, key: str) -> Wire:
        """A published object. Raises KeyError."""
        return self.world.origin.by_kind[kind].live[pair(key)].wire


class Step(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _OfOne(Step):
    kind: Kind = "service"
    key: str


class Create(_OfOne):
    """A new object: a copy of the object `like`, with some fields of its own, and the same connections."""

    step: Literal["create"] = "create"
    like: str
    name: str | None = None
    changes: Wire = {}
    first: bool = False
    """Whether it stands first in every listing, so that all others move on by one."""

    def apply(self, stage: Stage) -> None:
        wire = edited(stage.wire(self.kind, self.like), self.changes, self.name)
        stage.world.put(self.kind, {**_unpublished(wire), "contentId": self.key}, first=self.first)
        if self.kind in ("service", "channel"):
            self._connect(stage)

    def _connect(self, stage: Stage) -> None:
        side, field = (0, "serviceContentId") if self.kind == "service" else (1, "channelContentId")
        connections = stage.world.origin.by_kind["connection"].live
        for wire in [stored.wire for key, stored in connections.items() if key[side] == self.like]:
            stage.world.put("connection", {**_unpublished(wire), field: self.key})


class Change(_OfOne):
    """An object gets another Finnish name or other fields, and is published anew."""

    step: Literal["change"] = "change"
    name: str | None = None
    changes: Wire = {}
    same_time: bool = False
    """Whether `publishedAt` stays as it was, as when only the copy is made anew."""

    def apply(self, stage: Stage) -> None:
        wire = edited(stage.wire(self.kind, self.key), self.changes, self.name)
        stage.world.put(self.kind, wire if self.same_time else _unpublished(wire))


class Archive(_OfOne):
    """An object ends, and the connections of a service or channel with it."""

    step: Literal["archive"] = "archive"

    def apply(self, stage: Stage) -> None:
        stage.world.archive(self.kind, pair(self.key))


class Unarchive(_OfOne):
    """What had ended is published again, now or with the `publishedAt` it had."""

    step: Literal["unarchive"] = "unarchive"
    same_time: bool = False

    def apply(self, stage: Stage) -> None:
        stage.world.unarchive(self.kind, pair(self.key), same_time=self.same_time)


class Withdraw(_OfOne):
    """An object goes back to draft: it is in no archive, and only v11 lists it as withdrawn."""

    step: Literal["withdraw"] = "withdraw"

    def apply(self, stage: Stage) -> None:
        stage.world.withdraw(self.kind, pair(self.key))


class Vanish(_OfOne):
    """An object is gone without an archived row; by its id it is unknown."""

    step: Literal["vanish"] = "vanish"

    def apply(self, stage: Stage) -> None:
        stage.wire(self.kind, self.key)
        stage.world.vanish(self.kind, pair(self.key))


class Hide(_OfOne):
    """An object stays in every listing and is not found by its id."""

    step: Literal["listed-but-404"] = "listed-but-404"

    def apply(self, stage: Stage) -> None:
        stage.wire(self.kind, self.key)
        stage.world.hide(self.kind, pair(self.key))


class MoveAway(_OfOne):
    """An object is offered elsewhere from now on: its area has no place of the county in it."""

    step: Literal["move"] = "move"
    municipalities: list[str] = ["564"]

    def apply(self, stage: Stage) -> None:
        lists = {"municipalities": self.municipalities, "regions": [], "wellbeingServicesCounties": []}
        area = {"areaType": "LimitedArea", **lists}
        Change(kind=self.kind, key=self.key, changes={"area": area}).apply(stage)


class DropConnection(Step):
    """A connection is no more; neither an archived row nor a time of its two ends tells of it."""

    step: Literal["drop-connection"] = "drop-connection"
    service: str
    channel: str

    def apply(self, stage: Stage) -> None:
        Vanish(kind="connection", key=f"{self.service}/{self.channel}").apply(stage)


class DuplicateOrganisation(Step):
    """A second organisation of the same Y-tunnus and name, which takes over some of the first one's services."""

    step: Literal["duplicate-organization"] = "duplicate-organization"
    key: str
    copy_key: str
    services: list[str] = []

    def apply(self, stage: Stage) -> None:
        Create(kind="organization", key=self.copy_key, like=self.key).apply(stage)
        for service in self.services:
            Change(key=service, changes={"organizationContentId": self.copy_key}).apply(stage)


class RenameClass(Step):
    """A service class gets another code and address, in its list and in all content; no object's time moves."""

    step: Literal["rename-class"] = "rename-class"
    code: str
    new_code: str

    def apply(self, stage: Stage) -> None:
        stage.world.rename_class(self.code, self.new_code)


def pair(key: str) -> Key:
    return tuple(key.split("/"))


def edited(wire: Wire, changes: Wire, name: str | None) -> Wire:
    """Fields are replaced, texts language by language."""
    texts = {language: dict(text) for language, text in wire["languageVersions"].items()}
    for language, words in changes.get("languageVersions", {}).items():
        texts[language] = {**texts.get(language, {}), **words}
    if name is not None:
        texts["fi"] = {**texts.get("fi", {}), "name": name}
    return {**wire, **changes, "languageVersions": texts}


def _unpublished(wire: Wire) -> Wire:
    """Without a time, so that publishing sets it."""
    return {name: value for name, value in wire.items() if name != "publishedAt"}
