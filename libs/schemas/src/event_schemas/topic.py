"""What is declared of a topic, and the broker settings that follow from it."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

DELETE_RETENTION = timedelta(days=30)
"""How long a tombstone stays: as long as the slowest reader of a compacted topic may be away."""

COMPACTION_LAG = timedelta(days=7)
"""After this long a superseded state is compacted away."""

PERSONAL_SEGMENT = timedelta(days=1)
"""Segments of topics with personal data roll daily, so that their retention is true to the day."""

DEAD_LETTER_RETENTION = timedelta(days=30)

RECEIVER = "{receiver}"


class Status(StrEnum):
    """A stable topic grows only by optional additions; a draft may change."""

    DRAFT = "draft"
    STABLE = "stable"


class Kind(StrEnum):
    """State: the last record of a key is the truth. Effect: every record is acted on once. Log: records are counted."""

    STATE = "state"
    EFFECT = "effect"
    LOG = "log"


class Cleanup(StrEnum):
    """The broker's cleanup policy."""

    COMPACT = "compact"
    DELETE = "delete"


class PersonalData(StrEnum):
    """What personal data the records hold."""

    NONE = "none"
    WORK_CONTACTS = "work-contacts"
    PSEUDONYMOUS = "pseudonymous"
    SEALED = "sealed"


class Party(StrEnum):
    """Who writes or reads. Services read in a consumer group of their own name."""

    PTV_INGEST = "ptv-ingest"
    LAHELLA_INGEST = "lahella-ingest"
    CATALOG = "catalog"
    REFERRAL = "referral"
    NOTIFY = "notify"
    CATALOG_WEB = "catalog-web"
    RECEIVER = "receiver"
    DASHBOARDS = "dashboards"
    PTV_NETWORK = "ptv-network"
    ANYONE = "anyone"

    @property
    def has_group(self) -> bool:
        """Whether the party consumes in a group of ours, and so has dead letters."""
        return self in _SERVICES


_SERVICES = {Party.PTV_INGEST, Party.LAHELLA_INGEST, Party.CATALOG, Party.REFERRAL, Party.NOTIFY}


@dataclass(frozen=True, slots=True)
class TopicSpec:
    """A concrete topic to create: name, partition count, broker settings."""

    name: str
    partitions: int
    config: dict[str, str]


class Topic(BaseModel):
    """One topic, or a template with one topic per receiver. Unknown keys are refused: a misspelt rule is no rule."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(description="Name; `{receiver}` makes it a template.")]
    title: Annotated[str, Field(min_length=1, description="What it is, in a few words.")]
    description: Annotated[str, Field(min_length=1, description="What a subscriber has to know.")]
    owner: Annotated[Party, Field(description="Service whose team answers for it.")]
    status: Status
    kind: Kind
    key: Annotated[str, Field(min_length=1, description="What the record key is.")]
    partitions: Annotated[int, Field(ge=1, le=48, description="For ever: another count is another topic version.")]
    cleanup: Cleanup
    retention: Annotated[timedelta | None, Field(description="ISO 8601 duration; none for compacted topics.")] = None
    personal_data: PersonalData
    writers: Annotated[tuple[Party, ...], Field(min_length=1)]
    readers: Annotated[tuple[Party, ...], Field(min_length=1)]
    events: Annotated[tuple[str, ...], Field(min_length=1, description="Event types.")]

    @property
    def is_template(self) -> bool:
        """Whether there is one topic per receiver."""
        return RECEIVER in self.name

    @property
    def groups(self) -> tuple[str, ...]:
        """Consumer groups of our services on this topic."""
        return tuple(reader for reader in self.readers if reader.has_group)

    def name_for(self, receiver: str) -> str:
        """The concrete name of a receiver's topic; ValueError where the topic is no template."""
        if not self.is_template:
            raise ValueError(f"{self.name} is not a template")
        return self.name.replace(RECEIVER, receiver)

    def kafka_config(self) -> dict[str, str]:
        """Topic settings that follow from the declaration; replication is the cluster's own matter."""
        config = {"cleanup.policy": str(self.cleanup)}
        if self.cleanup is Cleanup.COMPACT:
            config |= {
                "delete.retention.ms": milliseconds(DELETE_RETENTION),
                "max.compaction.lag.ms": milliseconds(COMPACTION_LAG),
            }
        if self.retention is not None:
            config["retention.ms"] = milliseconds(self.retention)
        return config | self._segment_config()

    def dead_letter_config(self) -> dict[str, str]:
        """Dead letters with personal data are kept as long as their source, all others for 30 days."""
        retention = self.retention if self._holds_personal_data and self.retention else DEAD_LETTER_RETENTION
        kept = {"cleanup.policy": "delete", "retention.ms": milliseconds(retention)}
        # Twice the broker's usual limit: the biggest record with the reason's headers has to fit.
        return kept | {"max.message.bytes": str(2 * 1024 * 1024)} | self._segment_config()

    @property
    def _holds_personal_data(self) -> bool:
        return self.personal_data is not PersonalData.NONE

    def _segment_config(self) -> dict[str, str]:
        return {"segment.ms": milliseconds(PERSONAL_SEGMENT)} if self._holds_personal_data else {}


def milliseconds(duration: timedelta) -> str:
    """A duration as the broker writes it."""
    return str(duration // timedelta(milliseconds=1))
