"""What is asked when speed is measured: words as frequent as they are in the texts, in four kinds of question."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import Any

from bench.search.made import Made
from devstack.simulators.ptv.national_places import KANTA_HAME

_SEED = 11
_SHORTEST = 4


class Kind(StrEnum):
    ONE = "one word"
    TWO = "two words"
    BEGINNING = "beginning of a word"
    FILTERED = "word with a municipality"


_SHARES = {Kind.ONE: 40, Kind.TWO: 30, Kind.BEGINNING: 15, Kind.FILTERED: 15}


@dataclass(frozen=True)
class Asked:
    kind: Kind
    text: str
    municipality: str | None = None

    @property
    def query(self) -> dict[str, str]:
        """Of the API."""
        place = {} if self.municipality is None else {"municipality": self.municipality}
        return {"q": self.text, "limit": "10", **place}


def asked(made: Made, entries: int, count: int) -> Sequence[Asked]:
    """Words are drawn from entries drawn at random, so a word comes up as often as it is written."""
    rng = Random(_SEED)
    kinds = rng.choices(list(_SHARES), weights=list(_SHARES.values()), k=count)
    return [_of_kind(kind, _words(made.body(rng.randrange(entries))), rng) for kind in kinds]


def typed(questions: Sequence[Asked], count: int) -> Iterator[str]:
    """Beginnings of words, two signs and longer, as suggestions are asked for."""
    rng = Random(_SEED)
    for number in range(count):
        word = questions[number % len(questions)].text.split()[0]
        yield word[: rng.randrange(2, max(3, min(len(word), 8)))]


def _of_kind(kind: Kind, words: Sequence[str], rng: Random) -> Asked:
    match kind:
        case Kind.TWO:
            return Asked(kind, " ".join(rng.sample(words, k=2)))
        case Kind.BEGINNING:
            word = rng.choice(words)
            return Asked(kind, word[: rng.randrange(3, len(word))])
        case Kind.FILTERED:
            return Asked(kind, rng.choice(words), rng.choice(KANTA_HAME))
    return Asked(kind, rng.choice(words))


def _words(body: dict[str, Any]) -> list[str]:
    text = " ".join(body[field]["fi"]["text"] for field in ("name", "summary", "description"))
    return [word for word in re.findall(r"\w+", text.casefold()) if len(word) >= _SHORTEST]
