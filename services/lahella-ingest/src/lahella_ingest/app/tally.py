"""What one run has done so far."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from event_schemas.ingest_run import Rejection, RunCounts
from lahella_ingest.app.apply_verdicts import Changes

_MOST_EXAMPLES = 5


@dataclass
class Tally:
    """`published` and `removed` are keys of activities; of rejections a few ids are kept as examples."""

    read: int = 0
    published: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    rejected: Counter[str] = field(default_factory=Counter)
    examples: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    seen: set[str] = field(default_factory=set)

    def add(self, changes: Changes) -> None:
        self.published += changes.published
        self.removed += changes.removed

    def reject(self, reason: str, ids: Iterable[str]) -> None:
        for one in ids:
            self.rejected[reason] += 1
            if len(self.examples[reason]) < _MOST_EXAMPLES and one not in self.examples[reason]:
                self.examples[reason].append(one)

    def counts(self) -> RunCounts:
        rejected = tuple(
            Rejection(reason=reason, count=count, examples=tuple(self.examples[reason]))
            for reason, count in sorted(self.rejected.items())
        )
        return RunCounts(read=self.read, changed=len(self.published), removed=len(self.removed), rejected=rejected)
