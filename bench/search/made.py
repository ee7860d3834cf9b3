"""Any number of entries, made from the demonstration's by a seed: their frames, and texts of their words.

Sentences are those of the demonstration, with every sixth word replaced by a compound from the content pack's lexicon.
Those follow a long tail, as words of real catalogues do: few are everywhere, most are in a handful of entries.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from random import Random
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import orjson

from bench.core.producing import ToSend
from bench.search.demo import Demo
from catalog.settings import CONTENT
from devstack.simulators.ptv.national_places import KANTA_HAME
from event_schemas.codec import headers_of
from event_schemas.entry import EntryPublished
from event_schemas.envelope import Envelope

TOPIC = "hyte.catalog.entries.v1"
_SEED = 7
_AT = datetime(2026, 11, 25, tzinfo=UTC)
_SENTENCES = range(5, 9)
_RARE_EVERY = 6
_SKEW = 4
"""The greater, the fewer words are the frequent ones."""


@dataclass(frozen=True)
class Made:
    """The same number gives the same entry, whatever else is made."""

    demo: Demo

    @cached_property
    def frames(self) -> Sequence[dict[str, Any]]:
        return [orjson.loads(one.to_json()) for one in self.demo.entries if "fi" in one.name]

    @cached_property
    def sentences(self) -> Sequence[str]:
        told = [
            one[field]["fi"]["text"]
            for one in self.frames
            for field in ("summary", "description")
            if "fi" in one[field]
        ]
        return [
            " ".join(part.split()) for text in told for part in re.split(r"(?<=[.!?])\s+|\n", text) if len(part) > 15
        ]

    @cached_property
    def compounds(self) -> Sequence[str]:
        lines = (CONTENT / "lexicon.txt").read_text().splitlines()
        parts = [line for line in lines if line.isalpha()]
        return Random(_SEED).sample([first + last for first in parts for last in parts if first != last], k=30_000)

    def body(self, number: int) -> dict[str, Any]:
        rng = Random(f"{_SEED}/entry/{number}")
        frame = rng.choice(self.frames)
        key = uuid5(NAMESPACE_URL, f"https://hytevirta.example/bench/entries/{number}")
        name = f"{frame['name']['fi']['text']}, {self._rare(rng)}"
        return {
            **frame,
            "entry_id": str(key),
            "aliases": [],
            "members": [{**frame["members"][0], "listing_id": f"ptv:{key}"}],
            "name": {**frame["name"], "fi": _text(name)},
            "summary": {**frame["summary"], "fi": _text(self._sentence(rng))},
            "description": {"fi": _text(" ".join(self._sentence(rng) for _ in range(rng.choice(_SENTENCES))))},
            "areas": [{"kind": "municipality", "code": rng.choice(KANTA_HAME)}],
        }

    def entries(self, count: int) -> Iterator[EntryPublished]:
        return (EntryPublished.model_validate(self.body(number)) for number in range(count))

    def records(self, count: int) -> Iterator[ToSend]:
        return (record(self.body(number)) for number in range(count))

    def _sentence(self, rng: Random) -> str:
        words = rng.choice(self.sentences).split()
        return " ".join(self._rare(rng) if rng.randrange(_RARE_EVERY) == 0 else word for word in words)

    def _rare(self, rng: Random) -> str:
        return self.compounds[int(len(self.compounds) * rng.random() ** _SKEW)]


def record(body: dict[str, Any], version: int = 1) -> ToSend:
    """An entry as its topic has it."""
    key = body["entry_id"]
    kind = EntryPublished.event_type
    event_id = str(UUID(int=uuid5(NAMESPACE_URL, f"{key}/{version}").int))
    envelope = Envelope(
        event_id, "urn:hytevirta:07:catalog", kind, _AT, key, EntryPublished.dataschema(), version=version
    )
    return ToSend(key.encode(), orjson.dumps(body), headers_of(envelope))


def _text(text: str) -> dict[str, str]:
    return {"text": text, "origin": "source"}
