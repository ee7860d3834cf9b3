"""The topics of this system, read from `topics/*.yaml`."""

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import ValidationError

from event_schemas.contracts import model_for
from event_schemas.ids import RECEIVER_PATTERN
from event_schemas.paths import data_root
from event_schemas.receivers import Delivery, Receiver
from event_schemas.topic import RECEIVER, Topic, TopicSpec

__all__ = [
    "RegistryError",
    "Topic",
    "TopicSpec",
    "UnknownTopic",
    "all_topics",
    "dead_letter_config",
    "dead_letter_topic",
    "model_for",
    "topic_for",
    "topics",
]


class RegistryError(ValueError):
    """A topic file that can't be used; the message names the file and the fault."""


class UnknownTopic(LookupError):
    """No topic or template has this name."""


def topics() -> tuple[Topic, ...]:
    """All topics and templates, by name. Raises RegistryError."""
    return _topics_in(data_root() / "topics")


@lru_cache
def _topics_in(folder: Path) -> tuple[Topic, ...]:
    return tuple(sorted((_load(file) for file in folder.glob("*.yaml")), key=lambda topic: topic.name))


def _load(file: Path) -> Topic:
    try:
        return Topic.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
        raise RegistryError(f"{file.name}: {wrong}") from error
    except yaml.YAMLError as error:
        raise RegistryError(f"{file.name} is not YAML: {error}") from error


def topic_for(name: str) -> Topic:
    """The declaration behind a concrete topic name, or behind a template's own name. Raises UnknownTopic."""
    return _topic_in(data_root(), name)


# Asked for every record. Names that are declared are few; an unknown one raises, and so is not kept.
@lru_cache(maxsize=1024)
def _topic_in(root: Path, name: str) -> Topic:
    for topic in _topics_in(root / "topics"):
        if name == topic.name or _pattern(topic).fullmatch(name):
            return topic
    raise UnknownTopic(f"no topic is declared as {name}")


@lru_cache
def _pattern(topic: Topic) -> re.Pattern[str]:
    receiver = RECEIVER_PATTERN.strip("^$")
    return re.compile(re.escape(topic.name).replace(re.escape(RECEIVER), receiver))


def dead_letter_topic(topic: str, group: str) -> str:
    """Name of the topic that takes what a group could not process of a (concrete) topic."""
    return f"{topic}.{group}.dlq"


def dead_letter_config(topic: str) -> dict[str, str]:
    """Settings of the dead-letter topics of a (concrete) topic. Raises UnknownTopic."""
    return topic_for(topic).dead_letter_config()


def all_topics(receivers: Iterable[Receiver]) -> list[TopicSpec]:
    """Every topic to create, dead letters included, templates filled for the receivers that read from a topic."""
    ids = sorted({receiver.id for receiver in receivers if receiver.delivery is Delivery.TOPIC})
    return [spec for topic in topics() for name in _names(topic, ids) for spec in _specs(topic, name)]


def _names(topic: Topic, receiver_ids: Iterable[str]) -> list[str]:
    return [topic.name_for(receiver) for receiver in receiver_ids] if topic.is_template else [topic.name]


def _specs(topic: Topic, name: str) -> list[TopicSpec]:
    dead_letters = (dead_letter_topic(name, group) for group in topic.groups)
    return [
        TopicSpec(name, topic.partitions, topic.kafka_config()),
        *(TopicSpec(dead, 1, topic.dead_letter_config()) for dead in dead_letters),
    ]
