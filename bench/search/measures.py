"""How good a list of answers is, by the grades of its entries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log2
from random import Random
from statistics import fmean

RELEVANT = 2
"""From this grade on an entry counts as relevant to recall."""

_RESAMPLES = 2000


def ndcg(found: Sequence[str], grades: Mapping[str, int], *, at: int = 10) -> float | None:
    """Normalised discounted cumulated gain with gains 2^grade - 1 (Burges et al. 2005); None where nothing is relevant.

    What nobody has graded counts as 0.
    """
    ideal = _gain(sorted(grades.values(), reverse=True)[:at])
    return _gain([grades.get(key, 0) for key in found[:at]]) / ideal if ideal else None


def _gain(grades: Sequence[int]) -> float:
    return sum((2.0**grade - 1) / log2(place + 2) for place, grade in enumerate(grades))


def recall(found: Sequence[str], grades: Mapping[str, int], *, at: int = 20) -> float | None:
    """The share of relevant entries that are among the first; None where none is relevant."""
    relevant = {key for key, grade in grades.items() if grade >= RELEVANT}
    return len(relevant & set(found[:at])) / len(relevant) if relevant else None


@dataclass(frozen=True)
class Difference:
    """Of two systems' means over the same questions, with a 95 % interval from a paired bootstrap."""

    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.mean:+.3f} (95 %: {self.low:+.3f} to {self.high:+.3f})"


def difference(ours: Sequence[float], theirs: Sequence[float], *, seed: int = 7) -> Difference:
    pairs = [one - other for one, other in zip(ours, theirs, strict=True)]
    rng = Random(seed)
    means = sorted(fmean(rng.choices(pairs, k=len(pairs))) for _ in range(_RESAMPLES))
    return Difference(fmean(pairs), means[round(0.025 * _RESAMPLES)], means[round(0.975 * _RESAMPLES) - 1])
