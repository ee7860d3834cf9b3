"""Contracts of the system: CloudEvents envelope, event models, topics, receivers."""

from event_schemas.base import Event, SealedContent
from event_schemas.codec import UnreadableRecord, headers_of, read_record
from event_schemas.contracts import UnknownEventType, model_for, read_event
from event_schemas.envelope import Envelope
from event_schemas.receivers import MissingKey, Receiver, load_receivers
from event_schemas.registry import (
    Topic,
    TopicSpec,
    UnknownTopic,
    all_topics,
    dead_letter_config,
    dead_letter_topic,
    topic_for,
    topics,
)
from event_schemas.text import LocalizedText, Text

__all__ = [
    "Envelope",
    "Event",
    "LocalizedText",
    "MissingKey",
    "Receiver",
    "SealedContent",
    "Text",
    "Topic",
    "TopicSpec",
    "UnknownEventType",
    "UnknownTopic",
    "UnreadableRecord",
    "all_topics",
    "dead_letter_config",
    "dead_letter_topic",
    "headers_of",
    "load_receivers",
    "model_for",
    "read_event",
    "read_record",
    "topic_for",
    "topics",
]
