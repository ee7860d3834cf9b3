"""Reading rounds of the ingests: `hyte.ingest-runs.v1`."""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from event_schemas.base import Event, UtcTime, Value, extensible
from event_schemas.ids import AnyRunId, ReasonCode
from event_schemas.listing import AnySourceSystem


class RunMode(StrEnum):
    """How much of the source a run reads; a replay reads what is stored of it, and calls nobody."""

    INCREMENTAL = "incremental"
    FULL = "full"
    REPLAY = "replay"


class RunOutcome(StrEnum):
    """How a run ended; `held` waits for an operator because too much would vanish."""

    COMPLETED = "completed"
    INTERRUPTED = "interrupted"
    FAILED = "failed"
    HELD = "held"


AnyRunMode = Annotated[RunMode | str, Field(union_mode="left_to_right"), extensible(RunMode)]
AnyRunOutcome = Annotated[RunOutcome | str, Field(union_mode="left_to_right"), extensible(RunOutcome)]
Count = Annotated[int, Field(ge=0)]


ObjectId = Annotated[str, Field(pattern=r"^[A-Za-z0-9._:/-]{1,120}$")]


class Rejection(Value):
    """How many objects or parts of objects were not taken, for one reason; `examples` are ids of the source."""

    reason: ReasonCode
    count: Count
    examples: Annotated[tuple[ObjectId, ...], Field(max_length=5)] = ()


class RunCounts(Value):
    """Objects read from the source, and listings changed, removed and rejected by them."""

    read: Count = 0
    changed: Count = 0
    removed: Count = 0
    rejected: tuple[Rejection, ...] = ()


class IngestRunStarted(Event):
    """A run begins, or goes on from where it stopped."""

    event_type: ClassVar[str] = "fi.hytevirta.ingest-run.started.v1"

    run_id: AnyRunId
    source: AnySourceSystem
    mode: AnyRunMode
    started_at: UtcTime
    resumed: bool = False


class IngestRunEnded(Event):
    """A run is over; `reason` says why it did not complete."""

    event_type: ClassVar[str] = "fi.hytevirta.ingest-run.ended.v1"

    run_id: AnyRunId
    source: AnySourceSystem
    mode: AnyRunMode
    started_at: UtcTime
    ended_at: UtcTime
    outcome: AnyRunOutcome
    reason: ReasonCode | None = None
    counts: RunCounts
