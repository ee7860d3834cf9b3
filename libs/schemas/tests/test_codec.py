"""CloudEvents in Kafka records."""

import base64
import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from event_schemas import Envelope, UnreadableRecord, headers_of, read_record
from event_schemas.vocabulary import ConceptPublished

Headers = list[tuple[str, bytes]]

# Category Cn would do no harm, but holds the non-characters that CloudEvents forbids.
texts = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn")), min_size=1, max_size=40)
traces = st.from_regex(r"\A00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]\Z")
media_types = st.sampled_from(["application/json", "application/json; charset=utf-8", "text/plain"])
envelopes = st.builds(
    Envelope,
    id=texts,
    source=texts,
    type=texts,
    time=st.datetimes(min_value=datetime(1900, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 (hypothesis wants it bare)
    subject=st.none() | texts,
    dataschema=st.none() | texts,
    datacontenttype=media_types,
    version=st.none() | st.integers(0, 2**63 - 1),
    traceparent=st.none() | traces,
)
header_names = st.sampled_from(
    ["ce_id", "ce_source", "ce_type", "ce_time", "ce_specversion", "ce_version", "ce_subject", "content-type", "other"]
)
header_values = st.binary(max_size=30) | st.sampled_from(
    [b"1.0", b"2026-11-03T08:00:00Z", b"0001-01-01T00:00:00+14:00", b"7", b"application/cloudevents+json"]
)
attributes = st.dictionaries(
    st.sampled_from(["specversion", "id", "source", "type", "time", "version", "data", "data_base64", "subject"]),
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.sampled_from(["1.0", "2026-11-03T08:00:00Z"]),
)


def binary(**changed: bytes | None) -> Headers:
    """Headers of a good binary record, some replaced or (None) left out; `ce_` is added to the names."""
    good: dict[str, bytes | None] = {
        "specversion": b"1.0",
        "id": b"1",
        "source": b"urn:hytevirta:07:catalog",
        "type": b"fi.hytevirta.entry.published.v1",
        "time": b"2026-11-03T08:00:00Z",
    }
    return [(f"ce_{name}", value) for name, value in (good | changed).items() if value is not None]


def structured(headers: Headers | None = None, **changed: Any) -> tuple[Headers, bytes]:
    """A good structured record, some attributes replaced or (None) left out."""
    event = {
        "specversion": "1.0",
        "id": "1",
        "source": "/kunta/109",
        "type": "fi.hytevirta.referral.replied.v1",
        "time": "2026-11-03T10:00:00+02:00",
        "data": {"a": 1},
    } | changed
    kept = {name: value for name, value in event.items() if value is not None}
    content_type = ("content-type", b"application/cloudevents+json; charset=UTF-8")
    return [content_type, *(headers or [])], json.dumps(kept).encode()


@given(envelope=envelopes, value=st.binary(min_size=1))
def test_what_is_written_is_read_back(envelope: Envelope, value: bytes) -> None:
    assert read_record(headers_of(envelope), value) == (envelope, value)


def read_or_refuse(headers: Headers, value: bytes | None) -> Envelope | None:
    """The envelope, or None for a record that was refused; any other error is the test's to show."""
    try:
        return read_record(headers, value)[0]
    except UnreadableRecord:
        return None


@given(headers=st.lists(st.tuples(header_names, header_values), max_size=8), value=st.none() | st.binary(max_size=60))
def test_random_records_are_read_or_refused_but_never_break_the_reader(headers: Headers, value: bytes | None) -> None:
    envelope = read_or_refuse(headers, value)
    assert envelope is None or (envelope.time.tzinfo is UTC and value != b"")


@given(event=attributes)
def test_random_structured_events_are_read_or_refused(event: dict[str, Any]) -> None:
    headers, _ = structured()
    envelope = read_or_refuse(headers, json.dumps(event).encode())
    assert envelope is None or envelope.id == event["id"]


def test_headers_follow_the_kafka_binding() -> None:
    envelope = Envelope(
        id="0192",
        source="urn:hytevirta:07:catalog",
        type="fi.hytevirta.entry.published.v1",
        time=datetime(2026, 11, 3, 10, 0, 0, 5, tzinfo=timezone(timedelta(hours=2))),
        subject="3f1d",
        dataschema="urn:hytevirta:schema:fi.hytevirta.entry.published.v1",
        version=7,
        traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    )
    assert headers_of(envelope) == [
        ("ce_specversion", b"1.0"),
        ("ce_id", b"0192"),
        ("ce_source", b"urn:hytevirta:07:catalog"),
        ("ce_type", b"fi.hytevirta.entry.published.v1"),
        ("ce_time", b"2026-11-03T08:00:00.000005Z"),
        ("ce_subject", b"3f1d"),
        ("ce_dataschema", b"urn:hytevirta:schema:fi.hytevirta.entry.published.v1"),
        ("ce_version", b"7"),
        ("content-type", b"application/json"),
        ("traceparent", b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
    ]


def test_tombstone_carries_type_and_version() -> None:
    envelope, data = read_record(binary(version=b"42"), None)
    assert (envelope.type, envelope.version, data) == ("fi.hytevirta.entry.published.v1", 42, None)


def test_tombstone_without_version_is_refused() -> None:
    with pytest.raises(UnreadableRecord, match="tombstone without version"):
        read_record(binary(), None)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"specversion": None}, "specversion"),
        ({"specversion": b"0.3"}, "specversion"),
        ({"id": None}, "id is missing"),
        ({"id": b""}, "id is empty"),
        ({"type": None}, "type is missing"),
        ({"source": None}, "source is missing"),
        ({"time": None}, "time is missing"),
        ({"time": b"2026-11-03"}, "time is not RFC 3339"),
        ({"time": b"2026-11-03T08:00:00"}, "time is not RFC 3339"),
        ({"time": b"2026-13-03T08:00:00Z"}, "time is not a moment"),
        ({"time": b"0001-01-01T00:00:00+14:00"}, "time is out of range"),
        ({"version": b"1.5"}, "version is not a whole number"),
        ({"version": "１２".encode()}, "version is not a whole number"),
        ({"version": b"9999999999999999999"}, "version is out of range"),
        ({"subject": b"\xff\xfe"}, "ce_subject is not UTF-8"),
        ({"subject": b"a\x00b"}, "subject holds characters"),
    ],
)
def test_broken_binary_attribute_is_refused(changed: dict[str, bytes | None], reason: str) -> None:
    with pytest.raises(UnreadableRecord, match=reason):
        read_record(binary(**changed), b"{}")


def test_empty_value_is_refused() -> None:
    with pytest.raises(UnreadableRecord, match="empty"):
        read_record(binary(), b"")


def test_repeated_attribute_is_refused() -> None:
    with pytest.raises(UnreadableRecord, match="ce_id is repeated"):
        read_record([*binary(), ("ce_id", b"2")], b"{}")


def test_reason_quotes_no_foreign_header_name() -> None:
    with pytest.raises(UnreadableRecord) as refused:
        read_record([*binary(), ("ce_010594Y9032", b"\xff")], b"{}")
    assert "010594Y9032" not in str(refused.value)


def test_foreign_headers_are_left_alone() -> None:
    envelope, _ = read_record([*binary(), ("b3", b"\xff"), ("ce_partitionkey", b"x")], b"{}")
    assert envelope.id == "1"


def test_broken_trace_does_not_lose_the_event() -> None:
    envelope, data = read_record([*binary(), ("traceparent", b"rubbish")], b"{}")
    assert (envelope.traceparent, data) == (None, b"{}")


def test_structured_event_is_read_in_utc() -> None:
    envelope, data = read_record(*structured(version="1762156800000000", subject="x"))
    assert envelope.time == datetime(2026, 11, 3, 8, tzinfo=UTC)
    assert (envelope.version, envelope.subject, data) == (1762156800000000, "x", b'{"a":1}')


def test_headers_of_a_structured_event_are_not_trusted_over_its_body() -> None:
    envelope, data = read_record(*structured(headers=binary(id=b"forged", version=b"9")))
    assert (envelope.id, envelope.version, data) == ("1", None, b'{"a":1}')


def test_structured_event_may_carry_bytes() -> None:
    _, data = read_record(*structured(data=None, data_base64=base64.b64encode(b"{}").decode()))
    assert data == b"{}"


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"data": None}, "either data or data_base64"),
        ({"data_base64": "e30="}, "either data or data_base64"),
        ({"data": None, "data_base64": "%"}, "not base64"),
        ({"data": None, "data_base64": "ä"}, "not base64"),
        ({"data": None, "data_base64": 5}, "not text"),
        ({"version": True}, "version"),
        ({"version": 1.0}, "version"),
        ({"version": -1}, "version is out of range"),
        ({"id": 7}, "id is not text"),
        ({"subject": 7}, "subject is not text"),
    ],
)
def test_broken_structured_event_is_refused(changed: dict[str, Any], reason: str) -> None:
    with pytest.raises(UnreadableRecord, match=reason):
        read_record(*structured(**changed))


@pytest.mark.parametrize("value", [None, b"", b"{", b"[]", b'"x"', b"\xff"])
def test_structured_mode_without_an_object_is_refused(value: bytes | None) -> None:
    headers, _ = structured()
    with pytest.raises(UnreadableRecord):
        read_record(headers, value)


@pytest.mark.parametrize("media_type", [b"application/cloudevents-batch+json", b"application/CloudEvents+avro"])
def test_other_structured_formats_are_refused(media_type: bytes) -> None:
    with pytest.raises(UnreadableRecord, match="structured mode other than"):
        read_record([*binary(), ("content-type", media_type)], b"[]")


def test_envelope_needs_a_time_with_an_offset() -> None:
    with pytest.raises(ValueError, match="no offset"):
        Envelope("1", "s", "t", datetime(2026, 11, 3), None, None)  # noqa: DTZ001 (that is the point)


def test_a_text_with_nul_is_unreadable_and_one_that_only_spells_it_is_not() -> None:
    body = rb'{"concept_id":"a","scheme":"ontology","name":{"fi":{"text":"%s","origin":"source"}}}'
    with pytest.raises(UnreadableRecord):
        ConceptPublished.from_json(body % rb"a\u0000b")
    assert ConceptPublished.from_json(body % rb"a\\u0000b").name["fi"].text == r"a\u0000b"
