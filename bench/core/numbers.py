"""Percentiles of a list of durations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import quantiles


@dataclass(frozen=True)
class Latencies:
    """In seconds."""

    p50: float
    p95: float
    p99: float
    longest: float
    count: int

    @classmethod
    def of(cls, seconds: Sequence[float]) -> Latencies:
        cuts = quantiles(seconds, n=100, method="inclusive")
        return cls(cuts[49], cuts[94], cuts[98], max(seconds), len(seconds))

    def __str__(self) -> str:
        shown = {"p50": self.p50, "p95": self.p95, "p99": self.p99}
        told = ", ".join(f"{name} {1000 * seconds:.1f} ms" for name, seconds in shown.items())
        return f"{told}, longest {1000 * self.longest:.0f} ms"
