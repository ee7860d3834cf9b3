"""Percentiles of a list of durations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import quantiles


@dataclass(frozen=True)
class Latencies:
    """In seconds."""

    p50: float
    p99: float
    longest: float
    count: int

    @classmethod
    def of(cls, seconds: Sequence[float]) -> Latencies:
        cuts = quantiles(seconds, n=100, method="inclusive")
        return cls(cuts[49], cuts[98], max(seconds), len(seconds))

    def __str__(self) -> str:
        return f"p50 {1000 * self.p50:.1f} ms, p99 {1000 * self.p99:.1f} ms, longest {1000 * self.longest:.0f} ms"
