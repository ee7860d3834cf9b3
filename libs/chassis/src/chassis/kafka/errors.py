"""Which broker errors mean that the broker is away or not set up."""

from __future__ import annotations

from aiokafka.errors import (
    CommitFailedError,
    IllegalGenerationError,
    IllegalStateError,
    InvalidTopicError,
    KafkaError,
    MessageSizeTooLargeError,
    RebalanceInProgressError,
    RecordListTooLargeError,
    RecordTooLargeError,
    TopicAuthorizationFailedError,
    UnknownMemberIdError,
)

from chassis.postgres.errors import is_outage as database_is_away

MOVED = (CommitFailedError, IllegalGenerationError, IllegalStateError, RebalanceInProgressError, UnknownMemberIdError)
"""The partition went to another member while we worked: it reads the batch again, nothing is lost."""


REFUSALS = (
    MessageSizeTooLargeError,
    RecordTooLargeError,
    RecordListTooLargeError,
    InvalidTopicError,
    TopicAuthorizationFailedError,
)
"""The broker answers, and will never take this record there."""


def is_outage(error: BaseException) -> bool:
    """Our own database, broker or dead-letter topic is down or missing: waiting helps."""
    broker = isinstance(error, KafkaError) and not isinstance(error, (*MOVED, *REFUSALS))
    return broker or database_is_away(error)
