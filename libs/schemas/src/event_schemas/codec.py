"""CloudEvents 1.0 in Kafka records: writes binary mode, reads binary and structured mode.

Source: CloudEvents Kafka Protocol Binding 1.0.2, JSON Event Format 1.0.2.
"""

import base64
import binascii
import re
from collections.abc import Iterable, Mapping
from datetime import datetime

import orjson

from event_schemas.envelope import Envelope

_RFC3339 = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})", re.ASCII)
_DIGITS = re.compile(r"\d{1,19}", re.ASCII)
_TRACEPARENT = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}(-[\x21-\x7e]+)?")
_STRUCTURED = "application/cloudevents"
_PREFIX = "ce_"


class UnreadableRecord(ValueError):
    """A record that no retry can make readable. The reason never quotes its content."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def headers_of(envelope: Envelope) -> list[tuple[str, bytes]]:
    """Record headers of a binary-mode event; the data goes into the record's value as it is."""
    attributes = {
        "ce_specversion": "1.0",
        "ce_id": envelope.id,
        "ce_source": envelope.source,
        "ce_type": envelope.type,
        "ce_time": envelope.time.isoformat().replace("+00:00", "Z"),
        "ce_subject": envelope.subject,
        "ce_dataschema": envelope.dataschema,
        "ce_version": None if envelope.version is None else str(envelope.version),
        "content-type": envelope.datacontenttype,
        "traceparent": envelope.traceparent,
    }
    return [(name, text.encode()) for name, text in attributes.items() if text is not None]


def read_record(headers: Iterable[tuple[str, bytes]], value: bytes | None) -> tuple[Envelope, bytes | None]:
    """Envelope and data of a record; data is None for a tombstone.

    Raises UnreadableRecord for anything that is not a CloudEvent this system can take.
    """
    texts = _header_texts(headers)
    content_type = texts.get("content-type", "").lower()
    if content_type.startswith(_STRUCTURED):
        return _read_structured(content_type, value, texts.get("traceparent"))
    return _read_binary(texts, value)


def _header_texts(headers: Iterable[tuple[str, bytes]]) -> dict[str, str]:
    texts: dict[str, str] = {}
    for name, raw in headers:
        # Kafka compares names byte by byte, yet gateways are known to change the case of `content-type`.
        name = name.lower() if name.lower() == "content-type" else name
        if not name.startswith(_PREFIX) and name not in ("content-type", "traceparent"):
            continue
        if name in texts:
            raise UnreadableRecord(f"header {_known(name)} is repeated")
        texts[name] = _text(name, raw)
    return texts


def _text(name: str, raw: bytes | None) -> str:
    if raw is None:
        raise UnreadableRecord(f"header {_known(name)} has no value")
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise UnreadableRecord(f"header {_known(name)} is not UTF-8") from None


def _known(name: str) -> str:
    """A header's name is quoted only where it is one of ours: a foreign one may hold anything."""
    attributes = ("specversion", "id", "source", "type", "time", "subject", "dataschema", "version")
    known = {_PREFIX + attribute for attribute in attributes} | {"content-type", "traceparent"}
    return name if name in known else "of an extension"


def _read_binary(texts: Mapping[str, str], value: bytes | None) -> tuple[Envelope, bytes | None]:
    attributes: dict[str, object] = {
        name.removeprefix(_PREFIX): text for name, text in texts.items() if name.startswith(_PREFIX)
    }
    attributes["datacontenttype"] = texts.get("content-type")
    if value is None and "version" not in attributes:
        raise UnreadableRecord("a tombstone without version")
    if value == b"":
        raise UnreadableRecord("the value is empty")
    return _envelope(attributes, texts.get("traceparent")), value


def _read_structured(content_type: str, value: bytes | None, traceparent: str | None) -> tuple[Envelope, bytes]:
    if content_type.split(";")[0].strip() != "application/cloudevents+json":
        raise UnreadableRecord("a structured mode other than application/cloudevents+json")
    if not value:
        raise UnreadableRecord("structured mode without a value")
    try:
        event = orjson.loads(value)
    except orjson.JSONDecodeError:
        raise UnreadableRecord("the value is not JSON") from None
    if not isinstance(event, dict):
        raise UnreadableRecord("the value is not a JSON object")
    # Headers may repeat the attributes, but only the body is the event.
    return _envelope(event, traceparent), _structured_data(event)


def _structured_data(event: Mapping[str, object]) -> bytes:
    encoded, data = event.get("data_base64"), event.get("data")
    if (encoded is None) == (data is None):
        raise UnreadableRecord("the event needs either data or data_base64")
    if encoded is None:
        return orjson.dumps(data)
    if not isinstance(encoded, str):
        raise UnreadableRecord("data_base64 is not text")
    try:
        return base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise UnreadableRecord("data_base64 is not base64") from None


def _envelope(attributes: Mapping[str, object], traceparent: str | None) -> Envelope:
    if attributes.get("specversion") != "1.0":
        raise UnreadableRecord("specversion is not 1.0")
    try:
        return Envelope(
            id=_required(attributes, "id"),
            source=_required(attributes, "source"),
            type=_required(attributes, "type"),
            time=_time(_required(attributes, "time")),
            subject=_optional(attributes, "subject"),
            dataschema=_optional(attributes, "dataschema"),
            datacontenttype=_optional(attributes, "datacontenttype") or "application/json",
            version=_version(attributes.get("version")),
            # A broken trace is no reason to lose an event.
            traceparent=traceparent if traceparent and _TRACEPARENT.fullmatch(traceparent) else None,
        )
    except ValueError as error:
        raise error if isinstance(error, UnreadableRecord) else UnreadableRecord(str(error)) from None


def _optional(attributes: Mapping[str, object], name: str) -> str | None:
    text = attributes.get(name)
    if text is not None and not isinstance(text, str):
        raise UnreadableRecord(f"{name} is not text")
    return text


def _required(attributes: Mapping[str, object], name: str) -> str:
    if (text := _optional(attributes, name)) is None:
        raise UnreadableRecord(f"{name} is missing")
    return text


def _time(text: str) -> datetime:
    if not _RFC3339.fullmatch(text):
        raise UnreadableRecord("time is not RFC 3339")
    try:
        return datetime.fromisoformat(text.upper())
    except ValueError:
        raise UnreadableRecord("time is not a moment") from None


def _version(version: object) -> int | None:
    # A CloudEvents Integer has 32 bits, too few for microseconds, so other writers may send the number as text.
    if isinstance(version, str) and _DIGITS.fullmatch(version):
        return int(version)
    if version is None or (isinstance(version, int) and not isinstance(version, bool)):
        return version
    raise UnreadableRecord("version is not a whole number")
