"""Every contract with its examples and its frozen schema."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from event_schemas import Event, SealedContent, UnknownEventType, model_for, read_event, topics
from event_schemas.base import Contract, closed_schema, opened_schema
from event_schemas.contracts import CONTRACTS, EVENTS, SEALED_IN
from event_schemas.freezing import changes_refused, frozen_schema
from event_schemas.rules import examples

EXAMPLES = [
    pytest.param(contract, file, id=f"{contract.contract_name()}-{file.stem}")
    for contract in CONTRACTS
    for file in examples(contract.contract_name())
]
every_example = pytest.mark.parametrize(("contract", "file"), EXAMPLES)
every_contract = pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract.contract_name())


def validator(schema: dict[str, Any]) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(schema)


def frozen(contract: type[Contract]) -> dict[str, Any]:
    schema = frozen_schema(contract)
    assert schema is not None, f"{contract.contract_name()} is not frozen; run `python -m event_schemas freeze`"
    return schema


def keeps(part: Any, whole: Any) -> bool:
    """Whether everything in `part` is in `whole`, at the same place."""
    if isinstance(part, dict):
        return all(name in whole and keeps(value, whole[name]) for name, value in part.items())
    if isinstance(part, list):
        return len(part) == len(whole) and all(keeps(*pair) for pair in zip(part, whole, strict=True))
    return bool(part == whole)


@every_example
def test_example_meets_the_frozen_schema_and_survives_a_round_trip(contract: type[Contract], file: Path) -> None:
    written = json.loads(file.read_bytes())
    document = contract.from_json(file.read_bytes())
    schema = validator(frozen(contract))
    schema.validate(written)
    schema.validate(json.loads(document.to_json()))
    assert contract.from_json(document.to_json()) == document
    assert keeps(written, json.loads(document.to_json()))


@every_example
def test_reader_ignores_fields_it_does_not_know(contract: type[Contract], file: Path) -> None:
    newer = json.loads(file.read_bytes()) | {"added_later": {"by": "a newer producer"}}
    assert contract.from_json(json.dumps(newer).encode()) == contract.from_json(file.read_bytes())
    validator(opened_schema(frozen(contract))).validate(newer)
    assert not validator(frozen(contract)).is_valid(newer), "producers are held to the closed schema"


@every_contract
def test_frozen_schema_is_what_producers_write_today(contract: type[Contract]) -> None:
    assert frozen(contract) == closed_schema(contract)
    assert changes_refused(contract) == []


@every_contract
def test_frozen_schema_is_closed_and_never_asks_for_null(contract: type[Contract]) -> None:
    jsonschema.Draft202012Validator.check_schema(frozen(contract))
    text = json.dumps(frozen(contract))
    assert '"null"' not in text
    assert text.count('"type": "object"') == text.count('"additionalProperties": ')


@every_contract
def test_fields_that_may_be_absent_are_absent_rather_than_null(contract: type[Contract]) -> None:
    for file in examples(contract.contract_name()):
        assert b":null" not in contract.from_json(file.read_bytes()).to_json()


def test_every_event_class_is_a_contract() -> None:
    assert set(Event.__subclasses__()) == set(EVENTS)
    assert set(SealedContent.__subclasses__()) == set(SEALED_IN)


def test_every_event_type_leads_to_its_model_and_topic() -> None:
    on_topics = [event for topic in topics() for event in topic.events]
    assert sorted(on_topics) == sorted(event.event_type for event in EVENTS)
    assert all(model_for(event.event_type) is event for event in EVENTS)


def test_unknown_event_type_is_told_apart_from_broken_data() -> None:
    with pytest.raises(UnknownEventType):
        read_event("fi.hytevirta.entry.published.v2", b"{}")


def test_dataschema_is_the_id_of_the_frozen_schema() -> None:
    assert all(frozen(contract)["$id"] == contract.dataschema() for contract in CONTRACTS)
