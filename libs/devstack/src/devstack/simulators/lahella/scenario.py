"""Small things that happen to Lähellä, one after the other, for tests, demos and `POST /_control/scenario`.

A scenario is a list of steps, in YAML: `[{step: change, key: "710001", name: Kävelyryhmä}, {step: fault, kind: slow}]`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from devstack.simulators.faults import Fault, Faults
from devstack.simulators.lahella.activities import Activities
from devstack.simulators.lahella.edits import damaged, merged, milliseconds, moved, touched
from devstack.simulators.lahella.listing import Drift


@dataclass(frozen=True)
class Stage:
    """What the steps act on."""

    activities: Activities
    faults: Faults


class _Step(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Create(_Step):
    """A new activity: a copy of the activity `like`, with some traits of its own."""

    step: Literal["create"] = "create"
    key: str
    like: str
    group: str | None = None
    first: bool = False
    """Whether it stands first in the list, so that all others move on by one."""
    traits: dict[str, Any] = {}

    def apply(self, stage: Stage) -> None:
        model = stage.activities.held[self.like]
        wire = merged(model.wire, {"traits": self.traits})
        stage.activities.put(self.key, {**wire, "group": self.group or model.group}, first=self.first)


class Change(_Step):
    """An activity gets another Finnish name, other traits, or another status."""

    step: Literal["change"] = "change"
    key: str
    name: str | None = None
    traits: dict[str, Any] = {}
    status: Literal["published", "draft"] | None = None

    def apply(self, stage: Stage) -> None:
        changes: dict[str, Any] = {"traits": self.traits}
        if self.status is not None:
            changes["status"] = self.status
        wire = merged(stage.activities.held[self.key].wire, changes)
        if self.name is not None:
            wire = merged(wire, {"traits": {"translations": {"fi": {"name": self.name}}}})
        stage.activities.put(self.key, wire)


class Remove(_Step):
    """Activities vanish; nothing tells of it."""

    step: Literal["remove"] = "remove"
    keys: list[str]

    def apply(self, stage: Stage) -> None:
        for key in self.keys:
            del stage.activities.held[key]


class Expire(_Step):
    """The window in which an activity is shown closes, now unless told when; it stays in the list."""

    step: Literal["expire"] = "expire"
    key: str
    at: datetime | None = None

    def apply(self, stage: Stage) -> None:
        end = milliseconds(self.at or datetime.now(UTC))
        wire = merged(stage.activities.held[self.key].wire, {"tags": {"visibility": {"end": end}}})
        stage.activities.put(self.key, wire)


class Drifting(_Step):
    """The server moves the coordinates that it wrote by itself, in degrees."""

    step: Literal["coordinates"] = "coordinates"
    by: float = 0.00001

    def apply(self, stage: Stage) -> None:
        stage.activities.rewrite(lambda wire: moved(wire, self.by))


class Touch(_Step):
    """An editor opens and saves: locks, times and attributes of tags differ, no word does."""

    step: Literal["touch"] = "touch"

    def apply(self, stage: Stage) -> None:
        stage.activities.rewrite(touched)


class UnknownRegion(_Step):
    """An activity names a region that no list has."""

    step: Literal["unknown-region"] = "unknown-region"
    key: str
    name: str = "S\ufffdkyl\ufffd"

    def apply(self, stage: Stage) -> None:
        Change(key=self.key, traits={"region": [f"city/FI/{self.name}"]}).apply(stage)


class Damage(_Step):
    """Texts of an activity hold what no text should: NUL, half a surrogate pair, broken tags and entities."""

    step: Literal["damage"] = "damage"
    key: str

    def apply(self, stage: Stage) -> None:
        stage.activities.put(self.key, damaged(stage.activities.held[self.key].wire))


class Group(_Step):
    """An organisation changes its name or gives its Y-tunnus at last."""

    step: Literal["group"] = "group"
    key: str
    name: str | None = None
    business_id: str | None = None

    def apply(self, stage: Stage) -> None:
        told = self.model_dump(include={"name", "business_id"}, exclude_none=True)
        groups = stage.activities.groups
        groups[self.key] = groups[self.key].model_copy(update=told)


class PageDrift(_Step):
    """While the list is read, behind the page with the `after`-th activity, some vanish and some appear first."""

    step: Literal["page-drift"] = "page-drift"
    after: int = Field(ge=1)
    remove: list[str] = []
    insert: list[Create] = []

    def apply(self, stage: Stage) -> None:
        def change() -> None:
            held = stage.activities.held
            Remove(keys=[key for key in self.remove if key in held]).apply(stage)
            for one in self.insert:
                one.model_copy(update={"first": True}).apply(stage)

        stage.activities.oddities.drifts.append(Drift(self.after, change))


class RepeatPage(_Step):
    """The next pages after a first one are that first one again."""

    step: Literal["repeat-page"] = "repeat-page"
    times: int = Field(default=1, ge=1)

    def apply(self, stage: Stage) -> None:
        stage.activities.oddities.repeats = self.times


class Truncate(_Step):
    """The list ends after some activities, as if there were no more; its total tells the truth, or lies too."""

    step: Literal["truncate"] = "truncate"
    at: int = Field(ge=0)
    total_lies: bool = False

    def apply(self, stage: Stage) -> None:
        stage.activities.oddities.truncated_at = self.at
        stage.activities.oddities.total_lies = self.total_lies


class AddFault(Fault):
    """A fault of the wire (slow, 429, 504-html, null-lists, bad-json, 401 …), on all paths unless told which."""

    model_config = ConfigDict(extra="forbid")
    step: Literal["fault"] = "fault"
    path: str = "/v1/"

    def apply(self, stage: Stage) -> None:
        stage.faults.add(Fault.model_validate(self.model_dump(exclude={"step"})))


class Calm(_Step):
    """Nothing goes wrong any more; what has changed stays."""

    step: Literal["calm"] = "calm"

    def apply(self, stage: Stage) -> None:
        stage.faults.clear()
        stage.activities.oddities.clear()


Step = Annotated[
    Create
    | Change
    | Remove
    | Expire
    | Drifting
    | Touch
    | UnknownRegion
    | Damage
    | Group
    | PageDrift
    | RepeatPage
    | Truncate
    | AddFault
    | Calm,
    Field(discriminator="step"),
]
Scenario = TypeAdapter(list[Step])
"""Reads a scenario from JSON or YAML values. Raises pydantic's ValidationError, naming the step."""


def play(steps: Sequence[Step], stage: Stage) -> None:
    """Raises KeyError for an activity or group that is not there; the steps before it have happened."""
    for step in steps:
        step.apply(stage)
