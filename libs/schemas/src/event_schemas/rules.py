"""The law of the registry: every fault is one sentence."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from event_schemas.base import closed_schema
from event_schemas.contracts import CONTRACTS, EVENTS
from event_schemas.freezing import changes_refused, frozen_file, frozen_schema
from event_schemas.paths import data_root
from event_schemas.registry import topics
from event_schemas.topic import Cleanup, Kind, Party, PersonalData, Topic

# No underscore: it collides with the dot in the broker's metric names.
_TOPIC_NAME = re.compile(r"hyte(\.([a-z][a-z-]*|\{receiver\}))+\.v[1-9][0-9]*")
_EVENT_TYPE = re.compile(r"fi\.hytevirta(\.[a-z][a-z-]*){2}\.v[1-9][0-9]*")
_REMOVAL = re.compile(r"(removed|withdrawn)\.v[0-9]+$")
_PARTITIONS = (1, 3, 12)
_LONGEST_RETENTION = timedelta(days=400)
_LONGEST_SEALED = timedelta(days=14)
_EXAMPLES = 2


def faults() -> list[str]:
    """Everything that is wrong with topics, models, frozen schemas and examples; empty when nothing is."""
    declared = topics()
    of_topics = [fault for topic in declared for rule in _TOPIC_RULES for fault in rule(topic)]
    return [*of_topics, *_names(declared), *_events(declared), *_contracts(), *_orphans()]


def topic_faults(topic: Topic) -> list[str]:
    """What is wrong with one topic by itself."""
    return [fault for rule in _TOPIC_RULES for fault in rule(topic)]


def _naming(topic: Topic) -> Iterator[str]:
    if not _TOPIC_NAME.fullmatch(topic.name):
        yield f"{topic.name}: a topic is named hyte.<words>.v<number>, in lower case, without underscore"
    for event in topic.events:
        if not _EVENT_TYPE.fullmatch(event):
            yield f"{topic.name}: {event} is not of the form fi.hytevirta.<subject>.<what-happened>.v<number>"


def _cleanup(topic: Topic) -> Iterator[str]:
    compacted = topic.cleanup is Cleanup.COMPACT
    if compacted != (topic.kind is Kind.STATE):
        yield f"{topic.name}: state topics are compacted, and only they"
    if compacted and not any(_REMOVAL.search(event) for event in topic.events):
        yield f"{topic.name}: a state topic needs an event that removes a key"


def _retention(topic: Topic) -> Iterator[str]:
    if (topic.retention is None) != (topic.cleanup is Cleanup.COMPACT):
        yield f"{topic.name}: retention is given for every topic that is not compacted, and only there"
    if topic.retention and topic.retention > _LONGEST_RETENTION:
        yield f"{topic.name}: nothing is kept longer than {_LONGEST_RETENTION.days} days"
    if topic.personal_data is PersonalData.SEALED and (topic.retention is None or topic.retention > _LONGEST_SEALED):
        yield f"{topic.name}: sealed data is kept {_LONGEST_SEALED.days} days at most, or erasure comes too late"


def _partitions(topic: Topic) -> Iterator[str]:
    if topic.partitions not in _PARTITIONS:
        yield f"{topic.name}: a topic has 1, 3 or 12 partitions"
    if topic.is_template and topic.partitions != 1:
        yield f"{topic.name}: a receiver's topic has one partition"


def _parties(topic: Topic) -> Iterator[str]:
    if topic.is_template != (Party.RECEIVER in (*topic.writers, *topic.readers)):
        yield f"{topic.name}: a receiver writes or reads its own topic, and no other"
    if topic.owner not in (*topic.writers, *topic.readers):
        yield f"{topic.name}: its owner neither writes nor reads it"


_TOPIC_RULES = (_naming, _cleanup, _retention, _partitions, _parties)


def _names(declared: tuple[Topic, ...]) -> Iterator[str]:
    counts = Counter(topic.name for topic in declared)
    yield from (f"{name} is declared {count} times" for name, count in counts.items() if count > 1)


def _events(declared: tuple[Topic, ...]) -> Iterator[str]:
    listed = Counter(event for topic in declared for event in topic.events)
    modelled = {event.event_type for event in EVENTS}
    yield from (f"{event} is on a topic but has no model" for event in listed if event not in modelled)
    yield from (f"{event} is on {listed[event]} topics instead of one" for event in modelled if listed[event] != 1)


def _contracts() -> Iterator[str]:
    for contract in CONTRACTS:
        name = contract.contract_name()
        yield from (f"{name} is stable: {change}" for change in changes_refused(contract))
        if frozen_schema(contract) != closed_schema(contract):
            yield f"{name}: the frozen schema is not fresh; run `python -m event_schemas freeze` and commit it"
        if len(examples(name)) < _EXAMPLES:
            yield f"{name}: at least {_EXAMPLES} examples are needed, a minimal and a full one"


def _orphans() -> Iterator[str]:
    expected = {frozen_file(contract) for contract in CONTRACTS}
    kept = sorted((data_root() / "frozen").glob("*"))
    yield from (f"frozen/{file.name} belongs to no model" for file in kept if file not in expected)
    names = {contract.contract_name() for contract in CONTRACTS}
    folders = sorted((data_root() / "examples").glob("*"))
    yield from (f"examples/{folder.name} belongs to no model" for folder in folders if folder.name not in names)


def examples(contract_name: str) -> list[Path]:
    """The example documents of a contract, by name."""
    return sorted((data_root() / "examples" / contract_name).glob("*.json"))
