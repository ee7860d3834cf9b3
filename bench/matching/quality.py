"""Precision and recall on the labelled pairs that nothing was tuned on."""

from __future__ import annotations

import importlib.util
import sys
from collections import defaultdict
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from typing import Any

from bench.core.report import Report
from catalog.domain.areas import County
from catalog.domain.matching.candidates import comparable
from catalog.domain.matching.evidence import evidence_of
from catalog.domain.matching.score import LINK, Pair, scored
from devstack.processes import StackError

_PAIRS = Path(__file__).resolve().parents[2] / "services" / "catalog" / "tests" / "labelled" / "pairs.py"
_Z = 1.96
LIKELY = 4.0
"""Fixed on the half to tune on: from here on a curator who reads the queue from its top finds mostly twins."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A labelled pair and what matching makes of it; `pair` None where the two share no key and are never compared."""

    same: bool
    kind: str
    names: str
    pair: Pair | None

    def at(self, threshold: float) -> bool:
        return self.pair is not None and self.pair.score >= threshold


def wilson(hits: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927)."""
    if of == 0:
        return 0.0, 1.0
    share, spread = hits / of, _Z * _Z / of
    half = _Z * sqrt(share * (1 - share) / of + spread / (4 * of))
    return (share + spread / 2 - half) / (1 + spread), (share + spread / 2 + half) / (1 + spread)


def report_quality(report: Report, county: County) -> None:
    """Both measures for what a rule links and for what is at least likely; then by kind, and every error."""
    for split in ("tune", "report"):
        judged = _judged(split, county)
        linked = [one for one in judged if one.at(LINK) and one.pair and one.pair.rule]
        _tell(report, f"{split}, linked by rule", judged, linked)
        likely = [one for one in judged if one.at(LIKELY)]
        _tell(report, f"{split}, likely (first in the queue, or linked)", judged, likely)
    _by_kind(report, judged)
    for one in judged:
        if one.at(LIKELY) != one.same:
            report.say(f"wrong: {one.names}: {'same' if one.same else 'different'} ({one.kind})")


def _tell(report: Report, name: str, judged: list[Judged], predicted: list[Judged]) -> None:
    hits, same = sum(one.same for one in predicted), sum(one.same for one in judged)
    precision, recall = wilson(hits, len(predicted)), wilson(hits, same)
    report.say(
        f"{name}: precision {hits}/{len(predicted)} = {hits / max(len(predicted), 1):.3f} "
        f"({precision[0]:.3f}-{precision[1]:.3f}), "
        f"recall {hits}/{same} = {hits / same:.3f} ({recall[0]:.3f}-{recall[1]:.3f})"
    )


def _by_kind(report: Report, judged: list[Judged]) -> None:
    kinds: defaultdict[tuple[str, bool], list[bool]] = defaultdict(list)
    for one in judged:
        kinds[one.kind, one.same].append(one.at(LIKELY) == one.same)
    words = {True: "same", False: "different"}
    told = (f"{kind} {words[same]} {sum(right)}/{len(right)}" for (kind, same), right in kinds.items())
    report.say(f"right by kind: {', '.join(sorted(told))}")


def _judged(split: str, county: County) -> list[Judged]:
    return [_judge(pair, county) for pair in _labelled() if pair.split == split]


def _judge(labelled: Any, county: County) -> Judged:
    one, other = (evidence_of(listing, county) for listing in (labelled.one, labelled.other))
    names = " | ".join(next(iter(listing.name.values())).text for listing in (labelled.one, labelled.other))
    return Judged(labelled.same, labelled.kind, names, scored(one, other) if comparable(one, other) else None)


def _labelled() -> tuple[Any, ...]:
    spec = importlib.util.spec_from_file_location("labelled_pairs", _PAIRS)
    if spec is None or spec.loader is None:
        raise StackError(f"the labelled pairs are not where they belong: {_PAIRS}")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return tuple(module.labelled_pairs())
