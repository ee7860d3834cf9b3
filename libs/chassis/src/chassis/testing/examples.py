"""Examples of the contracts as records of their topics."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID, uuid5

from chassis.kafka.records import Record
from event_schemas.codec import headers_of
from event_schemas.contracts import model_for
from event_schemas.envelope import Envelope
from event_schemas.paths import data_root
from event_schemas.registry import topic_for
from event_schemas.topic import Kind

_NAMESPACE = UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")


def example_records(topic: str) -> list[tuple[str, Record]]:
    """Every example of every event of a (concrete) topic, as a record of it, with the example's name."""
    kinds = topic_for(topic).events
    files = [(kind, file) for kind in kinds for file in sorted((data_root() / "examples" / kind).glob("*.json"))]
    return [(f"{kind}/{file.stem}", _record(topic, kind, file.read_bytes(), n)) for n, (kind, file) in enumerate(files)]


def _record(topic: str, kind: str, body: bytes, number: int) -> Record:
    data = model_for(kind).from_json(body).to_json()
    envelope = Envelope(
        id=str(uuid5(_NAMESPACE, f"{kind} {number}")),
        source="urn:hytevirta:07:examples",
        type=kind,
        time=datetime(2026, 11, 1, tzinfo=UTC),
        subject=None,
        dataschema=None,
        version=number + 1 if topic_for(topic).kind == Kind.STATE else None,
    )
    return Record(topic, 0, number, envelope.time, f"example-{number}".encode(), data, headers_of(envelope))
