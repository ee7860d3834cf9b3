"""How large a run is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    """`size` 1 is the national size; `repeats` runs of each subject, interleaved."""

    size: float
    repeats: int
    whole_country: bool = False
    """Of `ptv-read`: whether every municipality's services are ours, or Kanta-Häme's as on the county's deployment."""

    def scaled(self, whole: int, *, step: int = 1) -> int:
        """`whole` at this size, a multiple of `step`, at least one step."""
        return max(step, round(whole * self.size / step) * step)
