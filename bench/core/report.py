"""What was measured, on the terminal as it comes and as a Markdown file in the end."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from rich.console import Console

from bench.core.meter import Usage

console = Console(highlight=False, soft_wrap=True)


@dataclass(frozen=True)
class Measurement:
    """One run of one subject: `work` is how many units it did in `seconds`."""

    subject: str
    work: int
    seconds: float
    usage: Mapping[str, Usage]

    @property
    def cpu_seconds(self) -> float:
        return sum(one.cpu_seconds for one in self.usage.values())

    def __str__(self) -> str:
        return (
            f"{self.subject}: {self.work} in {self.seconds:.2f} s = {self.work / self.seconds:,.0f}/s, "
            f"{self.cpu_seconds:.2f} CPU-s"
        )


@dataclass
class Report:
    """Measurements of one benchmark, its ratios, and what has to be known to read them."""

    name: str
    title: str
    unit: str
    size: float
    repeats: int
    measurements: dict[str, list[Measurement]] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)

    def add(self, measurement: Measurement) -> None:
        self.measurements.setdefault(measurement.subject, []).append(measurement)
        console.print(f"  {measurement}")

    def say(self, sentence: str) -> None:
        """A finding or a condition; it stands in the file as it is told on the terminal."""
        self.lines.append(sentence)
        console.print(f"  [cyan]{sentence}[/cyan]")

    def ratio(self, what: str, value: float, *, at_least: float | None = None, at_most: float | None = None) -> None:
        """A ratio beside its aim. Nothing is asserted: whoever reads it decides."""
        aim, reached = "", True
        if at_least is not None:
            aim, reached = f" (aim ≥ {at_least:g})", value >= at_least
        if at_most is not None:
            aim, reached = f" (aim ≤ {at_most:g})", value <= at_most
        self.say(f"{what}: {value:.2f} ×{aim}{'' if reached or not aim else ', not reached'}")

    def rate(self, subject: str) -> float:
        """Median rate of a subject's runs, units per second."""
        return median(one.work / one.seconds for one in self.measurements[subject])

    def write(self, folder: Path) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{self.name}.md"
        file.write_text("\n".join(self._text()) + "\n")
        return file

    def _text(self) -> list[str]:
        made = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
        machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
        head = [
            f"# {self.title}",
            "",
            f"Size {self.size:g}, {self.repeats} interleaved repeats, {machine}, {made}.",
            "",
        ]
        return head + (self._table() if self.measurements else []) + [f"- {line}" for line in self.lines]

    def _table(self) -> list[str]:
        title = f"| subject | {self.unit} | median s | {self.unit}/s | CPU-s per 1 000 | of which | peak MB |"
        return [title, "|---|---|---|---|---|---|---|", *map(self._row, self.measurements), ""]

    def _row(self, subject: str) -> str:
        runs = self.measurements[subject]
        per_thousand = median(1000 * one.cpu_seconds / one.work for one in runs)
        cells = (
            subject,
            f"{runs[0].work}",
            f"{median(one.seconds for one in runs):.2f}",
            f"{self.rate(subject):,.0f}",
            f"{per_thousand:.3f}",
            ", ".join(f"{part} {_cpu_per_thousand(runs, part):.3f}" for part in runs[0].usage),
            ", ".join(f"{part} {_peak_megabytes(runs, part):.0f}" for part in runs[0].usage),
        )
        return f"| {' | '.join(cells)} |"


def _cpu_per_thousand(runs: Sequence[Measurement], part: str) -> float:
    return median(1000 * one.usage[part].cpu_seconds / one.work for one in runs)


def _peak_megabytes(runs: Sequence[Measurement], part: str) -> float:
    return max(one.usage[part].peak_bytes for one in runs) / 1e6
