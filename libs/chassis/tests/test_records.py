"""Records as the guard sees them, and when it stops: no broker, no database."""

import random
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.kafka.breaker import Breaker
from chassis.kafka.handlers import effect_subscription, state_subscription
from chassis.kafka.parking import readable_key
from chassis.kafka.records import Record, UnknownType, decode
from chassis.testing.read_model import EFFECT_TOPIC, STATE_TOPIC, keep, note
from event_schemas.codec import UnreadableRecord, headers_of
from event_schemas.envelope import Envelope
from event_schemas.paths import data_root
from event_schemas.registry import model_for, topics

NOW = datetime(2025, 6, 1, 12, 0, tzinfo=UTC)
CONCEPT = "fi.hytevirta.concept.published.v1"
EXAMPLES = [
    pytest.param(topic.name_for("kunta-109") if topic.is_template else topic.name, kind, file, id=f"{kind}/{file.name}")
    for topic in topics()
    for kind in topic.events
    for file in sorted((data_root() / "examples" / kind).glob("*.json"))
]


def envelope(kind: str, *, version: int | None = 7) -> Envelope:
    return Envelope(
        id=str(uuid4()),
        source="urn:hytevirta:07:test",
        type=kind,
        time=NOW,
        subject="k",
        dataschema=None,
        version=version,
    )


def record(topic: str, kind: str, value: bytes | None, *, key: bytes | None = b"k", version: int | None = 7) -> Record:
    return Record(topic, 0, 3, NOW, key, value, tuple(headers_of(envelope(kind, version=version))))


class TestDecode:
    @pytest.mark.parametrize(("topic", "kind", "file"), EXAMPLES)
    def test_every_example_comes_back_from_its_record_as_it_was(self, topic: str, kind: str, file: Path) -> None:
        event = model_for(kind).from_json(file.read_bytes())
        delivery = decode(record(topic, kind, event.to_json()))
        assert delivery.event == event
        assert (delivery.key, delivery.version, delivery.envelope.type) == ("k", 7, kind)

    def test_every_event_of_every_topic_has_an_example(self) -> None:
        shown = {param.values[1] for param in EXAMPLES}
        assert shown == {kind for topic in topics() for kind in topic.events}

    def test_tombstone_is_a_delivery_without_event(self) -> None:
        assert decode(record(STATE_TOPIC, CONCEPT, None)).event is None

    @pytest.mark.parametrize(
        ("key", "reason"),
        [(None, "no key"), (b"", "no key"), (b"\xff", "not UTF-8"), (b"a\x00b", "NUL")],
        ids=["none", "empty", "not UTF-8", "NUL"],
    )
    def test_key_that_no_database_can_hold_is_unreadable_and_parks_nothing(
        self, key: bytes | None, reason: str
    ) -> None:
        unreadable = record(STATE_TOPIC, CONCEPT, b"{}", key=key)
        with pytest.raises(UnreadableRecord, match=reason):
            decode(unreadable)
        assert readable_key(unreadable) is None

    def test_state_without_version_is_unreadable(self) -> None:
        with pytest.raises(UnreadableRecord, match="without version"):
            decode(record(STATE_TOPIC, CONCEPT, b"{}", version=None))

    @pytest.mark.parametrize("kind", ["fi.hytevirta.concept.split.v1", "fi.hytevirta.listing.published.v1"])
    def test_type_that_the_topic_does_not_declare_is_unknown(self, kind: str) -> None:
        with pytest.raises(UnknownType):
            decode(record(STATE_TOPIC, kind, b"{}"))

    def test_event_is_named_by_source_and_id_however_often_it_comes(self) -> None:
        tombstone = record(STATE_TOPIC, CONCEPT, None)
        assert decode(tombstone).event_id == decode(tombstone).event_id
        assert decode(tombstone).event_id.startswith("urn:hytevirta:07:test#")


class TestBreaker:
    def test_bugs_in_a_row_trip_it(self) -> None:
        breaker = Breaker(bug_limit=3, window=10, dead_share=0.5)
        breaker.bug(KeyError())
        breaker.bug(KeyError())
        assert breaker.reason is None
        breaker.bug(ValueError("canary"))
        assert breaker.reason == "3 unknown errors in a row, last ValueError"

    @pytest.mark.parametrize("end", [Breaker.handled, Breaker.dead])
    def test_record_that_came_to_its_end_breaks_the_row_of_bugs(self, end: Callable[[Breaker], None]) -> None:
        breaker = Breaker(bug_limit=2, window=10, dead_share=0.5)
        for _ in range(4):
            breaker.bug(KeyError())
            end(breaker)
        assert breaker.reason is None

    def test_dead_letters_trip_it_only_once_the_window_is_full(self) -> None:
        breaker = Breaker(bug_limit=3, window=10, dead_share=0.5)
        for _ in range(9):
            breaker.dead()
        assert breaker.reason is None
        breaker.dead()
        assert breaker.reason == "10 of the last 10 records became dead letters"

    def test_handled_batch_pushes_old_dead_letters_out_of_the_window(self) -> None:
        breaker = Breaker(bug_limit=3, window=10, dead_share=0.5)
        for _ in range(9):
            breaker.dead()
        breaker.handled(1_000_000)
        for _ in range(4):
            breaker.dead()
        assert breaker.reason is None
        breaker.dead()
        assert breaker.reason is not None

    @given(seed=st.integers(), share=st.floats(0.1, 1), deaths=st.floats(0, 1))
    def test_it_trips_exactly_when_the_share_of_a_full_window_is_reached(
        self, seed: int, share: float, deaths: float
    ) -> None:
        breaker = Breaker(bug_limit=3, window=10, dead_share=share)
        draw = random.Random(seed)
        outcomes: list[bool] = []
        for _ in range(40):
            outcomes.append(draw.random() < deaths)
            if outcomes[-1]:
                breaker.dead()
            else:
                breaker.handled()
            window = outcomes[-10:]
            reached = outcomes[-1] and len(window) == 10 and sum(window) >= 10 * share
            assert (breaker.reason is not None) == reached
            if reached:
                return


class TestSubscriptions:
    def test_effects_are_not_read_as_states_nor_states_as_effects(self) -> None:
        with pytest.raises(ValueError, match="not a topic of kind state"):
            state_subscription("notify", [EFFECT_TOPIC], keep)
        with pytest.raises(ValueError, match="not a topic of kind effect or log"):
            effect_subscription("catalog", [STATE_TOPIC], note, clock=lambda: NOW)
