"""How a process reaches the broker, and how long the guard tries."""

from __future__ import annotations

from datetime import timedelta

from pydantic import Field

from chassis.core.settings import Settings


class KafkaSettings(Settings):
    """The broker and the name space of topics on it."""

    kafka: str = Field(description="bootstrap address of the broker, host:port")
    topic_prefix: str = Field(
        default="",
        pattern="^[a-z0-9.-]{0,40}$",
        description="put before every topic, group and transactional id, so that environments share a broker",
    )

    def on_broker(self, name: str) -> str:
        """A topic's or group's name as the broker knows it."""
        return self.topic_prefix + name

    def logical(self, name: str) -> str:
        """The name as contracts and databases know it."""
        return name.removeprefix(self.topic_prefix)


class GuardSettings(Settings):
    """Limits of the guard over every consumer."""

    guard_patience: timedelta = Field(
        default=timedelta(seconds=30),
        le=timedelta(seconds=59),
        description="longest time one record is retried in place before it becomes a row",
    )
    guard_bug_limit: int = Field(default=5, ge=1, description="unknown errors in a row before the consumer stops")
    guard_window: int = Field(default=200, ge=10, description="records over which the share of dead letters is taken")
    guard_dead_share: float = Field(
        default=0.5, gt=0, le=1, description="share of dead letters in the window at which the consumer stops"
    )
    guard_batch: int = Field(default=1000, ge=1, le=10_000, description="most records handled in one transaction")
    stop_grace: timedelta = Field(
        default=timedelta(seconds=20), description="time to finish what is in flight on SIGTERM"
    )
