"""Frozen schemas: what producers may write, as files that a change has to touch."""

import json
from pathlib import Path

from event_schemas.base import Contract, JsonSchema, closed_schema
from event_schemas.compatibility import incompatibilities
from event_schemas.contracts import CONTRACTS, SEALED_IN
from event_schemas.paths import data_root
from event_schemas.registry import topics
from event_schemas.topic import Status, Topic


class IncompatibleChange(ValueError):
    """A change that a stable topic can't take within its version; `changes` has one sentence each."""

    def __init__(self, contract: str, changes: list[str]) -> None:
        super().__init__(f"{contract} is stable: {'; '.join(changes)}")
        self.changes = changes


def frozen_file(contract: type[Contract]) -> Path:
    """Where the frozen schema of a contract is kept."""
    return data_root() / "frozen" / f"{contract.contract_name()}.schema.json"


def frozen_schema(contract: type[Contract]) -> JsonSchema | None:
    """The frozen schema of a contract, or None before it is frozen for the first time."""
    file = frozen_file(contract)
    if not file.is_file():
        return None
    schema: JsonSchema = json.loads(file.read_text(encoding="utf-8"))
    return schema


def topic_of(contract: type[Contract]) -> Topic | None:
    """The topic on which an event, or the event around a sealed content, travels."""
    event = next((around for content, around in SEALED_IN.items() if content is contract), contract)
    return next((topic for topic in topics() if event.contract_name() in topic.events), None)


def changes_refused(contract: type[Contract]) -> list[str]:
    """Changes since the contract was frozen that a stable topic can't take."""
    frozen, topic = frozen_schema(contract), topic_of(contract)
    if frozen is None or topic is None or topic.status is Status.DRAFT:
        return []
    return incompatibilities(frozen, closed_schema(contract))


def freeze() -> list[Path]:
    """Write the frozen schemas that changed, all or none. Raises IncompatibleChange."""
    for contract in CONTRACTS:
        if changes := changes_refused(contract):
            raise IncompatibleChange(contract.contract_name(), changes)
    return [_write(contract) for contract in CONTRACTS if frozen_schema(contract) != closed_schema(contract)]


def _write(contract: type[Contract]) -> Path:
    file = frozen_file(contract)
    file.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(closed_schema(contract), indent=1, ensure_ascii=False, sort_keys=True)
    file.write_text(text + "\n", encoding="utf-8")
    return file
