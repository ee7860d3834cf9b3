"""Small things that happen to PTV, one after the other, for tests, demos and `POST /_control/scenario`.

A scenario is a list of steps, in YAML: `[{step: archive, key: <id>}, {step: fault, kind: "429", retry_after: 5}]`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, TypeAdapter

from devstack.simulators.faults import Fault
from devstack.simulators.ptv.listings import Drift, Listings, Truncation
from devstack.simulators.ptv.scenario_steps import (
    Archive,
    Change,
    Create,
    DropConnection,
    DuplicateOrganisation,
    Hide,
    Kind,
    MoveAway,
    RenameClass,
    Stage,
    Step,
    Unarchive,
    Vanish,
    Withdraw,
    pair,
)


class PageDrift(Step):
    """While a listing is read, behind the page `after`, some objects vanish and some appear first."""

    step: Literal["page-drift"] = "page-drift"
    kind: Kind = "service"
    after: int = Field(ge=1)
    remove: tuple[str, ...] = ()
    insert: tuple[Create, ...] = ()

    def apply(self, stage: Stage) -> None:
        def change() -> None:
            for key in self.remove:
                stage.world.vanish(self.kind, pair(key))
            for one in self.insert:
                one.model_copy(update={"first": True}).apply(stage)

        stage.world.listings.drifts.append(Drift(self.kind, self.after, change))


class Truncate(Step):
    """A listing ends after `keep` rows while its total is the true one, or a lie when `total` says so."""

    step: Literal["truncate"] = "truncate"
    kind: Kind = "service"
    keep: int = Field(ge=0)
    total: int | None = Field(default=None, ge=0)

    def apply(self, stage: Stage) -> None:
        stage.world.listings.truncated[self.kind] = Truncation(self.keep, self.total)


class ClockSkew(Step):
    """PTV's clock is off: `Date` and new `publishedAt` with it."""

    step: Literal["clock-skew"] = "clock-skew"
    by: timedelta

    def apply(self, stage: Stage) -> None:
        stage.world.skew = self.by


class CopyLag(Step):
    """What is entered from now on reaches v12 that much later than v11, with the time at which it was entered."""

    step: Literal["copy-lag"] = "copy-lag"
    by: timedelta = Field(ge=timedelta(0))

    def apply(self, stage: Stage) -> None:
        stage.world.copy_lag = self.by


class Spelling(Step):
    """Connections of v12 name their channel by the other of the two names that were seen."""

    step: Literal["spelling"] = "spelling"
    channel_id: Literal["channelContentId", "serviceChannelContentId"]

    def apply(self, stage: Stage) -> None:
        stage.world.channel_id_name = self.channel_id


class AddFault(Fault):
    """A fault of the wire (slow, 429, 504-html, null-lists, bad-json, 401 …), on all paths unless told which."""

    model_config = ConfigDict(extra="forbid")
    step: Literal["fault"] = "fault"
    path: str = "/api/"

    def apply(self, stage: Stage) -> None:
        stage.faults.add(Fault.model_validate(self.model_dump(exclude={"step"})))


class Calm(Step):
    """Nothing goes wrong any more; what has changed stays."""

    step: Literal["calm"] = "calm"

    def apply(self, stage: Stage) -> None:
        stage.faults.clear()
        stage.world.listings = Listings()
        stage.world.skew = stage.world.copy_lag = timedelta()


AnyStep = Annotated[
    Create
    | Change
    | Archive
    | Unarchive
    | Withdraw
    | Vanish
    | Hide
    | MoveAway
    | DropConnection
    | DuplicateOrganisation
    | RenameClass
    | PageDrift
    | Truncate
    | ClockSkew
    | CopyLag
    | Spelling
    | AddFault
    | Calm,
    Field(discriminator="step"),
]
Scenario = TypeAdapter(list[AnyStep])
"""Reads a scenario from JSON or YAML values. Raises pydantic's ValidationError, naming the step."""


def play(steps: Sequence[AnyStep], stage: Stage) -> None:
    """Raises KeyError for an object that is not published; the steps before it have happened."""
    for step in steps:
        step.apply(stage)
